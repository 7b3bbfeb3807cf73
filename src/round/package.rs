//! Lots that are let together: bundles over lots, services or areas.
//!
//! A bundle has a date every `bundle_rounds`, at its own place in the calendar. On that date all its lots are
//! let as one contract, or as several where they would exceed `bundle_size_gbp`; a lot that comes up between two dates is
//! let alone, until the next.

use super::Setting;
use super::commission::{Part, Tender, longest};
use crate::ids::{Id, MarketId};
use crate::scenario::parameters::Packaging;
use crate::units::{Gbp, People};
use std::collections::BTreeMap;

/// A tender with its lots.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// The call.
    pub tender: Tender,
    /// What it asks for in each lot.
    pub parts: Vec<Part>,
}

impl Package {
    fn of_one(tender: Tender) -> Self {
        let Tender { lot, market, hours, volume, .. } = tender;
        Self { tender, parts: vec![Part { lot, market, hours, volume, share: 1.0 }] }
    }

    /// One tender for all: it is known by its largest lot.
    fn of_many(calls: &[Tender]) -> Self {
        let largest = calls.iter().reduce(|a, b| if b.hours > a.hours { b } else { a });
        let Some(&(mut tender)) = largest else { unreachable!("a bundle has a lot") };
        tender.hours = calls.iter().map(|call| call.hours).sum();
        tender.ceiling = calls.iter().map(|call| call.ceiling).sum();
        tender.volume = People::new(calls.iter().map(|call| call.volume.value()).sum());
        let share = |call: &Tender| call.hours / tender.hours;
        let part = |call: &Tender| {
            let Tender { lot, market, hours, volume, .. } = *call;
            Part { lot, market, hours, volume, share: share(call) }
        };
        let parts: Vec<Part> = calls.iter().map(part).collect();
        tender.squared_shares = parts.iter().map(|part| part.share * part.share).sum();
        Self { tender, parts }
    }
}

/// Which bundle a market's lots belong to, where the rules bundle: its kind, and its number of that kind.
fn bundle_of(setting: &Setting, market: MarketId) -> Option<(u8, usize)> {
    let facts = &setting.world.markets[market];
    match setting.regime(facts.area).rules.packaging {
        Packaging::AsDrawn | Packaging::CutLots => None,
        Packaging::BundleLots => Some((0, market.row())),
        Packaging::BundleServices => Some((1, facts.area.row())),
        Packaging::BundleAreas => {
            let region = setting.world.areas[facts.area].region;
            Some((2, region * setting.world.services.len() + facts.service.row()))
        }
    }
}

/// Rounds from `round` to the next date of a market's bundle, 0 on the date; none where nothing is bundled.
pub fn rounds_to_bundle(setting: &Setting, market: MarketId, round: u32) -> Option<u32> {
    let (_, key) = bundle_of(setting, market)?;
    let area = setting.world.markets[market].area;
    let period = setting.regime(area).rules.bundle_rounds;
    let place = if setting.scenario.market.staggered { key as u32 % period } else { 0 };
    Some((period + place - round % period) % period)
}

/// Puts calls of single lots together where the rules bundle and the bundle's date has come.
pub fn put_together(setting: &Setting, calls: &[Tender]) -> Vec<Package> {
    let mut packages = Vec::with_capacity(calls.len());
    let mut bundles: BTreeMap<(u8, usize), Vec<Tender>> = BTreeMap::new();
    for &call in calls {
        let Some(wait) = rounds_to_bundle(setting, call.market, setting.round) else {
            packages.push(Package::of_one(call));
            continue;
        };
        if wait > 0 {
            packages.push(Package::of_one(Tender { term: wait, ..call }));
            continue;
        }
        let rules = &setting.regime(call.area).rules;
        let term = rules.bundle_rounds.min(longest(setting, rules));
        if let Some(key) = bundle_of(setting, call.market) {
            bundles.entry(key).or_default().push(Tender { term, ..call });
        }
    }
    for calls in bundles.values() {
        let limit = setting.regime(calls[0].area).rules.bundle_size_gbp;
        packages.extend(within_limit(calls, limit).into_iter().map(|calls| Package::of_many(&calls)));
    }
    packages.sort_by_key(|package| (package.tender.market, package.tender.lot));
    packages
}

/// Groups calls, in order, so that no group is worth more than the limit unless it is a single lot.
fn within_limit(calls: &[Tender], limit: Gbp) -> Vec<Vec<Tender>> {
    let mut groups: Vec<Vec<Tender>> = Vec::new();
    let mut value = Gbp::ZERO;
    for &call in calls {
        match groups.last_mut() {
            Some(group) if value + call.value() <= limit => {
                value += call.value();
                group.push(call);
            }
            _ => {
                value = call.value();
                groups.push(vec![call]);
            }
        }
    }
    groups
}
