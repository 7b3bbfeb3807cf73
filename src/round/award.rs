//! Phase 6: evaluation and award; over-committed winners decline and the next in line is called.

use super::Setting;
use super::beliefs::Beliefs;
use super::bid::{Bid, Bids};
use super::commission::{Tender, Tenders};
use super::score::{Prices, is_abnormally_low, quality_score, total_score};
use super::search::Search;
use super::state::{Contract, State};
use crate::ids::{AreaId, CharityId, Column, TenderId};
use crate::math::{gumbel_quantile, ln};
use crate::mutants::{Mutant, is_on};
use crate::random::{PairDraw, pair_uniform};
use crate::scenario::parameters::{AwardMethod, PaymentRule, Rules};
use crate::units::{Fte, Gbp};
use rayon::prelude::*;
use std::collections::BTreeMap;

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

/// Weight of those who are out of a lottery: their score stays a number.
const NEVER: f64 = 1e-12;

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
            let bids = bids.of(id);
            let evaluation = Evaluation {
                rules: &setting.regime(tender.area).rules,
                state,
                beliefs: &state.beliefs[tender.area],
                bids,
                prices: Prices::of(bids.iter(), tender.ceiling),
                previous: state.lots[tender.lot].previous,
                tender_luck: search.tender_luck[id],
            };
            evaluation.rank()
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

/// Staff newly promised this round, and lots won by area, for the few charities that won something.
#[derive(Default)]
struct Commitments {
    staff: BTreeMap<CharityId, f64>,
    lots: BTreeMap<(CharityId, AreaId), u32>,
}

impl Commitments {
    fn staff(&self, charity: CharityId) -> f64 {
        self.staff.get(&charity).copied().unwrap_or(0.0)
    }

    fn lots(&self, charity: CharityId, area: AreaId) -> u32 {
        self.lots.get(&(charity, area)).copied().unwrap_or(0)
    }

    fn add(&mut self, charity: CharityId, area: AreaId, fte: f64) {
        *self.staff.entry(charity).or_insert(0.0) += fte;
        *self.lots.entry((charity, area)).or_insert(0) += 1;
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
        let cap = rules.lot_cap + u32::from(is_on(Mutant::CapPlusOne));
        let capped = rules.lot_cap > 0 && commitments.lots(bid.charity, tender.area) >= cap;
        if capped || finances.committed.value() + commitments.staff(bid.charity) + fte > limit {
            continue;
        }
        commitments.add(bid.charity, tender.area, fte);
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
        PaymentRule::Ceiling => tender.ceiling,
        PaymentRule::SecondPrice => {
            ranking.get(place + 1).map_or(tender.ceiling, |&(_, next)| bids[next].price)
        }
    }
}

/// The bids for one tender, on the evaluators' table.
struct Evaluation<'a> {
    rules: &'a Rules,
    state: &'a State,
    beliefs: &'a Beliefs,
    bids: &'a [Bid],
    prices: Prices,
    previous: Option<CharityId>,
    tender_luck: u64,
}

impl Evaluation<'_> {
    /// Acceptable bids in order of score, best first; equal scores go to the lower charity id.
    fn rank(&self) -> Ranking {
        let accepted = |&(_, bid): &(usize, &Bid)| {
            let seen = quality_score(
                self.rules,
                bid,
                self.beliefs.of(bid.charity),
                self.luck(bid, PairDraw::Evaluation),
            );
            seen >= self.rules.quality_threshold && !is_abnormally_low(self.rules, bid.price, &self.prices)
        };
        let mut ranking: Ranking = (self.bids.iter().enumerate())
            .filter(accepted)
            .map(|(row, bid)| (self.score(bid), row))
            .collect();
        ranking.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        self.put_provider_first(&mut ranking);
        ranking
    }

    fn luck(&self, bid: &Bid, draw: PairDraw) -> f64 {
        pair_uniform(bid.charity_luck, self.tender_luck, draw as u64)
    }

    fn score(&self, bid: &Bid) -> f64 {
        match self.rules.award {
            AwardMethod::Score | AwardMethod::Direct => {
                let u = self.luck(bid, PairDraw::Evaluation);
                total_score(self.rules, bid, self.beliefs.of(bid.charity), &self.prices, u)
            }
            AwardMethod::Random | AwardMethod::ThresholdLottery | AwardMethod::Retention => {
                self.luck(bid, PairDraw::Lottery)
            }
            AwardMethod::Reinforced => {
                // The largest of g ln(weight) + Gumbel is drawn in proportion to weight^g.
                let wins = f64::from(self.state.charities.record[bid.charity].wins);
                let weight = ln(self.rules.reinforcement_start + wins);
                let power = if is_on(Mutant::ReinforcementLinear) { 1.0 } else { self.rules.reinforcement };
                power * weight + gumbel_quantile(self.luck(bid, PairDraw::Lottery), 1.0)
            }
            AwardMethod::Simon => {
                let wins = f64::from(self.state.charities.record[bid.charity].wins);
                let newcomer = pair_uniform(0, self.tender_luck, PairDraw::Newcomer as u64)
                    < self.rules.newcomer_share.value();
                let weight = if newcomer { f64::from(u8::from(wins == 0.0)) } else { wins };
                ln(weight.max(NEVER)) + gumbel_quantile(self.luck(bid, PairDraw::Lottery), 1.0)
            }
        }
    }

    /// Under direct award and retention, the provider so far goes to the head or to the end of the line.
    fn put_provider_first(&self, ranking: &mut Ranking) {
        let provider = |&(_, row): &(f64, usize)| Some(self.bids[row].charity) == self.previous;
        let Some(place) = ranking.iter().position(provider) else { return };
        let kept = match self.rules.award {
            AwardMethod::Direct => true,
            AwardMethod::Retention if is_on(Mutant::RetentionIgnored) => return,
            AwardMethod::Retention => {
                pair_uniform(0, self.tender_luck, PairDraw::Retention as u64) < self.rules.retention.value()
            }
            _ => return,
        };
        let provider = ranking.remove(place);
        ranking.insert(if kept { 0 } else { ranking.len() }, provider);
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
            extended: false,
            bidders: bids.of(id).iter().map(|bid| bid.charity).collect(),
        });
        let record = &mut state.charities.record[award.winner];
        record.wins += 1;
        record.contracts += 1;
        state.charities.finances[award.winner].committed += fte_of(tender.hours);
    }
}
