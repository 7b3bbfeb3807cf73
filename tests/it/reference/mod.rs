//! The engine against a plain reference implementation, to the bit, on random small markets.

mod commissioners;
mod leaders;
mod market;
mod produce;
mod start;
mod teams;
mod worth;

use leaders::{Counts, Memory, Relation};
use market::{Member, Mind, Reference, Round};
use rebalance::ids::{CharityId, Id};
use rebalance::random::{Luck, Purpose};
use rebalance::round::state::Contract;
use rebalance::round::team::Mode;
use rebalance::round::trust::{self, Experience};
use rebalance::round::{RoundOutput, Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::parameters::{Learning, LearningGoal};
use rebalance::scenario::registry::Value;
use rebalance::scenario::{Choice, Reform, Scenario, load};
use rebalance::units::{Probability, Share};
use rebalance::world::World;

/// Choices of one random market, one uniform after the other.
struct Dice {
    uniforms: std::array::IntoIter<f64, 256>,
}

impl Dice {
    fn new(seed: u64, set: u32) -> Self {
        let uniforms = Luck::new(seed, 0).stream::<256>(Purpose::Sample, set).uniforms(0);
        Self { uniforms: uniforms.into_iter() }
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniforms.next().expect("enough uniforms")
    }

    fn whole(&mut self, low: u32, high: u32) -> u32 {
        self.between(f64::from(low), f64::from(high + 1)) as u32
    }

    fn one_of<T: Copy>(&mut self, options: &[T]) -> T {
        options[self.whole(0, options.len() as u32 - 1) as usize]
    }
}

const FORMULAS: [&str; 5] =
    ["absolute-linear", "relative-to-lowest", "average-price", "fixed-price", "lowest-price"];
const AWARDS: [&str; 10] = [
    "score",
    "score",
    "random",
    "threshold-lottery",
    "direct",
    "retention",
    "reinforced",
    "simon",
    "framework",
    "framework",
];
const PACKAGING: [&str; 6] =
    ["as-drawn", "as-drawn", "cut-lots", "bundle-lots", "bundle-services", "bundle-areas"];
const BIDDING: [&str; 4] = ["equilibrium", "truthful", "zero-intelligence", "learned"];
const ENTRY: [&str; 3] = ["logit", "all", "before-cost"];
const QUALITY_LAWS: [&str; 3] = ["above-standard", "additive", "multiplicative"];
const FORMS: [&str; 6] = ["single", "prime", "hub", "alliance", "any", "any"];
const FORCE_MODE: [&str; 7] = ["free", "free", "free", "free", "solo", "co-operation", "collaboration"];
const RESERVED: [&str; 7] = ["nobody", "nobody", "local", "small", "local-small", "newcomers", "mutual"];

/// A random scenario, as a user could have written it, with some things settled.
fn random_scenario(seed: u64, settled: &[&str]) -> Scenario {
    let mut dice = Dice::new(seed, 1);
    let quality = dice.one_of(&[0.0, 0.3, 0.6, 1.0]);
    let beliefs = dice.one_of(&["market", "market", "rational"]);
    let mut sets = vec![
        format!("run.seed={seed}"),
        format!("world.areas={}", dice.whole(1, 4)),
        format!("world.services={}", dice.whole(1, 3)),
        format!("world.charities_per_area={}", dice.whole(1, 25)),
        format!("world.round_weeks={}", dice.one_of(&[13.0, 26.0, 4.0])),
        format!("world.complexity_shares={}", dice.one_of(&["[1.0]", "[0.4, 0.3, 0.2, 0.1]"])),
        format!("population.income_median_gbp={}", dice.one_of(&[200_000.0, 1e6, 4e6])),
        format!("population.income_spread={}", dice.one_of(&[0.0, 1.2, 2.0])),
        format!("population.ability_law='{}'", dice.one_of(&["normal", "uniform", "listed"])),
        format!("population.reserves_law='{}'", dice.one_of(&["months", "uniform", "listed"])),
        format!("population.reserves_months={}", dice.between(0.0, 6.0)),
        format!("population.voluntary_volatility={}", dice.one_of(&[0.0, 0.16, 0.5])),
        format!("population.public_income_share={}", dice.between(0.0, 0.9)),
        format!("market.arrival_law='{}'", dice.one_of(&["poisson", "fixed"])),
        format!("market.lots_per_market={}", dice.whole(1, 6)),
        format!("market.lot_term_rounds={}", dice.whole(1, 6)),
        format!("market.lot_value_gbp={}", dice.between(5_000.0, 500_000.0)),
        format!("market.retry_rounds={}", dice.whole(1, 4)),
        format!("market.staggered={}", dice.one_of(&["true", "false"])),
        format!("rules.weight_quality={quality}"),
        format!("rules.weight_price={}", 0.75 * (1.0 - quality)),
        format!("rules.weight_social={}", 0.25 * (1.0 - quality)),
        format!("rules.quality_threshold={}", dice.one_of(&[0.0, 0.0, 0.5])),
        format!("rules.retention={}", dice.between(0.0, 1.0)),
        format!("rules.reinforcement={}", dice.one_of(&[0.5, 1.0, 2.0])),
        format!("rules.price_floor={}", dice.one_of(&[0.0, 0.0, 0.8])),
        format!("rules.abnormally_low={}", dice.one_of(&[1.0, 0.1])),
        format!("rules.reserved='{}'", dice.one_of(&RESERVED)),
        format!("rules.roll_over_ability={}", dice.one_of(&[1.0, 1.0, 0.6])),
        format!("rules.evaluation_capacity={}", dice.one_of(&[0.0, 2.0])),
        format!("population.mutual_share={}", dice.one_of(&[0.02, 0.7])),
        format!("rules.packaging='{}'", dice.one_of(&PACKAGING)),
        format!("rules.lot_size_gbp={}", dice.one_of(&[60_000.0, 200_000.0])),
        format!("rules.bundle_size_gbp={}", dice.one_of(&[1e12, 1e12, 400_000.0])),
        format!("rules.bundle_rounds={}", dice.whole(1, 6)),
        format!("rules.bundle_experience={}", dice.one_of(&[0.0, 0.5, 1.0])),
        format!("rules.framework_places={}", dice.whole(1, 4)),
        format!("rules.framework_rounds={}", dice.whole(2, 8)),
        format!("rules.lot_cap={}", dice.whole(0, 2)),
        format!("rules.extension_share={}", dice.one_of(&[0.0, 0.5])),
        format!("rules.extension_rounds={}", dice.whole(1, 3)),
        format!("rules.formula='{}'", dice.one_of(&FORMULAS)),
        format!("rules.award='{}'", dice.one_of(&AWARDS)),
        format!(
            "rules.payment='{}'",
            dice.one_of(&["first-price", "first-price", "second-price", "ceiling"])
        ),
        format!("rules.noise_law='{}'", dice.one_of(&["normal", "gumbel"])),
        format!("rules.evaluation_noise={}", dice.one_of(&[0.0, 0.06, 0.3])),
        format!("rules.turnover_multiple={}", dice.one_of(&[0.0, 1.0, 2.0])),
        format!("rules.notice_weeks={}", dice.between(1.0, 12.0)),
        format!("rules.payment_lag_weeks={}", dice.one_of(&[0.0, 2.0, 4.0])),
        format!("behaviour.bidding='{}'", dice.one_of(&BIDDING)),
        format!("behaviour.zi_law='{}'", dice.one_of(&["to-ceiling", "markup"])),
        format!("behaviour.beliefs='{beliefs}'"),
        format!("behaviour.rivals_known={}", if beliefs == "rational" { 3.0 } else { -1.0 }),
        format!("behaviour.entry='{}'", if beliefs == "market" { dice.one_of(&ENTRY) } else { "logit" }),
        format!("behaviour.memory={}", dice.whole(1, 5)),
        format!("behaviour.observe_rivals={}", dice.one_of(&["false", "true"])),
        format!("behaviour.purpose={}", dice.one_of(&[0.0, 0.5])),
        format!("behaviour.purpose_kind='{}'", dice.one_of(&["counterfactual", "warm-glow"])),
        format!("behaviour.quality_law='{}'", dice.one_of(&QUALITY_LAWS)),
        format!("population.voluntary_growth={}", dice.one_of(&[0.0, 0.1])),
        format!("rules.term_rounds={}", dice.one_of(&[0, 0, 2])),
        format!("rules.need_weighting={}", dice.one_of(&[0.0, 0.0, 1.5])),
        format!("rules.results_share={}", dice.one_of(&[0.0, 0.0, 0.3, 0.9])),
        format!("rules.target_success={}", dice.one_of(&[0.4, 0.7])),
        format!("rules.results_cap={}", dice.one_of(&[1.0, 1.5])),
        format!("rules.individual_targets={}", dice.between(0.0, 1.0)),
        format!("rules.pay_by_need={}", dice.one_of(&[0.0, 0.5, 1.0])),
        format!("rules.belief_weight={}", dice.one_of(&[0.0, 0.4])),
        format!("rules.push_back_response={}", dice.one_of(&[0.0, 0.3])),
        format!("behaviour.push_back={}", dice.one_of(&[0.0, 0.4])),
        format!("behaviour.refusal_threshold={}", dice.one_of(&[1.0, 1.3])),
        format!("behaviour.case_mix={}", dice.one_of(&[0.0, 1.0, 3.0])),
        format!("behaviour.effort_rule='{}'", dice.one_of(&["fixed", "multitask", "rate"])),
        format!("behaviour.effort_substitution={}", dice.one_of(&[0.0, -0.4, 0.5])),
        format!("behaviour.community_motive={}", dice.one_of(&[1.0, 0.3])),
        format!("rules.pass_on={}", dice.one_of(&["true", "false"])),
        format!("behaviour.crisis_rate={}", dice.one_of(&[0.0, 0.3])),
        format!("behaviour.crisis_income_gbp={}", dice.one_of(&[1e5, 1e6])),
        format!("behaviour.merge_rate={}", dice.one_of(&[0.0, 0.002, 0.8])),
        format!("behaviour.merge_cost={}", dice.one_of(&[0.0, 0.1])),
        format!("market.prevention_gain={}", dice.one_of(&[0.0, 0.2])),
        format!("rules.newcomer_share={}", dice.between(0.0, 1.0)),
        format!("behaviour.bid_rationality={}", dice.one_of(&[0.0, 4.0, 1e6])),
        format!("behaviour.bid_cost_scale_gbp={}", dice.one_of(&[0.0, 1_500.0])),
        format!("behaviour.cost_error={}", dice.one_of(&[0.0, 0.2, 0.5])),
        format!("behaviour.full_cost_pricing={}", dice.between(0.0, 1.0)),
        format!("behaviour.max_loss={}", dice.one_of(&[0.0, 0.05, 1e6])),
        format!("behaviour.planned_quality={}", dice.one_of(&["true", "false"])),
        format!("behaviour.preparation_weeks={}", dice.one_of(&[0.0, 3.0])),
        format!("behaviour.attention_base={}", dice.one_of(&[1.0, 2.0, 20.0])),
        format!("behaviour.attention_max={}", dice.one_of(&[3.0, 100.0])),
        format!("behaviour.stretch={}", dice.one_of(&[0.0, 0.5, 1e9])),
        format!("behaviour.complementarity={}", dice.one_of(&[1.0, 0.5, 0.0, -1.0, -2.5])),
        format!("behaviour.one_shot={}", dice.one_of(&["false", "false", "false", "true"])),
        format!("behaviour.cost_redraw={}", dice.one_of(&["false", "true"])),
        format!("behaviour.staff_follow_income={}", dice.one_of(&["true", "false"])),
        format!("behaviour.closure_rounds={}", dice.whole(0, 3)),
        format!("behaviour.dissolution_rate={}", dice.one_of(&[0.0, 0.016, 0.3])),
        format!("behaviour.founding_law='{}'", dice.one_of(&["poisson", "replace"])),
        format!("behaviour.founding_rate={}", dice.one_of(&[0.0, 0.028, 0.5])),
        format!("behaviour.price_grid={}", dice.one_of(&[0.0, 0.05, 0.3])),
        format!("market.lot_value_weights={}", dice.one_of(&["[1.0]", "[2.0, 0.5, 1.0]"])),
        "population.reserves_values_gbp=[0.0, 40000.0, 300000.0]".to_string(),
        "run.rounds=14".to_string(),
        "run.burn_in=2".to_string(),
    ];
    if beliefs == "rational" {
        sets.extend([
            format!("population.cost_law='{}'", dice.one_of(&["uniform", "power", "exponential"])),
            "behaviour.planned_quality=false".to_string(),
            format!("behaviour.cost_structure='{}'", dice.one_of(&["private", "private", "common"])),
            "population.cost_power=2.0".to_string(),
            "population.cost_mean_excess_gbp=8.0".to_string(),
            "population.cost_low_gbp=10.0".to_string(),
            "population.cost_high_gbp=30.0".to_string(),
        ]);
    }
    let mut dice_of_teams = Dice::new(seed, 2);
    sets.extend(teams(&mut dice_of_teams));
    sets.extend(later_rules(&mut Dice::new(seed, 3)));
    sets.extend(later_behaviour(&mut Dice::new(seed, 5)));
    sets.extend(settled.iter().map(ToString::to_string));
    let mut scenario = load("synthetic", &sets).unwrap_or_else(|errors| panic!("seed {seed}: {errors:?}"));
    if dice.one_of(&[true, false]) {
        let areas = dice.one_of(&[&[][..], &["Area 1"][..]]);
        scenario.reforms.push(Reform {
            from_round: dice.whole(1, 10),
            areas: areas.iter().map(ToString::to_string).collect(),
            changes: vec![
                ("rules.ceiling_ratio", Value::Number(dice.between(0.7, 1.4))),
                ("rules.payment_lag_weeks", Value::Number(dice.between(0.0, 13.0))),
                ("rules.forms", Value::Text(dice_of_teams.one_of(&FORMS).to_string())),
                ("behaviour.max_team", Value::Whole(i64::from(dice_of_teams.whole(1, 5)))),
            ],
        });
    }
    let together = dice_of_teams.one_of(&[0.0, 0.0, 0.25]);
    let rules = &mut scenario.regime.rules;
    for weight in [&mut rules.weight_quality, &mut rules.weight_price, &mut rules.weight_social] {
        *weight = Share::new(weight.value() * (1.0 - together));
    }
    rules.weight_collaboration = Share::new(together);
    menu(&mut scenario, &mut Dice::new(seed, 4));
    scenario
}

/// Commissioners that learn, in some random scenarios.
fn menu(scenario: &mut Scenario, dice: &mut Dice) {
    for option in 0..dice.one_of(&[0, 0, 1, 1, 2]) {
        let method = dice.one_of(&["score", "random", "direct"]);
        scenario.menu.push(Choice {
            name: format!("option {option}"),
            changes: vec![
                ("rules.ceiling_ratio", Value::Number(dice.between(0.7, 1.4))),
                ("rules.term_rounds", Value::Whole(i64::from(dice.whole(0, 5)))),
                ("rules.award", Value::Text(method.into())),
                ("rules.forms", Value::Text(dice.one_of(&FORMS).to_string())),
            ],
        });
    }
    let rules = &mut scenario.regime.rules;
    rules.learning = dice.one_of(&[Learning::Static, Learning::Bandit, Learning::Bandit]);
    rules.learning_goal =
        dice.one_of(&[LearningGoal::Outcomes, LearningGoal::Cost, LearningGoal::OutcomesPerGbp]);
    rules.learning_step = dice.between(0.1, 1.0);
    rules.learning_exploration = Probability::new(dice.one_of(&[0.0, 0.1, 0.5]));
}

/// What was added later, from dice of its own, so that the other choices stay what they were.
fn later_rules(dice: &mut Dice) -> Vec<String> {
    let mut sets = Vec::new();
    if dice.one_of(&[false, false, false, true]) {
        // A pound's aversion, where contracts are worth many thousands.
        sets.extend(["behaviour.risk_scale='absolute'", "behaviour.risk_aversion=0.00001"].map(String::from));
    }
    sets.push(format!("behaviour.push_rule='{}'", dice.one_of(&["propensity", "propensity", "volunteer"])));
    sets.push(format!("behaviour.push_cost_share={}", dice.one_of(&[0.0, 0.05, 0.2])));
    sets.push(format!("rules.push_back_threshold={}", dice.whole(1, 3)));
    sets
}

/// What came after that, from dice of its own.
fn later_behaviour(dice: &mut Dice) -> Vec<String> {
    vec![
        format!("behaviour.outcome_correlation={}", dice.one_of(&[1.0, 0.0, 0.3])),
        format!("rules.eased_terms={}", dice.one_of(&[0.0, 0.4, 1.0])),
        format!("behaviour.stance_rule='{}'", dice.one_of(&["best-reply", "fermi", "moran"])),
        format!("behaviour.stance_update='{}'", dice.one_of(&["yearly", "one-by-one"])),
        format!("behaviour.team_worth='{}'", dice.one_of(&["expected", "expected", "expected", "drawn"])),
        format!("behaviour.trust_delivery={}", dice.one_of(&[0.5, 0.0, 0.9])),
        format!(
            "population.income_values_gbp={}",
            dice.one_of(&["[]", "[]", "[]", "[300000.0, 2000000.0, 50000.0]"])
        ),
        format!("population.cost_values_gbp={}", dice.one_of(&["[]", "[]", "[]", "[18.0, 25.0]"])),
        format!("rules.team_claim='{}'", dice.one_of(&["ablest", "by-work"])),
        format!("rules.management_fee_cap={}", dice.one_of(&[1.0, 1.0, 0.05])),
    ]
}

/// Teams in a random scenario: rules first, then leaders, then work.
fn teams(dice: &mut Dice) -> Vec<String> {
    vec![
        format!("rules.forms='{}'", dice.one_of(&FORMS)),
        format!("rules.management_fee={}", dice.one_of(&[0.0, 0.1, 0.3])),
        format!("rules.top_slice={}", dice.one_of(&[0.0, 0.07])),
        format!("rules.open_book={}", dice.one_of(&[0.0, 0.0, 0.7, 1.0])),
        format!("rules.verified_partners={}", dice.one_of(&[0.0, 0.5])),
        format!("rules.credit_lead={}", dice.one_of(&[0.8, 0.5, 1.0])),
        format!("rules.subcontract_lag_weeks={}", dice.one_of(&[0.0, 3.0, 8.6])),
        format!("behaviour.force_mode='{}'", dice.one_of(&FORCE_MODE)),
        format!("behaviour.force_trust={}", dice.one_of(&[-1.0, -1.0, -1.0, 0.4])),
        format!("behaviour.motives='{}'", dice.one_of(&["same", "dirichlet"])),
        format!("behaviour.purpose_credit='{}'", dice.one_of(&["own-share", "whole"])),
        format!("behaviour.outcome_value_gbp={}", dice.one_of(&[1_000.0, 200.0])),
        format!("behaviour.share_weight={}", dice.one_of(&[0.0, 0.2])),
        format!("behaviour.autonomy_weight={}", dice.one_of(&[0.0, 0.05, 0.2])),
        format!("behaviour.risk_aversion={}", dice.one_of(&[0.0, 0.5, 5.0])),
        format!("behaviour.overconfidence={}", dice.one_of(&[0.0, 0.0, 0.1])),
        format!("behaviour.max_team={}", dice.whole(2, 5)),
        format!("behaviour.meet={}", dice.whole(1, 6)),
        format!("behaviour.delegation={}", dice.between(0.0, 1.0)),
        format!("behaviour.share_rule='{}'", dice.one_of(&["hours", "hours", "equal", "shapley"])),
        format!("behaviour.meeting_cost_gbp={}", dice.one_of(&[0.0, 0.0, 100.0])),
        format!("behaviour.agreement_cost_gbp={}", dice.one_of(&[0.0, 0.0, 300.0])),
        format!("behaviour.preparation_per_partner={}", dice.one_of(&[0.0, 0.5])),
        format!("behaviour.cut_max={}", dice.one_of(&[0.1, 0.5, 0.9])),
        format!("behaviour.discount_factor={}", dice.one_of(&[0.5, 0.9, 0.99])),
        format!("behaviour.meet_again={}", dice.one_of(&[0.2, 1.0])),
        format!("behaviour.gossip={}", dice.one_of(&[0.0, 0.2, 1.0])),
        format!("behaviour.belief_in_payoff={}", dice.one_of(&["true", "false"])),
        format!("behaviour.hand_off={}", dice.one_of(&[0.0, 0.05])),
        format!("behaviour.coordination={}", dice.one_of(&[0.0, 0.0, 0.05])),
        format!("behaviour.coordination_distance={}", dice.one_of(&[0.0, 0.3])),
        format!("behaviour.spill_over={}", dice.one_of(&[0.0, 0.02, 0.5])),
        format!("behaviour.identity_drift={}", dice.one_of(&[0.0, 0.02, 0.5])),
        format!("behaviour.fear_identity={}", dice.one_of(&[0.0, 0.01])),
        format!("behaviour.fear_legitimacy={}", dice.one_of(&[0.0, 0.01])),
        format!("behaviour.fear_control={}", dice.one_of(&[0.0, 0.02])),
        format!("behaviour.fear_trust_power={}", dice.one_of(&[0.0, 1.0, 2.0])),
        format!("behaviour.trust_gain={}", dice.one_of(&[1.0, 0.5])),
        format!("behaviour.negativity={}", dice.one_of(&[1.0, 2.0])),
        format!("behaviour.trust_memory={}", dice.one_of(&[1.0, 0.95])),
        format!("behaviour.trust_prior={}", dice.one_of(&[0.6, 0.95])),
        format!("behaviour.stereotypes={}", dice.one_of(&["true", "true", "false"])),
        format!("behaviour.stereotype_bias={}", dice.one_of(&[0.0, 0.2])),
        format!("behaviour.shuffle_labels={}", dice.one_of(&["false", "false", "true"])),
        format!("behaviour.purpose_effort={}", dice.one_of(&[0.0, 0.8])),
        format!("behaviour.effort_min={}", dice.one_of(&[0.5, 0.9])),
        format!(
            "behaviour.treatment='{}'",
            dice.one_of(&["none", "communicate", "delegate", "impact-first", "push-back"])
        ),
        format!("behaviour.treated_share={}", dice.one_of(&[0.0, 0.4])),
        format!("behaviour.imitation_rate={}", dice.one_of(&[0.0, 0.1, 0.8])),
        format!("behaviour.mutation={}", dice.one_of(&[0.0, 0.05])),
        format!("behaviour.anchor={}", dice.one_of(&[0.0, 0.05, 1.0])),
        format!("behaviour.leader_turnover={}", dice.one_of(&[0.0, 0.1])),
        format!("behaviour.payoff_matrix={}", dice.one_of(&["[]", "[]", "[]", "[4.0, 1.0, 3.0, 2.0]"])),
        format!("behaviour.seekers_at_start={}", dice.one_of(&[0.3, 0.6, 1.0])),
        format!("behaviour.openness={}", dice.one_of(&[0.0, 0.5, 1.0])),
        format!("behaviour.signal_accuracy={}", dice.one_of(&[0.5, 0.7, 1.0])),
        format!("behaviour.signal_cost_gbp={}", dice.one_of(&[0.0, 80.0])),
        format!("behaviour.liar_share={}", dice.one_of(&[0.0, 0.5])),
        format!("behaviour.fear_learning={}", dice.one_of(&[0.0, 0.1, 1.0])),
        format!("behaviour.fear_memory_rounds={}", dice.one_of(&[1.0, 5.0, 1e9])),
        format!("behaviour.join_attention={}", dice.whole(0, 4)),
    ]
}

/// The same things of the engine's round.
fn told(output: &RoundOutput, state: &State) -> Round {
    Round {
        decisions: (output.tenders.calls.enumerate())
            .map(|(id, tender)| {
                let award = output.awards.awards[id].as_ref();
                (tender.lot.row(), award.map(|award| (award.winner.row(), award.price.value())))
            })
            .collect(),
        outcomes: output.delivery.by_lot.iter().map(|delivered| delivered.outcomes).collect(),
        reserves: state.charities.finances.iter().map(|finances| finances.reserves.value()).collect(),
        members: state.lots.iter().map(|lot| lot.contract.as_ref().map_or_else(Vec::new, members)).collect(),
        minds: state.charities.profile.ids().map(|id| mind(state, id)).collect(),
        options: state.options.iter().map(|&option| usize::from(option)).collect(),
    }
}

fn members(contract: &Contract) -> Vec<Member> {
    let Some(team) = &contract.team else {
        let charity = contract.holder.row();
        return vec![Member { charity, work: 1.0, promised: 1.0, allocated: 1.0 }];
    };
    let member = |member: &rebalance::round::team::Member| Member {
        charity: member.charity.row(),
        work: member.work,
        promised: member.promised,
        allocated: member.allocated,
    };
    team.members.iter().map(member).collect()
}

fn mind(state: &State, id: CharityId) -> Mind {
    let counts = |of: &Experience| Counts { good: of.good, bad: of.bad };
    let known = &state.charities.memory[id];
    let relation = |known: &trust::Relation| Relation {
        other: known.other.row(),
        counts: counts(&known.experience),
        joint: known.joint,
        last: known.last,
    };
    Mind {
        ability: state.charities.profile[id].ability,
        identity: state.charities.leader[id].identity,
        learned_fear: state.charities.leader[id].learned_fear,
        seeks: state.charities.leader[id].seeks_partners,
        memory: Memory {
            relations: known.relations.iter().map(relation).collect(),
            sizes: known.sizes.each_ref().map(counts),
        },
    }
}

/// How often the rarer things happened in the engine.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    awards: usize,
    mergers: usize,
    passed_on: usize,
    refusals: usize,
    bundles: usize,
    call_offs: usize,
    /// Contracts won by co-operations, and by collaborations.
    co_operations: usize,
    collaborations: usize,
    /// Contracts won by more than two together.
    large_teams: usize,
    /// Contracts on which a partner's share was cut, and on which one was honoured in full.
    cuts: usize,
    honoured: usize,
    /// Contracts that lost a partner, collaborations that lost their lead, co-operations that went to another lead.
    lost_partners: usize,
    successions: usize,
    new_leads: usize,
    /// Places of members that merged.
    merged_members: usize,
    /// Charities that remember others, have learned to fear more or less, or seek no partners.
    minds: usize,
    fears: usize,
    loners: usize,
    learned: usize,
}

