//! Notices: which tenders a charity comes upon, near and far, in this world and in the rest of its country; and which of
//! them are for pieces of one lot.

use crate::ids::{Column, Id, LotId, ServiceId, TenderId};
use crate::round::commission::Tenders;
use crate::round::state::LotState;
use crate::world::contracts::OutsideLot;
use crate::world::{Market, World};

/// Tenders in an order shuffled by their luck.
#[derive(Clone, Debug, Default)]
pub(super) struct Notices {
    pub(super) here: Vec<TenderId>,
    pub(super) elsewhere: Vec<TenderId>,
}

/// Notices by service, in the whole country and in each of its regions.
#[derive(Default)]
pub(super) struct Lists {
    services: usize,
    national: Vec<Notices>,
    regional: Vec<Notices>,
}

impl Lists {
    /// Lists tenders of this world, then those for lots outside, each in an order shuffled by luck.
    pub(super) fn new(
        world: &World,
        tenders: &Tenders,
        procurements: &Procurements,
        outside: &[&OutsideLot],
        luck: &Column<TenderId, u64>,
    ) -> Self {
        let services = world.services.len();
        let mut lists = Self {
            services,
            national: vec![Notices::default(); services],
            regional: vec![Notices::default(); services * world.regions.len()],
        };
        for id in tenders.calls.ids() {
            if tenders.calls[id].call_off || !procurements.is_first(id) {
                continue;
            }
            for part in tenders.parts(id) {
                let Market { area, service, .. } = world.markets[part.market];
                for notices in lists.of(world.areas[area].region, service) {
                    // The lots of a bundle follow each other: it is listed once.
                    if notices.here.last() != Some(&id) {
                        notices.here.push(id);
                    }
                }
            }
        }
        for (row, lot) in outside.iter().enumerate() {
            let id = TenderId::from_row(tenders.calls.len() + row);
            for notices in lists.of(lot.region, lot.service) {
                notices.elsewhere.push(id);
            }
        }
        for notices in lists.national.iter_mut().chain(&mut lists.regional) {
            notices.here.sort_unstable_by_key(|&tender| (luck[tender], tender));
            notices.elsewhere.sort_unstable_by_key(|&tender| (luck[tender], tender));
        }
        lists
    }

    fn of(&mut self, region: usize, service: ServiceId) -> [&mut Notices; 2] {
        [&mut self.national[service.row()], &mut self.regional[region * self.services + service.row()]]
    }

    /// Notices of the country.
    pub(super) fn national(&self, service: ServiceId) -> &Notices {
        &self.national[service.row()]
    }

    /// Notices of a region.
    pub(super) fn regional(&self, region: usize, service: ServiceId) -> &Notices {
        &self.regional[region * self.services + service.row()]
    }

    /// Tenders of this world, each as often as it has services.
    pub(super) fn tenders_here(&self) -> usize {
        self.national.iter().map(|notices| notices.here.len()).sum()
    }
}

/// A tender that a charity notices, here or elsewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Notice {
    pub(super) tender: TenderId,
    /// 0 for a tender of this world; from 1 on for each use of one elsewhere.
    pub(super) copy: u64,
}

impl Notice {
    /// The charity's side of the pair's random numbers; a copy has its own.
    pub(super) fn luck(self, charity: u64) -> u64 {
        charity.wrapping_add(self.copy.wrapping_mul(0xd134_2543_de82_ef95))
    }
}

/// A stretch of a ring of notices. In a part of a country the ring is as long as the whole country's list would be: this
/// world's tenders come first, then those elsewhere, which compete for the charity's attention but lead to no bid here.
pub(super) struct Window<'a> {
    pub(super) notices: &'a Notices,
    pub(super) everywhere: usize,
    pub(super) start: usize,
    pub(super) scope: usize,
}

impl<'a> Window<'a> {
    pub(super) fn meets_this_world(&self) -> bool {
        let here = self.notices.here.len();
        here > 0 && self.scope > 0 && (self.start < here || self.start + self.scope > self.everywhere)
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
