//! How skills become success, told again: alone, in fixed parts, or pooled.

use super::market::{SKILLS, Service};
use rebalance::math::{exp, ln, pow};
use rebalance::scenario::Behaviour;

/// How providers work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Solo,
    CoOperation,
    Collaboration,
}

/// A provider at work: its share of the hours, and what an hour of it yields in each skill.
#[derive(Clone, Debug)]
pub struct Worker {
    pub share: f64,
    pub yields: [f64; SKILLS],
}

impl Worker {
    pub fn new(share: f64, ability: &[f32; SKILLS], lift: f64) -> Self {
        Self { share, yields: ability.map(|ability| (f64::from(ability) * lift).max(1e-9)) }
    }
}

/// Chance of success of people with 1, 2, 3, 4 needs, over all combinations of that many.
pub fn chances(
    behaviour: &Behaviour,
    service: &Service,
    mode: Mode,
    workers: &[Worker],
    waste: f64,
) -> [f64; SKILLS] {
    let mut chances = [behaviour.base_success.value(); SKILLS];
    for (class, chance) in chances.iter_mut().enumerate() {
        let (mut weights, mut successes) = (0.0, 0.0);
        for needs in 1_usize..1 << SKILLS {
            let skills: Vec<usize> = (0..SKILLS).filter(|skill| needs & (1 << skill) != 0).collect();
            let mut weight = 1.0;
            for &skill in &skills {
                weight *= service.skill_weights[skill];
            }
            if skills.len() == class + 1 && weight > 0.0 {
                weights += weight;
                successes += weight * success(behaviour, mode, workers, waste, &skills);
            }
        }
        if weights > 0.0 {
            *chance = successes / weights;
        }
    }
    chances
}

fn success(behaviour: &Behaviour, mode: Mode, workers: &[Worker], waste: f64, skills: &[usize]) -> f64 {
    match mode {
        Mode::CoOperation if workers.len() > 1 => in_parts(behaviour, workers, skills),
        Mode::Collaboration if workers.len() > 1 => {
            let pooled = inverse(behaviour, pool(behaviour, workers, skills));
            chance(behaviour, pooled * (1.0 - waste))
        }
        _ => {
            let yields: Vec<f64> = skills.iter().map(|&skill| workers[0].yields[skill]).collect();
            chance(behaviour, inverse(behaviour, mean_term(behaviour, &yields)))
        }
    }
}

/// What a level of help leads to.
fn chance(behaviour: &Behaviour, help: f64) -> f64 {
    let base = behaviour.base_success.value();
    base + (1.0 - base) * (behaviour.productivity * help).min(1.0)
}

fn term(behaviour: &Behaviour, y: f64) -> f64 {
    match behaviour.complementarity {
        1.0 => y,
        -1.0 => 1.0 / y,
        0.0 => ln(y),
        power => pow(y, power),
    }
}

fn inverse(behaviour: &Behaviour, mean: f64) -> f64 {
    match behaviour.complementarity {
        1.0 => mean,
        -1.0 => 1.0 / mean,
        0.0 => exp(mean),
        power => pow(mean, 1.0 / power),
    }
}

fn mean_term(behaviour: &Behaviour, yields: &[f64]) -> f64 {
    let mut total = 0.0;
    for &y in yields {
        total += term(behaviour, y);
    }
    total / yields.len() as f64
}

/// Every worker starts with the same time for every task; pairs of workers swap time between pairs of tasks, each
/// time by as much as is best, until no swap helps.
fn pool(behaviour: &Behaviour, workers: &[Worker], skills: &[usize]) -> f64 {
    let tasks = skills.len();
    let m = tasks as f64;
    let rate = |worker: usize, task: usize| workers[worker].yields[skills[task]];
    let mut time: Vec<Vec<f64>> = workers.iter().map(|worker| vec![worker.share / m; tasks]).collect();
    let mut done = Vec::new();
    for task in 0..tasks {
        let mut beyond_first = 0.0;
        for (worker, time) in time.iter().enumerate().skip(1) {
            beyond_first += m * time[task] * (rate(worker, task) - rate(0, task));
        }
        done.push(rate(0, task) + beyond_first);
    }
    for _sweep in 0..12 {
        let mut largest: f64 = 0.0;
        for (i, j) in pairs(workers.len()) {
            for (k, l) in pairs(tasks) {
                let up = m * (rate(i, k) - rate(j, k));
                let down = m * (rate(j, l) - rate(i, l));
                let most = time[i][l].min(time[j][k]);
                let least = -time[i][k].min(time[j][l]);
                let swap = best_swap(behaviour, (done[k], up), (done[l], down), least, most);
                if swap == 0.0 {
                    continue;
                }
                time[i][k] += swap;
                time[j][k] -= swap;
                time[i][l] -= swap;
                time[j][l] += swap;
                done[k] += up * swap;
                done[l] += down * swap;
                largest = largest.max(swap.abs());
            }
        }
        if largest < 1e-9 {
            break;
        }
    }
    let done: Vec<f64> = done.into_iter().map(|y| y.max(1e-9)).collect();
    mean_term(behaviour, &done)
}

