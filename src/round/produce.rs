//! Production: how skills, shared out over the needs of a person, become a chance of success.
//!
//! A person has a set M of needs, each for one skill. Success = base + (1 - base) min(1, A Y) with
//! Y = \[mean over k in M of y_k^rho\]^(1/rho). What y_k is depends on who works together, and how.

use super::team::Mode;
use crate::mutants::{Mutant, is_on};
use crate::scenario::parameters::Behaviour;
use crate::world::{SKILLS, Service};

/// One provider at work on a contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worker {
    /// Its share of the hours that every person takes.
    pub share: f64,
    /// What an hour of it yields in each skill: ability, lifted by local knowledge, effort and planned quality.
    pub yields: [f64; SKILLS],
}

impl Worker {
    /// A worker of some ability; `lift` is (1 + local gain x embeddedness) x planned quality x effort.
    pub fn new(share: f64, ability: &[f32; SKILLS], lift: f64) -> Self {
        Self { share, yields: ability.map(|ability| (f64::from(ability) * lift).max(1e-9)) }
    }
}

/// Chance of success of a person with 1, 2, 3, 4 needs, averaged over which needs they are. `waste` is the
/// part of everybody's time that co-ordination takes.
pub fn chances(
    behaviour: &Behaviour,
    service: &Service,
    mode: Mode,
    workers: &[Worker],
    waste: f64,
) -> [f64; SKILLS] {
    let law = Law::of(behaviour);
    match (mode, workers) {
        (Mode::Solo, _) | (_, [_]) => {
            let terms = workers[0].yields.map(|y| law.term(y));
            average(&law, service, |needs| law.success(law.inverse(mean_of(&terms, needs))))
        }
        (Mode::Collaboration, _) => average(&law, service, |needs| {
            let together = law.inverse(assign(&law, workers, needs));
            let kept = if is_on(Mutant::WasteForgotten) { 1.0 } else { 1.0 - waste };
            let bonus = if is_on(Mutant::TeamBonus) { 1.01 } else { 1.0 };
            law.success(together * kept * bonus)
        }),
        (Mode::CoOperation, _) => {
            let mut terms = [[0.0; SKILLS]; LARGEST_TEAM];
            workers
                .iter()
                .zip(&mut terms)
                .for_each(|(worker, terms)| *terms = worker.yields.map(|y| law.term(y)));
            average(&law, service, |needs| hand_to_hand(&law, behaviour.hand_off, workers, &terms, needs))
        }
    }
}

/// The production function's constants.
#[derive(Clone, Copy, Debug)]
struct Law {
    rho: f64,
    base: f64,
    scale: f64,
}

impl Law {
    fn of(behaviour: &Behaviour) -> Self {
        Self {
            rho: behaviour.complementarity,
            base: behaviour.base_success.value(),
            scale: behaviour.productivity,
        }
    }

    fn success(&self, together: f64) -> f64 {
        self.base + (1.0 - self.base) * (self.scale * together).min(1.0)
    }

    /// y^rho, or ln y in the Cobb-Douglas limit.
    fn term(&self, y: f64) -> f64 {
        match self.rho {
            1.0 => y,
            -1.0 => 1.0 / y,
            0.0 => crate::math::ln(y),
            rho => crate::math::pow(y, rho),
        }
    }

    /// The y whose term is the mean term.
    fn inverse(&self, mean: f64) -> f64 {
        match self.rho {
            1.0 => mean,
            -1.0 => 1.0 / mean,
            0.0 => crate::math::exp(mean),
            rho => crate::math::pow(mean, 1.0 / rho),
        }
    }
}

/// Skills in a set of needs.
fn skills_in(needs: usize) -> impl Iterator<Item = usize> {
    (0..SKILLS).filter(move |skill| needs >> skill & 1 == 1)
}

fn mean_of(terms: &[f64; SKILLS], needs: usize) -> f64 {
    skills_in(needs).map(|skill| terms[skill]).sum::<f64>() / needs.count_ones() as f64
}

/// Mean of a success over all sets of 1, 2, 3 and 4 needs, each set as likely as its skills matter.
fn average(law: &Law, service: &Service, success: impl Fn(usize) -> f64) -> [f64; SKILLS] {
    let mut weights = [0.0; SKILLS];
    let mut chances = [0.0; SKILLS];
    for needs in 1..(1_usize << SKILLS) {
        let class = needs.count_ones() as usize - 1;
        let weight: f64 = skills_in(needs).map(|skill| service.skill_weights[skill]).product();
        weights[class] += weight;
        if weight > 0.0 {
            chances[class] += weight * success(needs);
        }
    }
    std::array::from_fn(|class| if weights[class] > 0.0 { chances[class] / weights[class] } else { law.base })
}

