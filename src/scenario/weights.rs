//! Weights of the award criteria: they sum to one, and where some are changed the others share what is left.

use super::registry::Value;

/// The weights of the award criteria.
pub const WEIGHTS: [&str; 4] =
    ["rules.weight_quality", "rules.weight_price", "rules.weight_social", "rules.weight_collaboration"];
/// Rounding that sums of weights may show.
const ROUNDING: f64 = 1e-9;
/// Decimals to which shared weights are rounded, so that .3 that is left of .7 is the .3 that a file would state.
const DECIMALS: f64 = 1e12;

/// Whether shares sum to one.
pub(super) fn sum_to_one(shares: &[f64]) -> bool {
    (shares.iter().sum::<f64>() - 1.0).abs() <= ROUNDING
}

/// The sum, without the last digits in which sums of decimals always err.
pub(super) fn sum_of(shares: &[f64]) -> f64 {
    rounded(shares.iter().sum())
}

fn rounded(number: f64) -> f64 {
    (number * DECIMALS).round() / DECIMALS
}

/// The weights among some values, in the order of [`WEIGHTS`].
pub(super) fn weights_of<'a>(look_up: impl Fn(&str) -> Option<&'a Value>) -> Option<[f64; 4]> {
    let mut weights = [0.0; 4];
    for (weight, key) in weights.iter_mut().zip(WEIGHTS) {
        let Value::Number(number) = look_up(key)? else { return None };
        *weight = *number;
    }
    Some(weights)
}

/// The weights where some are given and the others share what is left in proportion; nothing where that cannot be:
/// more than one is given, or no other weight is above 0.
fn share_rest(weights: [f64; 4], given: [bool; 4]) -> Option<[f64; 4]> {
    let of = |wanted: bool| -> f64 {
        weights.iter().zip(given).filter(|(_, given)| *given == wanted).map(|(weight, _)| weight).sum()
    };
    let (rest, others) = (1.0 - of(true), of(false));
    if rest < -ROUNDING || (others == 0.0 && rest > ROUNDING) {
        return None;
    }
    let scale = if others == 0.0 { 0.0 } else { rest.max(0.0) / others };
    let mut shared = weights;
    for (weight, given) in shared.iter_mut().zip(given) {
        if !given {
            *weight = rounded(*weight * scale);
        }
    }
    Some(shared)
}

/// The weights that move, with their values before and after, where the weights among `given` are given and the others
/// share the rest. Nothing moves where none or all are given, the sum is one already, or nothing can be shared.
pub(super) fn moved(weights: [f64; 4], given: &[&str]) -> Vec<(&'static str, f64, f64)> {
    let is_given = WEIGHTS.map(|key| given.contains(&key));
    if !is_given.contains(&true) || sum_to_one(&weights) {
        return Vec::new();
    }
    let Some(shared) = share_rest(weights, is_given) else { return Vec::new() };
    let moves = WEIGHTS.iter().zip(weights).zip(shared).map(|((key, before), after)| (*key, before, after));
    moves.filter(|(_, before, after)| before != after).collect()
}

/// "rules.weight_quality is 0.6 and rules.weight_price is 0.5": criteria without weight go unnamed, unless
/// all have none.
pub(super) fn stated_weights(weights: &[f64; 4]) -> String {
    let used =
        WEIGHTS.iter().zip(weights).enumerate().filter(|(row, (_, weight))| *row < 2 || **weight != 0.0);
    let words: Vec<String> = used.map(|(_, (key, weight))| format!("{key} is {weight}")).collect();
    words.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_share_what_is_left_in_proportion() {
        let given = [false, true, false, false];
        assert_eq!(share_rest([0.6, 0.7, 0.0, 0.0], given), Some([0.3, 0.7, 0.0, 0.0]));
        assert_eq!(share_rest([0.6, 0.2, 0.2, 0.0], given), Some([0.6, 0.2, 0.2, 0.0]));
        assert_eq!(share_rest([0.4, 0.2, 0.2, 0.2], given), Some([0.4, 0.2, 0.2, 0.2]));
        assert_eq!(share_rest([0.3, 0.5, 0.1, 0.1], given), Some([0.3, 0.5, 0.1, 0.1]));
        assert_eq!(share_rest([0.6, 1.0, 0.1, 0.1], given), Some([0.0, 1.0, 0.0, 0.0]));
        assert_eq!(share_rest([0.0, 0.5, 0.0, 0.0], given), None);
        assert_eq!(share_rest([0.7, 0.7, 0.0, 0.0], [true, true, false, false]), None);
        assert_eq!(share_rest([0.2, 0.4, 0.4, 0.4], [true, true, false, false]), Some([0.2, 0.4, 0.2, 0.2]));
    }

    #[test]
    fn only_what_moves_is_told() {
        assert_eq!(
            moved([0.6, 0.5, 0.0, 0.0], &["rules.weight_price"]),
            [("rules.weight_quality", 0.6, 0.5)]
        );
        assert!(moved([0.6, 0.5, 0.0, 0.0], &["rules.notice_weeks"]).is_empty());
        assert!(moved([0.6, 0.4, 0.0, 0.0], &["rules.weight_price"]).is_empty());
    }
}
