//! Phase 9: markets publish statistics, providers get to know areas, commissioners their providers; and, at the end of a
//! round, contracts run down.

use super::Setting;
use super::award::Awards;
use super::bid::Bids;
use super::commission::Tenders;
use super::deliver::Delivery;
use super::experience;
use super::fear;
use super::package::rounds_to_bundle;
use super::search::{Refusal, Search};
use super::state::{Contract, Finances, Known, LowestPrices, Profile, State};
use crate::ids::{AreaId, CharityId, Id, LotId};
use crate::math::normal_quantile;
use crate::random::Purpose;
use crate::scenario::Regime;
use crate::scenario::parameters::{Bidding, PushRule};
use crate::units::Fte;

/// Updates public statistics, local knowledge, prevention, and what members of teams think of each other and fear. A
/// one-shot world learns nothing.
pub fn learn(
    setting: &Setting,
    state: &mut State,
    tenders: &Tenders,
    bids: &Bids,
    awards: &Awards,
    delivery: &Delivery,
) {
    if setting.scenario.regime.behaviour.one_shot {
        return;
    }
    publish_statistics(setting, state, tenders, bids, awards);
    publish_success(setting, state, delivery);
    prevent(setting, state, delivery);
    see_providers(setting, state, delivery);
    remember_prices(setting, state, tenders, bids);
    know_areas(setting, state);
    fear::learn(setting, state, delivery);
    experience::of_teams(setting, state, delivery);
    experience::keep_scores(setting, state, delivery);
}

/// Exponential means over awards: rivals, price over ceiling, score of rivals.
fn publish_statistics(setting: &Setting, state: &mut State, tenders: &Tenders, bids: &Bids, awards: &Awards) {
    let weight = setting.scenario.market.statistics_weight;
    let toward = |mean: f64, latest: f64| mean + weight * (latest - mean);
    for (id, tender) in tenders.calls.enumerate().filter(|(_, tender)| !tender.call_off) {
        let market = &mut state.markets[tender.market];
        if let Some(award) = &awards.awards[id] {
            market.rivals = toward(market.rivals, bids.of(id).len() as f64 - 1.0);
            market.price_ratio = toward(market.price_ratio, award.price / tender.ceiling);
            market.rival_score = toward(market.rival_score, award.rival_score);
        } else {
            market.rivals = toward(market.rivals, 0.0);
        }
    }
}

/// Exponential mean of success per person served.
fn publish_success(setting: &Setting, state: &mut State, delivery: &Delivery) {
    let weight = setting.scenario.market.statistics_weight;
    for (row, market) in state.markets.as_mut_slice().iter_mut().enumerate() {
        let id = Id::from_row(row);
        let served: f64 = delivery.served[id].iter().sum();
        if served > 0.0 {
            market.success += weight * (delivery.outcomes[id] / served - market.success);
        }
    }
}

/// p' = min(most, (1 - decay) p + gain x community work / people who come to need).
fn prevent(setting: &Setting, state: &mut State, delivery: &Delivery) {
    let settings = &setting.scenario.market;
    if settings.prevention_gain == 0.0 {
        return;
    }
    for (row, market) in state.markets.as_mut_slice().iter_mut().enumerate() {
        let id = Id::from_row(row);
        let arrivals = setting.world.markets[id].arrivals.value().max(1e-9);
        let built = settings.prevention_gain * delivery.community[id] / arrivals;
        let kept = (1.0 - settings.prevention_decay) * market.prevention;
        market.prevention = (kept + built).min(settings.prevention_max.value());
    }
}