/// Members that a team may have at most (`behaviour.max_team`).
pub const LARGEST_TEAM: usize = 8;

/// Sweeps of exchanges after which an assignment is taken as settled.
const SWEEPS: usize = 12;

/// Pooled work on one person: hours of each task are shared out so that the mean term is best, while every
/// worker works just its share of the person's hours. With one need there is nothing to share out.
///
/// From shares alike in every task, two workers swap hours between two tasks as long as it helps; each swap
/// is the exact optimum along its line, and the objective is concave, so that swaps lead to the optimum.
fn assign(law: &Law, workers: &[Worker], needs: usize) -> f64 {
    let mut list = [0; SKILLS];
    let count = skills_in(needs).zip(&mut list).map(|(skill, task)| *task = skill).count();
    let tasks = &list[..count];
    let m = count as f64;
    let yields = |i: usize, k: usize| workers[i].yields[tasks[k]];
    let mut hours = [[0.0; SKILLS]; LARGEST_TEAM];
    workers.iter().zip(&mut hours).for_each(|(worker, hours)| *hours = [worker.share / m; SKILLS]);
    // Written as the first worker's yield plus differences: exact where all are alike.
    let mut y = [0.0; SKILLS];
    for (k, y) in y[..count].iter_mut().enumerate() {
        let gain = |i: usize| m * hours[i][k] * (yields(i, k) - yields(0, k));
        *y = yields(0, k) + (1..workers.len()).map(gain).sum::<f64>();
    }
    for _ in 0..SWEEPS {
        let mut moved: f64 = 0.0;
        for (i, j) in pairs(workers.len()) {
            for (k, l) in pairs(tasks.len()) {
                let slopes = (m * (yields(i, k) - yields(j, k)), m * (yields(j, l) - yields(i, l)));
                let room = (-hours[i][k].min(hours[j][l]), hours[i][l].min(hours[j][k]));
                let step = best_swap(law, (y[k], y[l]), slopes, room);
                if step == 0.0 {
                    continue;
                }
                hours[i][k] += step;
                hours[i][l] -= step;
                hours[j][k] -= step;
                hours[j][l] += step;
                y[k] += slopes.0 * step;
                y[l] += slopes.1 * step;
                moved = moved.max(step.abs());
            }
        }
        if moved < 1e-9 {
            break;
        }
    }
    y[..count].iter().map(|&y| law.term(y.max(1e-9))).sum::<f64>() / m
}

fn pairs(n: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..n).flat_map(move |first| (first + 1..n).map(move |second| (first, second)))
}

/// The best step d within `room` for two tasks whose yields move to y + slope d: an end, or where
/// a y_k^(rho - 1) + b y_l^(rho - 1) = 0.
fn best_swap(law: &Law, (y_k, y_l): (f64, f64), (a, b): (f64, f64), (low, high): (f64, f64)) -> f64 {
    if a == 0.0 && b == 0.0 {
        return 0.0;
    }
    if a >= 0.0 && b >= 0.0 {
        return high;
    }
    if a <= 0.0 && b <= 0.0 {
        return low;
    }
    if law.rho == 1.0 {
        return if a + b > 0.0 { high } else { low };
    }
    let ratio = -b / a;
    let wanted = if law.rho == -1.0 {
        1.0 / libm::sqrt(ratio)
    } else {
        crate::math::pow(ratio, 1.0 / (law.rho - 1.0))
    };
    // Close to rho = 1 the wanted ratio of yields can be too large for a number: then it stands below the line.
    let step = if wanted > 1.0 {
        (y_l - y_k / wanted) / (a / wanted - b)
    } else {
        (wanted * y_l - y_k) / (a - wanted * b)
    };
    step.clamp(low, high)
}

