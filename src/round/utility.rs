//! What an option is worth to a leader, in GBP: money, and what else it wants.
//!
//! U = profit + purpose v d dO + share w revenue + ego x D V - security r/2 Var(profit) - fear, over the term.
//! Money counts one for every leader; a motive scales its own term alone. All at planning values: the market's
//! mean winning price, standard quality.

use super::effort;
use super::leader::{Leader, Motives};
use super::produce::{Worker, chances};
use super::score::{Weights, planning_score};
use super::search::{chance_of_winning, expected_pay};
use super::state::MarketState;
use super::team::{Account, Mode, Say, credit, decision_share, pay_at_risk};
use crate::ids::CharityId;
use crate::measure::bands::Band;
use crate::mutants::{Mutant, is_on};
use crate::scenario::parameters::{
    Behaviour, EffortRule, Forms, PurposeCredit, PurposeKind, RiskScale, Rules, TeamClaim,
};
use crate::world::{SKILLS, Service};

/// A charity in the pool of a tender, as planning sees it.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// Its prospect.
    pub prospect: usize,
    /// The charity.
    pub charity: CharityId,
    /// Its leader.
    pub leader: &'a Leader,
    /// Its behaviour.
    pub behaviour: &'a Behaviour,
    /// What its leader wants.
    pub motives: Motives,
    /// Size, by which strangers judge it.
    pub size: Band,
    /// Ability in each skill.
    pub ability: &'a [f32; SKILLS],
    /// Local knowledge of where the work is.
    pub local: f64,
    /// Cost of an hour that it counts, overhead included \[GBP\].
    pub hour_cost: f64,
    /// Yearly income \[GBP\].
    pub income: f64,
    /// Reserves and credit that can stand in while pay is late \[GBP\].
    pub means: f64,
    /// Staff that it can spare \[FTE\].
    pub spare: f64,
    /// Whether it could bid alone.
    pub alone: bool,
    /// Whether it has bid-writers for the tender.
    pub writes: bool,
    /// Its side of the pair's random numbers.
    pub luck: u64,
}

/// What a tender offers, as planning sees it.
#[derive(Clone, Copy, Debug)]
pub struct Stakes<'a> {
    /// Rules of the tender.
    pub rules: &'a Rules,
    /// Its service: that of its main lot.
    pub service: &'a Service,
    /// Its market.
    pub market: &'a MarketState,
    /// Planning price \[GBP a round\].
    pub price: f64,
    /// Staff hours a round.
    pub hours: f64,
    /// People a round.
    pub volume: f64,
    /// Rounds.
    pub term: f64,
    /// Cost of the bid \[GBP\].
    pub bid_cost: f64,
    /// Sum of the squared shares of its lots.
    pub squared_shares: f64,
}

/// A proposal: these charities, with these shares of the work, in this mode; the lead first.
#[derive(Clone, Copy, Debug)]
pub struct Proposal<'a> {
    /// How they would work.
    pub mode: Mode,
    /// Members.
    pub members: &'a [&'a Candidate<'a>],
    /// Shares of the work.
    pub shares: &'a [f64],
}

/// What members think of each other: trust of the first in the second.
pub type Trusts<'a> = &'a dyn Fn(&Candidate, &Candidate) -> f64;

/// The part of a partner's share that the lead keeps as a fee.
pub fn fee(rules: &Rules) -> f64 {
    let usual = match rules.forms {
        Forms::Hub => rules.top_slice.value(),
        _ => rules.management_fee.value(),
    };
    usual.min(rules.management_fee_cap.value())
}

/// Whether teams are alliances: decisions by all alike, costs pooled.
pub fn by_all(rules: &Rules) -> bool {
    rules.forms == Forms::Alliance
}

/// Share of everybody's time that co-ordination takes: t (n - 1)(1 + t_z mean distance), at most all of it.
pub fn waste(option: &Proposal) -> f64 {
    let [lead, partners @ ..] = option.members else { return 0.0 };
    if option.mode != Mode::Collaboration || partners.is_empty() {
        return 0.0;
    }
    let behaviour = lead.behaviour;
    let distance =
        partners.iter().map(|partner| lead.leader.distance(partner.leader, behaviour)).sum::<f64>()
            / partners.len() as f64;
    let per_member = behaviour.coordination * (1.0 + behaviour.coordination_distance * distance);
    (per_member * partners.len() as f64).min(1.0)
}

