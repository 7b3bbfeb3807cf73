//! Who works together on a contract, in which mode, and for what shares.

use crate::ids::{CharityId, TenderId};

/// How the members of a team work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// One provider.
    Solo,
    /// Fixed parts: work is shared; the risk of results and knowledge are not, and little of the credit.
    CoOperation,
    /// Pooled staff, shared goals, risk and reward, joint decisions.
    Collaboration,
}

impl Mode {
    /// Its name in tables and charts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Solo => "solo",
            Self::CoOperation => "co-operation",
            Self::Collaboration => "collaboration",
        }
    }
}

/// A member of a team, its shares summing to one with those of the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// The charity.
    pub charity: CharityId,
    /// Share of the work.
    pub work: f64,
    /// Share of the price that it was promised.
    pub promised: f64,
    /// Share of the price that it gets.
    pub allocated: f64,
}

/// Two or more charities on one contract; the first is the lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// How they work together.
    pub mode: Mode,
    /// Lead first, then partners in order of id.
    pub members: Vec<Member>,
    /// Price of the contract \[GBP a round\], by which shares go in a co-operation.
    pub price: f64,
    /// Share of everybody's time that co-ordination takes.
    pub waste: f64,
    /// Whether decisions are by all alike, as in an alliance.
    pub by_all: bool,
}

impl Team {
    /// The lead.
    pub fn lead(&self) -> &Member {
        &self.members[0]
    }

    /// Whether its members pool costs.
    pub fn is_alliance(&self) -> bool {
        self.mode == Mode::Collaboration && self.by_all
    }

    /// All but the lead.
    pub fn partners(&self) -> &[Member] {
        &self.members[1..]
    }

    /// Share of decisions of the member in a place: the lead's is what partners leave it in a co-operation;
    /// in a collaboration decisions go by work, in an alliance by heads.
    pub fn decision_share(&self, partner_say: f64, place: usize) -> f64 {
        let say = Say { by_all: self.by_all, partner: partner_say };
        decision_share(self.mode, say, place, self.members.len(), |place| self.members[place].work)
    }

    /// Credit for results of the member in a place.
    pub fn credit(&self, place: usize, credit_lead: f64) -> f64 {
        credit(self.mode, place, credit_lead, |place| self.members[place].work)
    }
}

/// Part of the pay by results that a member bears the risk of: all alone or as the lead of a co-operation, whose partners
/// have a fixed price; its share in a collaboration.
pub const fn pay_at_risk(mode: Mode, place: usize, work: f64) -> f64 {
    match (mode, place) {
        (Mode::Solo, _) | (Mode::CoOperation, 0) => 1.0,
        (Mode::CoOperation, _) => 0.0,
        (Mode::Collaboration, _) => work,
    }
}

/// How a team decides.
#[derive(Clone, Copy, Debug)]
pub struct Say {
    /// Whether all decide alike, by heads.
    pub by_all: bool,
    /// Decisions that a partner takes over in a co-operation, for each share of the work.
    pub partner: f64,
}

/// Share of decisions: solo 1; co-operation: partners `say.partner` x work, the lead the rest; collaboration: work, or
/// alike by heads in an alliance.
pub fn decision_share(mode: Mode, say: Say, place: usize, n: usize, work: impl Fn(usize) -> f64) -> f64 {
    match (mode, place) {
        (Mode::Solo, _) => 1.0,
        (Mode::CoOperation, 0) => 1.0 - say.partner * (1.0 - work(0)),
        (Mode::CoOperation, _) => say.partner * work(place),
        (Mode::Collaboration, _) if say.by_all => 1.0 / n as f64,
        (Mode::Collaboration, _) => work(place),
    }
}

/// Credit for results: solo 1; co-operation: a fixed part to the lead, the rest to partners by work;
/// collaboration: by work.
pub fn credit(mode: Mode, place: usize, credit_lead: f64, work: impl Fn(usize) -> f64) -> f64 {
    match (mode, place) {
        (Mode::Solo, _) => 1.0,
        (Mode::CoOperation, 0) => credit_lead,
        (Mode::CoOperation, _) => (1.0 - credit_lead) * work(place) / (1.0 - work(0)).max(1e-12),
        (Mode::Collaboration, _) => work(place),
    }
}

/// A team that formed for a tender, before its bid. Members are places in the list of prospects.
#[derive(Clone, Debug, PartialEq)]
pub struct Formed {
    /// For what.
    pub tender: TenderId,
    /// How they would work.
    pub mode: Mode,
    /// Prospects of the members with their shares of the work; the lead first.
    pub members: Vec<(usize, f64)>,
    /// The members themselves with their shares.
    pub workers: Vec<(CharityId, f64)>,
    /// Share of everybody's time that co-ordination takes.
    pub waste: f64,
    /// What those who set its price reckon with.
    pub account: Account,
    /// Whether decisions are by all alike.
    pub by_all: bool,
}

/// What those who set the price of a team's bid reckon with, for the whole contract: all members of a collaboration
/// together; the lead of a co-operation, as if its part were all of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Account {
    /// Part of the price that the lead expects to be paid.
    pub pay: f64,
    /// What a pound of the price is worth to them.
    pub pound: f64,
    /// What winning is worth to them beside the money, less what risk and fear cost \[GBP a round\].
    pub worth: f64,
}

/// What a prospect has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It may bid alone.
    Alone,
    /// It leads the team of that number.
    Lead(u32),
    /// It stands in a team that another leads, or cannot bid alone.
    Standby,
}

/// Who would work for a bid.
#[derive(Clone, Copy, Debug)]
pub enum Workers<'a> {
    /// The bidder.
    Alone([(CharityId, f64); 1]),
    /// A team.
    Team(&'a [(CharityId, f64)]),
}

impl std::ops::Deref for Workers<'_> {
    type Target = [(CharityId, f64)];

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Alone(one) => one,
            Self::Team(team) => team,
        }
    }
}

/// The teams of the round, and what finding them cost.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Teams {
    /// Teams, tender by tender.
    pub formed: Vec<Formed>,
    /// Role of each prospect; empty where no tender allows teams.
    pub roles: Vec<Role>,
    /// What meetings and agreements cost, by charity \[GBP\], in order of charity.
    pub costs: Vec<(CharityId, f64)>,
}

impl Teams {
    /// The role of a prospect.
    #[inline]
    pub fn role(&self, prospect: usize) -> Role {
        self.roles.get(prospect).copied().unwrap_or(Role::Alone)
    }

    /// Who would work for a bid, with shares of the work: the team of that number, or the bidder alone.
    pub fn workers(&self, bidder: CharityId, team: Option<u32>) -> Workers<'_> {
        match team {
            Some(team) => Workers::Team(&self.formed[team as usize].workers),
            None => Workers::Alone([(bidder, 1.0)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::Id;

    #[test]
    fn decisions_and_credit_add_up_to_one() {
        let member =
            |row, work| Member { charity: CharityId::from_row(row), work, promised: work, allocated: work };
        for (mode, by_all) in
            [(Mode::CoOperation, false), (Mode::Collaboration, false), (Mode::Collaboration, true)]
        {
            let members = vec![member(0, 0.5), member(1, 0.3), member(2, 0.2)];
            let team = Team { mode, members, price: 1.0, waste: 0.0, by_all };
            let decisions: f64 = (0..3).map(|place| team.decision_share(0.2, place)).sum();
            let credit: f64 = (0..3).map(|place| team.credit(place, 0.8)).sum();
            assert!((decisions - 1.0).abs() < 1e-12 && (credit - 1.0).abs() < 1e-12, "{mode:?}");
        }
    }
}
