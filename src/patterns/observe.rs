//! What a replicate shows of each fact: means over the rounds after burn-in.

use crate::experiment::Observer;
use crate::math::{exp, ln, quantile};
use crate::measure::concentration::{gini, hhi};
use crate::measure::round::{Measures, income_by_charity};
use crate::round::state::Finances;
use crate::round::team::{Member, Mode};
use crate::round::{RoundOutput, Setting, State};
use crate::scenario::parameters::Forms;
use crate::world::World;
use std::collections::BTreeMap;

/// Facts that are measures of the round, with the factor that brings them to the fact's unit.
const MEASURED: [(&str, &str, f64); 14] = [
    ("T10", "active_share", 100.0),
    ("T12", "bids_per_tender", 1.0),
    ("T13", "single_bid_share", 100.0),
    ("T14", "win_rate_under_1m", 100.0),
    ("T15a", "full_cost_recovery", 1.0),
    ("T15b", "cross_subsidising_share", 100.0),
    ("T16", "deficit_share", 100.0),
    ("T17a", "no_reserves_share", 100.0),
    ("T17b", "reserves_months_median", 1.0),
    ("T18a", "closures_per_1000", 0.1),
    ("T30", "hhi_national_lead", 1e-4),
    ("T31", "cr4_national", 1.0),
    ("T09a", "income_share_medium", 100.0),
    ("T09b", "income_share_small", 100.0),
];

/// Means of a replicate, fact by fact.
#[derive(Debug)]
pub struct Tally {
    burn_in: u32,
    means: BTreeMap<&'static str, (f64, f64)>,
    awarded: Vec<f64>,
    terms: Vec<f64>,
    /// Incomes after burn-in, by charity; none that was closed by then.
    incomes: Vec<Option<f64>>,
    years: f64,
}

impl Tally {
    /// Nothing seen yet.
    pub fn new(burn_in: u32) -> Self {
        let (awarded, terms, incomes) = (Vec::new(), Vec::new(), Vec::new());
        Self { burn_in, means: BTreeMap::new(), awarded, terms, incomes, years: 0.0 }
    }

    fn add(&mut self, fact: &'static str, value: Option<f64>) {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            let mean = self.means.entry(fact).or_insert((0.0, 0.0));
            *mean = (mean.0 + value, mean.1 + 1.0);
        }
    }

    /// What the replicate showed.
    pub fn facts(mut self) -> BTreeMap<&'static str, f64> {
        let mut facts: BTreeMap<&'static str, f64> =
            self.means.into_iter().map(|(fact, (sum, n))| (fact, sum / n)).collect();
        let count = self.awarded.len() as f64;
        if let Some(median) = quantile(&mut self.awarded, 0.5) {
            let share = |holds: fn(&f64) -> bool| {
                self.awarded.iter().filter(|value| holds(value)).count() as f64 / count * 100.0
            };
            facts.insert("T04", median);
            facts.insert("T05", share(|value| *value >= 1e6));
            facts.insert("T06", self.awarded.iter().sum::<f64>() / count / median);
            facts.insert("T07", share(|value| *value < 215_000.0));
        }
        let mut quartiles = |fact, values: &mut [f64], p| quantile(values, p).map(|q| facts.insert(fact, q));
        quartiles("SM1", &mut self.awarded, 0.5);
        quartiles("SM2", &mut self.awarded, 0.25);
        quartiles("SM3", &mut self.awarded, 0.75);
        quartiles("SM4", &mut self.terms, 0.5);
        let parts = ["T09a", "T09b"].map(|part| facts.remove(part).unwrap_or(0.0));
        facts.insert("T09", parts.iter().sum());
        facts
    }

    /// Sizes of charities, on the whole register and among NCVO's general charities.
    fn sizes(&mut self, state: &State) {
        let mut all = Vec::new();
        let mut general = Vec::new();
        for (finances, profile) in state.charities.finances.iter().zip(state.charities.profile.iter()) {
            if finances.is_open() && !profile.is_visitor() {
                all.push(finances.income.value());
                if profile.general {
                    general.push(finances.income.value());
                }
            }
        }
        const BANDS: [(f64, f64); 4] = [(0.0, 1e5), (1e5, 1e6), (1e6, 1e7), (1e7, f64::INFINITY)];
        let facts =
            [(&all, ["T01r1", "T01r2", "T01r3", "T01r4"]), (&general, ["T01a", "T01b", "T01c", "T01d"])];
        for (incomes, facts) in facts {
            let n = incomes.len() as f64;
            for (fact, (low, high)) in facts.into_iter().zip(BANDS) {
                let within = incomes.iter().filter(|income| (low..high).contains(*income)).count() as f64;
                self.add(fact, Some(within / n * 100.0));
            }
        }
        let total: f64 = general.iter().sum();
        let large: f64 = general.iter().filter(|income| **income >= 1e6).sum();
        self.add("T02", Some(large / total * 100.0));
        self.add("T03", gini(&general));
    }

    /// Who takes part in contracts in a year, and how contract income is spread among them.
    fn participation(&mut self, setting: &Setting, state: &State) {
        let charities = &state.charities;
        let calendar = setting.world.calendar;
        let is_active = |id| {
            let record = &charities.record[id];
            record.contracts > 0
                || record.last_bid.is_some_and(|bid| calendar.within_year(bid, setting.round))
        };
        let open = || charities.finances.enumerate().filter(|(_, finances)| finances.is_open());
        let share_active = |low: f64, high: f64| {
            let incomes = low..high;
            let members = open().filter(|(_, finances)| incomes.contains(&finances.income.value()));
            let (active, all) = members.fold((0.0, 0.0), |(active, all), (id, _)| {
                (active + f64::from(u8::from(is_active(id))), all + 1.0)
            });
            (all > 0.0).then_some(active / all * 100.0)
        };
        self.add("T11a", share_active(5e6, f64::INFINITY));
        self.add("T11b", share_active(0.0, 1e4));
        // Active here means with contract income: who bids in vain has no part in how it is spread.
        let mut incomes: Vec<f64> =
            income_by_charity(&state.window).into_iter().map(|(_, income)| income).collect();
        incomes.sort_by(|a, b| b.total_cmp(a));
        let top = (0.06 * incomes.len() as f64).round() as usize;
        let total: f64 = incomes.iter().sum();
        self.add("T08", (total > 0.0).then(|| incomes[..top].iter().sum::<f64>() / total * 100.0));
    }
}

