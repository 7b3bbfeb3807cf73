//! The founding population: every charity drawn from its own address.
//!
//! Incomes follow a lognormal body and a truncated Pareto tail; place, services, reach, skills,
//! reserves and costs follow from the evidence tables, given income.

use super::{Area, SKILLS, World};
use crate::ids::{AreaId, Id};
use crate::math::{exp, ln, normal_quantile, pow};
use crate::measure::bands::Band;
use crate::mutants::{Mutant, is_on};
use crate::random::{Luck, Purpose};
use crate::scenario::Scenario;
use crate::scenario::parameters::{AbilityLaw, CostLaw, Population, ReservesLaw};
use crate::units::{Fte, Gbp};

/// How far from home a charity works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Its home area.
    Local,
    /// Its home region.
    Regional,
    /// All of England.
    National,
}

/// Draws of one founding charity.
pub const FOUNDING_DRAWS: usize = 11;
/// Draws of one charity's services and skills: one per service (12 at most), one per skill.
pub const SKILL_DRAWS: usize = 12 + SKILLS;

/// What a charity is when it enters: founding or newly founded.
#[derive(Clone, Debug, PartialEq)]
pub struct Newborn {
    /// Home area.
    pub home: AreaId,
    /// Services it offers, one bit each.
    pub offers: u16,
    /// How far it works.
    pub reach: Reach,
    /// Whether it is one of NCVO's general charities.
    pub general: bool,
    /// Yearly income.
    pub income: Gbp,
    /// Yearly income other than contracts.
    pub voluntary: Gbp,
    /// Reserves.
    pub reserves: Gbp,
    /// Reserves that its trustees steer towards \[months of spending\].
    pub reserves_policy: f64,
    /// Staff.
    pub capacity: Fte,
    /// Direct cost of a staff hour.
    pub unit_cost: Gbp,
    /// Overhead on direct cost.
    pub overhead: f64,
    /// Ability in each skill, in \[0, 1\].
    pub ability: [f32; SKILLS],
    /// What bid writing adds to a quality score.
    pub writing: f64,
    /// Local knowledge of its home, in \[0, 1\].
    pub embeddedness: f64,
    /// The place of its home, where that lies outside of this world; it is then booked under an area where it is a
    /// stranger.
    pub away: Option<u32>,
}

/// Draws charities from addresses.
#[derive(Debug)]
pub struct Founder<'a> {
    world: &'a World,
    scenario: &'a Scenario,
    body: IncomeLaw,
    places: Vec<f64>,
    large_places: Vec<f64>,
}

impl<'a> Founder<'a> {
    /// A founder for this world.
    pub fn new(world: &'a World, scenario: &'a Scenario) -> Self {
        Self {
            world,
            scenario,
            body: IncomeLaw::new(&scenario.population),
            places: cumulative(world.supply.homes.iter().map(|home| home.charities)),
            large_places: cumulative(world.supply.homes.iter().map(|home| home.large_charities)),
        }
    }

    /// All founding charities that matter in this world, in register order, each with its slot.
    ///
    /// The whole country's register is drawn even for a sample. Charities at home in a sampled area
    /// stay, and so does every regional or national charity that could bid there. Those that work
    /// beyond the sample are present in it with the sampled share of their region's or the country's
    /// budgets: contracts elsewhere count as other income. They search as if the sample's tenders were as
    /// small a part of all there are as they would be, so that a tender meets as many rivals from elsewhere
    /// as in the whole country.
    pub fn founding_population(&self, luck: Luck) -> Vec<(u64, Newborn)> {
        let mut facts = luck.stream::<FOUNDING_DRAWS>(Purpose::Founding, 0);
        let mut skills = luck.stream::<SKILL_DRAWS>(Purpose::Skills, 0);
        let own = !self.world.own_charities.is_empty();
        (0..u64::from(self.world.supply.charities))
            .filter_map(|slot| {
                let (u, s) = (facts.uniforms(slot), skills.uniforms(slot));
                let newborn = if own { self.own(slot, u, s) } else { self.drawn(slot, u, s) };
                newborn.map(|newborn| (slot, newborn))
            })
            .collect()
    }