/// Who looks at a proposal: the member in a place, with what it trusts in the others.
pub type Viewer<'a> = (usize, Trusts<'a>);

/// Success per person of a proposal, as a member sees it, who may overrate itself and doubt the others.
pub fn success(stakes: &Stakes, option: &Proposal, viewer: Viewer) -> f64 {
    let behaviour = option.members[0].behaviour;
    let worker = |(place, member): (usize, &&Candidate)| {
        let pride = if place == viewer.0 { member.leader.overrates(member.behaviour) } else { 1.0 };
        let effort = planned_effort(stakes, option, place, viewer);
        let lift = (1.0 + member.behaviour.local_gain * member.local) * (pride * effort);
        Worker::new(option.shares[place], member.ability, lift)
    };
    let workers: Vec<Worker> = option.members.iter().enumerate().map(worker).collect();
    let chances = chances(behaviour, stakes.service, option.mode, &workers, waste(option));
    chances.iter().zip(&stakes.service.complexity).map(|(chance, share)| chance * share).sum()
}

/// Effort that a member reckons with in the member in a place: in a collaboration as far as it trusts it.
fn planned_effort(stakes: &Stakes, option: &Proposal, place: usize, (viewer, trust): Viewer) -> f64 {
    let (judge, member) = (option.members[viewer], option.members[place]);
    if !judge.behaviour.belief_in_payoff {
        return 1.0;
    }
    let at_risk = pay_at_risk(option.mode, place, option.shares[place]);
    let effort = effort::choose(member.behaviour, stakes.rules, at_risk, member.motives.purpose).0;
    if viewer != place && option.mode == Mode::Collaboration {
        effort::doubted(member.behaviour, effort, trust(judge, member))
    } else {
        effort
    }
}

/// Quality that a bid of these charities claims: each skill at the level of its ablest member, or of all by their shares of
/// the work, weighted.
pub fn claim<'a>(
    rules: &Rules,
    service: &Service,
    shares: &[f64],
    ability: impl Fn(usize) -> &'a [f32; SKILLS],
) -> f64 {
    let level = |skill: usize| {
        let of = |place: usize| f64::from(ability(place)[skill]);
        match rules.team_claim {
            TeamClaim::Ablest => (0..shares.len()).map(of).fold(0.0, f64::max),
            TeamClaim::ByWork => blend(shares, of),
        }
    };
    (0..SKILLS).map(|skill| level(skill) * service.skill_weights[skill]).sum()
}

/// Mean over members by their work, written so that it is exact where all are alike.
pub fn blend(shares: &[f64], value: impl Fn(usize) -> f64) -> f64 {
    let first = value(0);
    first + (1..shares.len()).map(|place| shares[place] * (value(place) - first)).sum::<f64>()
}

/// Whether all see the same success in a proposal: nobody overrates itself, and effort is not in question.
pub fn is_seen_alike(option: &Proposal) -> bool {
    let alike = |member: &&Candidate| {
        let behaviour = member.behaviour;
        behaviour.overconfidence == 0.0 && behaviour.effort_rule == EffortRule::Fixed
    };
    option.members.iter().all(alike)
}

/// What an option with this success is worth to the member in a place, times the chance of winning, less its costs
/// of bidding, meeting and agreeing \[GBP over the term\].
pub fn expected_utility(
    stakes: &Stakes,
    option: &Proposal,
    place: usize,
    success: f64,
    trust: Trusts,
) -> f64 {
    let utility = utility(stakes, option, place, success, trust);
    let behaviour = option.members[place].behaviour;
    let local = blend(option.shares, |place| option.members[place].local);
    let quality = claim(stakes.rules, stakes.service, option.shares, |place| option.members[place].ability);
    let ratio = stakes.market.price_ratio;
    let mut score = planning_score(stakes.rules, quality, local, ratio, ratio);
    if option.mode == Mode::Collaboration {
        score += Weights::of(stakes.rules).collaboration;
    }
    let chance = chance_of_winning(behaviour, score, &stakes.market.public());
    chance * utility - option.shares[place] * stakes.bid_cost - finding(option, place)
}

