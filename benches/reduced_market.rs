//! The zero-intelligence market, hand-written and as a scenario of the engine, on the same machine in
//! the same minute: how much generality costs.
//!
//! Set-up of both: 50 charities an area; each bids with probability 1/2 at cost x (1 + U(0, 0.2)); the
//! best of 0.6 x quality + 0.4 x lowest price / price wins; a bid costs 0.01; below reserves of -1 a
//! charity is replaced.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rebalance::measure::round::measure;
use rebalance::random::{Luck, to_uniform};
use rebalance::round::{Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::{Scenario, load};
use rebalance::world::World;
use std::hint::black_box;
use std::time::{Duration, Instant};

const CHARITIES_PER_AREA: usize = 50;
const BID_COST: f64 = 0.01;

/// The market as anybody would write it for speed: columns, one generator, one thread.
struct PlainLoop {
    random: ChaCha8Rng,
    home: Vec<u32>,
    cost: Vec<f64>,
    quality: Vec<f64>,
    reserves: Vec<f64>,
    wins: Vec<u32>,
    price: Vec<f64>,
    lowest: Vec<f64>,
    best: Vec<(f64, u32)>,
}

impl PlainLoop {
    fn new(charities: usize) -> Self {
        let areas = charities / CHARITIES_PER_AREA;
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let home = (0..charities).map(|_| (random.next_u64() % areas as u64) as u32).collect();
        let mut market = Self {
            random,
            home,
            cost: vec![0.0; charities],
            quality: vec![0.0; charities],
            reserves: vec![0.0; charities],
            wins: vec![0; charities],
            price: vec![0.0; charities],
            lowest: vec![0.0; areas],
            best: vec![(0.0, 0); areas],
        };
        (0..charities).for_each(|charity| market.found(charity));
        market
    }

    fn found(&mut self, charity: usize) {
        let [cost, quality, reserves] = [0; 3].map(|_| to_uniform(self.random.next_u64()));
        self.cost[charity] = rebalance::math::exp(0.25 * rebalance::math::normal_quantile(cost));
        self.quality[charity] = quality;
        self.reserves[charity] = 2.0 * reserves - 1.0;
        self.wins[charity] = 0;
    }

    /// Plays a round and returns the HHI of wins.
    fn round(&mut self) -> f64 {
        self.lowest.fill(f64::INFINITY);
        self.best.fill((f64::NEG_INFINITY, u32::MAX));
        for charity in 0..self.home.len() {
            let bits = self.random.next_u64();
            let markup = 0.2 * to_uniform(bits);
            let bids = bits & 1 == 1;
            let price = if bids { self.cost[charity] * (1.0 + markup) } else { f64::INFINITY };
            self.price[charity] = price;
            self.reserves[charity] -= if bids { BID_COST } else { 0.0 };
            let lowest = &mut self.lowest[self.home[charity] as usize];
            *lowest = lowest.min(price);
        }
        for charity in 0..self.home.len() {
            let area = self.home[charity] as usize;
            let price = self.price[charity];
            if price.is_finite() {
                let score = 0.6 * self.quality[charity] + 0.4 * self.lowest[area] / price;
                if score > self.best[area].0 {
                    self.best[area] = (score, charity as u32);
                }
            }
        }
        for area in 0..self.best.len() {
            let winner = self.best[area].1 as usize;
            if winner < self.home.len() {
                self.wins[winner] += 1;
                self.reserves[winner] += self.price[winner] - self.cost[winner];
            }
        }
        let (mut sum, mut squares) = (0.0, 0.0);
        for charity in 0..self.home.len() {
            if self.reserves[charity] < -1.0 {
                self.found(charity);
            }
            let wins = f64::from(self.wins[charity]);
            sum += wins;
            squares += wins * wins;
        }
        squares / (sum * sum)
    }
}

/// The same market as a scenario.
#[derive(Clone)]
struct Engine {
    world: World,
    scenario: Scenario,
    regimes: Regimes,
    state: State,
    luck: Luck,
}

impl Engine {
    fn new(name: &str, sets: &[String]) -> Self {
        let scenario = load(name, sets).expect("a valid scenario");
        let world = World::build(&scenario).expect("a world");
        let regimes = Regimes::new(&scenario, &world);
        let luck = Luck::new(1, 0);
        let state = State::found(&world, &scenario, luck);
        Self { world, scenario, regimes, state, luck }
    }

    fn reduced(charities: usize) -> Self {
        let areas = format!("world.areas={}", charities / CHARITIES_PER_AREA);
        Self::new("theory/zero-intelligence-market", &[areas])
    }

    fn round(&mut self) -> Option<f64> {
        let in_force = self.regimes.in_force(self.state.round, &self.state.options);
        let setting = Setting::new(&self.world, &self.scenario, &in_force, self.luck, self.state.round);
        let output = play(&setting, &mut self.state).expect("identities hold");
        let measures = measure(&setting, &self.state, &output);
        advance(&setting, &mut self.state);
        measures.get("hhi_national_wins")
    }
}

fn benchmark(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("zero-intelligence market, one round, one thread");
    group.sample_size(20);
    for charities in [10_000, 100_000] {
        group.throughput(Throughput::Elements(charities as u64));
        let mut plain = PlainLoop::new(charities);
        group.bench_function(BenchmarkId::new("plain loop", charities), |b| b.iter(|| plain.round()));
        let engine = Engine::reduced(charities);
        group.bench_function(BenchmarkId::new("engine", charities), |b| {
            b.iter_batched_ref(|| engine.clone(), Engine::round, BatchSize::PerIteration);
        });
    }
    group.finish();
}

/// Nanoseconds per charity and round over some rounds.
fn time(charities: usize, rounds: u32, mut round: impl FnMut()) -> f64 {
    let begin = Instant::now();
    (0..rounds).for_each(|_| round());
    begin.elapsed().div_f64(f64::from(rounds)).max(Duration::from_nanos(1)).as_nanos() as f64
        / charities as f64
}

/// Ratios are taken in pairs, minutes apart at most, because a machine's speed drifts.
fn print_ratios() {
    const CHARITIES: usize = 100_000;
    const PAIRS: usize = 9;
    let median = |mut ratios: Vec<f64>| rebalance::math::quantile(&mut ratios, 0.5).expect("pairs");
    let (mut reduced, mut england) = (Vec::new(), Vec::new());
    let mut own = Vec::new();
    let mut plain = PlainLoop::new(CHARITIES);
    let mut engine = Engine::reduced(CHARITIES);
    let mut country = Engine::new("england", &[]);
    for _ in 0..PAIRS {
        let yardstick = time(CHARITIES, 20, || _ = black_box(plain.round()));
        let engine_time = time(CHARITIES, 5, || _ = black_box(engine.round()));
        let charities = country.state.charities.len();
        let england_time = time(charities, 5, || _ = black_box(country.round()));
        own.push(yardstick);
        reduced.push(engine_time / yardstick);
        england.push(england_time / yardstick);
    }
    println!("plain loop: {:.1} ns per charity and round (one thread, {CHARITIES} charities)", median(own));
    println!("engine over plain loop, same market:          {:.1} times", median(reduced));
    println!("England 1:1 over plain loop, per charity-round: {:.1} times", median(england));
}

criterion_group!(benches, benchmark);

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
    pool.expect("no pool has been built before");
    benches();
    Criterion::default().configure_from_args().final_summary();
    if !std::env::args().any(|argument| argument == "--test") {
        print_ratios();
    }
}