impl Seen {
    fn add(&mut self, other: &Self) {
        let sums: [(&mut usize, usize); 19] = [
            (&mut self.awards, other.awards),
            (&mut self.mergers, other.mergers),
            (&mut self.passed_on, other.passed_on),
            (&mut self.refusals, other.refusals),
            (&mut self.bundles, other.bundles),
            (&mut self.call_offs, other.call_offs),
            (&mut self.co_operations, other.co_operations),
            (&mut self.collaborations, other.collaborations),
            (&mut self.large_teams, other.large_teams),
            (&mut self.cuts, other.cuts),
            (&mut self.honoured, other.honoured),
            (&mut self.lost_partners, other.lost_partners),
            (&mut self.successions, other.successions),
            (&mut self.new_leads, other.new_leads),
            (&mut self.merged_members, other.merged_members),
            (&mut self.minds, other.minds),
            (&mut self.fears, other.fears),
            (&mut self.loners, other.loners),
            (&mut self.learned, other.learned),
        ];
        sums.into_iter().for_each(|(sum, more)| *sum += more);
    }

    /// What happened in a round of the engine; `before` are the members of each lot's contract a round ago.
    fn of(output: &RoundOutput, state: &State, before: &[Vec<Member>]) -> Self {
        let mut seen = Self {
            mergers: output.turnover.mergers.len(),
            passed_on: output.turnover.passed_on.len(),
            refusals: output.refusals as usize,
            ..Self::default()
        };
        for (id, tender) in output.tenders.calls.enumerate() {
            seen.bundles += usize::from(output.tenders.parts(id).len() > 1);
            let Some(award) = &output.awards.awards[id] else { continue };
            seen.awards += 1;
            seen.call_offs += usize::from(tender.call_off);
            let Some(team) = award.team.map(|team| &output.teams.formed[team as usize]) else { continue };
            seen.co_operations += usize::from(team.mode == Mode::CoOperation);
            seen.collaborations += usize::from(team.mode == Mode::Collaboration);
            seen.large_teams += usize::from(team.members.len() > 2);
            let begun = state.lots[tender.lot].contract.as_ref().and_then(|contract| contract.team.as_ref());
            if let Some(begun) = begun.filter(|team| team.mode == Mode::CoOperation) {
                let cut = begun.partners().iter().any(|partner| partner.allocated < partner.promised);
                seen.cuts += usize::from(cut);
                seen.honoured += usize::from(!cut);
            }
        }
        for (before, after) in before.iter().zip(state.lots.iter()) {
            if let Some(after) = after.contract.as_ref().filter(|_| before.len() > 1) {
                seen.note_changes(output, before, &members(after));
            }
        }
        seen
    }

