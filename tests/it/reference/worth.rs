//! What bidding alone or in a team is worth to a leader, told again.

use super::leaders::Leader;
use super::market::{
    Market, Reference, SKILLS, Service, Tender, chance_of_winning, efforts, expected_pay, planning_score,
};
use super::produce::{Mode, Worker, chances};
use rebalance::math::pow;
use rebalance::scenario::parameters::{EffortRule, Forms, PurposeCredit, PurposeKind, RiskScale, TeamClaim};
use rebalance::scenario::{Behaviour, Rules};

/// A charity that might work on a tender.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Place in the list of prospects.
    pub prospect: usize,
    pub charity: usize,
    pub behaviour: Behaviour,
    pub leader: Leader,
    pub size: usize,
    pub ability: [f32; SKILLS],
    pub local: f64,
    /// With the overhead that it counts.
    pub hour_cost: f64,
    pub income: f64,
    /// Money that can stand in while pay is late.
    pub means: f64,
    /// Staff without work.
    pub spare: f64,
    pub alone: bool,
    pub writes: bool,
    pub luck: u64,
}

impl Candidate {
    /// What a pound of revenue is worth to it.
    fn regard(&self) -> f64 {
        1.0 + self.leader.wants(&self.behaviour).share * self.behaviour.share_weight
    }
}

impl Reference {
    /// A charity as it knows itself, at its real cost.
    pub fn candidate(&self, charity: usize, local: f64, round: u32) -> Candidate {
        let facts = &self.charities[charity];
        let behaviour = self.regime(facts.home, round).behaviour;
        let counted = 1.0 + behaviour.full_cost_pricing.value() * f64::from(facts.overhead);
        Candidate {
            prospect: usize::MAX,
            charity,
            leader: facts.leader.clone(),
            size: self.size(charity, &behaviour, round),
            ability: facts.ability,
            local,
            hour_cost: facts.unit_cost * counted,
            income: facts.income,
            means: facts.reserves * behaviour.risk_appetite + self.credit(charity, round),
            spare: self.staff_limit(charity, round) - facts.committed,
            alone: false,
            writes: false,
            luck: 0,
            behaviour,
        }
    }

    /// Trust of one in another.
    pub fn trust(&self, judge: &Candidate, other: &Candidate) -> f64 {
        let memory = &self.charities[judge.charity].memory;
        memory.trust(&judge.behaviour, judge.size, other.charity, other.size)
    }
}

/// What is at stake: the tender at its planning price, or a contract at its real one.
pub struct Stakes<'a> {
    pub rules: &'a Rules,
    pub service: &'a Service,
    pub market: &'a Market,
    pub price: f64,
    pub hours: f64,
    pub volume: f64,
    pub term: f64,
    pub bid_cost: f64,
    /// Squared shares of the lots, added up.
    pub lots: f64,
}

impl Stakes<'_> {
    fn spread(&self, behaviour: &Behaviour) -> f64 {
        spread(behaviour, self.lots)
    }
}

/// How much outcomes of lots vary together, over one lot for all.
fn spread(behaviour: &Behaviour, lots: f64) -> f64 {
    let together = behaviour.outcome_correlation;
    libm::sqrt(together + (1.0 - together) * lots)
}

/// The same for the lots of a tender.
pub fn spread_of_lots(behaviour: &Behaviour, tender: &Tender) -> f64 {
    spread(behaviour, tender.parts.iter().map(|part| part.1 * part.1).sum())
}

/// Who would work, lead first, in which mode, for which shares of the work.
pub struct Proposal<'a> {
    pub mode: Mode,
    pub members: Vec<&'a Candidate>,
    pub shares: Vec<f64>,
}

pub type Trust<'a> = &'a dyn Fn(&Candidate, &Candidate) -> f64;

/// What the lead of a co-operation keeps of its partners' shares.
pub fn fee(rules: &Rules) -> f64 {
    let usual = if rules.forms == Forms::Hub { rules.top_slice } else { rules.management_fee };
    usual.value().min(rules.management_fee_cap.value())
}