impl Tally {
    /// Organisations that merge, two in each merger; takeovers, and smaller parties in deficit, among mergers.
    fn mergers(&mut self, setting: &Setting, output: &RoundOutput, measures: &Measures) {
        let mergers = &output.turnover.mergers;
        let share = |part: usize| (!mergers.is_empty()).then(|| part as f64 / mergers.len() as f64 * 100.0);
        let yearly = 2.0 * mergers.len() as f64 * setting.world.calendar.rounds_per_year() * 100.0;
        self.add("T20a", measures.get("charities").map(|charities| yearly / charities));
        self.add("T20b", share(mergers.iter().filter(|merger| merger.takeover).count()));
        self.add("T20c", share(mergers.iter().filter(|merger| merger.in_deficit).count()));
    }
}

impl Tally {
    /// Who works with others, and what becomes of what was promised to sub-contractors.
    fn partnerships(&mut self, setting: &Setting, state: &State, measures: &Measures) {
        self.add("T21", measures.get("partnership_prevalence").map(|share| share * 100.0));
        let mut all = Promises::default();
        let (mut small, mut large) = (Promises::default(), Promises::default());
        let mut losing = [0.0; 2];
        let charities = &state.charities;
        for (_, contract) in state.contracts() {
            let Some(team) = contract.team.as_ref().filter(|team| team.mode == Mode::CoOperation) else {
                continue;
            };
            let lead_home = charities.profile[contract.holder].home();
            let by_results = setting.regime(lead_home).rules.results_share.value() > 0.0;
            for partner in team.partners() {
                let (finances, profile) =
                    (&charities.finances[partner.charity], &charities.profile[partner.charity]);
                all.add(partner);
                match finances.income.value() {
                    income if income < LARGE => small.add(partner),
                    income if income > 5.0 * LARGE => large.add(partner),
                    _ => {}
                }
                if by_results {
                    let hour = finances.unit_cost.value() * (1.0 + f64::from(profile.overhead));
                    let cost = hour * contract.hours * partner.work;
                    losing[0] += f64::from(u8::from(partner.allocated * contract.price.value() < cost));
                    losing[1] += 1.0;
                }
            }
        }
        self.add("T22a", all.lost().map(|lost| 100.0 - lost));
        self.add("T22b", small.lost());
        self.add("T22c", large.lost());
        self.add("T23", (losing[1] > 0.0).then(|| losing[0] / losing[1] * 100.0));
    }
}

