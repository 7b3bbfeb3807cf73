//! Notices: which tenders a charity comes upon, near and far, in this world and in the rest of a country that a sample
//! stands for; and which of them are for pieces of one lot.

use crate::ids::{Column, LotId, TenderId};
use crate::round::commission::Tenders;
use crate::round::state::LotState;

/// Tenders in an order shuffled by their luck.
#[derive(Clone, Debug, Default)]
pub(super) struct Notices {
    pub(super) here: Vec<TenderId>,
    pub(super) elsewhere: Vec<TenderId>,
}

/// A tender that a charity notices: one of this world, or one that stands for its like elsewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Notice {
    pub(super) tender: TenderId,
    /// 0 for a tender of this world; a number of its own for each use of another.
    pub(super) copy: u64,
}

impl Notice {
    /// The charity's side of the pair's random numbers; a copy has its own.
    pub(super) fn luck(self, charity: u64) -> u64 {
        charity.wrapping_add(self.copy.wrapping_mul(0xd134_2543_de82_ef95))
    }
}

/// A stretch of a ring of notices. In a sample the ring is as long as the whole country's list would
/// be: this world's tenders come first, then tenders of any of its lots, which stand for those elsewhere:
/// they compete for the charity's attention but lead to no bid here.
pub(super) struct Window<'a> {
    pub(super) notices: &'a Notices,
    pub(super) everywhere: usize,
    pub(super) start: usize,
    pub(super) scope: usize,
}

impl<'a> Window<'a> {
    pub(super) fn meets_this_world(&self) -> bool {
        let here = self.notices.here.len();
        self.scope > 0 && (self.start < here || self.start + self.scope > self.everywhere)
    }

    pub(super) fn notices(self) -> impl Iterator<Item = Notice> + 'a {
        let Self { notices, everywhere, start, scope } = self;
        let Notices { here, elsewhere } = notices;
        (start..start + scope).map(move |place| {
            let place = place % everywhere;
            match place.checked_sub(here.len()) {
                None => Notice { tender: here[place], copy: 0 },
                Some(beyond) => Notice {
                    tender: elsewhere[beyond % elsewhere.len()],
                    copy: 1 + (beyond / elsewhere.len()) as u64,
                },
            }
        })
    }
}

/// Which tenders of the round are for pieces that were cut from the same lot: they are noticed and answered together.
pub(super) struct Procurements {
    /// The first tender of each procurement, by tender.
    first: Column<TenderId, TenderId>,
    /// The next tender of the same procurement.
    next: Column<TenderId, Option<TenderId>>,
}

impl Procurements {
    pub(super) fn new(tenders: &Tenders, lots: &Column<LotId, LotState>) -> Self {
        let mut first: Column<TenderId, TenderId> = tenders.calls.ids().collect();
        let mut next = Column::filled(tenders.calls.len(), None);
        let mut last: Column<LotId, Option<TenderId>> = Column::filled(lots.len(), None);
        for (id, tender) in tenders.calls.enumerate().filter(|(id, _)| tenders.parts(*id).len() == 1) {
            let whole = lots[tender.lot].cut_from.unwrap_or(tender.lot);
            if let Some(before) = last[whole].replace(id) {
                first[id] = first[before];
                next[before] = Some(id);
            }
        }
        Self { first, next }
    }

    /// Whether a tender is the one that its procurement is noticed by.
    pub(super) fn is_first(&self, tender: TenderId) -> bool {
        self.first[tender] == tender
    }

    /// Whether a procurement is this tender alone.
    pub(super) fn is_single(&self, tender: TenderId) -> bool {
        self.is_first(tender) && self.next[tender].is_none()
    }

    /// All tenders of a procurement, from its first.
    pub(super) fn tenders(&self, first: TenderId) -> impl Iterator<Item = TenderId> + '_ {
        std::iter::successors(Some(first), |&tender| self.next[tender])
    }
}
