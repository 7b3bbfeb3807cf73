//! Phase 6: evaluation and award; whoever lacks the staff declines, whoever is at the cap on lots is passed over, and the
//! next in line is called.

use super::Setting;
use super::beliefs::{Beliefs, Counted};
use super::bid::{Bid, Bids};
use super::commission::{Part, Tender, Tenders};
use super::framework::Framework;
use super::honour;
use super::score::{Prices, Scoring, Seen, evaluation_error};
use super::search::Search;
use super::state::{Contract, State};
use super::team::{Team, Teams};
use crate::ids::{AreaId, CharityId, Column, MarketId, TenderId};
use crate::math::{gumbel_quantile, ln};
use crate::mutants::{Mutant, is_on};
use crate::random::{PairDraw, pair_uniform};
use crate::scenario::parameters::{AwardMethod, PaymentRule, ReservedFor, Rules};
use crate::units::{Fte, Gbp};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A decided tender.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Award {
    /// The winner; the lead of a team.
    pub winner: CharityId,
    /// The team that won, by its number.
    pub team: Option<u32>,
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
    /// Bidders ahead of it in line who declined or were at the cap on lots.
    pub declined: u32,
}

/// This round's decisions.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Awards {
    /// Per tender: the award, or none where nobody could be called.
    pub awards: Column<TenderId, Option<Award>>,
    /// Bidders who declined, or were at the cap on lots, in all.
    pub declined: u32,
    /// Frameworks that begin.
    pub frameworks: Vec<(MarketId, Framework)>,
    /// Per tender: how its bids were seen, enough to score them again.
    pub assessments: Column<TenderId, Assessment>,
}

/// How the bids for a tender were seen.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Assessment {
    /// Each bid as evaluators saw it, in the order of the bids.
    pub seen: Vec<Seen>,
    /// Bids that were not rejected, best first.
    pub line: Vec<u32>,
    /// Whether that order is the order of scores: neither chance nor an earlier contract decided.
    pub by_score: bool,
}

/// Weight of those who are out of a lottery: their score stays a number.
const NEVER: f64 = 1e-12;

/// Bids for one tender with their scores, best first.
type Ranking = Vec<(f64, usize)>;

/// Scores all bids, then awards in descending contract value (ties by tender), so that commitments
/// are checked where most is at stake first.
pub fn decide(
    setting: &Setting,
    state: &State,
    tenders: &Tenders,
    search: &Search,
    teams: &Teams,
    bids: &Bids,
) -> Awards {
    let workload = bids_by_area(setting, tenders, bids);
    let (rankings, assessments): (Vec<Ranking>, Vec<Assessment>) = tenders
        .calls
        .as_slice()
        .par_iter()
        .enumerate()
        .map(|(row, tender)| {
            let id = crate::ids::Id::from_row(row);
            let bids = bids.of(id);
            let rules = &setting.regime(tender.area).rules;
            let prices = Prices::of(bids.iter(), tender.ceiling);
            let noise = evaluation_error(rules, workload[tender.area]);
            let evaluation = Evaluation {
                rules,
                state,
                beliefs: &state.beliefs[tender.area],
                teams,
                bids,
                scoring: Scoring { rules, prices, noise },
                previous: state.lots[tender.lot].previous,
                tender_luck: search.tender_luck[id],
            };
            evaluation.assess()
        })
        .unzip();
    let mut order: Vec<TenderId> = tenders.calls.ids().collect();
    order.sort_by(|&a, &b| {
        tenders.calls[b].value().value().total_cmp(&tenders.calls[a].value().value()).then(a.cmp(&b))
    });
    let mut commitments = Commitments { lots: held(setting, state), ..Commitments::default() };
    let mut awards = Awards {
        awards: Column::filled(tenders.calls.len(), None),
        assessments: assessments.into_iter().collect(),
        ..Awards::default()
    };
    for id in order {
        let tender = &tenders.calls[id];
        let ranking = &rankings[crate::ids::Id::row(id)];
        let line = Line { setting, state, tender, parts: tenders.parts(id), bids: bids.of(id), teams };
        let award = line.call(ranking, &mut commitments);
        awards.declined += award.as_ref().map_or(ranking.len() as u32, |award| award.declined);
        awards.awards[id] = award;
        let rules = &setting.regime(tender.area).rules;
        let line = ranking.iter().map(|&(_, row)| &bids.of(id)[row]).filter(|bid| bid.team.is_none());
        let begins = rules.award == AwardMethod::Framework && !tender.call_off && line.clone().count() > 0;
        if begins && awards.frameworks.iter().all(|(market, _)| *market != tender.market) {
            awards.frameworks.push((tender.market, Framework::begin(rules, tender, line, setting.round)));
        }
    }
    awards
}

