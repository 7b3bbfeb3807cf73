//! The part of one replicate: written while it runs, complete only when renamed.

use super::tenders::{bid_cells, tender_cells};
use super::{cell, optional_cell};
use crate::experiment::Observer;
use crate::folder::files::Output as File;
use crate::folder::{Folder, NewPart};
use crate::ids::Id;
use crate::measure::awards;
use crate::measure::concentration::HHI_POINTS;
use crate::measure::round::{Measures, local_hhi};
use crate::round::award::decide;
use crate::round::state::Profile;
use crate::round::state::Status;
use crate::round::{Call, RoundOutput, Setting, State};
use crate::rules::Regimes;
use crate::scenario::Output;
use crate::scenario::parameters::CharitiesKept;
use crate::world::World;
use crate::world::population::Reach;
use std::io;

/// Columns of `charities.csv`.
pub const CHARITY_COLUMNS: [&str; 20] = [
    "rules",
    "replicate",
    "charity",
    "id",
    "home",
    "from_elsewhere",
    "reach",
    "services",
    "general",
    "founded_round",
    "closed_round",
    "status",
    "founding_band",
    "income_gbp",
    "voluntary_income_gbp",
    "reserves_gbp",
    "staff_fte",
    "bids",
    "wins",
    "contracts",
];

/// Measures of `areas.csv`, per area, service and year.
pub const AREA_MEASURES: [&str; 6] =
    ["people_arriving", "people_served", "outcomes", "unmet_need_people", "contract_spend_gbp", "hhi_lead"];

/// A year of one market, added up.
#[derive(Clone, Copy, Debug, Default)]
struct MarketYear {
    arriving: f64,
    served: f64,
    outcomes: f64,
    unmet: f64,
    spend: f64,
    hhi: f64,
    hhi_weight: f64,
}

/// Writers of `tenders.csv` and `bids.csv`.
struct TenderWriters {
    tenders: csv::Writer<File>,
    bids: csv::Writer<File>,
}

/// Decides bids again as other rule sets would, and writes what comes of it.
struct Rescoring {
    rescored: csv::Writer<File>,
    regimes: Vec<Regimes>,
}

/// Writes the part of one replicate.
pub struct PartWriter {
    part: NewPart,
    rules: String,
    replicate: u32,
    output: Output,
    rounds: csv::Writer<File>,
    areas: csv::Writer<File>,
    tenders: Option<TenderWriters>,
    rescoring: Option<Rescoring>,
    year: Vec<MarketYear>,
}

impl PartWriter {
    /// Starts a part in a folder of its own; what an interrupted run left there is replaced.
    pub fn create(
        out: &Folder,
        rules_row: usize,
        rules: &str,
        replicate: u32,
        world: &World,
        output: &Output,
    ) -> io::Result<Self> {
        let part = out.new_part(rules_row, replicate)?;
        let writer = |name: &str| writer(&part, name);
        Ok(Self {
            rounds: writer("rounds.csv")?,
            areas: writer("areas.csv")?,
            tenders: if output.tenders {
                Some(TenderWriters { tenders: writer("tenders.csv")?, bids: writer("bids.csv")? })
            } else {
                None
            },
            rescoring: None,
            rules: rules.to_string(),
            replicate,
            output: output.clone(),
            year: vec![MarketYear::default(); world.markets.len()],
            part,
        })
    }

    /// Decides every round's bids again under these regimes too.
    pub fn rescore(&mut self, regimes: Vec<Regimes>) -> io::Result<()> {
        let rescored = writer(&self.part, "rescored.csv")?;
        self.rescoring = Some(Rescoring { rescored, regimes });
        Ok(())
    }

    fn tender_rows(&mut self, setting: &Setting, output: &RoundOutput) -> io::Result<()> {
        let Some(writers) = &mut self.tenders else { return Ok(()) };
        let key = [self.rules.clone(), self.replicate.to_string(), setting.round.to_string()];
        for id in output.tenders.calls.ids() {
            writers.tenders.write_record(key.iter().chain(&tender_cells(setting, output, id)))?;
            for cells in bid_cells(setting, output, id) {
                writers.bids.write_record(key.iter().chain(&cells))?;
            }
        }
        Ok(())
    }

    fn add_to_year(&mut self, setting: &Setting, state: &State, output: &RoundOutput) {
        for id in setting.world.markets.ids() {
            let year = &mut self.year[id.row()];
            year.arriving += output.need.arrivals[id].iter().sum::<f64>();
            year.served += output.delivery.served[id].iter().sum::<f64>();
            year.outcomes += output.delivery.outcomes[id];
            year.unmet = state.markets[id].backlog.iter().sum();
            year.spend += output.settlement.billed[id];
        }
        for (market, income, hhi) in local_hhi(&state.window) {
            let year = &mut self.year[market.row()];
            year.hhi += hhi * income;
            year.hhi_weight += income;
        }
    }