/// What a proposal with this success would be worth to the member in a place, once won \[GBP over the term\].
pub fn utility(stakes: &Stakes, option: &Proposal, place: usize, success: f64, trust: Trusts) -> f64 {
    let money = money(stakes, option, place, success, trust);
    (money + beside_money(stakes, option, place, success, trust)) * stakes.term
}

/// What it would be worth beside the money: outcomes and a say, less what risk and fear cost \[GBP a round\].
fn beside_money(stakes: &Stakes, option: &Proposal, place: usize, success: f64, trust: Trusts) -> f64 {
    purpose(stakes, option, place, success) + ego(stakes, option, place)
        - risk(stakes, option, place)
        - fear(stakes, option, place, trust)
}

/// What those who set the price of a bid reckon with, each with the success that it sees: all members of a collaboration
/// together; the lead of a co-operation, as if its part were all of the contract.
pub fn account(stakes: &Stakes, option: &Proposal, success: &[f64], trust: Trusts) -> Account {
    let pound = |place: usize| {
        regard(option.members[place]) * part_of_price(stakes, option, place, success[place], trust)
    };
    let worth = |place: usize| beside_money(stakes, option, place, success[place], trust);
    let all = 0..option.members.len();
    let (pound, worth) = match option.mode {
        Mode::Solo | Mode::CoOperation => (pound(0) / option.shares[0], worth(0) / option.shares[0]),
        Mode::Collaboration => (all.clone().map(pound).sum(), all.map(worth).sum()),
    };
    Account { pay: expected_pay(stakes.rules, success[0]), pound, worth }
}

/// What meeting and agreeing cost the member in a place, if all whom the lead asks accept.
fn finding(option: &Proposal, place: usize) -> f64 {
    let behaviour = option.members[place].behaviour;
    let partners = option.members.len() as f64 - 1.0;
    if partners == 0.0 {
        return 0.0;
    }
    let agreed = if place == 0 { partners } else { 1.0 };
    agreed * (behaviour.meeting_cost_gbp.value() + behaviour.agreement_cost_gbp.value())
}

/// Profit and what revenue is worth beside \[GBP a round\].
fn money(stakes: &Stakes, option: &Proposal, place: usize, success: f64, trust: Trusts) -> f64 {
    let member = option.members[place];
    let revenue = stakes.price * part_of_price(stakes, option, place, success, trust);
    regard(member) * revenue - stakes.hours * option.shares[place] * hour_cost(stakes, option, place)
}

/// What an hour costs the member in a place: in an alliance, what it costs all, by their work.
fn hour_cost(stakes: &Stakes, option: &Proposal, place: usize) -> f64 {
    if option.mode == Mode::Collaboration && by_all(stakes.rules) {
        blend(option.shares, |place| option.members[place].hour_cost)
    } else {
        option.members[place].hour_cost
    }
}

/// What a pound of revenue is worth to a leader: the pound, and its part in the market.
fn regard(member: &Candidate) -> f64 {
    1.0 + member.motives.share * member.behaviour.share_weight
}

/// Part of the price that the member in a place expects: by shares; the lead of a co-operation keeps a fee and what results
/// earn, a partner may be cut.
fn part_of_price(stakes: &Stakes, option: &Proposal, place: usize, success: f64, trust: Trusts) -> f64 {
    let member = option.members[place];
    let share = option.shares[place];
    let pay = expected_pay(stakes.rules, success);
    let fee = fee(stakes.rules);
    match (option.mode, place) {
        (Mode::Solo, _) => pay,
        (Mode::CoOperation, 0) => pay - (1.0 - share) * (1.0 - fee),
        (Mode::CoOperation, _) => {
            let doubt = if member.behaviour.belief_in_payoff {
                (1.0 - trust(member, option.members[0])) * member.behaviour.cut_max.value()
            } else {
                0.0
            };
            share * (1.0 - fee) * (1.0 - doubt)
        }
        (Mode::Collaboration, _) => share * pay,
    }
}

