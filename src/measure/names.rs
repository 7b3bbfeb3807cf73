//! The registry of measures: one name for tables, charts, `--measure` and the documentation.

use super::bands::Band;
use super::bounds::Bounds;
use super::concentration::HHI_POINTS;
use crate::round::menu::MOST_OPTIONS;

/// Which way a measure is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better for communities or organisations.
    Higher,
    /// Less is better.
    Lower,
    /// Neither: it describes.
    Neither,
}

/// One national measure of a round.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// `snake_case`, with the unit or kind at the end where it is not a share.
    pub name: String,
    /// Unit, as on a chart axis.
    pub unit: &'static str,
    /// What it is, in a phrase that fits an axis or a table.
    pub label: String,
    /// Which way it is read.
    pub better: Better,
    /// What its values can be: those of its unit, unless it is declared with others.
    pub bounds: Bounds,
}

impl Measure {
    /// The same measure with other bounds than its unit has.
    fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// The label with its unit in brackets, where it does not name it itself.
    pub fn titled(&self) -> String {
        let words = |text: &str| text.replace(',', "");
        if self.unit.split(' ').all(|word| words(&self.label).split(' ').any(|named| named == words(word))) {
            return self.label.clone();
        }
        format!("{} [{}]", self.label, self.unit)
    }
}

/// The label of a measure with its unit; the name itself where there is no such measure.
pub fn titled(name: &str) -> String {
    all().iter().find(|measure| measure.name == name).map_or_else(|| name.to_string(), Measure::titled)
}

/// What values of a measure can be; any number where there is no such measure.
pub fn bounds(name: &str) -> Bounds {
    all().iter().find(|measure| measure.name == name).map_or(Bounds::NONE, |measure| measure.bounds)
}

/// Headline measures: the short table on the screen, the league, and the family of confirmatory tests.
pub const HEADLINES: [&str; 16] = [
    "outcomes_per_1000_residents",
    "people_served",
    "unmet_need_people",
    "outcome_per_1000_gbp",
    "equity_p90_p10",
    "hhi_local_lead",
    "hhi_local_excess",
    "hhi_national_lead",
    "income_share_major",
    "bids_per_tender",
    "single_bid_share",
    "price_to_full_cost",
    "full_cost_recovery",
    "reserves_months_median",
    "closures_per_1000",
    "bid_cost_share",
];

fn measure(name: &str, unit: &'static str, label: &str, better: Better) -> Measure {
    let bounds = Bounds::of_unit(unit);
    Measure { name: name.to_string(), unit, label: label.to_string(), better, bounds }
}

/// One measure per size band.
fn by_band(stem: &str, suffix: &str, unit: &'static str, label: &str, better: Better) -> Vec<Measure> {
    Band::ALL
        .iter()
        .map(|band| {
            measure(
                &format!("{stem}_{}{suffix}", band.name()),
                unit,
                &format!("{label}, {} charities", band.name()),
                better,
            )
        })
        .collect()
}

