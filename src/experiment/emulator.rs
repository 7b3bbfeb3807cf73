//! A cheap stand-in for the simulation, fitted to points where it was run, and what it rules out.

/// Emulates one output by a second-order polynomial without products, fitted by least squares: E(x) = b0 +
/// sum of b x + c x^2 over coordinates in (0, 1).
#[derive(Clone, Debug)]
pub struct Emulator {
    coefficients: Vec<f64>,
    /// Inverse of the matrix of the normal equations.
    inverse: Vec<Vec<f64>>,
    /// Variance of what the polynomial leaves over: lack of fit, and chance.
    residual: f64,
}

/// What an emulator says of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// Expected output.
    pub mean: f64,
    /// Variance: of the fit at this point, and of what the polynomial leaves over.
    pub variance: f64,
}

/// Keeps the normal equations solvable where a coordinate hardly varies.
const RIDGE: f64 = 1e-6;

/// Fewest points from which the output of so many parameters can be told: five more than the terms of the fit.
pub const fn fewest_points(parameters: usize) -> usize {
    1 + 2 * parameters + 5
}

impl Emulator {
    /// Fits outputs at points; none where points are too few for the number of terms.
    pub fn fit(points: &[Vec<f64>], outputs: &[f64]) -> Option<Self> {
        let terms = 1 + 2 * points.first()?.len();
        if points.len() < fewest_points(points.first()?.len()) {
            return None;
        }
        let rows: Vec<Vec<f64>> = points.iter().map(|point| basis(point)).collect();
        let mut normal = vec![vec![0.0; terms]; terms];
        let mut right = vec![0.0; terms];
        for (row, output) in rows.iter().zip(outputs) {
            for i in 0..terms {
                right[i] += row[i] * output;
                for j in 0..terms {
                    normal[i][j] += row[i] * row[j];
                }
            }
        }
        normal.iter_mut().enumerate().for_each(|(i, row)| row[i] += RIDGE);
        let inverse = invert(normal);
        let coefficients: Vec<f64> = inverse.iter().map(|row| dot(row, &right)).collect();
        let left_over = rows.iter().zip(outputs).map(|(row, output)| {
            let error = output - dot(row, &coefficients);
            error * error
        });
        let residual = left_over.sum::<f64>() / (points.len() - terms) as f64;
        Some(Self { coefficients, inverse, residual })
    }

    /// What the output would be at a point.
    pub fn at(&self, point: &[f64]) -> Prediction {
        let row = basis(point);
        let leverage: f64 = row.iter().zip(&self.inverse).map(|(x, column)| x * dot(column, &row)).sum();
        Prediction { mean: dot(&row, &self.coefficients), variance: self.residual * (1.0 + leverage) }
    }
}

/// What is known of an output from outside: a value, and how far the truth, and the model, may be from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Best guess.
    pub value: f64,
    /// Variance of the observation.
    pub variance: f64,
    /// Variance of the model's discrepancy from the truth at its best.
    pub discrepancy: f64,
}

/// Implausibility |z - E| / sqrt(V), V summed over emulator, observation, discrepancy and chance (Craig et al.
/// 1997; Vernon, Goldstein and Bower 2010).
pub fn implausibility(observed: f64, expected: f64, variances: &[f64]) -> f64 {
    let gap = (observed - expected).abs();
    if gap == 0.0 { 0.0 } else { gap / libm::sqrt(variances.iter().sum()) }
}

/// Implausibility from which a point is ruled out (Pukelsheim 1994: three sigma holds for any law with one peak).
pub const RULED_OUT: f64 = 3.0;

impl Observation {
    /// Implausibility of an output expected to be so.
    pub fn implausibility(&self, expected: Prediction) -> f64 {
        implausibility(self.value, expected.mean, &[expected.variance, self.variance, self.discrepancy])
    }
}

/// 1, then every coordinate, then every square.
fn basis(point: &[f64]) -> Vec<f64> {
    let centred = point.iter().map(|x| 2.0 * x - 1.0);
    std::iter::once(1.0).chain(centred.clone()).chain(centred.map(|x| x * x)).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Inverse of a symmetric positive definite matrix, by Gauss and Jordan without pivots.
fn invert(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let mut inverse: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for pivot in 0..n {
        let scale = 1.0 / matrix[pivot][pivot];
        matrix[pivot].iter_mut().chain(&mut inverse[pivot]).for_each(|cell| *cell *= scale);
        let (of_matrix, of_inverse) = (matrix[pivot].clone(), inverse[pivot].clone());
        for row in (0..n).filter(|&row| row != pivot) {
            let factor = matrix[row][pivot];
            matrix[row].iter_mut().zip(&of_matrix).for_each(|(cell, other)| *cell -= factor * other);
            inverse[row].iter_mut().zip(&of_inverse).for_each(|(cell, other)| *cell -= factor * other);
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    /// verification.md 4.7: E = .5, z = 2, variances (.04, .09, .16).
    #[test]
    fn implausibility_of_the_reference_case() {
        assert!((implausibility(2.0, 0.5, &[0.04, 0.09, 0.16]) - 2.785_430).abs() < 1e-6);
    }

    /// verification.md 4.7: x^2 on [0, 2] against 1 with s.d. .1 leaves [.83666, 1.14018], .15176 of the space.
    #[test]
    fn what_is_not_ruled_out_of_a_square() {
        let points: Vec<Vec<f64>> = (0..40).map(|row| vec![(f64::from(row) + 0.5) / 40.0]).collect();
        let outputs: Vec<f64> = points.iter().map(|point| (2.0 * point[0]) * (2.0 * point[0])).collect();
        let emulator = Emulator::fit(&points, &outputs).expect("enough points");
        let observation = Observation { value: 1.0, variance: 0.01, discrepancy: 0.0 };
        let left: Vec<f64> = (0..200_001)
            .map(|row| f64::from(row) / 200_000.0)
            .filter(|&x| observation.implausibility(emulator.at(&[x])) < RULED_OUT)
            .map(|x| 2.0 * x)
            .collect();
        assert!((left[0] - 0.836_66).abs() < 2e-5, "{}", left[0]);
        assert!((left[left.len() - 1] - 1.140_18).abs() < 2e-5);
        assert!((left.len() as f64 / 200_001.0 - 0.151_76).abs() < 2e-5);
    }

    #[test]
    fn an_emulator_recovers_a_polynomial_and_owns_up_to_what_it_misses() {
        let points = crate::experiment::design::latin_hypercube(60, 3, 1);
        let exact = |x: &[f64]| 2.0 - x[0] + 3.0 * x[1] * x[1];
        let fit = |f: &dyn Fn(&[f64]) -> f64| {
            let outputs: Vec<f64> = points.iter().map(|point| f(point)).collect();
            Emulator::fit(&points, &outputs).expect("enough points")
        };
        let at = [0.3, 0.8, 0.1];
        let prediction = fit(&exact).at(&at);
        assert!((prediction.mean - exact(&at)).abs() < 1e-4 && prediction.variance < 1e-8);
        // A product is beyond it: the variance says so.
        let product = |x: &[f64]| exact(x) + x[0] * x[1];
        let prediction = fit(&product).at(&at);
        let error = prediction.mean - product(&at);
        assert!(error * error < 9.0 * prediction.variance && prediction.variance > 1e-4);
        assert!(Emulator::fit(&points[..10], &[0.0; 10]).is_none());
    }
}