/// purpose x v x d x dO \[GBP a round\].
fn purpose(stakes: &Stakes, option: &Proposal, place: usize, success: f64) -> f64 {
    let member = option.members[place];
    let behaviour = member.behaviour;
    let value = member.motives.purpose * behaviour.outcome_value_gbp.value();
    if value == 0.0 {
        return 0.0;
    }
    let own = match behaviour.purpose_credit {
        PurposeCredit::OwnShare => option.shares[place],
        PurposeCredit::Whole => 1.0,
    };
    let counted = match behaviour.purpose_kind {
        PurposeKind::WarmGlow => success,
        PurposeKind::Counterfactual => (success - stakes.market.success).max(0.0),
    };
    value * (stakes.volume * counted) * own
}

/// ego x D V \[GBP a round\].
fn ego(stakes: &Stakes, option: &Proposal, place: usize) -> f64 {
    let member = option.members[place];
    let decisions = decisions(stakes, option, place);
    member.motives.ego * member.behaviour.autonomy_weight * decisions * stakes.price
}

fn decisions(stakes: &Stakes, option: &Proposal, place: usize) -> f64 {
    let n = option.members.len();
    let partner = option.members[place].behaviour.partner_say.value();
    let say = Say { by_all: by_all(stakes.rules), partner };
    decision_share(option.mode, say, place, n, |place| option.shares[place])
}

/// security x r/2 x Var(profit) over the term \[GBP a round\]: risk of cost, and of pay by results, which the lead of a co-operation bears
/// alone and a collaboration shares.
fn risk(stakes: &Stakes, option: &Proposal, place: usize) -> f64 {
    let member = option.members[place];
    let behaviour = member.behaviour;
    let share = option.shares[place];
    let at_risk = pay_at_risk(option.mode, place, share);
    let cost = behaviour.cost_risk * stakes.hours * share * member.hour_cost * stakes.term;
    let results = stakes.rules.results_share.value() * at_risk * stakes.price * stakes.term;
    let results = behaviour.outcome_noise * results * spread(behaviour, stakes.squared_shares);
    price_of_risk(behaviour, member.motives.security, member.income, [cost, results]) / stakes.term
}

/// Standard deviation of the outcomes of lots with these squared shares, whose outcomes have a correlation c, over that of
/// one: the root of the sum of squared shares and of c times the rest. With n equal lots it is the root of
/// (1 + (n - 1) c)/n.
pub fn spread(behaviour: &Behaviour, squared_shares: f64) -> f64 {
    let c = behaviour.outcome_correlation;
    libm::sqrt(c + (1.0 - c) * squared_shares)
}

/// What it is worth to avoid two independent risks, given by their standard deviations \[GBP\]: aversion/2 x
/// variance, where aversion is security x r / income, or r a pound for everybody (constant absolute risk aversion).
pub fn price_of_risk(behaviour: &Behaviour, security: f64, income: f64, sds: [f64; 2]) -> f64 {
    let aversion = match behaviour.risk_scale {
        RiskScale::Relative => {
            security * behaviour.risk_aversion / income.max(behaviour.risk_income_floor_gbp.value())
        }
        RiskScale::Absolute => behaviour.risk_aversion,
    };
    let half = if is_on(Mutant::RiskCountsDouble) { 1.0 } else { 0.5 };
    let [a, b] = sds;
    if aversion == 0.0 { 0.0 } else { aversion * half * (a * a + b * b) }
}

