//! Whom leaders meet, and what they tell each other.

use super::Pool;
use crate::ids::CharityId;
use crate::random::{PairDraw, pair_uniform};
use crate::round::shares::Extent;
use crate::round::utility::Candidate;

/// Whom a lead meets, as rows of the pool.
#[derive(Clone, Debug)]
pub(super) struct Meetings {
    pub lead: usize,
    pub met: Vec<usize>,
}

impl Pool<'_> {
    /// Whom of the free ones each free one meets that may lead.
    pub(super) fn meetings(&self, free: &[bool], extent: Extent) -> Vec<Meetings> {
        let may_lead = |lead: usize| {
            let own = &self.candidates[lead];
            let may = own.writes && own.leader.may_join(own.behaviour);
            let largest = if extent == Extent::Whole { 1 } else { 2 };
            free[lead] && may && own.behaviour.max_team > largest
        };
        let circle = Circle::new(&self.candidates, self.tender_luck);
        let leads = (0..self.candidates.len()).filter(|&lead| may_lead(lead));
        let met = |lead: usize| self.meets(lead, &circle).into_iter().filter(|&row| free[row]).collect();
        leads.map(|lead| Meetings { lead, met: met(lead) }).collect()
    }

    /// Open leaders who meet tell each other what they intend; each pays for what it hears, once for a tender.
    pub(super) fn talk(&mut self, meetings: &[Meetings], costs: &mut Vec<(CharityId, f64)>) {
        let Self { candidates, talks, .. } = self;
        let open = |row: usize| candidates[row].leader.is_open(candidates[row].behaviour);
        for Meetings { lead, met } in meetings.iter().filter(|meetings| open(meetings.lead)) {
            for other in met.iter().filter(|&&other| open(other)) {
                if talks.begin(*lead, *other) {
                    let both = [lead, other].map(|&row| &candidates[row]);
                    costs.extend(both.map(|one| (one.charity, one.behaviour.signal_cost_gbp.value())));
                }
            }
        }
    }

    /// Whom a leader meets: first those whom local staff know, best known first; then others by chance.
    fn meets(&self, lead: usize, circle: &Circle) -> Vec<usize> {
        let own = &self.candidates[lead];
        let meet = own.behaviour.meet as usize;
        let by_staff = libm::round(own.leader.delegates(own.behaviour) * meet as f64) as usize;
        let may_join = |row: usize| {
            let other = &self.candidates[row];
            other.leader.may_join(other.behaviour)
        };
        let mut met = Vec::with_capacity(meet);
        if by_staff > 0 {
            let others = self.worked_with(lead).into_iter().chain(circle.most_local.iter().copied());
            add_new(&mut met, by_staff, others.filter(|&row| row != lead && may_join(row)));
        }
        add_new(&mut met, meet, circle.after(lead).filter(|&row| may_join(row)));
        met
    }

    /// Those of the pool that a charity has worked with, most often first, then those who know the area best.
    fn worked_with(&self, lead: usize) -> Vec<usize> {
        let memory = &self.state.charities.memory[self.candidates[lead].charity];
        let mut known: Vec<(u16, usize)> = Vec::new();
        for relation in memory.relations.iter().filter(|relation| relation.joint > 0) {
            let row = self.candidates.binary_search_by_key(&relation.other, |candidate| candidate.charity);
            known.extend(row.ok().map(|row| (relation.joint, row)));
        }
        known.sort_unstable_by(|&(a_joint, a), &(b_joint, b)| {
            let local = |row: usize| self.candidates[row].local;
            b_joint.cmp(&a_joint).then(local(b).total_cmp(&local(a))).then(a.cmp(&b))
        });
        known.into_iter().map(|(_, row)| row).collect()
    }
}

/// A pool in the orders in which leaders come to meet the others.
struct Circle {
    /// All in a circle, in an order of chance.
    seats: Vec<usize>,
    /// The seat of each.
    seat: Vec<usize>,
    /// All, those first who know the area best.
    most_local: Vec<usize>,
}

impl Circle {
    fn new(candidates: &[Candidate], tender_luck: u64) -> Self {
        let mut seats: Vec<usize> = (0..candidates.len()).collect();
        let chance = |row: &usize| pair_uniform(candidates[*row].luck, tender_luck, PairDraw::Meeting as u64);
        let chances: Vec<f64> = seats.iter().map(chance).collect();
        seats.sort_unstable_by(|&a, &b| chances[a].total_cmp(&chances[b]).then(a.cmp(&b)));
        let mut seat = vec![0; seats.len()];
        seats.iter().enumerate().for_each(|(place, &row)| seat[row] = place);
        let mut most_local: Vec<usize> = (0..candidates.len()).collect();
        most_local.sort_by(|&a, &b| candidates[b].local.total_cmp(&candidates[a].local));
        Self { seats, seat, most_local }
    }

    /// The others, from the next seat on.
    fn after(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let n = self.seats.len();
        (1..n).map(move |step| self.seats[(self.seat[row] + step) % n])
    }
}

/// Adds those who are not yet there, up to so many.
fn add_new(met: &mut Vec<usize>, most: usize, others: impl Iterator<Item = usize>) {
    for row in others {
        if met.len() >= most {
            break;
        }
        if !met.contains(&row) {
            met.push(row);
        }
    }
}