/// Commissioners see, with an error, how able their providers are: what success shows of it, the less clearly the
/// less of the credit a member of a team has.
fn see_providers(setting: &Setting, state: &mut State, delivery: &Delivery) {
    let mut errors = setting.luck.stream::<1>(Purpose::Observation, setting.round);
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        let area = setting.world.markets[state.lot(lot).market].area;
        let regime = setting.regime(area);
        let Some(contract) = &state.lots[lot].contract else { continue };
        let served = delivery.by_lot[lot].people();
        let matters = regime.rules.belief_weight > 0.0 || regime.rules.roll_over_ability < 1.0;
        if !matters || served <= 0.0 {
            continue;
        }
        let credited: Vec<(CharityId, f64)> = match &contract.team {
            None => vec![(contract.holder, 1.0)],
            Some(team) => {
                let lead = regime.rules.credit_lead.value();
                let members = team.members.iter().enumerate();
                members.map(|(place, member)| (member.charity, team.credit(place, lead))).collect()
            }
        };
        let base = regime.behaviour.base_success.value();
        let success = delivery.by_lot[lot].outcomes / served;
        let shown = (success - base) / (1.0 - base).max(1e-9);
        let error = regime.behaviour.observation_error;
        let seen = shown + error * normal_quantile(errors.uniforms(row as u64)[0]);
        for (charity, credit) in credited.into_iter().filter(|(_, credit)| *credit > 0.0) {
            state.beliefs[area].learn(&regime.rules, charity, seen, error * error / credit, setting.round);
        }
    }
}

/// Where leaders push back, commissioners offer more for an hour: the price per hour rises by the response times
/// (refusals - bids)/(refusals + bids), so that it rises where most refuse, by all of the response where all do, and falls
/// back where most bid. Where pushing back is a dilemma of volunteers, it rises by all of the response if enough refuse, and
/// else falls back by as much.
pub fn answer_push_back(
    setting: &Setting,
    state: &mut State,
    search: &Search,
    bids: &Bids,
    tenders: &Tenders,
) {
    let mut looks = vec![Looks::default(); state.markets.len()];
    for &Refusal { charity, tender } in &search.refusals {
        looks[tenders.calls[tender].market.row()].refuse(charity);
    }
    for (id, tender) in tenders.calls.enumerate().filter(|(_, tender)| !tender.call_off) {
        looks[tender.market.row()].bids += bids.of(id).len() as f64;
    }
    for (row, looks) in looks.into_iter().enumerate() {
        let market = &mut state.markets[Id::from_row(row)];
        let Regime { rules, behaviour } = setting.regime(setting.world.markets[Id::from_row(row)].area);
        let response = rules.push_back_response;
        if response > 0.0 && looks.refusals + looks.bids > 0.0 {
            let pressure = match behaviour.push_rule {
                PushRule::Propensity => looks.refusals / (looks.refusals + looks.bids),
                PushRule::Volunteer => f64::from(u8::from(looks.leaders >= rules.push_back_threshold)),
            };
            let change = 1.0 + response * (pressure - 0.5) * 2.0;
            market.uplift = (market.uplift * change).clamp(1.0, rules.push_back_highest);
        }
    }
}

/// What became of looks at a market's tenders.
#[derive(Clone, Copy, Debug, Default)]
struct Looks {
    refusals: f64,
    bids: f64,
    /// Leaders who refused, each counted once.
    leaders: u32,
    latest: Option<CharityId>,
}

impl Looks {
    /// Books a refusal; those of one leader follow each other.
    fn refuse(&mut self, charity: CharityId) {
        self.refusals += 1.0;
        self.leaders += u32::from(self.latest != Some(charity));
        self.latest = Some(charity);
    }
}

/// Keeps the lowest prices of each market's latest tenders, where charities learn from them.
fn remember_prices(setting: &Setting, state: &mut State, tenders: &Tenders, bids: &Bids) {
    for (id, tender) in tenders.calls.enumerate() {
        let behaviour = &setting.regime(tender.area).behaviour;
        if behaviour.bidding != Bidding::Learned || tender.call_off {
            continue;
        }
        let prices =
            LowestPrices::of(bids.of(id).iter().map(|bid| (bid.charity, bid.price / tender.ceiling)));
        let past = &mut state.markets[tender.market].past;
        past.push_back(prices);
        while past.len() > behaviour.memory as usize {
            past.pop_front();
        }
    }
}

