//! A tender as a charity sees it: whether it may answer, what it expects to cost, to achieve and to gain.

use super::means::{
    chance_of_winning, counted_cost, expected_pay, has_turnover, has_working_capital, may_join, mean_ability,
    premium, readiness,
};
use super::notices::Notice;
use super::{Board, Prospect, Seeker};
use crate::ids::{AreaId, CharityId, LotId, ServiceId, TenderId};
use crate::random::{PairDraw, pair_uniform};
use crate::round::commission::{Part, Tender};
use crate::round::deliver::chances_of_success;
use crate::round::effort;
use crate::round::score::planning_score;
use crate::round::state::Profile;
use crate::round::utility::spread;
use crate::scenario::parameters::{EffortRule, PurposeKind, ReservedFor, Rules};
use crate::units::Gbp;
use crate::world::PublicRecord;
use std::cell::OnceCell;

impl Board<'_> {
    /// A tender as this charity sees it, if it is eligible, ready and could deliver under the ceiling.
    pub(super) fn prospect(
        &self,
        seeker: &Seeker,
        notice: Notice,
        as_stranger: &OnceCell<f64>,
    ) -> Option<Prospect> {
        let id = notice.tender;
        let tender = &self.calls[id];
        let Seeker { profile, finances, behaviour, .. } = *seeker;
        let rules = &self.setting.regime(tender.area).rules;
        let rounds_per_year = self.setting.world.calendar.rounds_per_year();
        let fte = self.setting.fte(tender.hours);
        let luck = notice.luck(seeker.luck);
        let pair = |draw: PairDraw| pair_uniform(luck, self.luck[id], draw as u64);
        let mut alone = has_turnover(rules, finances, tender, rounds_per_year)
            && finances.committed.value() + fte <= finances.capacity.value() * (1.0 + behaviour.stretch);
        let may_join = may_join(rules, behaviour, finances);
        if !(alone || may_join)
            || !self.may_bid(rules, seeker, id)
            || !self.has_experience(profile, rules, id)
            || pair(PairDraw::Readiness) > self.readiness(seeker, tender, rules)
        {
            return None;
        }
        let local = self.over_parts(id, |area, _| self.embeddedness(profile, id, area));
        let error = behaviour.cost_error * (1.0 - local) * (2.0 * pair(PairDraw::CostError) - 1.0);
        let hour_cost = finances.unit_cost * (1.0 + error);
        let cost = counted_cost(behaviour, tender.hours, hour_cost, profile.overhead);
        let success = self.expected_success(seeker, id, as_stranger);
        let (worth, risk) = self.worth(seeker, id, success, cost);
        let pay = expected_pay(rules, success);
        let motives = seeker.leader.wants(behaviour);
        let regard = 1.0 + motives.share * behaviour.share_weight;
        // Who joins others may share the risk.
        let [shared, wanted] = [cost - worth, cost - (worth - risk)].map(|least| least / (pay * regard));
        alone &=
            wanted <= tender.ceiling && has_working_capital(rules, behaviour, finances, cost, self.setting);
        if shared > tender.ceiling || !(alone || may_join) {
            return None;
        }
        let wanted = if alone { wanted } else { shared };
        let services = &self.setting.world.services;
        let ability =
            self.over_parts(id, |_, service| mean_ability(profile, &services[service].skill_weights));
        let bid_cost = self.bid_costs[self.setting.in_force.place(profile.home())][id];
        let market = self.record(id);
        let price = tender.ceiling * market.price_ratio;
        let score = planning_score(rules, ability, local, market.price_ratio, market.price_ratio);
        let chance = chance_of_winning(behaviour, score, market);
        let part = if alone { 1.0 } else { behaviour.expected_part.value() };
        let gain = chance * (price - wanted).value() * (pay * regard) * f64::from(tender.term);
        let expected = gain * part - bid_cost.value() * part;
        let charity_luck = seeker.luck;
        Some(Prospect {
            charity: seeker.id,
            tender: id,
            charity_luck,
            hour_cost,
            ability,
            local,
            bid_cost,
            worth,
            risk,
            pay,
            regard,
            alone,
            writes: true,
            joins: may_join,
            expected,
        })
    }

    /// What is known of the market that a tender is in.
    fn record(&self, id: TenderId) -> &PublicRecord {
        let tender = &self.calls[id];
        if self.outside(id).is_some() {
            &self.elsewhere[tender.service]
        } else {
            &self.records[tender.market]
        }
    }

    /// A charity's embeddedness where a tender's work in an area of this world, or the lot outside that it is for, is.
    fn embeddedness(&self, profile: &Profile, id: TenderId, area: AreaId) -> f64 {
        match self.outside(id) {
            None => profile.embeddedness(area),
            Some(_) if self.is_at_home(profile, id) => f64::from(profile.rooted),
            Some(_) => 0.0,
        }
    }

    /// A value over the lots of a tender, weighted by their work.
    fn over_parts(&self, id: TenderId, value: impl Fn(AreaId, ServiceId) -> f64) -> f64 {
        if !self.is_bundle(id) {
            return value(self.calls[id].area, self.calls[id].service);
        }
        let of_part = |part: &Part| {
            let market = &self.setting.world.markets[part.market];
            part.share * value(market.area, market.service)
        };
        self.tenders.parts(id).iter().map(of_part).sum()
    }

    /// Contracts below a value may be reserved.
    fn may_bid(&self, rules: &Rules, seeker: &Seeker, id: TenderId) -> bool {
        let tender = &self.calls[id];
        if rules.reserved == ReservedFor::Nobody || tender.value() >= rules.reserved_below_gbp {
            return true;
        }
        let local = self.is_at_home(seeker.profile, id);
        let small = seeker.finances.income <= rules.reserved_income_max_gbp;
        match rules.reserved {
            ReservedFor::Nobody => true,
            ReservedFor::Local => local,
            ReservedFor::Small => small,
            ReservedFor::LocalSmall => local && small,
            ReservedFor::Newcomers => {
                self.outside(id).is_some() || self.lots[tender.lot].previous != Some(seeker.id)
            }
            ReservedFor::Mutual => seeker.is_mutual && !self.won_reserved_lately(seeker.id, id),
        }
    }

    /// Whether a charity won one of a tender's lots as a reserved contract in the last years.
    fn won_reserved_lately(&self, charity: CharityId, id: TenderId) -> bool {
        let rules = &self.setting.regime(self.calls[id].area).rules;
        let quiet = rules.mutual_again_years * self.setting.world.calendar.rounds_per_year();
        let lately = |lot: LotId| {
            self.lots[lot].reserved_for.is_some_and(|(winner, round)| {
                winner == charity && f64::from(self.setting.round - round) < quiet
            })
        };
        if self.is_bundle(id) {
            self.tenders.parts(id).iter().any(|part| lately(part.lot))
        } else {
            self.outside(id).is_none() && lately(self.calls[id].lot)
        }
    }

    /// Whether a charity offers enough of the services of a bundle.
    fn has_experience(&self, profile: &Profile, rules: &Rules, id: TenderId) -> bool {
        let offered = |_, service| f64::from(u8::from(profile.offers(service)));
        !self.is_bundle(id) || self.over_parts(id, offered) >= rules.bundle_experience.value()
    }

    /// Chance of being ready in time for a tender.
    #[inline]
    fn readiness(&self, seeker: &Seeker, tender: &Tender, rules: &Rules) -> f64 {
        if tender.eased == 0.0 {
            return seeker.readiness[self.setting.in_force.place(tender.area)];
        }
        readiness(seeker.behaviour, tender.notice_weeks(rules), seeker.finances)
    }

    /// What winning alone is worth beside the money \[GBP a round\]: purpose x value of an outcome x outcomes (all
    /// of them, or those beyond what the market's providers so far would achieve), and ego x autonomy; and what its
    /// risk costs.
    fn worth(&self, seeker: &Seeker, id: TenderId, success: f64, cost: Gbp) -> (Gbp, Gbp) {
        let (tender, behaviour) = (&self.calls[id], seeker.behaviour);
        let market = self.record(id);
        let motives = seeker.leader.wants(behaviour);
        let counted = match behaviour.purpose_kind {
            PurposeKind::WarmGlow => success,
            PurposeKind::Counterfactual => (success - market.success).max(0.0),
        };
        let scale = behaviour.outcome_value_gbp * motives.purpose;
        let autonomy = tender.ceiling * (market.price_ratio * motives.ego * behaviour.autonomy_weight);
        let rules = &self.setting.regime(tender.area).rules;
        let at_risk = rules.results_share.value() * behaviour.outcome_noise * market.price_ratio;
        let at_risk = at_risk * spread(behaviour, tender.squared_shares);
        let risk = premium(behaviour, motives.security, seeker.finances, cost, tender, at_risk);
        (scale * (tender.volume.value() * counted) + autonomy, risk)
    }

    /// Success per person that the charity expects of itself, where anything depends on it.
    ///
    /// Where it has no local knowledge, and effort is not in question, that is worked out once for a service.
    fn expected_success(&self, seeker: &Seeker, id: TenderId, as_stranger: &OnceCell<f64>) -> f64 {
        let Seeker { profile, behaviour, .. } = *seeker;
        let rules = &self.setting.regime(self.calls[id].area).rules;
        let purpose = seeker.leader.wants(behaviour).purpose;
        if rules.results_share.value() == 0.0 && purpose == 0.0 {
            return 0.0;
        }
        let work = seeker.leader.overrates(behaviour) * effort::planned(behaviour, rules, 1.0, purpose);
        let success = |local: f64, service: ServiceId| {
            let service = &self.setting.world.services[service];
            let chances = chances_of_success(behaviour, service, profile, work, local);
            chances.iter().zip(&service.complexity).map(|(chance, share)| chance * share).sum()
        };
        let alike = behaviour.effort_rule == EffortRule::Fixed && !self.is_bundle(id);
        self.over_parts(id, |area, service| match self.embeddedness(profile, id, area) {
            local if local == 0.0 && alike => *as_stranger.get_or_init(|| success(local, service)),
            local => success(local, service),
        })
    }
}
