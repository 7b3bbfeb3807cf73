//! Queues that are known in closed form, to set beside waiting lists.

/// Chance that a person has to wait where people come at random, c places serve each for a random time,
/// and a = arrivals x mean time of service is below c: Erlang's C formula (Erlang 1917). 1 where it is not.
pub fn chance_of_waiting(places: u32, load: f64) -> f64 {
    if load >= f64::from(places) {
        return 1.0;
    }
    // Erlang's B by recursion over places: B' = a B/(k + a B); then C = B/(1 - (1 - B) a/c).
    let blocked = (1..=places).fold(1.0, |b, k| load * b / (f64::from(k) + load * b));
    blocked / (1.0 - (1.0 - blocked) * load / f64::from(places))
}

/// Mean number of people waiting in that queue: C a/(c - a).
pub fn mean_waiting(places: u32, load: f64) -> f64 {
    if load >= f64::from(places) {
        return f64::INFINITY;
    }
    chance_of_waiting(places, load) * load / (f64::from(places) - load)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// V25 (iii).
    #[test]
    fn three_places_under_a_load_of_two_and_two_fifths() {
        assert!((chance_of_waiting(3, 2.4) - 0.647_191).abs() < 1e-6);
        assert!((mean_waiting(3, 2.4) - 2.588_764).abs() < 1e-6);
    }

    /// With one place the chance of waiting is the load, and the mean queue a^2/(1 - a).
    #[test]
    fn one_place_is_the_simplest_queue() {
        for load in [0.0, 0.3, 0.8, 0.99] {
            assert!((chance_of_waiting(1, load) - load).abs() < 1e-12);
            assert!((mean_waiting(1, load) - load * load / (1.0 - load)).abs() < 1e-9);
        }
        assert_eq!((chance_of_waiting(2, 2.0), mean_waiting(2, 2.5)), (1.0, f64::INFINITY));
    }
}