/// l' = l + growth x share of own staff time in the area x (1 - l) - decay x l, for charities that hold a contract or a part
/// of one; what others know stays. Home knowledge does not fall below what the charity was founded with.
fn know_areas(setting: &Setting, state: &mut State) {
    let mut work: Vec<(CharityId, AreaId, f64)> = state
        .contracts()
        .flat_map(|(lot, contract)| {
            let area = setting.world.markets[state.lot(lot).market].area;
            let hours = contract.hours;
            contract.workers().map(move |(charity, share)| (charity, area, setting.fte(hours * share)))
        })
        .collect();
    work.sort_by_key(|&(charity, area, _)| (charity, area));
    for group in work.chunk_by(|a, b| a.0 == b.0) {
        let charity = group[0].0;
        let profile = &mut state.charities.profile[charity];
        let behaviour = &setting.regime(profile.home()).behaviour;
        let decay = behaviour.embeddedness_decay as f32;
        let staff = whole_staff(&state.charities.finances[charity]);
        for known in &mut profile.known {
            known.level -= decay * known.level;
        }
        for place in group.chunk_by(|a, b| a.1 == b.1) {
            let fte: f64 = place.iter().map(|(_, _, fte)| fte).sum();
            let share = (fte / staff.value()).min(1.0);
            let known = place_for(profile, place[0].1);
            known.level += (behaviour.embeddedness_growth * share) as f32 * (1.0 - known.level);
        }
        let rooted = if profile.is_visitor() { 0.0 } else { profile.rooted };
        profile.known[0].level = profile.known[0].level.max(rooted);
    }
}

fn whole_staff(finances: &Finances) -> Fte {
    finances.capacity.max(finances.committed).max(Fte::new(1e-6))
}

/// The place of an area among those known; a new area takes the least known place but home.
fn place_for(profile: &mut Profile, area: AreaId) -> &mut Known {
    let known = profile.known.iter().position(|known| known.area == area);
    let place = known.unwrap_or_else(|| {
        let least = (1..profile.known.len())
            .min_by(|&a, &b| profile.known[a].level.total_cmp(&profile.known[b].level))
            .unwrap_or(0);
        profile.known[least] = Known { area, level: 0.0 };
        least
    });
    &mut profile.known[place]
}

/// Runs contracts down by a round; those that end roll over where the provider has satisfied, go on until
/// the date of their bundle, are extended once by chance, or free their staff and their lot.
pub fn run_down_contracts(setting: &Setting, state: &mut State) {
    let mut luck = setting.luck.stream::<1>(Purpose::Extensions, setting.round);
    for row in 0..state.lots.len() {
        let lot = LotId::from_row(row);
        let market = state.lot(lot).market;
        let Some(contract) = &mut state.lots[lot].contract else { continue };
        contract.rounds_left -= 1;
        if contract.rounds_left > 0 {
            continue;
        }
        // What is let together is decided together: by the main lot.
        let bundle = contract.bundle;
        let area = setting.world.markets[state.portfolio.lots[bundle].market].area;
        let rules = &setting.regime(area).rules;
        let to_bundle = rounds_to_bundle(setting, market, setting.round + 1);
        let seen = state.beliefs[area].of(contract.holder);
        if rules.roll_over_ability < 1.0 && seen.mean >= rules.roll_over_ability {
            contract.rounds_left = match to_bundle {
                None => contract.term,
                Some(0) => rules.bundle_rounds,
                Some(rounds) => rounds,
            };
            continue;
        }
        if let Some(rounds) = to_bundle.filter(|&rounds| rounds > 0) {
            contract.rounds_left = rounds;
            continue;
        }
        let chance = rules.extension_share.value();
        if !contract.extended && chance > 0.0 && luck.uniforms(bundle.row() as u64)[0] < chance {
            contract.extended = true;
            contract.rounds_left = rules.extension_rounds;
            continue;
        }
        end_contract(setting, state, lot);
    }
}

/// Ends a lot's contract: its staff are free, and the lot may be tendered from the next round on.
pub fn end_contract(setting: &Setting, state: &mut State, lot: LotId) {
    let Some(contract) = state.lots[lot].contract.take() else { return };
    state.lots[lot].open_from = setting.round + 1;
    state.lots[lot].previous = Some(contract.holder);
    free_staff(setting, state, &contract);
}

/// Frees the staff of all who work on a contract.
pub fn free_staff(setting: &Setting, state: &mut State, contract: &Contract) {
    for (charity, share) in contract.workers() {
        let fte = setting.fte(contract.hours * share);
        let committed = &mut state.charities.finances[charity].committed;
        *committed = Fte::new((committed.value() - fte).max(0.0));
        state.charities.record[charity].contracts -= 1;
    }
}