    /// The user's charity in row `slot`, completed by draws.
    fn own(&self, slot: u64, u: [f64; FOUNDING_DRAWS], s: [f64; SKILL_DRAWS]) -> Option<Newborn> {
        let own = self.world.own_charities.get(slot as usize)?;
        let turn = slot as usize;
        let mut newborn = self.endowed(own.home, own.offers, own.reach, own.income, turn, u, s);
        if let Some(reserves) = own.reserves {
            newborn.reserves = reserves;
        }
        Some(newborn)
    }

    /// The charity in register row `slot`, unless it is of no account here.
    fn drawn(&self, slot: u64, u: [f64; FOUNDING_DRAWS], s: [f64; SKILL_DRAWS]) -> Option<Newborn> {
        let income = self.body.income(u[0]);
        if self.world.supply.in_turn {
            let areas = self.world.areas.len().max(1);
            let (area, turn) = (slot as usize % areas, slot as usize / areas);
            let law = &self.scenario.population;
            let income = in_turn(&law.income_values_gbp, turn).map_or(income, Gbp::new);
            let offers = self.offers(income, turn, &s);
            let drawn = self.endowed(AreaId::from_row(area), offers, Reach::Local, income, turn, u, s);
            let unit_cost = in_turn(&law.cost_values_gbp, turn).map_or(drawn.unit_cost, Gbp::new);
            return Some(Newborn { unit_cost, ..drawn });
        }
        self.of_the_country(income, u, s)
    }

    /// The charity with this income, wherever in the country its home is, unless it is of no account here.
    fn of_the_country(
        &self,
        income: Gbp,
        u: [f64; FOUNDING_DRAWS],
        s: [f64; SKILL_DRAWS],
    ) -> Option<Newborn> {
        let row = self.home(income, u[1])?;
        let home = &self.world.supply.homes[row];
        let reach = self.reach(income, u[2]);
        let offers = self.offers(income, 0, &s);
        if home.area.is_some() {
            return Some(self.endowed(home.area?, offers, reach, income, 0, u, s));
        }
        let comes = offers != 0 && reach != Reach::Local && self.presence(reach, home.region) > 0.0;
        let area = if comes { self.outsiders_place(reach, home.region, u[10]) } else { None };
        let newborn = self.endowed(area?, offers, reach, income, 0, u, s);
        Some(Newborn { away: Some(self.world.place_of(row)), ..newborn })
    }

    /// Share of a charity's contracts that are in this world, which is a part of its region or country.
    fn presence(&self, reach: Reach, region: usize) -> f64 {
        match reach {
            Reach::Local => 1.0,
            Reach::Regional => self.world.supply.regional_share.get(region).copied().unwrap_or(1.0),
            Reach::National => self.world.supply.national_share,
        }
    }

    /// The sampled area that an outside charity is booked under, where it is a stranger.
    fn outsiders_place(&self, reach: Reach, region: usize, u: f64) -> Option<AreaId> {
        let within = |area: &Area| reach == Reach::National || area.region == region;
        let areas: Vec<AreaId> =
            self.world.areas.enumerate().filter(|(_, area)| within(area)).map(|(id, _)| id).collect();
        areas.get((u * areas.len() as f64) as usize).copied()
    }

    /// A charity founded during the run, at home in `home`.
    pub fn newcomer(&self, home: AreaId, u: [f64; FOUNDING_DRAWS], s: [f64; SKILL_DRAWS]) -> Newborn {
        let income = self.newcomers_income(u[0]);
        let offers = self.offers(income, (u[9] * 1e6) as usize, &s);
        let reach = self.reach(income, u[2]);
        self.endowed(home, offers, reach, income, (u[8] * 1e6) as usize, u, s)
    }

    /// A charity founded during the run, anywhere in the country, if it is outside of this world and will work here.
    pub fn newcomer_outside(&self, u: [f64; FOUNDING_DRAWS], s: [f64; SKILL_DRAWS]) -> Option<Newborn> {
        self.of_the_country(self.newcomers_income(u[0]), u, s).filter(|newborn| newborn.away.is_some())
    }

    /// An income from the law below the largest founding income.
    fn newcomers_income(&self, u: f64) -> Gbp {
        let limit = self.scenario.regime.behaviour.founding_income_max_gbp;
        self.body.income(u * self.body.share_below(limit))
    }

    /// A replacement for a closed charity: same area, services and reach, everything else drawn.
    pub fn replacement(
        &self,
        home: AreaId,
        offers: u16,
        reach: Reach,
        u: [f64; FOUNDING_DRAWS],
        s: [f64; SKILL_DRAWS],
    ) -> Newborn {
        let income = self.body.income(u[0]);
        self.endowed(home, offers, reach, income, (u[8] * 1e6) as usize, u, s)
    }