    /// Writes the year's values, area by area: `all` services first, then each.
    fn year_rows(&mut self, world: &World) -> io::Result<()> {
        let services = world.services.len();
        for area in world.areas.ids() {
            let rows = area.row() * services..(area.row() + 1) * services;
            let mut all = MarketYear::default();
            for year in &self.year[rows.clone()] {
                all.arriving += year.arriving;
                all.served += year.served;
                all.outcomes += year.outcomes;
                all.unmet += year.unmet;
                all.spend += year.spend;
                all.hhi += year.hhi;
                all.hhi_weight += year.hhi_weight;
            }
            for year in std::iter::once(&all).chain(&self.year[rows]) {
                let hhi = (year.hhi_weight > 0.0).then(|| year.hhi / year.hhi_weight * HHI_POINTS);
                self.areas.write_record([
                    cell(year.arriving),
                    cell(year.served),
                    cell(year.outcomes),
                    cell(year.unmet),
                    cell(year.spend),
                    optional_cell(hhi),
                ])?;
            }
        }
        self.year.fill(MarketYear::default());
        Ok(())
    }

    fn charity_rows(&self, world: &World, state: &State) -> io::Result<()> {
        let mut writer = writer(&self.part, "charities.csv")?;
        for (id, record) in state.charities.record.enumerate() {
            let active = record.bids > 0 || record.wins > 0 || record.contracts > 0;
            if !(active || self.output.charities == CharitiesKept::All) {
                continue;
            }
            let profile = &state.charities.profile[id];
            let finances = &state.charities.finances[id];
            let services: Vec<&str> = world
                .services
                .enumerate()
                .filter(|(service, _)| profile.offers(*service))
                .map(|(_, service)| service.key.as_str())
                .collect();
            writer.write_record([
                self.rules.clone(),
                self.replicate.to_string(),
                id.to_string(),
                own_id(world, profile),
                world.areas[profile.home()].code.clone(),
                profile.is_visitor().to_string(),
                reach_name(profile.reach).to_string(),
                services.join("|"),
                profile.general.to_string(),
                profile.founded.to_string(),
                record.closed.map(|round| round.to_string()).unwrap_or_default(),
                status_name(finances.status).to_string(),
                profile.founding_band.name().to_string(),
                cell(finances.income.value()),
                cell(finances.voluntary.value()),
                cell(finances.reserves.value()),
                cell(finances.capacity.value()),
                record.bids.to_string(),
                record.wins.to_string(),
                record.contracts.to_string(),
            ])?;
        }
        writer.flush()
    }
}

fn writer(part: &NewPart, name: &str) -> io::Result<csv::Writer<File>> {
    let file = part.file(name)?;
    Ok(csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(file))
}

/// What the user calls one of its own charities; empty for all others.
fn own_id(world: &World, profile: &Profile) -> String {
    let own = world.own_charities.get(profile.slot as usize).filter(|_| profile.founded == 0);
    own.map_or_else(String::new, |own| own.id.clone())
}

fn reach_name(reach: Reach) -> &'static str {
    match reach {
        Reach::Local => "local",
        Reach::Regional => "regional",
        Reach::National => "national",
    }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Open => "open",
        Status::Insolvent => "insolvent",
        Status::Dissolved => "dissolved",
        Status::Merged => "merged",
    }
}

impl Rescoring {
    /// A row per rule set: round, rule set, and the measures of its awards.
    fn rows(&mut self, setting: &Setting, state: &State, call: &Call) -> io::Result<()> {
        for (rules, regimes) in self.regimes.iter().enumerate() {
            let in_force = regimes.in_force(setting.round, &state.options);
            let ruled = Setting { in_force: &in_force, ..*setting };
            let awards = decide(&ruled, state, &call.tenders, &call.search, &call.teams, &call.bids);
            let values = awards::of_awards(state, &call.tenders, &awards);
            let key = [setting.round.to_string(), rules.to_string()];
            self.rescored.write_record(key.into_iter().chain(values.map(optional_cell)))?;
        }
        Ok(())
    }
}

impl Observer for PartWriter {
    fn bids(&mut self, setting: &Setting, state: &State, call: &Call) -> io::Result<()> {
        self.rescoring.as_mut().map_or(Ok(()), |rescoring| rescoring.rows(setting, state, call))
    }

    fn round(
        &mut self,
        setting: &Setting,
        state: &State,
        output: &RoundOutput,
        measures: &Measures,
    ) -> io::Result<()> {
        let mut row = vec![self.rules.clone(), self.replicate.to_string(), setting.round.to_string()];
        row.extend(measures.row().into_iter().map(optional_cell));
        self.rounds.write_record(&row)?;
        self.tender_rows(setting, output)?;
        self.add_to_year(setting, state, output);
        let year_ends = setting.world.calendar.ends_year(setting.round);
        if year_ends || setting.round + 1 == setting.scenario.run.rounds {
            self.year_rows(setting.world)?;
        }
        Ok(())
    }

    fn finish(&mut self, world: &World, state: &State) -> io::Result<()> {
        self.rounds.flush()?;
        self.areas.flush()?;
        if let Some(writers) = &mut self.tenders {
            writers.tenders.flush()?;
            writers.bids.flush()?;
        }
        if let Some(rescoring) = &mut self.rescoring {
            rescoring.rescored.flush()?;
        }
        if self.output.charities != CharitiesKept::None {
            self.charity_rows(world, state)?;
        }
        Ok(self.part.seal()?)
    }
}