    /// What became of a team in a round, if its contract goes on.
    fn note_changes(&mut self, output: &RoundOutput, before: &[Member], after: &[Member]) {
        let closed = |member: &Member| output.turnover.closed.iter().any(|id| id.row() == member.charity);
        let merged = |member: &Member| {
            let into = |id: usize| after.iter().any(|member| member.charity == id);
            let mergers = &mut output.turnover.mergers.iter();
            mergers.any(|merger| merger.smaller.row() == member.charity && into(merger.larger.row()))
        };
        let stays = |member: &Member| after.iter().any(|after| after.charity == member.charity);
        let lead_stays = before[0].charity == after[0].charity;
        self.merged_members += before.iter().filter(|member| merged(member)).count();
        self.lost_partners += usize::from(lead_stays && before.iter().any(closed));
        let lead_closed = closed(&before[0]);
        self.successions += usize::from(lead_closed && after.len() == 1 && before.iter().any(stays));
        self.new_leads += usize::from(lead_closed && after.len() > 1 && before[1..].iter().any(stays));
    }
}

/// Plays both side by side.
fn compare(scenario: &Scenario, luck: Luck, mut reference: Reference) -> Seen {
    let world = World::build(scenario).expect("a world");
    let regimes = Regimes::new(scenario, &world);
    let mut state = State::found(&world, scenario, luck);
    let mut seen = Seen::default();
    let (mut before, mut minds) = (Vec::new(), Vec::new());
    for round in 0..scenario.run.rounds {
        let in_force = regimes.in_force(round, &state.options);
        let setting = Setting::new(&world, scenario, &in_force, luck, round);
        let output = play(&setting, &mut state).expect("identities hold");
        let engine = told(&output, &state);
        seen.add(&Seen::of(&output, &state, &before));
        seen.learned += state.options.iter().filter(|&&option| option > 0).count();
        advance(&setting, &mut state);
        let plain = reference.play(round);
        let seed = scenario.run.seed;
        assert_eq!(engine.decisions, plain.decisions, "seed {seed}, round {round}: decisions");
        assert_eq!(engine.outcomes, plain.outcomes, "seed {seed}, round {round}: outcomes");
        assert_eq!(engine.reserves, plain.reserves, "seed {seed}, round {round}: reserves");
        assert_eq!(engine.members, plain.members, "seed {seed}, round {round}: members");
        assert_eq!(engine.options, plain.options, "seed {seed}, round {round}: options");
        assert_eq!(engine.minds, plain.minds, "seed {seed}, round {round}: minds");
        (before, minds) = (engine.members, engine.minds);
    }
    seen.fears = minds.iter().filter(|mind| mind.learned_fear != [0.0; 3]).count();
    seen.loners = minds.iter().filter(|mind| !mind.seeks).count();
    seen.minds = minds.iter().filter(|mind| !mind.memory.relations.is_empty()).count();
    seen
}

