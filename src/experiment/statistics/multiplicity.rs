//! Many tests at once: p values adjusted within a family, in their order.

/// Bonferroni's adjustment: no false finding in the family, whatever the dependence, and intervals that all hold at once.
pub fn bonferroni(p: &[f64]) -> Vec<f64> {
    p.iter().map(|own| (p.len() as f64 * own).min(1.0)).collect()
}

/// Benjamini and Hochberg's step-up adjustment (1995): the share of false findings among all findings.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p.len()];
    let mut lowest = 1.0_f64;
    for (rank, &row) in ascending(p).iter().enumerate().rev() {
        lowest = lowest.min(p.len() as f64 / (rank + 1) as f64 * p[row]);
        adjusted[row] = lowest;
    }
    adjusted
}

/// Rows from the smallest p to the largest.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} and {expected}");
        }
    }

    /// verification.md 4.4
    #[test]
    fn reference_values() {
        close(&bonferroni(&[0.01, 0.04, 0.03, 0.005]), &[0.04, 0.16, 0.12, 0.02]);
        close(&benjamini_hochberg(&[0.01, 0.04, 0.03, 0.005]), &[0.02, 0.04, 0.04, 0.02]);
    }

    #[test]
    fn adjusted_values_are_probabilities() {
        close(&bonferroni(&[0.9, 0.8]), &[1.0, 1.0]);
        close(&benjamini_hochberg(&[0.9, 0.8]), &[0.9, 0.9]);
        assert!(bonferroni(&[]).is_empty() && benjamini_hochberg(&[]).is_empty());
    }
}
