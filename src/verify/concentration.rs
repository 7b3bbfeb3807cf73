//! V16 and V17: concentration of equal shares, and of nothing but chance; and the reduced market of
//! zero-intelligence bidders.

use super::scoring::win_chances;
use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::Id;
use crate::measure::concentration::hhi;
use crate::measure::round::{local_hhi, measure};

/// V16: n providers with equal contracts: HHI is 1/n nationally and 1 in each area.
pub fn equal_shares(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.load("equal-shares")?;
    let (mut national, mut local, mut excess) = (f64::NAN, f64::NAN, f64::NAN);
    watch(&scenario, |setting, state, output| {
        let measures = measure(setting, state, output);
        national = measures.get("hhi_national_lead").unwrap_or(f64::NAN) / 10_000.0;
        local = measures.get("effective_providers_local").unwrap_or(f64::NAN);
        excess = measures.get("hhi_national_excess").unwrap_or(f64::NAN);
    })?;
    let n = f64::from(scenario.world.areas);
    Ok(vec![
        Check::exact("V16", "equal shares: national HHI", 1.0 / n, national, 1e-12),
        Check::exact("V16", "equal shares: effective local providers", 1.0, local, 1e-12),
        Check::exact("V16", "one bidder each: HHI minus null", 0.0, excess, 1e-9),
    ])
}

/// V17: m equal contracts to n bidders by lottery: E(HHI) = 1/n + (1 - 1/n)/m and its variance; the
/// measured HHI minus its null is 0 on average.
pub fn null_allocation(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("null-alloc", 200_000)?;
    let n = f64::from(scenario.world.charities_per_area);
    let m = f64::from(scenario.market.lots_per_market);
    let (mut hhi, mut excess) = (Sample::default(), Sample::default());
    watch(&scenario, |setting, state, output| {
        for (_, _, local) in local_hhi(&state.window) {
            hhi.add(local);
        }
        excess.add(measure(setting, state, output).get("hhi_local_excess").unwrap_or(f64::NAN));
    })?;
    let variance = 2.0 * (m - 1.0) * (n - 1.0) / (m * m * m * n * n);
    Ok(vec![
        Check::of_mean("V17", "lottery: mean HHI", 1.0 / n + (1.0 - 1.0 / n) / m, &hhi),
        Check {
            id: "V17",
            what: "lottery: variance of HHI".into(),
            theory: variance,
            measured: hhi.variance(),
            repetitions: hhi.n,
            standard_error: variance * libm::sqrt(2.0 / hhi.n),
            // HHI is skewed to the right: its variance settles about three times slower than a normal's.
            tolerance: 12.0 * variance * libm::sqrt(2.0 / hhi.n),
        },
        Check::of_mean("V17", "lottery: HHI minus null", 0.0, &excess),
    ])
}

/// V17: lots of unequal value w to bidders of unequal chance p: E(HHI) = Hp + (1 - Hp) Hw, where Hp is the
/// sum of p^2 and Hw that of squared shares of value. Chances are a softmax of listed abilities.
pub fn unequal_allocation(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.repeated("null-unequal", 200_000)?;
    let chances = win_chances(&scenario);
    let lots = scenario.market.lots_per_market as usize;
    let values: Vec<f64> = scenario.market.lot_value_weights.iter().copied().cycle().take(lots).collect();
    let of = |amounts: &[f64]| hhi(amounts).unwrap_or(f64::NAN);
    let theory = of(&chances) + (1.0 - of(&chances)) * of(&values);
    let mut measured = Sample::default();
    watch(&scenario, |_, state, _| {
        local_hhi(&state.window).into_iter().for_each(|(_, _, local)| measured.add(local));
    })?;
    Ok(vec![Check::of_mean("V17", "unequal lots and chances: mean HHI", theory, &measured)])
}

/// The reduced market after its rounds: HHI of wins times areas, and closures per charity and round.
/// The reference values come from independent programs for the same market (100 rounds, 50 charities
/// an area, markups up to 0.2): 0.295 to 0.299, and 0.0025 to 0.0026.
pub fn reduced_market(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let scenario = plan.enlarged("zero-intelligence-market", 4_000)?;
    let mut closures = Sample::default();
    let state = watch(&scenario, |_, state, output| {
        let open = state.charities.finances.iter().filter(|finances| finances.is_open()).count();
        closures.add(output.turnover.closed.len() as f64 / open as f64);
    })?;
    let mut wins = vec![Vec::new(); scenario.world.areas as usize];
    for (id, profile) in state.charities.profile.enumerate() {
        if state.charities.finances[id].is_open() {
            wins[profile.home().row()].push(f64::from(state.charities.record[id].wins));
        }
    }
    let per_area = wins.iter().flatten().sum::<f64>() / wins.len() as f64;
    let mut hhi = Sample::default();
    for wins in &wins {
        hhi.add(wins.iter().map(|wins| wins * wins).sum::<f64>() / (per_area * per_area));
    }
    let near = |what: &str, (low, high): (f64, f64), sample: &Sample| {
        let check = Check::of_mean("ZI", what, 0.5 * (low + high), sample);
        Check { tolerance: check.tolerance + 0.5 * (high - low), ..check }
    };
    Ok(vec![
        near("reduced market: HHI of wins x areas", (0.295, 0.299), &hhi),
        near("reduced market: closures per charity-round", (0.0025, 0.0026), &closures),
    ])
}