/// V \[f_identity distance (1 - D) + f_legitimacy (credit lost) + f_control (1 - D)\] (1 - trust)^z, over the other
/// members by their work \[GBP a round\].
fn fear(stakes: &Stakes, option: &Proposal, place: usize, trust: Trusts) -> f64 {
    let member = option.members[place];
    let behaviour = member.behaviour;
    let given_up = 1.0 - decisions(stakes, option, place);
    let credit_lead = stakes.rules.credit_lead.value();
    let lost_credit = 1.0 - credit(option.mode, place, credit_lead, |place| option.shares[place]);
    let [of_identity, of_legitimacy, of_control] = member.leader.fears(behaviour);
    let others = (0..option.members.len()).filter(|&other| other != place);
    let (mut fear, mut weight) = (0.0, 0.0);
    for other in others {
        let partner = option.members[other];
        let distance = member.leader.distance(partner.leader, behaviour);
        let of_other =
            of_identity * distance * given_up + of_legitimacy * lost_credit.max(0.0) + of_control * given_up;
        let doubt = crate::math::pow(1.0 - trust(member, partner), behaviour.fear_trust_power);
        fear += option.shares[other] * of_other * doubt;
        weight += option.shares[other];
    }
    if weight > 0.0 { stakes.price * fear / weight } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;
    use crate::scenario::parameters::EffortRule;
    use crate::units::{Gbp, Hours, Probability, Share};

    fn market() -> MarketState {
        MarketState {
            backlog: [0.0; SKILLS],
            waited: 0.0,
            returned: [0.0; SKILLS],
            rivals: 0.0,
            price_ratio: 1.0,
            rival_score: 0.0,
            success: 0.5,
            prevention: 0.0,
            uplift: 1.0,
            framework: None,
            past: std::collections::VecDeque::new(),
        }
    }

    fn one_skill() -> Service {
        Service {
            key: "s".into(),
            name: "S".into(),
            skill_weights: [1.0, 0.0, 0.0, 0.0],
            complexity: [1.0, 0.0, 0.0, 0.0],
            hours_per_person: Hours::new(1.0),
        }
    }

    fn candidate<'a>(row: usize, leader: &'a Leader, behaviour: &'a Behaviour) -> Candidate<'a> {
        Candidate {
            prospect: row,
            charity: CharityId::from_row(row),
            leader,
            behaviour,
            motives: leader.wants(behaviour),
            size: Band::Small,
            ability: &[0.4; SKILLS],
            local: 0.0,
            hour_cost: 1.0,
            income: 1e6,
            means: 1e6,
            spare: 10.0,
            writes: true,
            alone: true,
            luck: 0,
        }
    }

    /// e = phi s + 4 w purpose = .4 x .5 + .5 x 4 x .25 = .7; with trust .25 and e_min .5 the other is expected to
    /// work at .25 x .7 + .75 x .5 = .55, and success is .4 x (.5 x .7 + .5 x .55) = .25.
    #[test]
    fn a_collaboration_is_planned_with_doubt_about_the_work_of_others() {
        let behaviour = Behaviour {
            effort_rule: EffortRule::Rate,
            purpose_effort: 0.5,
            purpose: Share::new(0.25),
            effort_min: 0.5,
            effort_max: 1.2,
            complementarity: 1.0,
            base_success: Probability::new(0.0),
            coordination: 0.0,
            ..Behaviour::default()
        };
        let trusting = Behaviour { belief_in_payoff: false, ..behaviour.clone() };
        let rules = Rules { results_share: Share::new(0.4), ..Rules::default() };
        let (service, market, leader) = (one_skill(), market(), Leader::draw([0.5; 8], [0.5; 3]));
        let stakes = Stakes {
            rules: &rules,
            service: &service,
            market: &market,
            price: 1.0,
            hours: 1.0,
            volume: 1.0,
            term: 1.0,
            bid_cost: 0.0,
            squared_shares: 1.0,
        };
        let seen = |behaviour: &Behaviour, mode: Mode, trust: f64| {
            let members = [candidate(0, &leader, behaviour), candidate(1, &leader, behaviour)];
            let members = [&members[0], &members[1]];
            let option = Proposal { mode, members: &members, shares: &[0.5, 0.5] };
            let trust: Trusts = &|_, _| trust;
            success(&stakes, &option, (0, trust))
        };
        assert!((seen(&behaviour, Mode::Collaboration, 0.25) - 0.25).abs() < 1e-7);
        assert!((seen(&behaviour, Mode::Collaboration, 1.0) - 0.28).abs() < 1e-7);
        assert!((seen(&behaviour, Mode::CoOperation, 0.25) - 0.28).abs() < 1e-7);
        assert!((seen(&trusting, Mode::Collaboration, 0.25) - 0.4).abs() < 1e-7);
    }

    /// Two halves, success as seen .6 and .4, purpose 1 at 10 GBP an outcome for 5 people a round, V = 8 GBP a round, fear of
    /// losing control .1, no trust, a fee of .2. In a collaboration each has 10 x 5 x success / 2 = 15 or 10, less 8 x .1 x
    /// (1 - .5) = .4. The lead of a co-operation gives up .1 of the say: 15 - .08, and keeps 1 - .5 x .8 = .6 of the price;
    /// both count double, as if its half were all.
    #[test]
    fn a_price_reckons_with_what_winning_is_worth_to_those_who_set_it() {
        let behaviour = Behaviour {
            purpose: Share::new(1.0),
            purpose_kind: PurposeKind::WarmGlow,
            outcome_value_gbp: Gbp::new(10.0),
            autonomy_weight: 0.0,
            risk_aversion: 0.0,
            fear_identity: 0.0,
            fear_legitimacy: 0.0,
            fear_control: 0.1,
            fear_trust_power: 1.0,
            ..Behaviour::default()
        };
        let rules = Rules { management_fee: Share::new(0.2), ..Rules::default() };
        let (service, market, leader) = (one_skill(), market(), Leader::draw([0.5; 8], [0.5; 3]));
        let stakes = Stakes {
            rules: &rules,
            service: &service,
            market: &market,
            price: 8.0,
            hours: 1.0,
            volume: 5.0,
            term: 12.0,
            bid_cost: 0.0,
            squared_shares: 1.0,
        };
        let members = [candidate(0, &leader, &behaviour), candidate(1, &leader, &behaviour)];
        let members = [&members[0], &members[1]];
        let of = |mode: Mode| {
            let option = Proposal { mode, members: &members, shares: &[0.5, 0.5] };
            account(&stakes, &option, &[0.6, 0.4], &|_, _| 0.0)
        };
        let (together, lead) = (of(Mode::Collaboration), of(Mode::CoOperation));
        assert!((together.worth - (15.0 + 10.0 - 2.0 * 0.4)).abs() < 1e-9 && together.pound == 1.0);
        assert!((lead.worth - 2.0 * (15.0 - 0.08)).abs() < 1e-9 && (lead.pound - 1.2).abs() < 1e-9);
    }

    /// V33: in one contract split alike among n, each bears 1/n^2 of the price of risk of one provider, and all together
    /// 1/n; the lead of a co-operation bears the risk of results alone.
    #[test]
    fn a_collaboration_shares_risk() {
        let behaviour = Behaviour {
            risk_scale: RiskScale::Absolute,
            risk_aversion: 2.0,
            outcome_noise: 0.3,
            cost_risk: 0.1,
            ..Behaviour::default()
        };
        let rules = Rules { results_share: Share::new(0.4), ..Rules::default() };
        let (service, market, leader) = (one_skill(), market(), Leader::draw([0.5; 8], [0.5; 3]));
        let stakes = Stakes {
            rules: &rules,
            service: &service,
            market: &market,
            price: 1.0,
            hours: 1.0,
            volume: 1.0,
            term: 1.0,
            bid_cost: 0.0,
            squared_shares: 1.0,
        };
        let borne = |mode: Mode, n: usize| -> Vec<f64> {
            let members: Vec<Candidate> = (0..n).map(|row| candidate(row, &leader, &behaviour)).collect();
            let members: Vec<&Candidate> = members.iter().collect();
            let option = Proposal { mode, members: &members, shares: &vec![1.0 / n as f64; n] };
            (0..n).map(|place| risk(&stakes, &option, place)).collect()
        };
        let alone = borne(Mode::Solo, 1)[0];
        assert!((alone - (0.4 * 0.4 * 0.3 * 0.3 + 0.1 * 0.1)).abs() < 1e-12, "{alone}");
        for n in 2..=4 {
            let members = borne(Mode::Collaboration, n);
            let squared = (n * n) as f64;
            assert!(members.iter().all(|premium| (premium - alone / squared).abs() < 1e-12), "{members:?}");
            assert!((members.iter().sum::<f64>() - alone / n as f64).abs() < 1e-12, "{members:?}");
        }
        // Four lots of equal size whose outcomes have a correlation of .3 spread risk to .475 of the variance.
        let loose = Behaviour { outcome_correlation: 0.3, ..behaviour.clone() };
        assert!((spread(&loose, 0.25) * spread(&loose, 0.25) - 0.475).abs() < 1e-12);
        assert!(spread(&behaviour, 0.25) == 1.0 && spread(&loose, 1.0) == 1.0);
        let [lead, partner] = borne(Mode::CoOperation, 2)[..] else { panic!("two members") };
        assert!((lead - (0.0144 + 0.0025)).abs() < 1e-12 && (partner - 0.0025).abs() < 1e-12);
    }
}