/// Every measure, in the order of the columns of `rounds.csv`.
pub fn all() -> Vec<Measure> {
    use Better::{Higher, Lower, Neither};
    /// Points less points.
    const EXCESS: Bounds = Bounds::new(-HHI_POINTS, HHI_POINTS);
    let communities = vec![
        measure("people_arriving", "people a year", "people coming to need, a year", Neither),
        measure("people_served", "people a year", "people served, a year", Higher),
        measure("outcomes", "people a year", "people helped successfully, a year", Higher),
        measure(
            "outcomes_per_1000_residents",
            "per 1,000 residents a year",
            "outcomes per 1,000 residents a year",
            Higher,
        ),
        measure("unmet_need_people", "people", "people waiting at the end of the round", Lower),
        measure("waiting_rounds", "rounds", "mean time that those waiting have waited", Lower),
        measure(
            "complex_served_share",
            "share",
            "share of people served who have two or more needs",
            Neither,
        ),
        measure("need_prevented_share", "share", "need kept away by unmeasured community work", Higher),
        measure("outcome_per_1000_gbp", "per 1,000 GBP", "outcomes per 1,000 GBP of public spending", Higher),
        measure(
            "equity_p90_p10",
            "ratio",
            "outcomes per person in need, best over worst tenth of areas",
            Lower,
        )
        .within(Bounds::at_least(1.0)),
        measure(
            "equity_concentration_index",
            "index",
            "concentration of outcomes in deprived areas (above 0)",
            Neither,
        )
        .within(Bounds::new(-1.0, 1.0)),
    ];
    let market = vec![
        measure("hhi_local_lead", "points", "local HHI, spend-weighted, by lead provider", Neither),
        measure("hhi_local_delivery", "points", "local HHI, spend-weighted, by who delivers", Neither),
        measure("hhi_local_excess", "points", "local HHI minus its random-allocation null", Neither)
            .within(EXCESS),
        measure("hhi_national_lead", "points", "national HHI by lead provider", Neither),
        measure("hhi_national_delivery", "points", "national HHI by who delivers", Neither),
        measure("hhi_national_excess", "points", "national HHI minus its random-allocation null", Neither)
            .within(EXCESS),
        measure("hhi_national_wins", "points", "HHI of contracts ever won, living charities", Neither),
        measure(
            "effective_providers_local",
            "providers",
            "effective number of providers in a local market",
            Neither,
        )
        .within(Bounds::at_least(1.0)),
        measure("cr4_national", "share", "share of contract income of the four largest", Neither),
        measure("contract_income_gbp", "GBP", "contract income of the round", Neither),
        measure("income_gini", "index", "Gini of contract income among holders", Neither)
            .within(Bounds::SHARE),
        measure("income_theil", "index", "Theil index of contract income among holders", Neither),
        measure("holders", "charities", "charities that hold a contract", Neither),
        measure("active_share", "share", "charities that bid or hold a contract", Neither),
    ];
    let organisations = vec![
        measure("charities", "charities", "charities alive", Neither),
        measure("full_cost_recovery", "ratio", "median payment over full cost of contract holders", Higher),
        measure("cross_subsidising_share", "share", "holders paid less than full cost", Lower),
        measure("deficit_share", "share", "charities spending more than their income over the year", Lower),
        measure("no_reserves_share", "share", "charities without reserves", Lower),
        measure(
            "reserves_months_median",
            "months",
            "median reserves of contract holders, months of spending",
            Higher,
        ),
        measure("closures", "charities", "charities closed in the round", Lower),
        measure("insolvencies", "charities", "charities closed for lack of money in the round", Lower),
        measure("mergers", "mergers", "mergers in the round", Neither),
        measure(
            "passed_on_share",
            "share",
            "contracts of closed charities that another provider took over",
            Neither,
        ),
        measure("foundings", "charities", "charities founded in the round", Neither),
        measure("closures_per_1000", "per 1,000 a year", "closures per 1,000 charities a year", Lower),
        measure("survival_under_1m", "share", "founding charities under 1m GBP still open", Higher),
        measure("survival_1m_and_over", "share", "founding charities of 1m GBP and over still open", Higher),
    ];
    let competition = vec![
        measure("tenders", "tenders", "tenders of the round", Neither),
        measure("call_offs", "calls", "calls to members of a framework in the round", Neither),
        measure("bids_per_tender", "bids", "bids per tender", Neither),
        measure("single_bid_share", "share", "tenders with a single bid", Lower),
        measure("no_bid_share", "share", "tenders without a valid bid", Lower),
        measure(
            "refused_share",
            "share",
            "tenders refused because they pay too little, over refusals and bids",
            Neither,
        ),
        measure(
            "declined_share",
            "share",
            "awards that the first called could not take, over-committed or at the cap on lots",
            Neither,
        ),
        measure("win_rate_under_1m", "share", "wins per bid, charities under 1m GBP", Neither),
        measure("win_rate_1m_and_over", "share", "wins per bid, charities of 1m GBP and over", Neither),
        measure("bid_cost_share", "share", "cost of bidding and evaluating over value awarded", Lower)
            .within(Bounds::NOT_NEGATIVE),
        measure("losing_bid_cost_share", "share", "cost of losing bids over value awarded", Lower)
            .within(Bounds::NOT_NEGATIVE),
        measure("price_to_full_cost", "ratio", "winning price over the winner's full cost", Neither),
        measure("price_to_ceiling", "ratio", "winning price over ceiling price", Neither),
        measure("value_awarded_gbp", "GBP", "value of contracts awarded in the round", Neither),
        measure(
            "bid_cost_share_under_1m",
            "share",
            "cost of bidding over contract income, charities under 1m GBP",
            Lower,
        )
        .within(Bounds::NOT_NEGATIVE),
        measure(
            "bid_cost_share_1m_and_over",
            "share",
            "cost of bidding over contract income, charities of 1m GBP and over",
            Lower,
        )
        .within(Bounds::NOT_NEGATIVE),
        measure(
            "ranking_paradox_share",
            "share",
            "competitive awards whose winner a losing bid decided",
            Lower,
        ),
        measure("margin_median", "points of 100", "median lead of the winner over the runner-up", Neither),
        measure(
            "price_flip_median",
            "share of the price",
            "median of the smallest change of one price that flips an award",
            Neither,
        ),
        measure("hhi_awards", "points", "HHI of the value awarded in the round, by winner", Neither),
        measure("awarded_share_local", "share", "value awarded in the round to local charities", Neither),
        measure(
            "awarded_number_share_local",
            "share",
            "contracts awarded in the round to local charities, by number",
            Neither,
        ),
    ];
    let collaboration = vec![
        measure("value_share_solo", "share", "value of contracts in force with one provider", Neither),
        measure("value_share_co_operation", "share", "value of contracts in force in co-operation", Neither),
        measure(
            "value_share_collaboration",
            "share",
            "value of contracts in force in collaboration",
            Neither,
        ),
        measure("team_size", "charities", "charities on a contract that a team holds", Neither)
            .within(Bounds::at_least(1.0)),
        measure(
            "partnership_prevalence",
            "share",
            "charities active in contracts that work in a team",
            Neither,
        ),
        measure("teams_formed", "teams", "teams that formed in the round", Neither),
        measure("trust_active", "share", "trust between charities that work together", Neither),
        measure("trust_all", "share", "trust between charities that know each other", Neither),
        measure(
            "fear",
            "share of value",
            "fears of losing identity, credit and control, together, leaders of contract holders",
            Neither,
        ),
        measure(
            "bid_candy_index",
            "share",
            "part of promised shares that partners in co-operation lose",
            Lower,
        ),
        measure("motive_purpose", "share", "weight of purpose among leaders of contract holders", Neither),
        measure(
            "motive_market_share",
            "share",
            "weight of market share among leaders of contract holders",
            Neither,
        ),
        measure("cut_partners_share", "share", "partners in co-operation whose share was cut", Lower),
    ];
    let mut all = [communities, market, organisations, competition, collaboration].concat();
    all.extend(by_band("contract_income", "_gbp", "GBP", "contract income of the round", Neither));
    all.extend(by_band("income_share", "", "share", "share of contract income", Neither));
    all.extend(by_band("awarded_share", "", "share", "value awarded in the round", Neither));
    all.extend(by_band("full_cost_recovery", "", "ratio", "median payment over full cost", Higher));
    all.extend(by_band(
        "reserves_months_median",
        "",
        "months",
        "median reserves in months of spending",
        Higher,
    ));
    all.extend(by_band("survival", "", "share", "founding charities still open", Higher));
    all.extend((1..MOST_OPTIONS).map(|option| {
        let label = format!("commissioners that go by option {option} of their menu of rules");
        measure(&format!("menu_share_{option}"), "share", &label, Neither)
    }));
    all
}

#[cfg(test)]
mod tests {
    use super::titled;

    #[test]
    fn titles_have_a_unit_once() {
        assert_eq!(titled("full_cost_recovery"), "median payment over full cost of contract holders [ratio]");
        assert_eq!(titled("outcomes_per_1000_residents"), "outcomes per 1,000 residents a year");
        assert_eq!(titled("nothing"), "nothing");
    }
}