/// Bids that each commissioner has to evaluate.
fn bids_by_area(setting: &Setting, tenders: &Tenders, bids: &Bids) -> Column<AreaId, f64> {
    let mut workload = Column::filled(setting.world.areas.len(), 0.0);
    for (id, tender) in tenders.calls.enumerate() {
        workload[tender.area] += bids.of(id).len() as f64;
    }
    workload
}

/// Lots that providers hold from each commissioner, where any regime caps them.
fn held(setting: &Setting, state: &State) -> BTreeMap<(CharityId, AreaId), u32> {
    let mut held = BTreeMap::new();
    if setting.in_force.any(|regime| regime.rules.lot_cap > 0) {
        for (lot, contract) in state.contracts() {
            let area = setting.world.markets[state.lot(lot).market].area;
            *held.entry((contract.holder, area)).or_insert(0) += 1;
        }
    }
    held
}

/// Staff newly promised this round, and lots held or won by area, for the few charities that won something.
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

    fn add(&mut self, charity: CharityId, fte: f64) {
        *self.staff.entry(charity).or_insert(0.0) += fte;
    }

    /// Counts the lots of a tender that a charity has won.
    fn add_lots(&mut self, lead: CharityId, areas: impl Iterator<Item = AreaId>) {
        areas.for_each(|area| *self.lots.entry((lead, area)).or_insert(0) += 1);
    }
}

/// The bidders for one tender, to be called in order of score.
struct Line<'a> {
    setting: &'a Setting<'a>,
    state: &'a State,
    tender: &'a Tender,
    parts: &'a [Part],
    bids: &'a [Bid],
    teams: &'a Teams,
}

impl Line<'_> {
    /// Calls bidders until one has the staff, and room under the cap on lots.
    fn call(&self, ranking: &Ranking, commitments: &mut Commitments) -> Option<Award> {
        let tender = self.tender;
        let rules = &self.setting.regime(tender.area).rules;
        let fte = self.setting.fte(tender.hours);
        for (place, &(score, row)) in ranking.iter().enumerate() {
            let bid = &self.bids[row];
            let cap = rules.lot_cap + u32::from(is_on(Mutant::CapPlusOne));
            let capped = rules.lot_cap > 0 && commitments.lots(bid.charity, tender.area) >= cap;
            let workers = self.teams.workers(bid.charity, bid.team);
            if capped || !workers.iter().all(|&worker| self.has_staff(worker, fte, commitments)) {
                continue;
            }
            workers.iter().for_each(|&(charity, share)| commitments.add(charity, share * fte));
            let markets = &self.setting.world.markets;
            commitments.add_lots(bid.charity, self.parts.iter().map(|part| markets[part.market].area));
            let others = ranking.len() - 1;
            let total: f64 = ranking.iter().map(|(score, _)| score).sum();
            return Some(Award {
                winner: bid.charity,
                team: bid.team,
                price: payment(rules, tender, self.bids, ranking, place),
                full_cost: bid.full_cost,
                quality: bid.quality,
                score,
                rival_score: if others > 0 { (total - score) / others as f64 } else { score },
                declined: place as u32,
            });
        }
        None
    }

    /// Whether a charity has the staff for its share of the work.
    fn has_staff(&self, (charity, share): (CharityId, f64), fte: f64, commitments: &Commitments) -> bool {
        let finances = &self.state.charities.finances[charity];
        let home = self.state.charities.profile[charity].home();
        let limit = finances.capacity.value() * (1.0 + self.setting.regime(home).behaviour.stretch);
        finances.committed.value() + commitments.staff(charity) + share * fte <= limit
    }
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
    teams: &'a Teams,
    bids: &'a [Bid],
    scoring: Scoring<'a>,
    previous: Option<CharityId>,
    tender_luck: u64,
}

