//! Screening by elementary effects (Morris 1991; mu* of Campolongo, Cariboni and Saltelli 2007).

use super::Factor;
use crate::experiment::statistics::Estimate;
use crate::experiment::statistics::within::mean_within;
use crate::math::mean_and_sd;
use crate::measure::bounds::Bounds;
use crate::random::{Luck, Purpose};

/// Levels of a number: 0, 1/3, 2/3 and 1.
const LEVELS: f64 = 4.0;
/// Step of a number, in ranges: two of four levels.
const STEP: f64 = 2.0 / 3.0;

/// A walk through the cube that moves one factor at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// One point more than there are factors.
    pub points: Vec<Vec<f64>>,
    /// The factor that each step moves.
    pub order: Vec<usize>,
}

/// What a factor does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screened {
    /// Mean size of its effects, with an interval, for a move over its whole range (to another value, for one
    /// without order).
    pub mu_star: Estimate,
    /// Mean effect: of one sign, it equals mu*.
    pub mu: f64,
    /// Spread of its effects: how much they depend on other factors, on where in the range, and on chance.
    pub sigma: Option<f64>,
}

/// Trajectories in random order of factors. A number moves by two thirds of its range, a category to another one.
pub fn trajectories(factors: &[Factor], count: usize, seed: u64) -> Vec<Trajectory> {
    (0..count).map(|row| trajectory(factors, row, seed)).collect()
}

fn trajectory(factors: &[Factor], row: usize, seed: u64) -> Trajectory {
    let mut stream = Luck::new(seed, 3).stream::<3>(Purpose::Design, row as u32);
    let draws: Vec<[f64; 3]> = (0..factors.len()).map(|slot| stream.uniforms(slot as u64)).collect();
    let mut order: Vec<usize> = (0..factors.len()).collect();
    order.sort_by(|&a, &b| draws[a][0].total_cmp(&draws[b][0]));
    let ends: Vec<(f64, f64)> =
        factors.iter().zip(&draws).map(|(factor, draw)| ends(*factor, draw)).collect();
    let mut point: Vec<f64> = ends.iter().map(|end| end.0).collect();
    let mut points = vec![point.clone()];
    for &factor in &order {
        point[factor] = ends[factor].1;
        points.push(point.clone());
    }
    Trajectory { points, order }
}

/// Where a factor starts and ends.
fn ends(factor: Factor, draw: &[f64; 3]) -> (f64, f64) {
    match factor {
        Factor::Number => {
            let from = libm::floor(draw[1] * LEVELS) / (LEVELS - 1.0);
            (from, if from < 0.5 { from + STEP } else { from - STEP })
        }
        Factor::Category(count) => {
            let from = (draw[1] * count as f64) as usize;
            let other = (draw[2] * (count.max(2) - 1) as f64) as usize;
            let to = if count > 1 { (from + 1 + other) % count } else { from };
            let middle = |category: usize| (category as f64 + 0.5) / count as f64;
            (middle(from), middle(to))
        }
    }
}

/// Effects of each factor from the values at all points, trajectory by trajectory.
pub fn screen(factors: &[Factor], trajectories: &[Trajectory], values: &[f64]) -> Vec<Screened> {
    let mut effects: Vec<Vec<f64>> = vec![Vec::new(); factors.len()];
    for (trajectory, values) in trajectories.iter().zip(values.chunks(factors.len() + 1)) {
        for (step, &factor) in trajectory.order.iter().enumerate() {
            let moved = trajectory.points[step + 1][factor] - trajectory.points[step][factor];
            let change = values[step + 1] - values[step];
            effects[factor].push(match factors[factor] {
                Factor::Number => change / moved,
                Factor::Category(_) => change,
            });
        }
    }
    effects.iter().filter_map(|effects| screened(effects)).collect()
}

fn screened(effects: &[f64]) -> Option<Screened> {
    let sizes: Vec<f64> = effects.iter().map(|effect| effect.abs()).collect();
    let mu = effects.iter().sum::<f64>() / effects.len() as f64;
    let (mu_star, _) = mean_within(&sizes, Bounds::NOT_NEGATIVE)?;
    Some(Screened { mu_star, mu, sigma: mean_and_sd(effects).map(|(_, sd)| sd) })
}

#[cfg(test)]
mod tests {
    use super::super::test_functions::ishigami;
    use super::*;

    /// verification.md 4.6: mu* about (7.73, 7.88, 6.26) with four levels.
    #[test]
    fn ishigami_is_screened() {
        let factors = [Factor::Number; 3];
        let walks = trajectories(&factors, 2_000, 1);
        let values: Vec<f64> =
            walks.iter().flat_map(|walk| &walk.points).map(|point| ishigami(point)).collect();
        let found = screen(&factors, &walks, &values);
        for (found, expected) in found.iter().zip([7.73, 7.88, 6.26]) {
            let error = found.mu_star.sd.expect("many") / (2_000.0_f64).sqrt();
            assert!((found.mu_star.mean - expected).abs() < 4.0 * error + 0.05, "{}", found.mu_star.mean);
        }
    }

    #[test]
    fn linear_factors_have_no_spread_and_categories_any_other_value() {
        let factors = [Factor::Number, Factor::Category(3), Factor::Number];
        let walks = trajectories(&factors, 60, 2);
        let worth = |unit: f64| [0.0, 10.0, 10.0][(unit * 3.0) as usize];
        let values: Vec<f64> = walks
            .iter()
            .flat_map(|walk| &walk.points)
            .map(|point| 3.0 * point[0] - point[2] + worth(point[1]))
            .collect();
        let found = screen(&factors, &walks, &values);
        assert!((found[0].mu_star.mean - 3.0).abs() < 1e-9 && found[0].sigma.expect("many") < 1e-9);
        assert!((found[2].mu + 1.0).abs() < 1e-9);
        // Two of three moves between different values change the outcome by 10.
        assert!((found[1].mu_star.mean - 20.0 / 3.0).abs() < 2.5, "{}", found[1].mu_star.mean);
    }
}