fn pairs(n: usize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for first in 0..n {
        for second in first + 1..n {
            pairs.push((first, second));
        }
    }
    pairs
}

/// The swap between two limits that makes most of two tasks, of each of which so much is done and whose yields
/// change by so much per hour swapped.
fn best_swap(behaviour: &Behaviour, one: (f64, f64), other: (f64, f64), least: f64, most: f64) -> f64 {
    let ((y, a), (z, b)) = (one, other);
    let power = behaviour.complementarity;
    if a == 0.0 && b == 0.0 {
        0.0
    } else if a >= 0.0 && b >= 0.0 {
        most
    } else if a <= 0.0 && b <= 0.0 {
        least
    } else if power == 1.0 {
        if a + b > 0.0 { most } else { least }
    } else {
        // Marginal yields balance where y / z has this value.
        let ratio = match power {
            -1.0 => 1.0 / libm::sqrt(-b / a),
            _ => pow(-b / a, 1.0 / (power - 1.0)),
        };
        let swap = match ratio > 1.0 {
            true => (z - y / ratio) / (a / ratio - b),
            false => (ratio * z - y) / (a - ratio * b),
        };
        swap.clamp(least, most)
    }
}

/// Fixed parts: people are spread over partners by their shares; a person's needs are split between the lead and one
/// partner.
fn in_parts(behaviour: &Behaviour, workers: &[Worker], skills: &[usize]) -> f64 {
    let lead = &workers[0];
    let partners = &workers[1..];
    let mut all = 0.0;
    for partner in partners {
        all += partner.share;
    }
    let first = split(behaviour, lead, &partners[0], skills);
    let mut beyond_first = 0.0;
    for partner in &partners[1..] {
        beyond_first += partner.share / all.max(1e-12) * (split(behaviour, lead, partner, skills) - first);
    }
    first + beyond_first
}

/// The best ways to split needs for each number of needs that stays with the lead, mixed so that the lead has its
/// share of them.
fn split(behaviour: &Behaviour, lead: &Worker, partner: &Worker, skills: &[usize]) -> f64 {
    let m = skills.len();
    let mut best = vec![f64::NEG_INFINITY; m + 1];
    for kept in 0_usize..1 << m {
        let keeps = |place: usize| kept & (1 << place) != 0;
        let by = |place: usize| if keeps(place) { lead } else { partner };
        let yields: Vec<f64> = (0..m).map(|place| by(place).yields[skills[place]]).collect();
        let number = (0..m).filter(|&place| keeps(place)).count();
        let changes_hands = number > 0 && number < m;
        let loss = if changes_hands { behaviour.hand_off } else { 0.0 };
        let help = inverse(behaviour, mean_term(behaviour, &yields)) * (1.0 - loss);
        best[number] = best[number].max(chance(behaviour, help));
    }
    let wanted = (lead.share * m as f64).clamp(0.0, m as f64);
    let mut most = f64::NEG_INFINITY;
    for fewer in 0..=m {
        for more in fewer..=m {
            let (low, high) = (fewer as f64, more as f64);
            if wanted < low || wanted > high {
                continue;
            }
            let part = if fewer == more { 0.0 } else { (wanted - low) / (high - low) };
            most = most.max(best[fewer] + part * (best[more] - best[fewer]));
        }
    }
    most
}

/// What each of some players adds to those before it, over all orders of joining; a coalition is a list of players.
pub fn shapley(players: usize, worth: impl Fn(&[usize]) -> f64) -> Vec<f64> {
    let members = |set: usize| (0..players).filter(|player| set & (1 << player) != 0).collect::<Vec<usize>>();
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    let mut values = Vec::new();
    for player in 0..players {
        let mut value = 0.0;
        for set in (0..1_usize << players).filter(|set| set & (1 << player) == 0) {
            let before = members(set).len();
            let orders = factorial(before) * factorial(players - before - 1) / factorial(players);
            value += orders * (worth(&members(set | 1 << player)) - worth(&members(set)));
        }
        values.push(value);
    }
    values
}