#[test]
fn the_engine_agrees_with_plain_loops_on_two_hundred_random_markets() {
    let mut busy = 0;
    let mut all = Seen::default();
    for seed in 0..200 {
        let scenario = random_scenario(seed, &[]);
        let luck = Luck::new(seed, 0);
        let seen = compare(&scenario, luck, start::synthetic(&scenario, luck));
        busy += usize::from(seen.awards > 5);
        all.add(&seen);
    }
    assert!(busy > 110, "only {busy} of the markets saw more than five awards");
    assert!(all.mergers > 50 && all.passed_on > 20 && all.refusals > 50, "{all:?}");
    assert!(all.bundles > 50 && all.call_offs > 50 && all.learned > 500, "{all:?}");
    assert!(all.co_operations > 100 && all.collaborations > 400, "{all:?}");
}

#[test]
fn the_engine_agrees_with_plain_loops_where_pushing_back_is_left_to_volunteers() {
    let poor = [
        "behaviour.push_rule='volunteer'",
        "behaviour.push_cost_share=0.02",
        "behaviour.refusal_threshold=1.3",
        "behaviour.max_loss=1000000",
        "rules.push_back_response=0.3",
        "rules.reserved='nobody'",
        "rules.turnover_multiple=0",
    ];
    let mut all = Seen::default();
    for seed in 2_000..2_020 {
        let scenario = random_scenario(seed, &poor);
        let luck = Luck::new(seed, 0);
        all.add(&compare(&scenario, luck, start::synthetic(&scenario, luck)));
    }
    assert!(all.refusals > 200 && all.awards > 200, "{all:?}");
}

