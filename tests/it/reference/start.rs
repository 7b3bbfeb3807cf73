//! The world of the reference before its first round: synthetic worlds drawn here once more, and a
//! sample of England taken over as data.

use super::leaders::{Leader, Memory};
use super::market::{Charity, Elsewhere, Kind, Lot, Market, Reach, Reference, SKILLS, Service, Town};
use rebalance::calendar::Calendar;
use rebalance::ids::{Id, ServiceId};
use rebalance::math::{exp, ln, normal_cdf, normal_quantile, pow};
use rebalance::random::{Luck, Purpose};
use rebalance::scenario::parameters::{AbilityLaw, ContractLaw, CostLaw, Population, ReservesLaw};
use rebalance::scenario::{Market as MarketSettings, Scenario, World as Settings};
use rebalance::world::World;
use rebalance::world::contracts::Portfolio;
use rebalance::world::population::{Founder, Reach as EngineReach};

/// A synthetic world with its charities and lots.
pub fn synthetic(scenario: &Scenario, luck: Luck) -> Reference {
    let settings = &scenario.world;
    let rounds_per_year = 52.0 / settings.round_weeks.value();
    let towns = (0..settings.areas)
        .map(|row| Town {
            address: row as usize,
            names: vec![format!("S{row:05}"), format!("Area {}", row + 1), "synthetic".into()],
            region: 0,
            arrived: 0,
        })
        .collect();
    let arrivals = settings.residents_per_area.value() * (settings.need_per_1000 / 1000.0 / rounds_per_year);
    let markets: Vec<Market> = (0..settings.areas * settings.services)
        .map(|row| {
            let (area, service) = (row / settings.services, row % settings.services);
            quiet_market(scenario, area as usize, service as usize, arrivals)
        })
        .collect();
    let hours = hours_per_person(scenario, rounds_per_year, arrivals);
    let services = (0..settings.services).map(|_| service(settings, hours)).collect();
    let mut reference = Reference {
        scenario: scenario.clone(),
        luck,
        rounds_per_year,
        towns,
        services,
        lots: equal_lots(scenario, luck, markets.len()),
        markets,
        charities: Vec::new(),
        elsewhere: None,
        beliefs: std::collections::BTreeMap::new(),
        options: vec![0; settings.areas as usize],
        next_options: vec![0; settings.areas as usize],
        of_options: vec![vec![([0.0; 3], None); scenario.menu.len() + 1]; settings.areas as usize],
        founder: newcomer,
    };
    let areas = settings.areas as usize;
    for slot in 0..areas * settings.charities_per_area as usize {
        let (home, turn) = (slot % areas, slot / areas);
        let u = luck.stream::<11>(Purpose::Founding, 0).uniforms(slot as u64);
        let s = luck.stream::<16>(Purpose::Skills, 0).uniforms(slot as u64);
        let Population { income_values_gbp: incomes, cost_values_gbp: costs, .. } = &scenario.population;
        let income = match incomes.len() {
            0 => income_at(&scenario.population, u[0]),
            n => incomes[turn % n],
        };
        let services = vec![turn % settings.services as usize];
        let mut charity =
            endow(scenario, luck, slot as u64, home, (services, Reach::Home), income, turn, u, s);
        if !costs.is_empty() {
            charity.unit_cost = costs[turn % costs.len()];
        }
        reference.charities.push(charity);
    }
    reference.take_stances();
    reference
}

fn quiet_market(scenario: &Scenario, area: usize, service: usize, arrivals: f64) -> Market {
    Market {
        area,
        service,
        arrivals,
        backlog: [0.0; SKILLS],
        returned: [0.0; SKILLS],
        rivals: scenario.market.rivals_at_start,
        price_ratio: scenario.market.price_at_start,
        rival_score: 0.5,
        success: {
            let behaviour = &scenario.regime.behaviour;
            let base = behaviour.base_success.value();
            base + (1.0 - base) * (behaviour.productivity * scenario.population.ability_mean).min(1.0)
        },
        prevention: 0.0,
        uplift: 1.0,
        framework: None,
        past: Vec::new(),
    }
}

fn service(settings: &Settings, hours_per_person: f64) -> Service {
    let mut complexity = [0.0; SKILLS];
    for (class, &share) in settings.complexity_shares.iter().enumerate() {
        complexity[class] = share;
    }
    Service { skill_weights: [0.25; SKILLS], complexity, hours_per_person }
}