    #[expect(clippy::too_many_arguments, reason = "one charity's facts, each from its own draw")]
    fn endowed(
        &self,
        home: AreaId,
        offers: u16,
        reach: Reach,
        income: Gbp,
        turn: usize,
        u: [f64; FOUNDING_DRAWS],
        s: [f64; SKILL_DRAWS],
    ) -> Newborn {
        let law = &self.scenario.population;
        let public = if offers == 0 { 0.0 } else { law.public_income_share.value() };
        // Contracts elsewhere in the country are other income.
        let elsewhere = 1.0 - self.presence(reach, self.world.areas[home].region);
        let tens_above = tens_above(law, income);
        Newborn {
            home,
            offers,
            reach,
            general: u[3] < self.general_share(income),
            income,
            voluntary: income * (1.0 - public) + income * (public * elsewhere),
            reserves: reserves(law, income, turn, u[4], u[5]),
            reserves_policy: reserves_policy(law, u[4], u[5]),
            capacity: Fte::new(income * law.staff_share.value() / law.wage_gbp),
            unit_cost: unit_cost(law, income, u[6]),
            overhead: law.overhead_rate.value() * exp(law.overhead_spread * normal_quantile(u[7])),
            ability: abilities(law, turn, &s),
            writing: law.writing_spread * (normal_quantile(u[8]) + 0.5 * (tens_above - 1.0)),
            embeddedness: (law.embeddedness_home - law.embeddedness_size_slope * tens_above).clamp(0.0, 1.0),
            away: None,
        }
    }

    /// Row of a charity's home in the country; nothing where it falls to no home at all and is not founded.
    fn home(&self, income: Gbp, u: f64) -> Option<usize> {
        let large = Band::of(income).is_1m_and_over();
        let places = if large { &self.large_places } else { &self.places };
        let nowhere = self.world.supply.nowhere[usize::from(large)];
        let target = u * (places.last()? + nowhere);
        let row = places.partition_point(|&sum| sum <= target);
        (row < places.len() || nowhere == 0.0).then(|| row.min(places.len() - 1))
    }

    fn offers(&self, income: Gbp, turn: usize, s: &[f64; SKILL_DRAWS]) -> u16 {
        let services = self.world.services.len();
        if self.world.supply.in_turn {
            return 1 << (turn % services);
        }
        let limits = &self.world.supply.income_limits;
        let column = limits.partition_point(|&limit| limit <= income.value()).min(limits.len() - 1);
        let law = &self.scenario.population;
        let recall = law.offer_recall * (1.0 + law.offer_size_slope * tens_above(law, income));
        (0..services)
            .filter(|&service| s[service] < self.world.supply.offers[service][column] * recall)
            .fold(0, |mask, service| mask | (1 << service))
    }

    fn reach(&self, income: Gbp, u: f64) -> Reach {
        let (local, regional) = self.world.supply.reach[Band::of(income) as usize];
        if u < local {
            Reach::Local
        } else if u < regional {
            Reach::Regional
        } else {
            Reach::National
        }
    }

    fn general_share(&self, income: Gbp) -> f64 {
        let table = &self.world.supply.general;
        table.iter().find(|(below, _)| income.value() < *below).map_or(0.0, |(_, share)| *share)
    }
}

/// Tenfolds of income above the size of reference.
fn tens_above(law: &Population, income: Gbp) -> f64 {
    (ln(income.max(law.size_reference_gbp) / law.size_reference_gbp) / ln(10.0)).max(0.0)
}

fn cumulative(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    weights
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}

/// Lognormal body with a truncated Pareto tail from `tail_start_gbp` on.
#[derive(Clone, Copy, Debug)]
pub struct IncomeLaw {
    ln_median: f64,
    spread: f64,
    tail_start: f64,
    tail_exponent: f64,
    body_share: f64,
    tail_share: f64,
}

impl IncomeLaw {
    /// The law that these parameters describe.
    pub fn new(law: &Population) -> Self {
        let ln_median = ln(law.income_median_gbp.value());
        let tail_start = law.tail_start_gbp.value();
        let body_share = if law.income_spread > 0.0 {
            crate::math::normal_cdf((ln(tail_start) - ln_median) / law.income_spread)
        } else {
            1.0
        };
        let tail_share = 1.0 - pow(tail_start / law.income_max_gbp.value(), law.tail_exponent);
        Self {
            ln_median,
            spread: law.income_spread,
            tail_start,
            tail_exponent: law.tail_exponent,
            body_share,
            tail_share,
        }
    }