/// Many look at each tender and few can bid alone; leaders value outcomes, and all that a team achieves counts; charities
/// come and go.
const MADE_FOR_TEAMS: [&str; 26] = [
    "world.areas=2",
    "world.services=1",
    "world.charities_per_area=25",
    "population.income_median_gbp=300000",
    "population.income_spread=0.7",
    "population.ability_law='normal'",
    "population.ability_spread=0.3",
    "population.cost_law='lognormal'",
    "behaviour.beliefs='market'",
    "market.lots_per_market=4",
    "market.lot_term_rounds=6",
    "market.lot_value_gbp=450000",
    "market.retry_rounds=1",
    "rules.award='score'",
    "rules.reserved='nobody'",
    "rules.turnover_multiple=1.5",
    "rules.ceiling_ratio=1.3",
    "rules.pass_on=true",
    "behaviour.force_mode='free'",
    "behaviour.max_loss=1000000",
    "behaviour.attention_base=4",
    "behaviour.purpose=0.5",
    "behaviour.purpose_kind='warm-glow'",
    "behaviour.purpose_credit='whole'",
    "behaviour.dissolution_rate=0.3",
    "run.rounds=40",
];

#[test]
fn the_engine_agrees_with_plain_loops_where_teams_are_common() {
    let mut all = Seen::default();
    for (seed, forms) in (1_000..1_040).zip(["prime", "any", "hub", "alliance"].iter().cycle()) {
        let forms = format!("rules.forms='{forms}'");
        let scenario = random_scenario(seed, &[&MADE_FOR_TEAMS[..], &[&forms]].concat());
        let luck = Luck::new(seed, 0);
        all.add(&compare(&scenario, luck, start::synthetic(&scenario, luck)));
    }
    assert!(all.co_operations > 200 && all.collaborations > 250 && all.large_teams > 30, "{all:?}");
    assert!(all.cuts > 60 && all.honoured > 60 && all.minds > 500, "{all:?}");
    assert!(all.lost_partners > 100 && all.successions > 30 && all.new_leads > 20, "{all:?}");
    assert!(all.merged_members > 20 && all.fears > 100 && all.loners > 20, "{all:?}");
}

