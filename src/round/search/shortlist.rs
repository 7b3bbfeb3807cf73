//! The few tenders that a charity has people to answer.

use super::{Prospect, Refusal};
use crate::ids::TenderId;
use std::cmp::Ordering;

/// The best few prospects, best first; ties go to the lower tender. Those that a charity could win alone come
/// before the others; what its bid-writers cannot answer is kept for joining others, where it may.
#[derive(Default)]
pub(super) struct Shortlist {
    kept: Vec<Prospect>,
    pub(super) places: usize,
    /// Other pieces of lots that are kept, each with the best one of its lot.
    followers: Vec<(TenderId, Prospect)>,
    joining: Vec<Prospect>,
    pub(super) places_to_join: usize,
    pub(super) refused: Vec<Refusal>,
    /// Refusals of other leaders, at the head of `refused`.
    pub(super) refused_before: usize,
}

impl Shortlist {
    /// Offers a prospect that may come up more than once, as a bundle does under each of its services.
    pub(super) fn offer_once(&mut self, prospect: Prospect) {
        if self.kept.iter().chain(&self.joining).all(|kept| kept.tender != prospect.tender) {
            self.offer(prospect);
        }
    }

    /// Books a refusal, once for each leader.
    pub(super) fn refuse(&mut self, refusal: Option<Refusal>) {
        let own = &self.refused[self.refused_before..];
        self.refused.extend(refusal.filter(|refusal| !own.contains(refusal)));
    }

    pub(super) fn offer(&mut self, prospect: Prospect) {
        let crowded_out = insert(&mut self.kept, self.places, prospect);
        if let Some(prospect) = crowded_out.filter(|prospect| prospect.joins) {
            insert(&mut self.joining, self.places_to_join, Prospect { writes: false, ..prospect });
        }
    }

    /// Offers the pieces of one lot, which take one place together: the best one, and of the others as many as its free
    /// staff could do beside it; `fte` is what a piece takes.
    pub(super) fn offer_together(
        &mut self,
        mut pieces: Vec<Prospect>,
        free_staff: f64,
        fte: impl Fn(TenderId) -> f64,
    ) {
        pieces.sort_by(|a, b| if precedes(a, b) { Ordering::Less } else { Ordering::Greater });
        let mut pieces = pieces.into_iter();
        let Some(best) = pieces.next() else { return };
        let mut staff = fte(best.tender);
        for piece in pieces {
            let more = fte(piece.tender);
            if staff + more <= free_staff {
                staff += more;
                self.followers.push((best.tender, piece));
            }
        }
        self.offer(best);
    }

    /// Empties the list: what it answers itself, then what it may join.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Prospect> + '_ {
        if !self.followers.is_empty() {
            let best: Vec<TenderId> = self.kept.iter().map(|prospect| prospect.tender).collect();
            let followers = self.followers.drain(..).filter(|(first, _)| best.contains(first));
            self.kept.extend(followers.map(|(_, piece)| piece));
            self.kept.sort_by(|a, b| if precedes(a, b) { Ordering::Less } else { Ordering::Greater });
        }
        self.kept.drain(..).chain(self.joining.drain(..))
    }
}

/// Puts a prospect in its place among the best few; returns the one for which there is no place.
fn insert(best: &mut Vec<Prospect>, places: usize, prospect: Prospect) -> Option<Prospect> {
    let place = best.partition_point(|kept| precedes(kept, &prospect));
    if place >= places {
        return Some(prospect);
    }
    let last = if best.len() == places { best.pop() } else { None };
    best.insert(place, prospect);
    last
}

fn precedes(a: &Prospect, b: &Prospect) -> bool {
    (b.alone, b.expected, a.tender) < (a.alone, a.expected, b.tender)
}
