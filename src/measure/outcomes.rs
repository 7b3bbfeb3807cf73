//! Outcomes for communities: pure functions over areas.

/// An area's weight, its deprivation and a rate to compare.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Residents.
    pub weight: f64,
    /// Deprivation score: higher is more deprived.
    pub deprivation: f64,
    /// The rate that is compared, such as outcomes per person in need.
    pub rate: f64,
}

/// Weighted quantile: the rate below which a share `p` of the residents live.
fn weighted_quantile(places: &[Place], p: f64) -> Option<f64> {
    let mut sorted: Vec<&Place> = places.iter().collect();
    sorted.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let total: f64 = sorted.iter().map(|place| place.weight).sum();
    let mut below = 0.0;
    for place in &sorted {
        below += place.weight;
        if below >= p * total {
            return Some(place.rate);
        }
    }
    sorted.last().map(|place| place.rate)
}

/// Ratio of the 90th to the 10th percentile of residents; `None` where the tenth has none.
pub fn p90_p10(places: &[Place]) -> Option<f64> {
    let low = weighted_quantile(places, 0.1)?;
    (low > 0.0).then(|| weighted_quantile(places, 0.9).map(|high| high / low))?
}

/// Concentration index C = 2 cov(rate, rank) / mean, with the fractional rank of deprivation
/// weighted by residents: above 0, the rate is higher where deprivation is higher.
pub fn concentration_index(places: &[Place]) -> Option<f64> {
    let mut sorted: Vec<&Place> = places.iter().collect();
    sorted.sort_by(|a, b| a.deprivation.total_cmp(&b.deprivation));
    let total: f64 = sorted.iter().map(|place| place.weight).sum();
    let mean = sorted.iter().map(|place| place.weight * place.rate).sum::<f64>() / total;
    let mut below = 0.0;
    let mut covariance = 0.0;
    for place in sorted {
        let rank = (below + 0.5 * place.weight) / total;
        covariance += place.weight / total * (place.rate - mean) * (rank - 0.5);
        below += place.weight;
    }
    (mean > 0.0).then(|| 2.0 * covariance / mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn concentration_index_reference_value() {
        let places: Vec<Place> =
            (1..=5).map(|h| Place { weight: 1.0, deprivation: f64::from(h), rate: f64::from(h) }).collect();
        assert!((concentration_index(&places).expect("defined") - 0.266_667).abs() < 1e-6);
    }

    #[test]
    fn equal_rates_are_equal() {
        let places = [1.0, 2.0, 3.0].map(|deprivation| Place { weight: 2.0, deprivation, rate: 0.5 });
        assert_eq!(p90_p10(&places), Some(1.0));
        assert!(concentration_index(&places).expect("defined").abs() < 1e-15);
    }
}