#[test]
fn the_engine_agrees_with_plain_loops_on_councils_with_providers_from_elsewhere() {
    let base = ["world.sample_authorities=3", "behaviour.founding_rate=0", "run.rounds=12", "run.burn_in=0"];
    let bundles = ["rules.packaging='bundle-services'", "rules.bundle_rounds=2", "rules.bundle_experience=0"];
    let forced = ["rules.forms='any'", "behaviour.force_mode='collaboration'", "rules.turnover_multiple=0"];
    let dirichlet = "behaviour.motives='dirichlet'";
    let cases: [(bool, Vec<&str>); 4] = [
        (false, vec!["rules.forms='single'", "behaviour.motives='same'"]),
        (true, vec!["rules.forms='any'", dirichlet]),
        (true, vec!["rules.forms='prime'", dirichlet]),
        (true, [bundles, forced].concat()),
    ];
    for (in_teams, case) in cases {
        let sets: Vec<String> = base.iter().chain(&case).map(ToString::to_string).collect();
        let scenario = load("quick", &sets).expect("valid");
        let luck = Luck::new(scenario.run.seed, 2);
        let seen = compare(&scenario, luck, start::england(&scenario, luck));
        let teams = seen.co_operations + seen.collaborations;
        assert!(seen.awards > 20 && (teams > 0) == in_teams, "{case:?}: {seen:?}");
        assert!(seen.bundles > 10 || case.len() < 6, "{case:?}: {seen:?}");
    }
}