/// Part of the pay by results that one bears.
pub fn at_risk(mode: Mode, place: usize, share: f64) -> f64 {
    match mode {
        Mode::CoOperation if place > 0 => 0.0,
        Mode::Collaboration => share,
        _ => 1.0,
    }
}

/// Whose word counts for how much.
pub fn say(mode: Mode, shares: &[f64], place: usize, by_heads: bool) -> f64 {
    match mode {
        Mode::Solo => 1.0,
        Mode::CoOperation if place == 0 => 1.0 - 0.2 * (1.0 - shares[0]),
        Mode::CoOperation => 0.2 * shares[place],
        Mode::Collaboration if by_heads => 1.0 / shares.len() as f64,
        Mode::Collaboration => shares[place],
    }
}

/// Who has how much of the credit.
pub fn credit(mode: Mode, shares: &[f64], place: usize, of_lead: f64) -> f64 {
    match mode {
        Mode::Solo => 1.0,
        Mode::CoOperation if place == 0 => of_lead,
        Mode::CoOperation => (1.0 - of_lead) * shares[place] / (1.0 - shares[0]).max(1e-12),
        Mode::Collaboration => shares[place],
    }
}

/// A mean by shares: the first value, and by how much the others differ from it.
pub fn blend(shares: &[f64], value: impl Fn(usize) -> f64) -> f64 {
    let first = value(0);
    let mut beyond_first = 0.0;
    for (place, share) in shares.iter().enumerate().skip(1) {
        beyond_first += share * (value(place) - first);
    }
    first + beyond_first
}

/// Ability in each skill, that of the ablest member or of all by their shares, weighted.
pub fn joint_claim(rules: &Rules, service: &Service, abilities: &[[f32; SKILLS]], shares: &[f64]) -> f64 {
    let mut claim = 0.0;
    for skill in 0..SKILLS {
        let mut level: f64 = 0.0;
        for ability in abilities {
            level = level.max(f64::from(ability[skill]));
        }
        if rules.team_claim == TeamClaim::ByWork {
            level = blend(shares, |place| f64::from(abilities[place][skill]));
        }
        claim += level * service.skill_weights[skill];
    }
    claim
}

