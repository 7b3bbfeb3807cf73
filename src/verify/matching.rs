//! V35: no two leaders would both rather have each other, and how far down their lists both sides end.

use super::{Check, Plan, Sample, VerifyError, watch};
use crate::ids::{CharityId, Id, TenderId};
use crate::random::Purpose;
use crate::round::partner::drawn_worth;
use crate::round::{RoundOutput, Setting};
use std::collections::BTreeMap;
use std::f64::consts::PI;

/// Charities on each side and areas in full.
const FULL: (u32, u32) = (500, 100);

/// Blocking pairs, and mean ranks.
pub fn checks(plan: &Plan) -> Result<Vec<Check>, VerifyError> {
    let mut scenario = plan.load("matching")?;
    let stated = scenario.world.charities_per_area;
    scenario.world.charities_per_area = plan.at_least_stated("world.charities_per_area", stated, 2 * FULL.0);
    scenario.world.areas = plan.number("world.areas", scenario.world.areas, FULL.1);
    let n = scenario.world.charities_per_area / 2;
    let (mut blocking, mut unmatched) = (0, 0);
    let (mut proposers, mut products) = (Sample::default(), Sample::default());
    watch(&scenario, |setting, _, output| {
        for (id, _) in output.tenders.calls.enumerate() {
            let matched = Matched::of(setting, output, id);
            let found = matched.ranks();
            blocking += found.blocking;
            unmatched += n as usize - matched.pairs.len();
            proposers.add(found.proposers);
            products.add(found.proposers * found.receivers / f64::from(n));
        }
    })?;
    let harmonic: f64 = (1..=n).map(|k| 1.0 / f64::from(k)).sum();
    let case = format!("{n} on each side");
    // Proposals come as coupons are collected (Pittel 1989): in a market the mean has s.d. pi/sqrt 6; but nobody asks twice,
    // which saves at most about H squared over n of them.
    let spared = harmonic / f64::from(n);
    let what = format!("mean rank of a proposer's partner, {case}");
    let ranks = Check::of_law("V35", what, harmonic, PI * PI / 6.0, &proposers);
    let ranks = Check { tolerance: ranks.tolerance + harmonic * spared, ..ranks };
    let product = Check::of_mean("V35", format!("ranks of both sides over n, {case}"), 1.0, &products);
    let product = Check { tolerance: 0.05 + spared, ..product };
    Ok(vec![
        Check::exact(
            "V35",
            format!("pairs who would rather have each other, {case}"),
            0.0,
            blocking as f64,
            0.0,
        ),
        Check::exact("V35", format!("proposers without a partner, {case}"), 0.0, unmatched as f64, 0.0),
        ranks,
        product,
    ])
}

/// Who found whom for a tender, and what each is worth to each.
struct Matched {
    /// Proposers with their receivers.
    pairs: Vec<(CharityId, CharityId)>,
    luck: BTreeMap<CharityId, u64>,
    tender_luck: u64,
}

/// How far down their lists both sides are on average, and pairs who would rather have each other.
struct Ranks {
    proposers: f64,
    receivers: f64,
    blocking: usize,
}

impl Matched {
    fn of(setting: &Setting, output: &RoundOutput, id: TenderId) -> Self {
        let mut of_charities = setting.luck.stream::<1>(Purpose::CharityAtTender, setting.round);
        let mut of_tenders = setting.luck.stream::<1>(Purpose::TenderAtCharity, setting.round);
        let [tender_luck] = of_tenders.raw(output.tenders.calls[id].lot.row() as u64);
        let teams = output.teams.formed.iter().filter(|team| team.tender == id);
        let pairs: Vec<(CharityId, CharityId)> =
            teams.map(|team| (team.workers[0].0, team.workers[1].0)).collect();
        let both = pairs.iter().flat_map(|&(lead, partner)| [lead, partner]);
        // In a made-up world a charity's address is its row.
        let luck = both.map(|charity| (charity, of_charities.raw(charity.row() as u64)[0])).collect();
        Self { pairs, luck, tender_luck }
    }

    fn worth(&self, own: CharityId, other: CharityId) -> f64 {
        drawn_worth(self.luck[&own], self.luck[&other], self.tender_luck)
    }

    fn ranks(&self) -> Ranks {
        let n = self.pairs.len() as f64;
        let own: Vec<(f64, f64)> = self
            .pairs
            .iter()
            .map(|&(lead, partner)| (self.worth(lead, partner), self.worth(partner, lead)))
            .collect();
        let (mut proposers, mut receivers, mut blocking) = (0, 0, 0);
        for (row, &(lead, _)) in self.pairs.iter().enumerate() {
            for (column, &(_, partner)) in self.pairs.iter().enumerate() {
                let (to_lead, to_partner) = (self.worth(lead, partner), self.worth(partner, lead));
                proposers += usize::from(to_lead >= own[row].0);
                receivers += usize::from(to_partner >= own[column].1);
                blocking += usize::from(to_lead > own[row].0 && to_partner > own[column].1);
            }
        }
        Ranks { proposers: proposers as f64 / n, receivers: receivers as f64 / n, blocking }
    }
}
