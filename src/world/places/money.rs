//! Spending that is raised to a floor, and where all of it would be.

use super::Place;
use super::doubts::England;
use crate::scenario::Market;
use crate::world::faults::{Faults, first_few};

/// Looks for cells of the user's own table in whose stead the floor of spending stands: `floor` is a share of
/// England's spending per head. Cells as England has them are no matter.
pub(super) fn judge(own: &[Place], england: &England, floor: f64, faults: &mut Faults) {
    let mut raised = Vec::new();
    let (mut all_nothing, mut as_in_england) = (true, true);
    for place in own.iter().filter(|place| place.sound) {
        let council = england.council(&place.area.code);
        for column in england.money() {
            let spending = column.of(place);
            let same = council.is_some_and(|council| {
                column.of(council) == spending && council.area.population == place.area.population
            });
            all_nothing &= spending == 0.0;
            as_in_england &= same;
            if !same && spending < floor * column.england_would(place) {
                raised.push(format!("row {} \"{}\"", place.row, column.name));
            }
        }
    }
    if raised.is_empty() {
        return;
    }
    if all_nothing && !as_in_england && floor == Market::default().spend_floor.value() {
        faults.of_file(&format!(
            "every cell of spending is 0, so that all money would be made up: {floor} of England's per head \
             (market.spend_floor); state what councils spend, or set a share of your own"
        ));
        return;
    }
    let all = raised.len();
    let some = first_few(&raised);
    faults.doubt_file(format!(
        "spending far below England's per head is raised to a floor, as if it were booked elsewhere (market.spend_floor = 0 \
         takes it as it is), in {all} cell{}: {some}",
        if all == 1 { "" } else { "s" }
    ));
}