/// Budget over what it must buy: coverage x arrivals at reference cost x planning ceiling ratio.
fn hours_per_person(scenario: &Scenario, rounds_per_year: f64, arrivals: f64) -> f64 {
    let market = &scenario.market;
    let lots: f64 = (0..market.lots_per_market as usize).map(|place| weight(market, place)).sum();
    let budget = market.lot_value_gbp.value() * (lots * rounds_per_year / f64::from(market.lot_term_rounds));
    let planned = arrivals * rounds_per_year * market.coverage.value();
    budget / (planned * (market.reference_cost_gbp.value() * market.planning_ceiling_ratio))
}

/// Value of a market's lot, in lot values.
fn weight(market: &MarketSettings, place: usize) -> f64 {
    market.lot_value_weights[place % market.lot_value_weights.len()]
}

fn equal_lots(scenario: &Scenario, luck: Luck, markets: usize) -> Vec<Lot> {
    let settings = &scenario.market;
    assert_eq!(settings.contract_law, ContractLaw::Fixed);
    let per_market = settings.lots_per_market as usize;
    (0..markets * per_market)
        .map(|row| {
            let [_, _, u] = luck.stream::<3>(Purpose::Contracts, 0).uniforms(row as u64);
            let term = settings.lot_term_rounds;
            let first = if settings.staggered { (u * f64::from(term)) as u32 } else { 0 };
            let value = settings.lot_value_gbp.value() * weight(settings, row % per_market);
            lot(row / per_market, value, term, first)
        })
        .collect()
}

fn lot(market: usize, value: f64, term: u32, open_from: u32) -> Lot {
    Lot {
        market,
        value,
        term,
        open_from,
        failures: 0,
        contract: None,
        cut_from: None,
        previous: None,
        reserved_for: None,
        owed: Vec::new(),
    }
}

/// Share of incomes in the lognormal body, below the Pareto tail.
fn share_below(law: &Population, limit: f64) -> f64 {
    if law.income_spread == 0.0 {
        return 1.0;
    }
    normal_cdf((ln(limit) - ln(law.income_median_gbp.value())) / law.income_spread)
}

fn income_at(law: &Population, u: f64) -> f64 {
    let start = law.tail_start_gbp.value();
    let body = share_below(law, start);
    if u < body {
        return exp(ln(law.income_median_gbp.value()) + law.income_spread * normal_quantile(u));
    }
    let truncated = 1.0 - pow(start / law.income_max_gbp.value(), law.tail_exponent);
    start * pow(1.0 - (u - body) / (1.0 - body) * truncated, -1.0 / law.tail_exponent)
}