/// What sub-contractors were promised, and what they get.
#[derive(Clone, Copy, Debug, Default)]
struct Promises {
    promised: f64,
    allocated: f64,
}

impl Promises {
    fn add(&mut self, partner: &Member) {
        self.promised += partner.promised;
        self.allocated += partner.allocated;
    }

    /// The part that they lose \[percent\].
    fn lost(&self) -> Option<f64> {
        (self.promised > 0.0).then(|| (1.0 - self.allocated / self.promised) * 100.0)
    }
}

/// Income from which a charity is large.
const LARGE: f64 = 1e6;

impl Tally {
    /// Median growth over ten years of those that were large after burn-in minus that of the others
    /// \[percentage points\], among those still open.
    fn growth_by_size(&self, state: &State) -> Option<f64> {
        let mut growth = [Vec::new(), Vec::new()];
        for (before, finances) in self.incomes.iter().zip(state.charities.finances.iter()) {
            if let Some(before) = before.filter(|before| *before > 0.0 && finances.is_open()) {
                let yearly = ln((finances.income.value() / before).max(1e-9)) / self.years;
                growth[usize::from(before >= LARGE)].push((exp(10.0 * yearly) - 1.0) * 100.0);
            }
        }
        let [small, large] = &mut growth;
        Some(quantile(large, 0.5)? - quantile(small, 0.5)?)
    }
}

/// The median over markets of the HHI of contract income in the measuring window.
fn median_local_hhi(state: &State) -> Option<f64> {
    let mut lines: Vec<_> = state.window.iter().flatten().copied().collect();
    lines.sort_by_key(|&(market, charity, _)| (market, charity));
    let of_market = lines.chunk_by(|a, b| a.0 == b.0).filter_map(|market| {
        let of_charity = market.chunk_by(|a, b| a.1 == b.1);
        hhi(&of_charity.map(|lines| lines.iter().map(|line| line.2).sum()).collect::<Vec<f64>>())
    });
    quantile(&mut of_market.collect::<Vec<f64>>(), 0.5)
}

impl Observer for Tally {
    fn round(
        &mut self,
        setting: &Setting,
        state: &State,
        output: &RoundOutput,
        measures: &Measures,
    ) -> std::io::Result<()> {
        if setting.round < self.burn_in {
            return Ok(());
        }
        if self.incomes.is_empty() {
            let income = |f: &Finances| f.is_open().then(|| f.income.value());
            self.incomes = state.charities.finances.iter().map(income).collect();
        }
        self.years = f64::from(setting.round - self.burn_in) / setting.world.calendar.rounds_per_year();
        for (fact, measure, factor) in MEASURED {
            self.add(fact, measures.get(measure).map(|value| value * factor));
        }
        let per_year = setting.world.calendar.rounds_per_year();
        let founded = measures.get("foundings").zip(measures.get("charities"));
        self.add("T19", founded.map(|(founded, charities)| founded * per_year / charities * 100.0));
        // Constant hazards: the ratio of logarithms of survival is the ratio of hazards.
        let survival = measures.get("survival_under_1m").zip(measures.get("survival_1m_and_over"));
        self.add("T18b", survival.map(|(small, large)| ln(small) / ln(large)));
        self.mergers(setting, output, measures);
        self.add("T29", median_local_hhi(state));
        for (id, tender) in output.tenders.calls.enumerate() {
            if let Some(award) = &output.awards.awards[id] {
                self.awarded.push(award.price.value() * f64::from(tender.term));
                self.terms.push(f64::from(tender.term) / per_year);
            }
        }
        self.participation(setting, state);
        if setting.in_force.any(|regime| regime.rules.forms != Forms::Single) {
            self.partnerships(setting, state, measures);
        }
        if setting.round.is_multiple_of((per_year as u32).max(1)) {
            self.sizes(state);
        }
        Ok(())
    }

    fn finish(&mut self, _: &World, state: &State) -> std::io::Result<()> {
        self.add("T27", self.growth_by_size(state).filter(|_| self.years > 0.0));
        Ok(())
    }
}
