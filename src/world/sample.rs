//! Sampling whole authorities, so that a small run keeps real competition.

use super::Area;
use crate::random::{Luck, Purpose};
use crate::scenario::Scenario;

/// Rows of the authorities that a scenario keeps, in order.
///
/// Authorities are ordered by region and, within a region, by deprivation (back and forth, so that
/// neighbours in the order are alike). A systematic sample with a random start then meets every
/// region and every level of deprivation in proportion.
pub fn choose_authorities(areas: &[Area], regions: &[String], scenario: &Scenario) -> Vec<usize> {
    let wanted = scenario.world.sample_authorities as usize;
    if wanted == 0 || wanted >= areas.len() {
        return (0..areas.len()).collect();
    }
    let mut order: Vec<usize> = Vec::with_capacity(areas.len());
    for region in 0..regions.len() {
        let mut members: Vec<usize> = (0..areas.len()).filter(|&row| areas[row].region == region).collect();
        members.sort_by(|&a, &b| areas[a].deprivation.total_cmp(&areas[b].deprivation));
        if region % 2 == 1 {
            members.reverse();
        }
        order.extend(members);
    }
    let [start] = Luck::new(scenario.run.seed, 0).stream::<1>(Purpose::Sample, 0).uniforms(0);
    let step = areas.len() as f64 / wanted as f64;
    let mut chosen: Vec<usize> =
        (0..wanted).map(|pick| order[((start + pick as f64) * step) as usize]).collect();
    chosen.sort_unstable();
    chosen
}