impl Proposal<'_> {
    /// Part of everybody's time that goes into co-ordination.
    pub fn waste(&self) -> f64 {
        if self.mode != Mode::Collaboration || self.members.len() < 2 {
            return 0.0;
        }
        let lead = self.members[0];
        let partners = self.members.len() as f64 - 1.0;
        let mut distance = 0.0;
        for partner in &self.members[1..] {
            distance += lead.leader.distance(&partner.leader, &lead.behaviour);
        }
        let unlike = lead.behaviour.coordination_distance * (distance / partners);
        (lead.behaviour.coordination * (1.0 + unlike) * partners).min(1.0)
    }

    /// Success per person as the member in a place sees it: it overrates itself, and whom it does not trust to work in
    /// a collaboration, it expects to work as little as can be.
    pub fn success_seen(&self, stakes: &Stakes, place: usize, trust: Trust) -> f64 {
        let judge = self.members[place];
        let mut lifts = Vec::new();
        for (other, member) in self.members.iter().enumerate() {
            let mut lift = if other == place { judge.leader.pride(&judge.behaviour) } else { 1.0 };
            if judge.behaviour.belief_in_payoff {
                let mut effort =
                    efforts(&member.behaviour, &member.leader, stakes.rules, self.at_risk(other)).0;
                let doubt = self.mode == Mode::Collaboration && other != place;
                if doubt && member.behaviour.effort_rule == EffortRule::Rate {
                    let trust = trust(judge, member);
                    effort = trust * effort + (1.0 - trust) * member.behaviour.effort_min;
                }
                lift *= effort;
            }
            lifts.push(lift);
        }
        self.success_with(stakes, &lifts)
    }

    fn success_with(&self, stakes: &Stakes, lifts: &[f64]) -> f64 {
        let mut workers = Vec::new();
        for (place, member) in self.members.iter().enumerate() {
            let lift = (1.0 + member.behaviour.local_gain * member.local) * lifts[place];
            workers.push(Worker::new(self.shares[place], &member.ability, lift));
        }
        let behaviour = &self.members[0].behaviour;
        let chances = chances(behaviour, stakes.service, self.mode, &workers, self.waste());
        mean_success(stakes.service, chances)
    }

    /// What it is worth to the member in a place before it is won.
    pub fn expected(&self, stakes: &Stakes, place: usize, trust: Trust) -> f64 {
        let member = self.members[place];
        let abilities: Vec<[f32; SKILLS]> = self.members.iter().map(|member| member.ability).collect();
        let claim = joint_claim(stakes.rules, stakes.service, &abilities, &self.shares);
        let local = blend(&self.shares, |place| self.members[place].local);
        let ratio = stakes.market.price_ratio;
        let mut score = planning_score(stakes.rules, claim, local, ratio, ratio);
        if self.mode == Mode::Collaboration {
            score += super::market::weights(stakes.rules).collaboration;
        }
        let wins = chance_of_winning(&member.behaviour, score, stakes.market);
        let utility = self.utility(stakes, place, trust);
        wins * utility - self.shares[place] * stakes.bid_cost - self.cost_of_finding(place)
    }

    fn cost_of_finding(&self, place: usize) -> f64 {
        let behaviour = &self.members[place].behaviour;
        let (meeting, agreement) = (behaviour.meeting_cost_gbp.value(), behaviour.agreement_cost_gbp.value());
        match (self.members.len(), place) {
            (1, _) => 0.0,
            (n, 0) => (n as f64 - 1.0) * (meeting + agreement),
            _ => meeting + agreement,
        }
    }

    /// What it is worth to the member in a place once it is won, over the term.
    pub fn utility(&self, stakes: &Stakes, place: usize, trust: Trust) -> f64 {
        let success = self.success_seen(stakes, place, trust);
        let money = self.money(stakes, place, success, trust);
        (money + self.beside_money(stakes, place, trust)) * stakes.term
    }

    /// What it is worth a round, but for the money.
    pub fn beside_money(&self, stakes: &Stakes, place: usize, trust: Trust) -> f64 {
        let success = self.success_seen(stakes, place, trust);
        let gained = self.purpose(stakes, place, success) + self.ego(stakes, place);
        gained - self.risk(stakes, place) - self.fear(stakes, place, trust)
    }

    fn money(&self, stakes: &Stakes, place: usize, success: f64, trust: Trust) -> f64 {
        let (member, share) = (self.members[place], self.shares[place]);
        let revenue = stakes.price * self.part_of_price(stakes, place, success, trust);
        let mut hour = member.hour_cost;
        if self.mode == Mode::Collaboration && stakes.rules.forms == Forms::Alliance {
            hour = blend(&self.shares, |place| self.members[place].hour_cost);
        }
        member.regard() * revenue - stakes.hours * share * hour
    }

    /// What a pound of the price is worth to the member in a place.
    pub fn pound(&self, stakes: &Stakes, place: usize, trust: Trust) -> f64 {
        let success = self.success_seen(stakes, place, trust);
        self.members[place].regard() * self.part_of_price(stakes, place, success, trust)
    }

    fn part_of_price(&self, stakes: &Stakes, place: usize, success: f64, trust: Trust) -> f64 {
        let (member, share) = (self.members[place], self.shares[place]);
        let pay = expected_pay(stakes.rules, success);
        let passed_on = 1.0 - fee(stakes.rules);
        match self.mode {
            Mode::Solo => pay,
            Mode::Collaboration => share * pay,
            Mode::CoOperation if place == 0 => pay - (1.0 - share) * passed_on,
            Mode::CoOperation => {
                let mut cut = 0.0;
                if member.behaviour.belief_in_payoff {
                    cut = (1.0 - trust(member, self.members[0])) * member.behaviour.cut_max.value();
                }
                share * passed_on * (1.0 - cut)
            }
        }
    }

    fn purpose(&self, stakes: &Stakes, place: usize, success: f64) -> f64 {
        let member = self.members[place];
        let behaviour = &member.behaviour;
        let value = member.leader.wants(behaviour).purpose * behaviour.outcome_value_gbp.value();
        let own = match behaviour.purpose_credit {
            PurposeCredit::OwnShare => self.shares[place],
            PurposeCredit::Whole => 1.0,
        };
        let counted = match behaviour.purpose_kind {
            PurposeKind::WarmGlow => success,
            PurposeKind::Counterfactual => (success - stakes.market.success).max(0.0),
        };
        value * (stakes.volume * counted) * own
    }

    fn at_risk(&self, place: usize) -> f64 {
        at_risk(self.mode, place, self.shares[place])
    }

    fn decisions(&self, stakes: &Stakes, place: usize) -> f64 {
        say(self.mode, &self.shares, place, stakes.rules.forms == Forms::Alliance)
    }

    fn ego(&self, stakes: &Stakes, place: usize) -> f64 {
        let member = self.members[place];
        let ego = member.leader.wants(&member.behaviour).ego;
        ego * member.behaviour.autonomy_weight * self.decisions(stakes, place) * stakes.price
    }

    fn risk(&self, stakes: &Stakes, place: usize) -> f64 {
        let (member, share) = (self.members[place], self.shares[place]);
        let behaviour = &member.behaviour;
        let security = member.leader.wants(behaviour).security;
        let costs = behaviour.cost_risk * stakes.hours * share * member.hour_cost * stakes.term;
        let results = stakes.rules.results_share.value() * self.at_risk(place) * stakes.price * stakes.term;
        let results = behaviour.outcome_noise * results * stakes.spread(behaviour);
        aversion(behaviour, security, member.income) * 0.5 * (costs * costs + results * results) / stakes.term
    }

    fn fear(&self, stakes: &Stakes, place: usize, trust: Trust) -> f64 {
        let member = self.members[place];
        let behaviour = &member.behaviour;
        let given_up = 1.0 - self.decisions(stakes, place);
        let credit = credit(self.mode, &self.shares, place, stakes.rules.credit_lead.value());
        let fears = member.leader.fears(behaviour);
        let (mut fear, mut weight) = (0.0, 0.0);
        for (other, partner) in self.members.iter().enumerate() {
            if other == place {
                continue;
            }
            let distance = member.leader.distance(&partner.leader, behaviour);
            let of_identity = fears[0] * distance * given_up;
            let of_legitimacy = fears[1] * (1.0 - credit).max(0.0);
            let of_control = fears[2] * given_up;
            let doubt = pow(1.0 - trust(member, partner), behaviour.fear_trust_power);
            fear += self.shares[other] * (of_identity + of_legitimacy + of_control) * doubt;
            weight += self.shares[other];
        }
        if weight > 0.0 { stakes.price * fear / weight } else { 0.0 }
    }
}

/// What a pound squared of variance costs twice: what a leader wants of security over its charity's income, or as much
/// for all.
pub fn aversion(behaviour: &Behaviour, security: f64, income: f64) -> f64 {
    if behaviour.risk_scale == RiskScale::Absolute {
        behaviour.risk_aversion
    } else {
        security * behaviour.risk_aversion / income.max(20_000.0)
    }
}

/// Success over the mix of people.
pub fn mean_success(service: &Service, chances: [f64; SKILLS]) -> f64 {
    let mut success = 0.0;
    for (chance, share) in chances.iter().zip(&service.complexity) {
        success += chance * share;
    }
    success
}