/// Fixed parts: each of a person's needs goes whole to the lead or to one partner, at a loss where hands
/// change. People are spread over partners by their shares, and over ways of splitting so that lead and
/// partners work their shares on average.
fn hand_to_hand(
    law: &Law,
    hand_off: f64,
    workers: &[Worker],
    terms: &[[f64; SKILLS]; LARGEST_TEAM],
    needs: usize,
) -> f64 {
    let [lead, partners @ ..] = workers else { return law.base };
    let shared: f64 = partners.iter().map(|partner| partner.share).sum();
    let stream =
        |place: usize| split_between(law, hand_off, (&terms[0], &terms[1 + place]), lead.share, needs);
    let first = stream(0);
    let gain = |place: usize| partners[place].share / shared.max(1e-12) * (stream(place) - first);
    first + (1..partners.len()).map(gain).sum::<f64>()
}

/// The best success with two providers when the first works `share` of the hours on average: best splits
/// for each number of needs that go to the first, and the best mixture of two of them.
fn split_between(
    law: &Law,
    hand_off: f64,
    (own, others): (&[f64; SKILLS], &[f64; SKILLS]),
    share: f64,
    needs: usize,
) -> f64 {
    let m = needs.count_ones() as usize;
    // A higher yield has the higher term, or the lower where the exponent is negative.
    let better = |a: f64, b: f64| if law.rho < 0.0 { a < b } else { a > b };
    let mut best_total = [None; SKILLS + 1];
    let mut part = needs;
    loop {
        let total: f64 = skills_in(needs).map(|k| if part >> k & 1 == 1 { own[k] } else { others[k] }).sum();
        let best = &mut best_total[part.count_ones() as usize];
        if best.is_none_or(|best| better(total, best)) {
            *best = Some(total);
        }
        if part == 0 {
            break;
        }
        part = (part - 1) & needs;
    }
    let success = |count: usize| {
        let kept = if count == 0 || count == m { 1.0 } else { 1.0 - hand_off };
        let together = |total: f64| law.success(law.inverse(total / m as f64) * kept);
        best_total[count].map_or(f64::NEG_INFINITY, together)
    };
    let best: [f64; SKILLS + 1] =
        std::array::from_fn(|count| if count <= m { success(count) } else { f64::NEG_INFINITY });
    let wanted = (share * m as f64).clamp(0.0, m as f64);
    let mut most = f64::NEG_INFINITY;
    for low in 0..=m {
        for high in low..=m {
            let (from, to) = (low as f64, high as f64);
            if from <= wanted && wanted <= to {
                let weight = if high == low { 0.0 } else { (wanted - from) / (to - from) };
                most = most.max(best[low] + weight * (best[high] - best[low]));
            }
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Hours, Probability};

    fn behaviour(rho: f64) -> Behaviour {
        Behaviour { complementarity: rho, base_success: Probability::new(0.0), ..Behaviour::default() }
    }

    fn two_skills() -> Service {
        Service {
            key: "s".into(),
            name: "S".into(),
            skill_weights: [0.5, 0.5, 0.0, 0.0],
            complexity: [0.0, 1.0, 0.0, 0.0],
            hours_per_person: Hours::new(1.0),
        }
    }

    fn four_skills() -> Service {
        Service { skill_weights: [0.25; SKILLS], complexity: [0.25; SKILLS], ..two_skills() }
    }

    fn worker(share: f64, ability: [f32; SKILLS]) -> Worker {
        Worker::new(share, &ability, 1.0)
    }

    #[test]
    fn a_generalist_does_equally_well_at_any_complexity() {
        for chance in chances(&behaviour(-1.0), &four_skills(), Mode::Solo, &[worker(1.0, [0.5; 4])], 0.0) {
            assert!((chance - 0.5).abs() < 1e-12);
        }
    }

    #[test]
    fn a_specialist_falls_off_with_complexity_by_the_harmonic_mean() {
        let alone = [worker(1.0, [0.8, 0.4, 0.4, 0.4])];
        let chances = chances(&behaviour(-1.0), &four_skills(), Mode::Solo, &alone, 0.0);
        assert!((chances[0] - 0.5).abs() < 1e-6);
        let all_four = 4.0 / (1.0 / 0.8 + 3.0 / 0.4);
        assert!((chances[3] - all_four).abs() < 1e-6);
        assert!(chances[1] < chances[0]);
    }

    /// V36: two specialists with (h, l) and (l, h) yield h M alone and h (1 - waste) together.
    #[test]
    fn specialists_together_do_what_each_does_best() {
        for (l, rho, alone) in [
            (0.25, 1.0, 0.625),
            (0.25, -1.0, 0.4),
            (0.5, 0.0, std::f64::consts::FRAC_1_SQRT_2),
            (0.5, 0.5, 0.728_553),
        ] {
            let team = [worker(0.5, [0.8, 0.8 * l, 0.0, 0.0]), worker(0.5, [0.8 * l, 0.8, 0.0, 0.0])];
            let of =
                |mode, workers: &[Worker]| chances(&behaviour(rho), &two_skills(), mode, workers, 0.1)[1];
            assert!((of(Mode::Solo, &[Worker { share: 1.0, ..team[0] }]) - 0.8 * alone).abs() < 1e-6);
            assert!((of(Mode::Collaboration, &team) - 0.8 * 0.9).abs() < 1e-6, "{l} {rho}");
            let fixed = of(Mode::CoOperation, &team);
            assert!((fixed - 0.8 * (1.0 - Behaviour::default().hand_off)).abs() < 1e-6, "{fixed}");
        }
    }

    /// Nothing to complement, nothing gained: with one need, or equal skills, to the bit where all are alike.
    #[test]
    fn pooling_gains_nothing_with_one_need_or_equal_skills() {
        for rho in [1.0, 0.5, 0.0, -1.0, -2.5] {
            let alike: Vec<Worker> =
                [0.3, 0.3, 0.4].iter().map(|&share| worker(share, [0.7, 0.6, 0.5, 0.4])).collect();
            let law = Behaviour { hand_off: 0.0, ..behaviour(rho) };
            let alone = chances(&law, &four_skills(), Mode::Solo, &[Worker { share: 1.0, ..alike[0] }], 0.0);
            for mode in [Mode::CoOperation, Mode::Collaboration] {
                assert_eq!(chances(&law, &four_skills(), mode, &alike, 0.0), alone, "{rho}");
            }
            let unlike = [worker(0.25, [0.9, 0.2, 0.3, 0.4]), worker(0.75, [0.1, 0.8, 0.5, 0.6])];
            let one_need = |workers: &[Worker], mode| chances(&law, &four_skills(), mode, workers, 0.0)[0];
            let [a, b] = unlike.map(|worker| one_need(&[Worker { share: 1.0, ..worker }], Mode::Solo));
            for mode in [Mode::CoOperation, Mode::Collaboration] {
                assert!((one_need(&unlike, mode) - (0.25 * a + 0.75 * b)).abs() < 1e-12, "{rho}");
            }
        }
    }

    /// Where skills nearly add up, the best ratio of yields is beyond any number, and pooling is as if they did.
    #[test]
    fn swaps_stay_numbers_where_skills_nearly_add_up() {
        let team = [worker(0.5, [0.9, 0.3, 0.2, 0.4]), worker(0.5, [0.2, 0.301, 0.8, 0.5])];
        let pooled = |rho| chances(&behaviour(rho), &four_skills(), Mode::Collaboration, &team, 0.0);
        for (nearly, added) in pooled(0.999).into_iter().zip(pooled(1.0)) {
            assert!((nearly - added).abs() < 1e-3, "{nearly} {added}");
        }
    }

    /// Swaps find what a fine grid over all assignments of two workers and two needs finds.
    #[test]
    fn swaps_reach_the_best_assignment() {
        for rho in [1.0, 0.5, 0.0, -1.0, -3.0] {
            let law = Law { rho, base: 0.0, scale: 1.0 };
            for (share, a, b) in [(0.3, [0.9, 0.2], [0.5, 0.6]), (0.6, [0.3, 0.4], [0.8, 0.7])] {
                let team =
                    [worker(share, [a[0], a[1], 0.0, 0.0]), worker(1.0 - share, [b[0], b[1], 0.0, 0.0])];
                let found = law.inverse(assign(&law, &team, 0b11));
                let best = (0..=10_000)
                    .filter_map(|step| {
                        let x = f64::from(step) / 20_000.0;
                        let rest = share - x;
                        (0.0..=0.5).contains(&rest).then(|| {
                            let y0 = 2.0 * (x * team[0].yields[0] + (0.5 - x) * team[1].yields[0]);
                            let y1 = 2.0 * (rest * team[0].yields[1] + (0.5 - rest) * team[1].yields[1]);
                            law.inverse((law.term(y0.max(1e-9)) + law.term(y1.max(1e-9))) / 2.0)
                        })
                    })
                    .fold(0.0, f64::max);
                assert!((found - best).abs() < 1e-6, "{rho} {share}: {found} {best}");
            }
        }
    }
}