    /// The income at quantile `u`.
    pub fn income(&self, u: f64) -> Gbp {
        if u < self.body_share {
            Gbp::new(exp(self.ln_median + self.spread * normal_quantile(u)))
        } else {
            let within = (u - self.body_share) / (1.0 - self.body_share) * self.tail_share;
            Gbp::new(self.tail_start * pow(1.0 - within, -1.0 / self.tail_exponent))
        }
    }

    /// The share of charities with an income below `limit`.
    pub fn share_below(&self, limit: Gbp) -> f64 {
        let limit = limit.value();
        if limit > self.tail_start {
            let within = (1.0 - pow(self.tail_start / limit, self.tail_exponent)) / self.tail_share;
            self.body_share + (1.0 - self.body_share) * within.min(1.0)
        } else if self.spread > 0.0 {
            crate::math::normal_cdf((ln(limit) - self.ln_median) / self.spread)
        } else {
            1.0
        }
    }
}

/// The value whose turn it is, unless none are listed.
fn in_turn(values: &[f64], turn: usize) -> Option<f64> {
    values.get(turn.checked_rem(values.len())?).copied()
}

/// Unit cost = c0 x (size / 1m)^(-elasticity) x noise, flat above the scale limit.
pub fn unit_cost(law: &Population, income: Gbp, u: f64) -> Gbp {
    match law.cost_law {
        CostLaw::Uniform => law.cost_low_gbp + (law.cost_high_gbp - law.cost_low_gbp) * u,
        CostLaw::Power => {
            let way = 1.0 - pow(1.0 - u, 1.0 / law.cost_power);
            law.cost_low_gbp + (law.cost_high_gbp - law.cost_low_gbp) * way
        }
        CostLaw::Exponential => law.cost_low_gbp + law.cost_mean_excess_gbp * -ln(1.0 - u),
        CostLaw::Lognormal => {
            let size =
                income.min(law.scale_limit_gbp).max(law.scale_reference_gbp * 1e-6) / law.scale_reference_gbp;
            let scale = if law.scale_elasticity == 0.0 { 1.0 } else { pow(size, -law.scale_elasticity) };
            law.unit_cost_gbp * (scale * exp(law.cost_spread * normal_quantile(u)))
        }
    }
}

fn reserves(law: &Population, income: Gbp, turn: usize, u: f64, v: f64) -> Gbp {
    match law.reserves_law {
        ReservesLaw::Uniform => law.reserves_low_gbp + (law.reserves_high_gbp - law.reserves_low_gbp) * u,
        ReservesLaw::Months => income * (months_at_start(law, u, v) / 12.0),
        ReservesLaw::Listed => {
            let place = turn + usize::from(is_on(Mutant::ReservesShifted));
            Gbp::new(law.reserves_values_gbp[place % law.reserves_values_gbp.len()])
        }
    }
}

fn months_at_start(law: &Population, u: f64, v: f64) -> f64 {
    if u < law.no_reserves_share.value() {
        return 0.0;
    }
    law.reserves_months * exp(law.reserves_spread * normal_quantile(v))
}

/// Trustees steer towards a policy of their own, as the reserves at the start show it, or towards a
/// common target.
fn reserves_policy(law: &Population, u: f64, v: f64) -> f64 {
    let own = law.reserves_own_policy.value();
    if own == 0.0 || law.reserves_law != ReservesLaw::Months {
        return law.reserves_target_months;
    }
    own * months_at_start(law, u, v) + (1.0 - own) * law.reserves_target_months
}

fn abilities(law: &Population, turn: usize, s: &[f64; SKILL_DRAWS]) -> [f32; SKILLS] {
    std::array::from_fn(|skill| match law.ability_law {
        AbilityLaw::Normal => {
            let ability = law.ability_mean + law.ability_spread * normal_quantile(s[12 + skill]);
            ability.clamp(0.0, 1.0) as f32
        }
        AbilityLaw::Uniform => s[12] as f32,
        AbilityLaw::Listed => law.ability_values[turn % law.ability_values.len()] as f32,
        AbilityLaw::Specialists => law.ability_values[usize::from(turn % SKILLS != skill)] as f32,
    })
}