/// Direct cost of an hour.
pub fn unit_cost(law: &Population, income: f64, u: f64) -> f64 {
    match law.cost_law {
        CostLaw::Uniform => law.cost_low_gbp.value() + (law.cost_high_gbp - law.cost_low_gbp).value() * u,
        CostLaw::Power => {
            let way = 1.0 - pow(1.0 - u, 1.0 / law.cost_power);
            law.cost_low_gbp.value() + (law.cost_high_gbp - law.cost_low_gbp).value() * way
        }
        CostLaw::Exponential => law.cost_low_gbp.value() + law.cost_mean_excess_gbp.value() * -ln(1.0 - u),
        CostLaw::Lognormal => {
            let reference = law.scale_reference_gbp.value();
            let size = income.min(law.scale_limit_gbp.value()).max(reference * 1e-6) / reference;
            let scale = if law.scale_elasticity == 0.0 { 1.0 } else { pow(size, -law.scale_elasticity) };
            law.unit_cost_gbp.value() * (scale * exp(law.cost_spread * normal_quantile(u)))
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one charity's facts")]
fn endow(
    scenario: &Scenario,
    luck: Luck,
    slot: u64,
    home: usize,
    (services, reach): Kind,
    income: f64,
    turn: usize,
    u: [f64; 11],
    s: [f64; 16],
) -> Charity {
    let law = &scenario.population;
    let reference = law.size_reference_gbp.value();
    let tens = (ln(income.max(reference) / reference) / ln(10.0)).max(0.0);
    let voluntary = income * (1.0 - law.public_income_share.value());
    let rooted = (law.embeddedness_home - law.embeddedness_size_slope * tens).clamp(0.0, 1.0) as f32;
    let reserves = match law.reserves_law {
        ReservesLaw::Uniform => {
            law.reserves_low_gbp.value() + (law.reserves_high_gbp - law.reserves_low_gbp).value() * u[4]
        }
        ReservesLaw::Listed => law.reserves_values_gbp[turn % law.reserves_values_gbp.len()],
        ReservesLaw::Months if u[4] < law.no_reserves_share.value() => 0.0,
        ReservesLaw::Months => {
            income * (law.reserves_months * exp(law.reserves_spread * normal_quantile(u[5])) / 12.0)
        }
    };
    let months = if u[4] < law.no_reserves_share.value() {
        0.0
    } else {
        law.reserves_months * exp(law.reserves_spread * normal_quantile(u[5]))
    };
    let own = law.reserves_own_policy.value();
    let reserves_policy = if own == 0.0 || law.reserves_law != ReservesLaw::Months {
        law.reserves_target_months
    } else {
        own * months + (1.0 - own) * law.reserves_target_months
    } as f32;
    let ability = [0, 1, 2, 3].map(|skill| match law.ability_law {
        AbilityLaw::Normal => {
            (law.ability_mean + law.ability_spread * normal_quantile(s[12 + skill])).clamp(0.0, 1.0) as f32
        }
        AbilityLaw::Uniform => s[12] as f32,
        AbilityLaw::Listed => law.ability_values[turn % law.ability_values.len()] as f32,
        AbilityLaw::Specialists => law.ability_values[usize::from(turn % 4 != skill)] as f32,
    });
    Charity {
        slot,
        home,
        reach,
        services,
        ability,
        writing: (law.writing_spread * (normal_quantile(u[8]) + 0.5 * (tens - 1.0))) as f32,
        overhead: (law.overhead_rate.value() * exp(law.overhead_spread * normal_quantile(u[7]))) as f32,
        known: vec![(home, rooted), (home, 0.0), (home, 0.0), (home, 0.0)],
        rooted,
        reserves_policy,
        away: None,
        voluntary,
        spending: voluntary,
        reserves,
        capacity: income * law.staff_share.value() / law.wage_gbp.value(),
        unit_cost: unit_cost(law, income, u[6]),
        receipts: Calendar::new(scenario.world.round_weeks).even_books(income - voluntary),
        income,
        committed: 0.0,
        wins: 0,
        merged_into: None,
        rounds_in_debt: 0,
        open: true,
        leader: Leader::of(luck, slot),
        memory: Memory::default(),
    }
}

fn newcomer(world: &Reference, home: usize, alike: Option<Kind>, slot: u64) -> Charity {
    let u = world.luck.stream::<11>(Purpose::Founding, 1).uniforms(slot);
    let s = world.luck.stream::<16>(Purpose::Skills, 1).uniforms(slot);
    let law = &world.scenario.population;
    let turn = (u[8] * 1e6) as usize;
    let (kind, quantile) = match alike {
        Some(kind) => (kind, u[0]),
        None => {
            let limit = world.scenario.regime.behaviour.founding_income_max_gbp.value();
            let start = law.tail_start_gbp.value();
            let truncated = 1.0 - pow(start / law.income_max_gbp.value(), law.tail_exponent);
            let body = share_below(law, start);
            let below = if limit > start {
                let within = (1.0 - pow(start / limit, law.tail_exponent)) / truncated;
                body + (1.0 - body) * within.min(1.0)
            } else {
                share_below(law, limit)
            };
            let service = (u[9] * 1e6) as usize % world.services.len();
            ((vec![service], Reach::Home), u[0] * below)
        }
    };
    let mut new = endow(&world.scenario, world.luck, slot, home, kind, income_at(law, quantile), turn, u, s);
    let seekers = world.scenario.regime.behaviour.seekers_at_start.value();
    new.leader.seeks = f64::from(new.leader.reserve) < seekers;
    new
}

/// A sample of England: areas, lots and founding charities as the world's tables give them.
pub fn england(scenario: &Scenario, luck: Luck) -> Reference {
    let world = World::build(scenario).expect("a world");
    let portfolio = Portfolio::draw(&world, scenario, luck);
    let (pace, outside) = (portfolio.pace.clone(), portfolio.outside.clone());
    let founding = Founder::new(&world, scenario).founding_population(luck);
    Reference {
        scenario: scenario.clone(),
        luck,
        rounds_per_year: world.calendar.rounds_per_year(),
        towns: (world.areas.iter())
            .map(|area| Town {
                address: area.address as usize,
                names: vec![area.code.clone(), area.name.clone(), world.regions[area.region].clone()],
                region: area.region,
                arrived: 0,
            })
            .collect(),
        services: (world.services.iter())
            .map(|service| Service {
                skill_weights: service.skill_weights,
                complexity: service.complexity,
                hours_per_person: service.hours_per_person.value(),
            })
            .collect(),
        markets: (world.markets.iter())
            .map(|m| quiet_market(scenario, m.area.row(), m.service.row(), m.arrivals.value()))
            .collect(),
        lots: (portfolio.lots.iter())
            .map(|drawn| lot(drawn.market.row(), drawn.value.value(), drawn.term, drawn.first_round))
            .collect(),
        elsewhere: world.is_part().then_some(Elsewhere { pace, came: 0.0, expected: 0.0, lots: outside }),
        beliefs: std::collections::BTreeMap::new(),
        options: vec![0; world.areas.len()],
        next_options: vec![0; world.areas.len()],
        of_options: vec![vec![([0.0; 3], None); scenario.menu.len() + 1]; world.areas.len()],
        charities: founding
            .iter()
            .map(|(slot, newborn)| {
                let home = newborn.home.row();
                let rooted = newborn.embeddedness as f32;
                let known = if newborn.away.is_some() { 0.0 } else { rooted };
                Charity {
                    slot: *slot,
                    home,
                    reach: match newborn.reach {
                        EngineReach::Local => Reach::Home,
                        EngineReach::Regional => Reach::Region,
                        EngineReach::National => Reach::Country,
                    },
                    services: (0..world.services.len())
                        .filter(|&row| newborn.offers & (1 << ServiceId::from_row(row).row()) != 0)
                        .collect(),
                    ability: newborn.ability,
                    writing: newborn.writing as f32,
                    overhead: newborn.overhead as f32,
                    known: vec![(home, known), (home, 0.0), (home, 0.0), (home, 0.0)],
                    rooted,
                    reserves_policy: newborn.reserves_policy as f32,
                    away: newborn.away.map(|place| place as usize),
                    voluntary: newborn.voluntary.value(),
                    spending: newborn.voluntary.value(),
                    reserves: newborn.reserves.value(),
                    capacity: newborn.capacity.value(),
                    unit_cost: newborn.unit_cost.value(),
                    receipts: world.calendar.even_books((newborn.income - newborn.voluntary).value()),
                    income: newborn.income.value(),
                    committed: 0.0,
                    wins: 0,
                    merged_into: None,
                    rounds_in_debt: 0,
                    open: true,
                    leader: Leader::of(luck, *slot),
                    memory: Memory::default(),
                }
            })
            .collect(),
        founder: |_, _, _, _| unreachable!("nothing is founded here"),
    }
}

/// What everybody knows of rivals' costs, for rational prices.
pub struct KnownCosts {
    low: f64,
    range: f64,
    power: f64,
    exponential: bool,
    ceiling: f64,
}

impl KnownCosts {
    pub fn of(law: &Population, hours: f64, ceiling: f64) -> Self {
        let low = law.cost_low_gbp.value() * hours;
        let exponential = law.cost_law == CostLaw::Exponential;
        let range = if exponential {
            law.cost_mean_excess_gbp.value() * hours
        } else {
            law.cost_high_gbp.value() * hours - low
        };
        let power = if law.cost_law == CostLaw::Power { law.cost_power } else { 1.0 };
        Self { low, range, power, exponential, ceiling }
    }

    pub fn less(self, worth: f64) -> Self {
        Self { low: self.low - worth, ..self }
    }

    pub fn share_above(&self, cost: f64) -> f64 {
        let way = ((cost - self.low) / self.range).max(0.0);
        if self.exponential { exp(-way) } else { pow((1.0 - way).max(0.0), self.power) }
    }

    /// The first-price equilibrium with its cut-off, as in Samuelson (1985).
    pub fn price(&self, cost: f64, rivals: f64, bid_cost: f64) -> f64 {
        let gain = |c: f64| (self.ceiling - c) * pow(self.share_above(c), rivals);
        let highest = if self.exponential { self.ceiling } else { (self.low + self.range).min(self.ceiling) };
        let mut cut_off = highest;
        if bid_cost > 0.0 && gain(highest) < bid_cost {
            let (mut low, mut high) = (self.low, highest);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if gain(middle) >= bid_cost { low = middle } else { high = middle }
            }
            cut_off = low;
        }
        let chance = pow(self.share_above(cost), rivals);
        if cost >= cut_off || chance <= 0.0 || rivals == 0.0 {
            return cost.max(self.ceiling);
        }
        let (from, to) = ((cost - self.low) / self.range, (cut_off - self.low) / self.range);
        let area = if self.exponential && rivals == 0.0 {
            to - from
        } else if self.exponential {
            (exp(-rivals * from) - exp(-rivals * to)) / rivals
        } else {
            let m = self.power * rivals + 1.0;
            (pow((1.0 - from).max(0.0), m) - pow((1.0 - to).max(0.0), m)) / m
        };
        (cost + (self.range * area + bid_cost) / chance).min(self.ceiling)
    }
}
