//! A round of each shipped world, all phases and measures, with as many threads as there are cores.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rebalance::measure::round::measure;
use rebalance::random::Luck;
use rebalance::round::{Setting, State, advance, play};
use rebalance::rules::Regimes;
use rebalance::scenario::load;
use rebalance::world::World;

/// Rounds played before the one that is timed, so that contracts are in force.
const WARM_UP: u32 = 12;

fn benchmark(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one round");
    group.sample_size(20);
    for name in ["quick", "england"] {
        let scenario = load(name, &[]).expect("a valid scenario");
        let world = World::build(&scenario).expect("a world");
        let regimes = Regimes::new(&scenario, &world);
        let luck = Luck::new(1, 0);
        let round = |state: &mut State| {
            let in_force = regimes.in_force(state.round, &state.options);
            let setting = Setting::new(&world, &scenario, &in_force, luck, state.round);
            let output = play(&setting, state).expect("identities hold");
            let measures = measure(&setting, state, &output);
            advance(&setting, state);
            measures
        };
        let mut state = State::found(&world, &scenario, luck);
        (0..WARM_UP).for_each(|_| _ = round(&mut state));
        group.throughput(Throughput::Elements(state.charities.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched_ref(|| state.clone(), round, BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, benchmark);
criterion_main!(benches);
