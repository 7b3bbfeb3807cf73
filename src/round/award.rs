//! Phase 6: evaluation and award; over-committed winners decline and the next in line is called.

use super::Setting;
use super::bid::{Bid, Bids};
use super::commission::{Tender, Tenders};
use super::search::Search;
use super::state::{Contract, State};
use crate::ids::{CharityId, Column, TenderId};
use crate::math::{gumbel_quantile, normal_quantile};
use crate::random::{PairDraw, pair_uniform};
use crate::scenario::parameters::{AwardMethod, NoiseLaw, PaymentRule, PriceFormula, Rules};
use crate::units::{Fte, Gbp};
use rayon::prelude::*;

/// A decided tender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Award {
    /// The winner.
    pub winner: CharityId,
    /// What it is paid \[GBP a round\].
    pub price: Gbp,
    /// Its full cost \[GBP a round\].
    pub full_cost: Gbp,
    /// Its planned quality.
    pub quality: f64,
    /// Its total score.
    pub score: f64,
    /// Mean score of the other bids; the winner's own if there are none.
    pub rival_score: f64,
    /// Winners who declined before it.
    pub declined: u32,
}

/// This round's decisions.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Awards {
    /// Per tender: the award, or none where nobody could be called.
    pub awards: Column<TenderId, Option<Award>>,
    /// Winners who declined in all.
    pub declined: u32,
}

/// Bids for one tender with their scores, best first.
type Ranking = Vec<(f64, usize)>;

/// Scores all bids, then awards in descending contract value (ties by tender), so that commitments
/// are checked where most is at stake first.
pub fn decide(setting: &Setting, state: &State, tenders: &Tenders, search: &Search, bids: &Bids) -> Awards {
    let rankings: Vec<Ranking> = tenders
        .calls
        .as_slice()
        .par_iter()
        .enumerate()
        .map(|(row, tender)| {
            let id = crate::ids::Id::from_row(row);
            rank(&setting.regime(tender.area).rules, tender, bids.of(id), search.tender_luck[id])
        })
        .collect();
    let mut order: Vec<TenderId> = tenders.calls.ids().collect();
    order.sort_by(|&a, &b| {
        tenders.calls[b].value().value().total_cmp(&tenders.calls[a].value().value()).then(a.cmp(&b))
    });
    let mut commitments = Commitments::default();
    let mut awards = Awards { awards: Column::filled(tenders.calls.len(), None), declined: 0 };
    for id in order {
        let tender = &tenders.calls[id];
        let ranking = &rankings[crate::ids::Id::row(id)];
        let award = call_in_line(setting, state, tender, bids.of(id), ranking, &mut commitments);
        awards.declined += award.as_ref().map_or(ranking.len() as u32, |award| award.declined);
        awards.awards[id] = award;
    }
    awards
}

/// Staff newly promised this round, for the few charities that won something.
#[derive(Default)]
struct Commitments(std::collections::BTreeMap<CharityId, f64>);

impl Commitments {
    fn of(&self, charity: CharityId) -> f64 {
        self.0.get(&charity).copied().unwrap_or(0.0)
    }

    fn add(&mut self, charity: CharityId, fte: f64) {
        *self.0.entry(charity).or_insert(0.0) += fte;
    }
}

/// Calls bidders in order of score until one has the staff.
fn call_in_line(
    setting: &Setting,
    state: &State,
    tender: &Tender,
    bids: &[Bid],
    ranking: &Ranking,
    commitments: &mut Commitments,
) -> Option<Award> {
    let rules = &setting.regime(tender.area).rules;
    let fte = setting.fte(tender.hours);
    for (place, &(score, row)) in ranking.iter().enumerate() {
        let bid = &bids[row];
        let finances = &state.charities.finances[bid.charity];
        let home = state.charities.profile[bid.charity].home();
        let limit = finances.capacity.value() * (1.0 + setting.regime(home).behaviour.stretch);
        if finances.committed.value() + commitments.of(bid.charity) + fte > limit {
            continue;
        }
        commitments.add(bid.charity, fte);
        let others = ranking.len() - 1;
        let total: f64 = ranking.iter().map(|(score, _)| score).sum();
        return Some(Award {
            winner: bid.charity,
            price: payment(rules, tender, bids, ranking, place),
            full_cost: bid.full_cost,
            quality: bid.quality,
            score,
            rival_score: if others > 0 { (total - score) / others as f64 } else { score },
            declined: place as u32,
        });
    }
    None
}