impl Evaluation<'_> {
    /// Acceptable bids in order of score, best first, equal scores by the lower charity id; and how bids were seen.
    fn assess(&self) -> (Ranking, Assessment) {
        let seen: Vec<Seen> = self.bids.iter().map(|bid| self.seen(bid)).collect();
        let mut ranking: Ranking = (self.bids.iter().zip(&seen).enumerate())
            .filter(|(_, (bid, seen))| self.scoring.rejection(bid, **seen).is_none())
            .map(|(row, (bid, seen))| (self.score(bid, *seen), row))
            .collect();
        ranking.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let moved = self.put_provider_first(&mut ranking);
        let by_score = self.is_scored() && !moved;
        let line = ranking.iter().map(|&(_, row)| row as u32).collect();
        (ranking, Assessment { seen, line, by_score })
    }

    fn seen(&self, bid: &Bid) -> Seen {
        self.scoring.seen(bid, self.counted(bid), self.luck(bid, PairDraw::Evaluation))
    }

    fn is_scored(&self) -> bool {
        matches!(self.rules.award, AwardMethod::Score | AwardMethod::Direct | AwardMethod::Framework)
    }

    /// What the commissioner believes of those whom the bid names, by their work.
    fn counted(&self, bid: &Bid) -> Counted {
        let workers = self.teams.workers(bid.charity, bid.team);
        Counted::of(self.rules, workers.iter().map(|&(charity, share)| (self.beliefs.of(charity), share)))
    }

    fn luck(&self, bid: &Bid, draw: PairDraw) -> f64 {
        pair_uniform(bid.charity_luck, self.tender_luck, draw as u64)
    }

    fn score(&self, bid: &Bid, seen: Seen) -> f64 {
        match self.rules.award {
            AwardMethod::Score | AwardMethod::Direct | AwardMethod::Framework => {
                self.scoring.total(bid, seen)
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

    /// Under direct award and retention, the provider so far goes to the head or to the end of the line; whether
    /// it did.
    fn put_provider_first(&self, ranking: &mut Ranking) -> bool {
        let provider = |&(_, row): &(f64, usize)| Some(self.bids[row].charity) == self.previous;
        let Some(place) = ranking.iter().position(provider) else { return false };
        let kept = match self.rules.award {
            AwardMethod::Direct => true,
            AwardMethod::Retention if is_on(Mutant::RetentionIgnored) => return false,
            AwardMethod::Retention => {
                pair_uniform(0, self.tender_luck, PairDraw::Retention as u64) < self.rules.retention.value()
            }
            _ => return false,
        };
        let provider = ranking.remove(place);
        ranking.insert(if kept { 0 } else { ranking.len() }, provider);
        true
    }
}

/// Starts the contracts that were awarded, and sends failed tenders into the calendar.
pub fn start_contracts(
    setting: &Setting,
    state: &mut State,
    tenders: &Tenders,
    bids: &Bids,
    awards: &Awards,
    teams: &Teams,
) {
    let fte_of = |hours: f64| Fte::new(setting.fte(hours));
    for bid in bids.all().iter().filter(|bid| !tenders.calls[bid.tender].call_off) {
        let record = &mut state.charities.record[bid.charity];
        record.bids += 1;
        record.last_bid = Some(setting.round);
    }
    for (id, tender) in tenders.calls.enumerate() {
        let Some(award) = &awards.awards[id] else {
            state.markets[tender.market].framework.take_if(|_| tender.call_off);
            for part in tenders.parts(id) {
                state.lots[part.lot].failures += 1;
                state.lots[part.lot].open_from = setting.round + setting.scenario.market.retry_rounds;
            }
            continue;
        };
        let rules = &setting.regime(tender.area).rules;
        let team =
            award.team.map(|team| honour::agree(setting, state, tender, award, &teams.formed[team as usize]));
        let reserved = rules.reserved == ReservedFor::Mutual && tender.value() < rules.reserved_below_gbp;
        let option = setting.in_force.option(tender.area);
        for part in tenders.parts(id) {
            let lot = &mut state.lots[part.lot];
            lot.failures = 0;
            if reserved {
                lot.reserved_for = Some((award.winner, setting.round));
            }
            lot.contract = Some(Contract {
                holder: award.winner,
                price: award.price * part.share,
                hours: part.hours,
                volume: part.volume,
                quality: award.quality,
                term: tender.term,
                rounds_left: tender.term,
                extended: false,
                team: team.clone().map(|team| Box::new(Team { price: team.price * part.share, ..team })),
                bundle: tender.lot,
                bidders: bids.of(id).iter().map(|bid| bid.charity).collect(),
                option,
            });
            for &(charity, share) in teams.workers(award.winner, award.team).iter() {
                state.charities.record[charity].contracts += 1;
                state.charities.finances[charity].committed += fte_of(part.hours * share);
            }
        }
        state.charities.record[award.winner].wins += 1;
    }
    for (market, framework) in &awards.frameworks {
        state.markets[*market].framework = Some(framework.clone());
    }
}
