//! The only transcendental code: exp, ln, pow, quantiles and compensated sums.
//!
//! Everything goes through `libm`, a port of one C library in plain Rust, so that a result has the
//! same bits on every platform. Rust's own `f64::exp` calls whatever the system offers.

/// e to the power x.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// The cube root.
pub fn cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}

/// x to the power y.
#[inline]
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// 1/(1 + exp(-x)): the logistic curve.
#[inline]
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// Standard normal distribution function.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// Inverse of [`normal_cdf`]: the normal draw that a uniform in (0, 1) stands for.
///
/// Acklam's rational approximation (2003), relative error below 1.2e-9: far below sampling noise,
/// and one pass without iteration, so a draw costs a fixed amount of work.
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 5] = [
        -5.447609879822406e1,
        1.615858368580409e2,
        -1.556989798598866e2,
        6.680131188771972e1,
        -1.328068155288572e1,
    ];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 4] = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];
    const TAIL: f64 = 0.02425;
    let polynomial = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    let tail = |p: f64| {
        let q = libm::sqrt(-2.0 * ln(p));
        polynomial(&C, q) / (polynomial(&D, q) * q + 1.0)
    };
    if p < TAIL {
        tail(p)
    } else if p > 1.0 - TAIL {
        -tail(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        polynomial(&A, r) * q / (polynomial(&B, r) * r + 1.0)
    }
}

/// A Gumbel(0, scale) draw from a uniform: the largest of many small errors.
pub fn gumbel_quantile(p: f64, scale: f64) -> f64 {
    -scale * ln(-ln(p))
}

/// The Poisson count that a uniform stands for, by walking the distribution function.
///
/// Work grows with the mean, so above 60 the normal approximation with continuity correction is
/// used: its error in the distribution function there is below 1e-3 of one count's probability mass.
pub fn poisson_quantile(p: f64, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    if mean > 60.0 {
        let z = normal_quantile(p);
        // Cornish-Fisher: the skewness of a Poisson law is 1/sqrt(mean).
        let count = mean + libm::sqrt(mean) * z + (z * z - 1.0) / 6.0;
        return libm::floor(count + 0.5).max(0.0);
    }
    let mut count = 0.0;
    let mut mass = exp(-mean);
    let mut cumulative = mass;
    while p > cumulative && mass > 1e-300 {
        count += 1.0;
        mass *= mean / count;
        cumulative += mass;
        if count > mean && mass < 1e-17 {
            break;
        }
    }
    count
}

/// Half-width multiplier of a two-sided interval: the Student t quantile at `(1 + confidence)/2`.
///
/// Solved by bisection on the distribution function (incomplete beta by continued fraction), which
/// is exact to 1e-10 and used a handful of times per table.
pub fn student_t_half_width(confidence: f64, degrees_of_freedom: f64) -> f64 {
    let target = 0.5 * (1.0 + confidence);
    let (mut low, mut high) = (0.0, 1e4);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle == low || middle == high {
            break;
        }
        if student_t_cdf(middle, degrees_of_freedom) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Distribution function of Student's t.
pub fn student_t_cdf(t: f64, degrees_of_freedom: f64) -> f64 {
    let x = degrees_of_freedom / (degrees_of_freedom + t * t);
    let tail = 0.5 * incomplete_beta(0.5 * degrees_of_freedom, 0.5, x);
    if t >= 0.0 { 1.0 - tail } else { tail }
}

/// Regularised incomplete beta function (Lentz's continued fraction, Press et al. 2007).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    let front =
        exp(libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * ln(x) + b * libm::log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    let tiny = 1e-300;
    let away_from_zero = |v: f64| if v.abs() < tiny { tiny } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..300 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let step = d * c;
        fraction *= step;
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// A sum that keeps the bits that plain addition loses (Neumaier 1974).
#[derive(Clone, Copy, Debug, Default)]
pub struct CompensatedSum {
    sum: f64,
    lost: f64,
}

impl CompensatedSum {
    /// Adds one term.
    #[inline]
    pub fn add(&mut self, term: f64) {
        let sum = self.sum + term;
        self.lost +=
            if self.sum.abs() >= term.abs() { (self.sum - sum) + term } else { (term - sum) + self.sum };
        self.sum = sum;
    }

    /// The total so far.
    pub fn total(self) -> f64 {
        self.sum + self.lost
    }
}

impl FromIterator<f64> for CompensatedSum {
    fn from_iter<I: IntoIterator<Item = f64>>(terms: I) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum
    }
}

/// Compensated sum of an iterator.
pub fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    terms.into_iter().collect::<CompensatedSum>().total()
}

/// The `p` quantile of the values, by linear interpolation between order statistics (type 7 of
/// Hyndman and Fan 1996, the default of R and NumPy). Sorts in place; `None` when there are none.
pub fn quantile(values: &mut [f64], p: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    values.sort_unstable_by(f64::total_cmp);
    let position = p * (values.len() - 1) as f64;
    let below = libm::floor(position) as usize;
    let above = (below + 1).min(values.len() - 1);
    Some(values[below] + (position - below as f64) * (values[above] - values[below]))
}

/// The mean; not a number where there are no values.
pub fn mean(values: &[f64]) -> f64 {
    sum(values.iter().copied()) / values.len() as f64
}

/// Mean and sample standard deviation (Welford 1962); `None` for fewer than two values.
pub fn mean_and_sd(values: &[f64]) -> Option<(f64, f64)> {
    let mut mean = 0.0;
    let mut squares = 0.0;
    for (seen, &value) in values.iter().enumerate() {
        let step = value - mean;
        mean += step / (seen + 1) as f64;
        squares += step * (value - mean);
    }
    (values.len() > 1).then(|| (mean, libm::sqrt(squares / (values.len() - 1) as f64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantile_inverts_the_distribution_function() {
        for p in [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999] {
            assert!((normal_cdf(normal_quantile(p)) - p).abs() < 2e-9, "{p}");
        }
    }

    #[test]
    fn student_t_agrees_with_published_tables() {
        for (df, expected) in [(1.0, 12.706_205), (9.0, 2.262_157), (30.0, 2.042_272)] {
            assert!((student_t_half_width(0.95, df) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn poisson_quantile_has_the_right_mean_and_variance() {
        for mean in [0.3, 4.0, 59.0, 61.0, 500.0] {
            let counts: Vec<f64> =
                (0..20_000).map(|i| poisson_quantile((f64::from(i) + 0.5) / 20_000.0, mean)).collect();
            let (average, sd) = mean_and_sd(&counts).expect("many values");
            assert!((average / mean - 1.0).abs() < 2e-3, "{mean}: {average}");
            assert!((sd * sd / mean - 1.0).abs() < 1e-2, "{mean}: {sd}");
        }
    }

    #[test]
    fn compensated_sum_keeps_small_terms() {
        assert_eq!(sum([1e16, 1.0, -1e16]), 1.0);
    }

    #[test]
    fn quantile_interpolates_like_r() {
        assert_eq!(quantile(&mut [4.0, 1.0, 3.0, 2.0], 0.5), Some(2.5));
        assert_eq!(quantile(&mut [], 0.5), None);
    }
}