/// What the bidder in `place` is paid.
fn payment(rules: &Rules, tender: &Tender, bids: &[Bid], ranking: &Ranking, place: usize) -> Gbp {
    match rules.payment {
        PaymentRule::FirstPrice => bids[ranking[place].1].price,
        PaymentRule::SecondPrice => {
            ranking.get(place + 1).map_or(tender.ceiling, |&(_, next)| bids[next].price)
        }
    }
}

/// Bids in order of score, best first; equal scores go to the lower charity id.
fn rank(rules: &Rules, tender: &Tender, bids: &[Bid], tender_luck: u64) -> Ranking {
    let lowest = bids.iter().map(|bid| bid.price).fold(tender.ceiling, Gbp::min);
    let mut ranking: Ranking = bids
        .iter()
        .enumerate()
        .map(|(row, bid)| {
            let luck = |draw: PairDraw| pair_uniform(bid.charity_luck, tender_luck, draw as u64);
            let score = match rules.award {
                AwardMethod::Random => luck(PairDraw::Lottery),
                AwardMethod::Score => {
                    let noise = luck(PairDraw::Evaluation);
                    total_score(rules, bid, tender.ceiling, lowest, noise)
                }
            };
            (score, row)
        })
        .collect();
    ranking.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranking
}

/// Score = w_quality x clip(claim + noise) + w_price x f(price).
pub fn total_score(rules: &Rules, bid: &Bid, ceiling: Gbp, lowest: Gbp, u: f64) -> f64 {
    let noise = rules.evaluation_noise;
    let (quality, outside) = match rules.noise_law {
        _ if noise == 0.0 => (bid.claim, 0.0),
        NoiseLaw::Normal => (bid.claim + noise * normal_quantile(u), 0.0),
        NoiseLaw::Gumbel => (bid.claim, gumbel_quantile(u, noise)),
    };
    rules.weight_quality.value() * quality.clamp(0.0, 1.0)
        + rules.weight_price.value() * price_points(rules.formula, bid.price, ceiling, lowest)
        + outside
}

/// Points for a price, in \[0, 1\].
pub fn price_points(formula: PriceFormula, price: Gbp, ceiling: Gbp, lowest: Gbp) -> f64 {
    match formula {
        PriceFormula::AbsoluteLinear => 1.0 - price / ceiling,
        PriceFormula::RelativeToLowest if price == Gbp::ZERO => 1.0,
        PriceFormula::RelativeToLowest => lowest / price,
    }
}

/// Starts the contracts that were awarded, and sends failed tenders into the calendar.
pub fn start_contracts(
    setting: &Setting,
    state: &mut State,
    tenders: &Tenders,
    bids: &Bids,
    awards: &Awards,
) {
    let fte_of = |hours: f64| Fte::new(setting.fte(hours));
    for bid in bids.all() {
        let record = &mut state.charities.record[bid.charity];
        record.bids += 1;
        record.last_bid = Some(setting.round);
    }
    for (id, tender) in tenders.calls.enumerate() {
        let lot = &mut state.lots[tender.lot];
        let Some(award) = &awards.awards[id] else {
            lot.failures += 1;
            lot.open_from = setting.round + setting.scenario.market.retry_rounds;
            continue;
        };
        lot.failures = 0;
        lot.contract = Some(Contract {
            holder: award.winner,
            price: award.price,
            hours: tender.hours,
            volume: tender.volume,
            quality: award.quality,
            rounds_left: tender.term,
            bidders: bids.of(id).iter().map(|bid| bid.charity).collect(),
        });
        let record = &mut state.charities.record[award.winner];
        record.wins += 1;
        record.contracts += 1;
        state.charities.finances[award.winner].committed += fte_of(tender.hours);
    }
}
