//! Every parameter there is, block by block: the table behind scenarios, docs and the engine.

pub use super::choices::*;
use super::registry::{Parameter, parameters};
use crate::units::{Gbp, People, Probability, Share, Weeks};

parameters! {
    /// Where and when: areas, services, length of a round.
    "world" World {
        kind: WorldKind = WorldKind::England, [], "none", gbp 0, off None,
            "where areas, services and charities come from", "assumption";
        round_weeks: Weeks = Weeks::new(13.0), [1.0, 52.0], "weeks", gbp 0, off None,
            "length of one tender round; a quarter is 13", "assumption: councils report and pay by quarter";
        sample_authorities: u32 = 0, [0, 151], "authorities", gbp 0, off Some("0"),
            "whole authorities drawn from England, stratified by region and deprivation; 0 takes all", "assumption: sampling plan";
        only_service: String = String::new(), [], "service key", gbp 0, off Some("\"\""),
            "the one service of England to simulate; empty for all", "assumption: single markets";
        copies: u32 = 1, [1, 64], "copies", gbp 0, off Some("1"),
            "how many copies of the sampled areas stand side by side, to test scaling", "assumption: stress test";
        areas_file: String = String::new(), [], "path", gbp 0, off Some("\"\""),
            "your own areas as CSV instead of England's; empty for the built-in table", "user data";
        charities_file: String = String::new(), [], "path", gbp 0, off Some("\"\""),
            "your own charities as CSV instead of drawn ones; empty to draw them", "user data";
        areas: u32 = 10, [1, 200_000], "areas", gbp 0, off None,
            "number of areas of a synthetic world", "assumption";
        services: u32 = 1, [1, 12], "services", gbp 0, off None,
            "number of services of a synthetic world", "assumption";
        residents_per_area: People = People::new(350_000.0), [1.0, 1e8], "people", gbp 0, off None,
            "residents of each area of a synthetic world", "assumption: near the mean upper-tier authority";
        need_per_1000: f64 = 3.0, [0.0, 1000.0], "people per 1,000 residents a year", gbp 0, off None,
            "people who come to need each service of a synthetic world", "assumption";
        complexity_shares: Vec<f64> = vec![0.4, 0.3, 0.2, 0.1], [0.0, 1.0], "share", gbp 0, off Some("[1, 0, 0, 0]"),
            "share of people of a synthetic world with 1, 2, 3 and 4 simultaneous needs; sums to one", "assumption";
        skill_weights: Vec<f64> = vec![0.25, 0.25, 0.25, 0.25], [0.0, 1.0], "share", gbp 0, off None,
            "how much each of up to four skills matters in a synthetic world; sums to one", "assumption";
        charities_per_area: u32 = 50, [0, 1_000_000], "charities", gbp 0, off None,
            "charities in each area of a synthetic world, each offering one service in turn", "assumption";
    }
}

parameters! {
    /// The founding population of charities and what they live on.
    "population" Population {
        charities: u32 = 170_000, [0, 20_000_000], "charities", gbp 0, off None,
            "charities in the whole of England; a sample takes its share", "Charity Commission, register of June 2025: 170,827";
        income_median_gbp: Gbp = Gbp::new(22_500.0), [1.0, 1e9], "GBP a year", gbp 1, off None,
            "median of the lognormal body of incomes", "fitted to the register's counts by band (UK-CAT, mid-2026)";
        income_spread: f64 = 2.41, [0.0, 6.0], "s.d. of ln", gbp 0, off Some("0"),
            "spread of the lognormal body of incomes", "fitted to the register's counts by band (UK-CAT, mid-2026)";
        tail_start_gbp: Gbp = Gbp::new(1_000_000.0), [1.0, 1e12], "GBP a year", gbp 1, off None,
            "income from which the Pareto tail replaces the body", "evidence: tail fatter than lognormal above 1m";
        tail_exponent: f64 = 0.7, [0.1, 5.0], "none", gbp 0, off None,
            "exponent of the Pareto tail; lower is heavier", "register counts at or over 1m and over 10m (UK-CAT, mid-2026); set against T01r4";
        income_max_gbp: Gbp = Gbp::new(1.5e9), [1.0, 1e12], "GBP a year", gbp 1, off None,
            "largest income; the tail is truncated here", "largest charities of the register, 2024-25";
        income_values_gbp: Vec<f64> = vec![], [1.0, 1e12], "GBP a year", gbp 1, off Some("[]"),
            "incomes given to the founding charities of each area of a synthetic world in turn, in place of the law of incomes", "theory presets (matching); assumption";
        public_income_share: Share = Share::new(0.08), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "share of income that a charity offering council services earns outside voluntary income at the start", "assumption; set against T01r and T18a (contracts won in the run come on top)";
        offer_recall: f64 = 1.3, [0.0, 20.0], "none", gbp 0, off Some("1"),
            "charities that offer a service, over those whose activity text names it (keyword tags miss some)", "assumption; set against T10";
        offer_size_slope: f64 = 3.7, [0.0, 10.0], "per tenfold income", gbp 0, off Some("0"),
            "further services that larger charities offer beyond those that their activity text names, as a growth of the recall with each tenfold income above 100,000 GBP", "assumption; set against T11a";
        staff_share: Share = Share::new(0.6), [0.0, 1.0], "share", gbp 0, off None,
            "share of income spent on staff, which sets capacity", "assumption";
        wage_gbp: Gbp = Gbp::new(34_000.0), [0.0001, 1e7], "GBP per FTE a year", gbp 1, off None,
            "cost of a full-time post with on-costs", "assumption";
        hours_per_fte: f64 = 1_550.0, [1.0, 4_000.0], "hours per FTE a year", gbp 0, off None,
            "working hours of a full-time post after leave", "assumption";
        cost_law: CostLaw = CostLaw::Lognormal, [], "none", gbp 0, off None,
            "where a charity's cost per staff hour comes from", "assumption";
        unit_cost_gbp: Gbp = Gbp::new(21.5), [0.0, 1e6], "GBP per staff hour", gbp 1, off None,
            "median direct cost of an hour for a charity of 1m income", "assumption: wage and travel";
        cost_spread: f64 = 0.375, [0.0, 2.0], "s.d. of ln", gbp 0, off Some("0"),
            "spread of direct cost between charities of one size", "assumption; set against T15b";
        cost_low_gbp: Gbp = Gbp::new(0.0), [0.0, 1e9], "GBP per staff hour", gbp 1, off None,
            "lowest cost under the uniform law", "theory presets; assumption";
        cost_high_gbp: Gbp = Gbp::new(1.0), [0.0, 1e9], "GBP per staff hour", gbp 1, off None,
            "highest cost under the uniform law", "theory presets; assumption";
        cost_values_gbp: Vec<f64> = vec![], [0.0, 1e9], "GBP per staff hour", gbp 1, off Some("[]"),
            "costs given to the founding charities of each area of a synthetic world in turn, in place of the law of costs; they are not drawn afresh", "theory presets (ranking paradox); assumption";
        cost_power: f64 = 1.0, [0.01, 100.0], "none", gbp 0, off Some("1"),
            "exponent of the power law of costs; above 1 low costs are frequent", "theory presets; assumption";
        cost_mean_excess_gbp: Gbp = Gbp::new(1.0), [1e-9, 1e9], "GBP per staff hour", gbp 1, off None,
            "mean of costs above the lowest under the exponential law", "theory presets; assumption";
        scale_elasticity: f64 = 0.08, [0.0, 0.15], "none", gbp 0, off Some("0"),
            "fall of unit cost with size: cost is proportional to income to the power of minus this", "residential care studies: diminishing economies, 0.05 to 0.15; set against T11a";
        scale_reference_gbp: Gbp = Gbp::new(1_000_000.0), [1e-9, 1e12], "GBP a year", gbp 1, off None,
            "income at which the median direct cost applies", "definition: where unit_cost_gbp applies";
        size_reference_gbp: Gbp = Gbp::new(100_000.0), [1e-9, 1e12], "GBP a year", gbp 1, off None,
            "income above which services, bid writing and local roots begin to depend on size", "definition: NCVO's bands";
        scale_limit_gbp: Gbp = Gbp::new(10_000_000.0), [1.0, 1e12], "GBP a year", gbp 1, off None,
            "income above which unit cost falls no further", "old people's homes: flat beyond a few times efficient size; size is an assumption";
        overhead_rate: Share = Share::new(0.18), [0.0, 1.0], "share of direct cost", gbp 0, off Some("0"),
            "mean overhead on direct cost", "assumption";
        overhead_spread: f64 = 0.3, [0.0, 2.0], "s.d. of ln", gbp 0, off Some("0"),
            "spread of the overhead rate between charities", "assumption";
        ability_law: AbilityLaw = AbilityLaw::Normal, [], "none", gbp 0, off None,
            "where a charity's ability in each skill comes from", "assumption";
        ability_mean: f64 = 0.62, [0.0, 1.0], "none", gbp 0, off None,
            "mean ability in a skill, between 0 and 1", "assumption";
        ability_spread: f64 = 0.15, [0.0, 1.0], "s.d.", gbp 0, off Some("0"),
            "spread of abilities between charities and between skills", "assumption";
        ability_values: Vec<f64> = vec![0.6], [0.0, 1.0], "none", gbp 0, off None,
            "abilities given to charities in turn under the listed law", "theory presets; assumption";
        mutual_share: Share = Share::new(0.02), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "charities that are led by their employees, for contracts reserved for mutuals", "assumption: a few hundred public service mutuals among tens of thousands of providers";
        writing_spread: f64 = 0.05, [0.0, 1.0], "score points", gbp 0, off Some("0"),
            "what good bid writing adds to a quality score, s.d.; grows with size", "assumption: barriers named by DCMS 2022";
        embeddedness_home: f64 = 0.6, [0.0, 1.0], "none", gbp 0, off Some("0"),
            "local knowledge of a small charity in its home area", "assumption: distinctiveness claimed by Value of Small 2018";
        embeddedness_size_slope: f64 = 0.08, [0.0, 0.3], "per tenfold income", gbp 0, off Some("0"),
            "how much home embeddedness falls with each tenfold income above 100,000 GBP", "assumption; sweep, evidence has no estimate";
        reserves_law: ReservesLaw = ReservesLaw::Months, [], "none", gbp 0, off None,
            "where reserves come from at the start", "assumption";
        no_reserves_share: Share = Share::new(0.3), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "charities with no reserves at the start", "Small Charities Data 2017/18: 23%, Third Sector 2007/08: 15 to 33%; set against T17a";
        reserves_months: f64 = 4.0, [0.0, 120.0], "months of spending", gbp 0, off None,
            "median reserves of those who have some", "assumption between 1 month (state-funded, 2007/08) and 15 (aggregate)";
        reserves_spread: f64 = 1.0, [0.0, 4.0], "s.d. of ln", gbp 0, off Some("0"),
            "spread of reserves between charities", "assumption";
        reserves_low_gbp: Gbp = Gbp::new(-1.0), [-1e12, 1e12], "GBP", gbp 1, off None,
            "lowest reserves under the uniform law", "reduced market of the theory presets; assumption";
        reserves_high_gbp: Gbp = Gbp::new(1.0), [-1e12, 1e12], "GBP", gbp 1, off None,
            "highest reserves under the uniform law", "reduced market of the theory presets; assumption";
        reserves_values_gbp: Vec<f64> = vec![0.0], [-1e12, 1e12], "GBP", gbp 1, off None,
            "reserves given to charities in turn under the listed law", "theory presets (gambler's ruin); assumption";
        voluntary_volatility: f64 = 0.16, [0.0, 2.0], "s.d. of ln a year", gbp 0, off Some("0"),
            "yearly ups and downs of voluntary income", "assumption: median spending/income spread of the register sample";
        voluntary_growth: f64 = 0.0, [-1.0, 1.0], "ln a year", gbp 0, off Some("0"),
            "trend of voluntary income", "assumption: flat in real terms";
        reserves_target_months: f64 = 3.0, [0.0, 60.0], "months of spending", gbp 0, off None,
            "reserves that trustees without a policy of their own steer towards", "assumption: common policy of three months";
        reserves_own_policy: Share = Share::new(1.0), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "weight of a charity's own policy, as its reserves at the start show it, against the common target", "assumption; set against T17a: some live from hand to mouth for years";
        reserves_adjustment_rounds: f64 = 12.0, [1.0, 1000.0], "rounds", gbp 0, off None,
            "how slowly spending follows a gap in reserves", "assumption";
        spending_rigidity: f64 = 0.06, [0.0, 1.0], "share a round", gbp 0, off None,
            "largest cut of own spending in a round; it can rise by twice as much", "assumption";
    }
}

parameters! {
    /// Need, budgets and contracts: what is bought and how much of it.
    "market" Market {
        arrival_law: ArrivalLaw = ArrivalLaw::Poisson, [], "none", gbp 0, off None,
            "how many people come to need in a round", "assumption";
        attrition: Probability = Probability::new(0.15), [0.0, 1.0], "probability a round", gbp 0, off Some("0"),
            "chance that a person left waiting gives up or recovers unhelped", "assumption";
        coverage: Share = Share::new(0.85), [0.0, 10.0], "share of arrivals", gbp 0, off None,
            "people that planned contract volume covers, as a share of arrivals", "assumption";
        reference_cost_gbp: Gbp = Gbp::new(28.0), [1e-9, 1e6], "GBP per hour", gbp 1, off None,
            "full cost of a staff hour that commissioners reckon with", "assumption: median unit cost plus overhead";
        planning_ceiling_ratio: f64 = 0.95, [0.1, 5.0], "none", gbp 0, off None,
            "ceiling over full cost when budgets were set; fixes hours per person", "assumption (0.8-1.2)";
        spend_floor: Share = Share::new(0.2), [0.0, 1.0], "share of England's spending per head", gbp 0, off Some("0"),
            "least that a council spends on a service; one that reports less is taken to book the service elsewhere and gets this much", "assumption: 0 to 34 of 151 councils report less, by service";
        contract_law: ContractLaw = ContractLaw::Lognormal, [], "none", gbp 0, off None,
            "where contract values and terms come from", "assumption";
        contract_median_gbp: Gbp = Gbp::new(34_500.0), [1e-9, 1e12], "GBP over the term", gbp 1, off None,
            "median of the law before truncation and placement", "DCMS VCSE procurement summary 2025 (after placement: median 95,000); set against T04 and T05";
        contract_spread: f64 = 2.65, [0.0, 6.0], "s.d. of ln", gbp 0, off Some("0"),
            "spread of contract values", "DCMS VCSE procurement summary 2025: 13% at or over 1m";
        contract_min_gbp: Gbp = Gbp::new(10_000.0), [1e-9, 1e12], "GBP over the term", gbp 1, off None,
            "smallest contract", "Contracts Finder publication threshold; that nothing is smaller is an assumption";
        contract_max_gbp: Gbp = Gbp::new(50_000_000.0), [1e-9, 1e12], "GBP over the term", gbp 1, off None,
            "largest contract", "assumption";
        one_year_share: Share = Share::new(0.25), [0.0, 1.0], "share", gbp 0, off None,
            "contracts that last one year", "assumption: between the 2007 survey and modern examples";
        five_year_share: Share = Share::new(0.25), [0.0, 1.0], "share", gbp 0, off None,
            "contracts that last five years; the rest last three", "assumption: 3+2 years is the modern pattern";
        lots_per_market: u32 = 5, [0, 1_000_000], "lots", gbp 0, off None,
            "lots in each market under the fixed law", "theory presets; assumption";
        lot_value_gbp: Gbp = Gbp::new(300_000.0), [1e-9, 1e12], "GBP over the term", gbp 1, off None,
            "value of each lot under the fixed law", "theory presets; assumption";
        lot_value_weights: Vec<f64> = vec![1.0], [1e-6, 1e6], "times lot_value_gbp", gbp 0, off Some("[1.0]"),
            "values of a market's lots in turn under the fixed law", "theory presets; assumption";
        lot_term_rounds: u32 = 12, [1, 400], "rounds", gbp 0, off None,
            "term of each lot under the fixed law", "theory presets; assumption";
        staggered: bool = true, [], "none", gbp 0, off Some("false"),
            "whether lots are first tendered at different times, spread over their term", "assumption: a national calendar has no start";
        prevention_gain: f64 = 0.0, [0.0, 10.0], "per round", gbp 0, off Some("0"),
            "need prevented by unmeasured community work, per round, if all who come to need were in service", "assumption without evidence: must be swept";
        prevention_decay: f64 = 0.1, [0.0, 1.0], "per round", gbp 0, off None,
            "how fast prevention fades", "assumption";
        prevention_max: Share = Share::new(0.5), [0.0, 1.0], "share of need", gbp 0, off Some("0"),
            "most need that can be prevented", "assumption";
        retry_rounds: u32 = 4, [1, 400], "rounds", gbp 0, off None,
            "rounds until a tender without a valid bid returns", "assumption";
        retry_uplift: f64 = 0.05, [0.0, 1.0], "share", gbp 0, off Some("0"),
            "rise of the ceiling when a failed tender returns", "assumption";
        retry_most: u32 = 2, [0, 100], "times", gbp 0, off Some("0"),
            "times that a tender without a valid bid returns at a higher ceiling before it returns as at first", "assumption: commissioners do not raise their ceiling for ever";
        disruption_loss: Share = Share::new(0.1), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "people in service who drop out when a provider closes", "assumption: early exits are a risk factor in drug deaths (2013-15)";
        statistics_weight: f64 = 0.2, [0.0, 1.0], "per award", gbp 0, off Some("0"),
            "weight of the latest award in the public statistics of a market", "assumption";
        busy_years: f64 = 5.0, [0.25, 100.0], "years", gbp 0, off None,
            "years over which tenders are counted, the latest most, to say how many come up in the rest of a country against its calendar", "assumption: the longest usual contract";
        rivals_at_start: f64 = 3.0, [0.0, 1000.0], "bids", gbp 0, off None,
            "rivals that charities expect before any award is known", "TheyBuyForYou 2018: about 3 to 4 bids";
        price_at_start: f64 = 0.9, [0.0, 2.0], "share of the ceiling", gbp 0, off None,
            "winning price that charities expect before any award is known", "assumption";
    }
}

parameters! {
    /// The commissioner's levers.
    "rules" Rules {
        weight_quality: Share = Share::new(0.6), [0.0, 1.0], "share", gbp 0, off None,
            "weight of the quality criterion; all weights sum to one", "60:40 quality to price is typical for services (2023)";
        weight_price: Share = Share::new(0.4), [0.0, 1.0], "share", gbp 0, off None,
            "weight of the price criterion; all weights sum to one", "60:40 quality to price is typical for services (2023)";
        weight_social: Share = Share::new(0.0), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "weight of the social value criterion, met by local knowledge; all weights sum to one", "PPN 002: at least 0.1 in central government";
        weight_collaboration: Share = Share::new(0.0), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "weight of a criterion that bids in collaboration meet; all weights sum to one", "NHS Provider Selection Regime 2024: integration and collaboration is a key criterion";
        formula: PriceFormula = PriceFormula::RelativeToLowest, [], "none", gbp 0, off None,
            "how the price criterion is scored", "common formula: weight x lowest price / own price (2023)";
        award: AwardMethod = AwardMethod::Score, [], "none", gbp 0, off None,
            "how a winner is found among the bids", "Procurement Act 2023: most advantageous tender";
        quality_threshold: f64 = 0.0, [0.0, 1.0], "score", gbp 0, off Some("0"),
            "lowest quality score that is not rejected", "common practice: minimum pass marks; level is an assumption";
        retention: Probability = Probability::new(0.0), [0.0, 1.0], "probability", gbp 0, off Some("0"),
            "chance that the provider so far is kept under the award method retention", "theory presets; assumption";
        reinforcement: f64 = 1.0, [0.0, 10.0], "none", gbp 0, off Some("0"),
            "power of past wins under the award method reinforced", "theory presets (Polya urn); assumption";
        newcomer_share: Probability = Probability::new(0.0), [0.0, 1.0], "probability", gbp 0, off Some("0"),
            "chance that a contract goes to a charity that never won, under the award method simon", "theory presets (Simon 1955); assumption";
        reinforcement_start: f64 = 1.0, [0.000001, 1e6], "contracts", gbp 0, off None,
            "contracts that everybody counts as having won under the award method reinforced", "theory presets (Polya urn); assumption";
        payment: PaymentRule = PaymentRule::FirstPrice, [], "none", gbp 0, off None,
            "what the winner is paid", "assumption: common practice";
        price_floor: f64 = 0.0, [0.0, 20.0], "share of reference full cost", gbp 0, off Some("0"),
            "lowest price that may be bid, over the reference full cost of the hours asked for", "full-cost recovery campaigns; Unison ethical care charter; size is an assumption";
        abnormally_low: f64 = 1.0, [0.0, 1.0], "share", gbp 0, off Some("1"),
            "how far below the mean of the bids a price is rejected as abnormally low", "Procurement Act 2023, s. 19; 0.2 is a common rule of thumb";
        reserved: ReservedFor = ReservedFor::Nobody, [], "none", gbp 0, off Some("nobody"),
            "for whom contracts below a value are reserved", "Local Government (Exclusion of Non-commercial Considerations) Order 2026; Procurement Act 2023, s. 33";
        reserved_below_gbp: Gbp = Gbp::new(214_904.0), [0.0, 1e12], "GBP over the term", gbp 1, off Some("0"),
            "contract value below which contracts are reserved", "threshold for services bought by councils, 2025, VAT included";
        reserved_income_max_gbp: Gbp = Gbp::new(1_000_000.0), [0.0, 1e12], "GBP a year", gbp 1, off None,
            "largest income of a small charity for a reserved contract", "NCVO: small is under 1m";
        mutual_term_years: f64 = 5.0, [0.25, 100.0], "years", gbp 0, off None,
            "longest contract that is reserved for mutuals", "Procurement Act 2023, s. 33: at most five years";
        mutual_again_years: f64 = 3.0, [0.0, 100.0], "years", gbp 0, off Some("0"),
            "years in which a mutual may not win the same reserved contract again", "Procurement Act 2023, s. 33: not within three years";
        lot_cap: u32 = 0, [0, 100_000], "lots", gbp 0, off Some("0"),
            "most lots that one charity may hold from a commissioner at a time; 0 is no cap", "Procurement Act 2023, s. 18";
        forms: Forms = Forms::Single, [], "none", gbp 0, off Some("single"),
            "which forms of contract tenders allow; any lets leaders choose between bidding alone, co-operation under a lead (management_fee) and collaboration with decisions by work, but neither the consortium of hub (top_slice) nor the pooled costs and decisions by heads of alliance", "assumption: a lever (lead provider, consortium, alliance)";
        management_fee: Share = Share::new(0.1), [0.0, 0.9], "share", gbp 0, off Some("0"),
            "fee that the lead of a co-operation keeps of its partners' shares, where forms is not hub", "primes 10-30% (recalled), colleges up to 35% (2016); size is an assumption";
        management_fee_cap: Share = Share::new(1.0), [0.0, 1.0], "share", gbp 0, off Some("1"),
            "the most that a lead or managing agent may keep of its partners' shares", "assumption: a lever (caps on management fees)";
        top_slice: Share = Share::new(0.07), [0.0, 0.9], "share", gbp 0, off Some("0"),
            "what the managing agent of a consortium keeps of its partners' shares", "assumption: 5-10% (weak)";
        open_book: Share = Share::new(0.0), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "part of a cut in a partner's share that open books take away from the lead", "assumption: a lever (open-book allocation)";
        team_claim: TeamClaim = TeamClaim::Ablest, [], "none", gbp 0, off Some("by-work"),
            "what evaluators give a team credit for in its claim of quality", "assumption: bids name who looks best (bid candy)";
        verified_partners: Probability = Probability::new(0.0), [0.0, 1.0], "probability", gbp 0, off Some("0"),
            "chance that a commissioner checks that named partners get what they were promised", "assumption: a lever";
        credit_lead: Share = Share::new(0.8), [0.0, 1.0], "share", gbp 0, off None,
            "credit for a co-operation's results that goes to its lead; partners share the rest by their work", "assumption: commissioners see the lead";
        subcontract_lag_weeks: Weeks = Weeks::new(8.6), [0.0, 13.0], "weeks", gbp 0, off Some("0"),
            "time between delivery and payment of a partner by its lead", "NAO 2016: primes hold cash over 60 days";
        packaging: Packaging = Packaging::AsDrawn, [], "none", gbp 0, off Some("as-drawn"),
            "how a market's work is cut into contracts", "Procurement Act 2023, s. 18: consider lots; fewer, larger contracts (NCVO 2019)";
        lot_size_gbp: Gbp = Gbp::new(100_000.0), [1e-9, 1e12], "GBP over the term", gbp 1, off Some("1e12"),
            "largest lot under the packaging cut-lots", "assumption: near the median contract";
        bundle_size_gbp: Gbp = Gbp::new(1e12), [0.0, 1e15], "GBP over the term", gbp 1, off Some("0"),
            "largest bundle: lots are put together in order until the next would exceed it", "assumption";
        bundle_rounds: u32 = 12, [1, 400], "rounds", gbp 0, off None,
            "length of bundled contracts, which all end together; contracts that end earlier go on until the date of their bundle", "assumption: three years";
        bundle_experience: Share = Share::new(0.5), [0.0, 1.0], "share of hours", gbp 0, off Some("0"),
            "part of a bundle's work whose service a bidder must offer; it takes on staff for the rest", "assumption";
        framework_places: u32 = 4, [1, 1000], "charities", gbp 0, off None,
            "charities on a framework, under the award method framework", "assumption";
        framework_rounds: u32 = 16, [1, 400], "rounds", gbp 0, off None,
            "how long a framework lasts, under the award method framework", "Procurement Act 2023: at most four years";
        term_rounds: u32 = 0, [0, 400], "rounds", gbp 0, off Some("0"),
            "length of every contract let; 0 keeps what the market's contracts have", "assumption: a lever (long contracts, multi-year grants)";
        need_weighting: f64 = 0.0, [0.0, 10.0], "none", gbp 0, off Some("0"),
            "how far a council's tenders of a round share their money by unmet need: in proportion to (1 + people waiting per person arriving) to this power", "assumption: need-weighted grants";
        results_share: Share = Share::new(0.0), [0.0, 1.0], "share of the price", gbp 0, off Some("0"),
            "part of the price that is paid by results, a round later", "Work Programme: most of the price; that there is none here is an assumption";
        target_success: f64 = 0.6, [0.01, 1.0], "share of people", gbp 0, off None,
            "success among those served at which pay by results is the whole of it", "assumption: what a provider of mean ability achieves";
        results_cap: f64 = 1.0, [1.0, 100.0], "times the target", gbp 0, off None,
            "results beyond which no more is paid", "assumption: budgets are fixed";
        individual_targets: Share = Share::new(1.0), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "part of pay by results that goes by the provider's own results; the rest goes by those of all providers of the service in the area", "sector leaders: individual goals against shared ones; size is an assumption";
        pay_by_need: f64 = 0.0, [0.0, 3.0], "none", gbp 0, off None,
            "power of a person's number of needs in pay by results; 0 pays everyone alike, 1 pays the work", "Work Programme: pay hardly rose with difficulty; size is an assumption";
        belief_weight: f64 = 0.0, [0.0, 1.0], "share", gbp 0, off Some("0"),
            "most that a commissioner's experience with a provider counts against the claims of its bid", "assumption (Kalman 1960)";
        belief_spread: f64 = 0.2, [0.001, 1.0], "none", gbp 0, off None,
            "how far providers' abilities are spread as a commissioner sees it before it has seen any (standard deviation)", "assumption: near population.ability_spread and its error";
        belief_drift: f64 = 0.000_5, [0.0, 1.0], "variance a round", gbp 0, off Some("0"),
            "how fast a commissioner's knowledge of a provider ages", "assumption: half of what it knows is stale after some ten years";
        pass_on: bool = true, [], "none", gbp 0, off Some("false"),
            "whether a closed provider's contracts go, as they stand, to the ablest of those who had bid and can take them, before they are tendered again", "Lifeline 2017: most services went to another provider";
        push_back_response: f64 = 0.0, [0.0, 1.0], "share of the ceiling", gbp 0, off Some("0"),
            "rise of the price per hour offered for a service when all who look at its tenders refuse; the money stays, so fewer hours are bought", "assumption";
        push_back_highest: f64 = 1.5, [1.0, 10.0], "times the first price", gbp 0, off Some("1"),
            "the most that push-back can raise the price per hour", "assumption";
        eased_terms: Share = Share::new(0.0), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "by what part a commissioner lengthens its notice and lowers its turnover threshold each time a tender without a valid bid returns, and, where leaders push back, as the price per hour rises to its highest; after the second time it returns as at first, and a bundle goes by its largest lot", "assumption: commissioners who hear why nobody bids mend more than the price";
        push_back_threshold: u32 = 1, [1, 100_000], "charities", gbp 0, off Some("1"),
            "charities that must refuse a service's tenders in a round before its price per hour rises, under the push rule volunteer: then by all of push_back_response, and else it falls back", "assumption";
        extension_share: Probability = Probability::new(0.0), [0.0, 1.0], "probability", gbp 0, off Some("0"),
            "chance that an ending contract is extended once instead of being tendered", "assumption: 3+2 years is the modern pattern";
        extension_rounds: u32 = 4, [1, 400], "rounds", gbp 0, off None,
            "length of an extension", "assumption";
        roll_over_ability: f64 = 1.0, [0.0, 1.0], "none", gbp 0, off Some("1"),
            "provider's ability, as its commissioner has come to see it, from which an ending contract rolls over for another term without a tender; at 1 none does", "NHS Provider Selection Regime 2024, direct award process C: a satisfactory provider is kept";
        noise_law: NoiseLaw = NoiseLaw::Normal, [], "none", gbp 0, off None,
            "shape of the evaluators' error", "assumption";
        evaluation_noise: f64 = 0.06, [0.0, 10.0], "score points", gbp 0, off Some("0"),
            "evaluators' error in the quality score (normal) or the total score (Gumbel)", "assumption: limited commissioner capacity (DCMS 2022)";
        evaluation_capacity: f64 = 0.0, [0.0, 1e6], "bids a round", gbp 0, off Some("0"),
            "bids that a commissioner can evaluate with care in a round; beyond them the error grows with the square root of bids over capacity; 0 is no limit", "assumption: limited commissioner capacity (DCMS 2022)";
        ceiling_ratio: f64 = 1.05, [0.05, 20.0], "none", gbp 0, off None,
            "ceiling price over reference full cost of the volume asked for", "assumption (0.8-1.2); full-cost recovery is an output, set against T15a";
        turnover_multiple: f64 = 1.0, [0.0, 10.0], "times annual contract value", gbp 0, off Some("0"),
            "income a bidder must have, in multiples of the contract's annual value", "Public Contracts Regulations 2015: at most 2";
        notice_weeks: Weeks = Weeks::new(6.0), [0.0, 104.0], "weeks", gbp 0, off Some("104"),
            "time between notice and deadline", "assumption; short notice is a complaint of the sector";
        payment_lag_weeks: Weeks = Weeks::new(4.3), [0.0, 13.0], "weeks", gbp 0, off Some("0"),
            "time between delivery and payment", "30 days in law";
        administration_gbp: Gbp = Gbp::new(1_000.0), [0.0, 1e9], "GBP per bid", gbp 1, off Some("0"),
            "commissioner's cost of evaluating one bid", "CEBR 2013: 8,000 per competition of 6.4 bids";
        learning: Learning = Learning::Static, [], "none", gbp 0, off Some("static"),
            "whether commissioners choose among the rules of the scenario and the options of its `[[menu]]`", "assumption; Sutton and Barto 2018, ch. 2";
        learning_goal: LearningGoal = LearningGoal::Outcomes, [], "none", gbp 0, off None,
            "what commissioners that learn go by, counted over the contracts that they let under each option", "assumption";
        learning_step: f64 = 0.5, [0.01, 1.0], "per year", gbp 0, off None,
            "how far a year's result moves what a commissioner thinks of an option", "assumption; Sutton and Barto 2018, eq. 2.5";
        learning_exploration: Probability = Probability::new(0.1), [0.0, 1.0], "probability a year", gbp 0, off Some("0"),
            "chance that a commissioner that learns takes an option by lot, after it has tried all", "assumption; Sutton and Barto 2018, s. 2.2";
    }
}

parameters! {
    /// How charities decide and deliver: every mechanism with its off value.
    "behaviour" Behaviour {
        bidding: Bidding = Bidding::Equilibrium, [], "none", gbp 0, off Some("zero-intelligence"),
            "how charities set prices", "assumption; zero-intelligence is the null of Gode and Sunder 1993";
        zi_law: ZeroIntelligenceLaw = ZeroIntelligenceLaw::ToCeiling, [], "none", gbp 0, off None,
            "range of a zero-intelligence price", "Gode and Sunder 1993";
        markup_max: f64 = 0.2, [0.0, 10.0], "share of cost", gbp 0, off Some("0"),
            "largest markup under the markup law", "reduced market of the theory presets; assumption";
        beliefs: Beliefs = Beliefs::Market, [], "none", gbp 0, off None,
            "what charities believe about rivals", "assumption";
        memory: u32 = 20, [1, 100_000], "tenders", gbp 0, off None,
            "latest tenders of a market that learned bidding replies to", "assumption";
        price_grid: Share = Share::new(0.0), [0.0, 1.0], "share of the ceiling", gbp 0, off Some("0"),
            "step of the grid on which learned prices lie, up to the ceiling; on a grid, tied bidders share the chance of winning", "theory presets (Bertrand competition); assumption";
        observe_rivals: bool = false, [], "none", gbp 0, off Some("false"),
            "whether bidders see how many others bid before they name a price", "theory presets (Levin and Smith 1994); assumption";
        purpose: Share = Share::new(0.0), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "weight of outcomes in what leaders want; they lower their price for it", "assumption; scale of prices (V06)";
        purpose_kind: PurposeKind = PurposeKind::Counterfactual, [], "none", gbp 0, off None,
            "which part of an outcome leaders count as theirs", "assumption: a judgement, so both are to be run";
        outcome_value_gbp: Gbp = Gbp::new(1_000.0), [0.0, 1e9], "GBP per outcome", gbp 1, off Some("0"),
            "what a wholly purposeful leader would give for one more outcome", "assumption";
        motives: MotiveLaw = MotiveLaw::Same, [], "none", gbp 0, off Some("same"),
            "what leaders want", "none measured: flat (assumption)";
        purpose_credit: PurposeCredit = PurposeCredit::OwnShare, [], "none", gbp 0, off None,
            "how much of a team's outcomes a purposeful member counts as its own", "assumption: a judgement, so both are to be run";
        share_weight: f64 = 0.05, [0.0, 10.0], "none", gbp 0, off Some("0"),
            "what a leader who cares for market share alone would give for a pound of revenue", "assumption; set against T15b with teams";
        autonomy_weight: f64 = 0.05, [0.0, 10.0], "none", gbp 0, off Some("0"),
            "what a leader who cares for autonomy alone would give for all decisions on a pound of contract", "assumption; set against T08 and T15b with teams";
        risk_aversion: f64 = 0.5, [0.0, 100.0], "none", gbp 0, off Some("0"),
            "aversion to risk of a leader who cares for security alone, over the charity's income", "assumption";
        risk_income_floor_gbp: Gbp = Gbp::new(20_000.0), [1.0, 1e12], "GBP a year", gbp 1, off None,
            "income below which aversion to risk grows no further, under the risk scale relative", "assumption: near the median charity";
        risk_scale: RiskScale = RiskScale::Relative, [], "none", gbp 0, off Some("relative"),
            "over what aversion to risk counts", "theory presets (payment by results); assumption";
        cost_risk: f64 = 0.1, [0.0, 10.0], "share of cost", gbp 0, off Some("0"),
            "s.d. of costs that leaders reckon with", "assumption";
        outcome_correlation: f64 = 1.0, [0.0, 1.0], "none", gbp 0, off Some("1"),
            "how far outcomes of the lots of one bundle move together, as leaders see it; below 1 a bundle spreads risk", "assumption: what goes wrong goes wrong everywhere";
        outcome_noise: f64 = 0.2, [0.0, 10.0], "share of pay by results", gbp 0, off Some("0"),
            "s.d. of pay by results that leaders reckon with", "assumption";
        overconfidence: f64 = 0.0, [0.0, 2.0], "share", gbp 0, off Some("0"),
            "how far the mean leader overrates what its own charity can do", "assumption without evidence: must be swept";
        force_mode: ForceMode = ForceMode::Free, [], "none", gbp 0, off Some("free"),
            "how charities work on a tender, where an experiment forces it", "theory presets; assumption";
        force_trust: f64 = -1.0, [-1.0, 1.0], "none", gbp 0, off Some("-1"),
            "trust of everybody in everybody, where an experiment forces it; -1 lets it be learned", "theory presets; assumption";
        max_team: u32 = 4, [1, 8], "charities", gbp 0, off Some("1"),
            "largest team", "assumption";
        meet: u32 = 3, [0, 100_000], "charities", gbp 0, off Some("0"),
            "candidates that a leader meets for a tender", "assumption";
        delegation: Share = Share::new(0.3), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "part of the candidates that local staff find: those they have worked with, then those who know the area best", "assumption";
        share_rule: ShareRule = ShareRule::Hours, [], "none", gbp 0, off None,
            "how partners' shares are agreed", "assumption";
        smallest_share: Share = Share::new(0.02), [0.0, 1.0], "share of the work", gbp 0, off Some("0"),
            "smallest share of the work that makes a partner", "assumption";
        partner_say: Share = Share::new(0.2), [0.0, 1.0], "per share of the work", gbp 0, off Some("0"),
            "decisions that a partner takes over in a co-operation, for each share of the work; its lead takes the rest", "assumption: a subcontractor decides little";
        expected_part: Share = Share::new(0.5), [0.0, 1.0], "share of the work", gbp 0, off None,
            "part of a contract that one who cannot take it alone reckons with when it looks at tenders", "assumption: half";
        meeting_cost_gbp: Gbp = Gbp::new(100.0), [0.0, 1e9], "GBP per candidate", gbp 1, off Some("0"),
            "what meeting a candidate costs each side", "assumption: a few staff hours";
        agreement_cost_gbp: Gbp = Gbp::new(4_000.0), [0.0, 1e9], "GBP per partnership", gbp 1, off Some("0"),
            "what agreeing on a partnership costs each side", "assumption: some weeks of a manager and legal advice; set against T21";
        preparation_per_partner: f64 = 0.5, [0.0, 10.0], "share", gbp 0, off Some("0"),
            "how much longer each partner makes preparing a bid", "short notice keeps partnerships from forming (NCVO 2022); size is an assumption";
        openness: Share = Share::new(0.0), [0.0, 1.0], "share of leaders", gbp 0, off Some("0"),
            "leaders who tell those they meet what they intend, and listen, beside those in the programme communicate; both must be open", "assumption: a lever; sector leaders: communicate openly";
        signal_accuracy: Probability = Probability::new(0.8), [0.5, 1.0], "probability", gbp 0, off Some("0.5"),
            "chance that what one hears of another's intention is right; at .5 talk is empty", "assumption";
        signal_cost_gbp: Gbp = Gbp::new(50.0), [0.0, 1e9], "GBP per candidate", gbp 1, off Some("0"),
            "what finding out what another intends costs each side", "assumption: an hour or two of a leader's time";
        liar_share: Share = Share::new(0.0), [0.0, 1.0], "share of leaders", gbp 0, off Some("0"),
            "leaders who always say that they mean well", "assumption: an adversarial setting";
        cut_max: Share = Share::new(0.5), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "largest cut of a partner's promised share after the award", "assumption: half";
        discount_factor: f64 = 0.9, [0.0, 0.999], "per round", gbp 0, off Some("0"),
            "weight of the next round in a lead's decision to honour a promise", "derived from horizon and re-meeting rate (assumption)";
        meet_again: Probability = Probability::new(0.2), [0.0, 1.0], "probability a round", gbp 0, off Some("0"),
            "chance of working with the same partner again", "assumption";
        gossip: Share = Share::new(0.2), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "weight of what a charity hears of a partner of its partners", "stories fuel distrust (ACEVO 2021); size is an assumption";
        belief_in_payoff: bool = true, [], "none", gbp 0, off Some("false"),
            "whether leaders plan with how others will behave: with a cut, and in a collaboration with little effort, to the extent that they lack trust; without it plans take everybody's effort as usual", "assumption";
        hand_off: f64 = 0.05, [0.0, 1.0], "share", gbp 0, off Some("0"),
            "loss where a person with several needs goes from one provider to another in a co-operation", "assumption";
        coordination: f64 = 0.05, [0.0, 1.0], "share of time", gbp 0, off Some("0"),
            "time that each further member of a collaboration takes to co-ordinate", "transaction costs acknowledged, no number found; size is an assumption";
        coordination_distance: f64 = 0.3, [0.0, 10.0], "per unit of distance", gbp 0, off Some("0"),
            "how much more time it takes charities that differ", "assumption: friction between unlike partners (interim report 2020)";
        spill_over: f64 = 0.02, [0.0, 1.0], "per round", gbp 0, off Some("0"),
            "how fast members of a collaboration learn the skills of its best", "assumption";
        identity_spread: f64 = 1.0, [0.0, 10.0], "s.d.", gbp 0, off Some("0"),
            "how far charities differ in ways of working, on each of two axes", "definition: the unit of distance";
        identity_drift: f64 = 0.02, [0.0, 1.0], "per round", gbp 0, off Some("0"),
            "how fast joint work makes charities alike", "assumption";
        fear_identity: f64 = 0.01, [0.0, 10.0], "share of value", gbp 0, off Some("0"),
            "fear of losing one's identity: this share of the contract's value x distance of the partner's ways of working x decisions given up (1 - D) x (1 - trust)^fear_trust_power", "sector leaders (NCVO 2021); size is an assumption";
        fear_legitimacy: f64 = 0.01, [0.0, 10.0], "share of value", gbp 0, off Some("0"),
            "fear of losing credit with commissioners: this share of the contract's value x credit lost x (1 - trust)^fear_trust_power", "sector leaders (NCVO 2021); size is an assumption";
        fear_control: f64 = 0.02, [0.0, 10.0], "share of value", gbp 0, off Some("0"),
            "fear of losing control: this share of the contract's value x decisions given up (1 - D) x (1 - trust)^fear_trust_power", "sector leaders (NCVO 2021): what we fear most; size is an assumption";
        fear_trust_power: f64 = 1.0, [0.0, 10.0], "none", gbp 0, off Some("0"),
            "how far fear is a lack of trust: fear is times (1 - trust) to this power", "assumption; sector leaders: all driven by a lack of trust";
        fear_learning: f64 = 0.0, [0.0, 10.0], "none", gbp 0, off Some("0"),
            "how far fears follow what was lost or gained in a partnership against what was reckoned with, as a share of the contract's value", "assumption without evidence: must be swept";
        fear_memory_rounds: f64 = 20.0, [1.0, 1e9], "rounds", gbp 0, off Some("1e9"),
            "over how many rounds learned fear returns to what it was", "assumption: five years";
        trust_gain: f64 = 1.0, [0.0, 100.0], "per round", gbp 0, off Some("0"),
            "weight of a round of good experience with a partner", "assumption (Josang and Ismail 2002)";
        negativity: f64 = 2.0, [0.0, 100.0], "times", gbp 0, off Some("1"),
            "weight of bad over good experience, in trust and in fear that learns", "negative experiences corroded trust (Rebalancing the Relationship 2021); size is an assumption";
        trust_memory: f64 = 0.95, [0.0, 1.0], "per round", gbp 0, off Some("1"),
            "what is left of an experience after a round", "assumption";
        trust_delivery: Share = Share::new(0.5), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "part of an experience that is how well the partner's services turned out; the rest is whether it paid what it had promised", "assumption: both count alike";
        trust_prior: f64 = 0.6, [0.0, 1.0], "none", gbp 0, off None,
            "trust in strangers before any experience", "assumption";
        trust_prior_weight: f64 = 2.0, [0.001, 1e6], "rounds", gbp 0, off None,
            "how many rounds of experience the prior is worth", "assumption";
        stereotypes: bool = true, [], "none", gbp 0, off Some("false"),
            "whether strangers are judged by experience with others of their size", "assumption; sector leaders";
        stereotype_bias: f64 = 0.0, [-1.0, 1.0], "none", gbp 0, off Some("0"),
            "how much less charities trust strangers of another size at the start", "start neutral (assumption)";
        shuffle_labels: bool = false, [], "none", gbp 0, off Some("false"),
            "whether sizes by which strangers are judged are dealt out by chance each year", "assumption: null of stereotypes";
        treatment: Treatment = Treatment::None, [], "none", gbp 0, off Some("none"),
            "what a programme for leaders does to those who take part", "the four steps of sector leaders (2021)";
        treated_share: Share = Share::new(0.0), [0.0, 1.0], "share of leaders", gbp 0, off Some("0"),
            "leaders who take part in the programme, the same ones in every run of a replicate", "assumption: a lever";
        impact_shift: Share = Share::new(0.5), [0.0, 1.0], "share", gbp 0, off Some("0"),
            "part of every other motive that becomes purpose under the treatment impact-first", "assumption";
        payoff_matrix: Vec<f64> = vec![], [-1e6, 1e6], "share of value", gbp 0, off Some("[]"),
            "payoffs for which leaders decide once a year whether to seek partners at all: both seek, seeking unmet, alone while others seek, all alone; leaders who compare themselves with others (imitation_rate) reply best to the share that seeks, less what they fear to lose", "theory presets (stag hunt); assumption";
        seekers_at_start: Share = Share::new(1.0), [0.0, 1.0], "share of leaders", gbp 0, off Some("1"),
            "leaders who seek partners at the start, where there is a payoff_matrix", "theory presets (stag hunt); assumption";
        team_worth: TeamWorth = TeamWorth::Expected, [], "none", gbp 0, off Some("expected"),
            "what leaders weigh teams by", "theory presets (matching); assumption";
        stance_rule: StanceRule = StanceRule::BestReply, [], "none", gbp 0, off Some("best-reply"),
            "how leaders who play for payoffs come to another stance", "theory presets (stag hunt, imitation); assumption";
        stance_update: StanceUpdate = StanceUpdate::Yearly, [], "none", gbp 0, off Some("yearly"),
            "whether leaders who copy stances do so all at once or one by one", "theory presets (imitation); assumption";
        imitation_rate: Probability = Probability::new(0.1), [0.0, 1.0], "probability a year", gbp 0, off Some("0"),
            "chance that a leader compares itself with another of the area", "assumption";
        imitation_strength: f64 = 2.0, [0.0, 1e6], "none", gbp 0, off Some("0"),
            "how sharply leaders copy those who do better on their own scoreboard", "assumption (Fermi rule)";
        mutation: f64 = 0.05, [0.0, 10.0], "s.d. of ln a year", gbp 0, off Some("0"),
            "how far motives drift by chance", "assumption";
        anchor: Share = Share::new(0.05), [0.0, 1.0], "share a year", gbp 0, off Some("0"),
            "how strongly motives return to those that the charity was founded with", "assumption";
        leader_turnover: Probability = Probability::new(0.1), [0.0, 1.0], "probability a year", gbp 0, off Some("0"),
            "chance that a leader is replaced by one with motives of another founding", "assumption: a chief executive stays ten years";
        cost_structure: CostStructure = CostStructure::Private, [], "none", gbp 0, off Some("private"),
            "whether rational bidders reckon with the winner's curse of a common cost", "theory presets; Kagel and Levin 1986; assumption";
        rivals_known: f64 = -1.0, [-1.0, 100_000.0], "rivals", gbp 0, off Some("-1"),
            "number of rivals that everybody expects; -1 learns it from awards", "theory presets; assumption";
        entry: Entry = Entry::Logit, [], "none", gbp 0, off Some("all"),
            "who bids among those who could", "assumption";
        bid_rationality: f64 = 4.0, [0.0, 1e9], "none", gbp 0, off Some("0"),
            "sharpness of the bid decision; 0 is a coin, very large a cut-off", "assumption (quantal response)";
        bid_cost_base_gbp: Gbp = Gbp::new(200.0), [0.0, 1e9], "GBP per bid", gbp 1, off Some("0"),
            "fixed cost of a bid", "assumption";
        bid_cost_scale_gbp: Gbp = Gbp::new(1_500.0), [0.0, 1e9], "GBP per bid", gbp 1, off Some("0"),
            "further cost of a bid for a contract of 95,000 GBP", "assumption: trade-press figures (weak)";
        bid_cost_elasticity: f64 = 0.78, [0.0, 2.0], "none", gbp 0, off Some("0"),
            "growth of bid cost with contract value", "assumption: through 4,000 at 95,000 and 25,000 at 1m (weak)";
        bid_cost_anchor_gbp: Gbp = Gbp::new(95_000.0), [1e-9, 1e12], "GBP", gbp 1, off None,
            "contract value at which the further bid cost applies", "DCMS VCSE procurement summary 2025: median contract";
        cost_error: f64 = 0.26, [0.0, 0.9], "share of cost", gbp 0, off Some("0"),
            "half-width of the error of a cost estimate by a complete outsider; embeddedness shrinks it", "assumption: bidding without local knowledge (Rebalancing the Relationship 2021); set against T15a and T15b";
        full_cost_pricing: Share = Share::new(0.95), [0.0, 1.0], "share", gbp 0, off Some("1"),
            "share of overheads counted in the bid's cost; 0 is marginal cost, 1 full cost", "assumption: 62% subsidise contracts (NPC 2024); set against T15a and T15b";
        belief_spread: f64 = 0.1, [0.001, 10.0], "score points", gbp 0, off None,
            "how unsure charities are of scores", "assumption";
        max_loss: f64 = 0.05, [0.0, 1e6], "share of income", gbp 0, off Some("1e6"),
            "expected yearly loss that trustees accept, beside a part of reserves", "assumption";
        risk_appetite: f64 = 1.0, [0.0, 1.0], "none", gbp 0, off Some("1"),
            "share of reserves that may stand in as working capital while payment is late", "assumption";
        planned_quality: bool = true, [], "none", gbp 0, off Some("false"),
            "whether bids plan quality above or below standard in answer to the weights", "Che 1993; Asker and Cantillon 2008";
        quality_law: QualityLaw = QualityLaw::AboveStandard, [], "none", gbp 0, off None,
            "what planned quality costs", "assumption; the others are theory presets (Che 1993)";
        quality_cost: f64 = 1.0, [0.001, 100.0], "share of cost", gbp 0, off None,
            "curvature k of the cost of quality", "assumption: a median charity plans standard quality under 60:40";
        quality_least: f64 = 0.5, [0.0, 1.0], "standard quality", gbp 0, off Some("1"),
            "least quality that a bid can plan, whatever it earns: what a commissioner would notice at once", "assumption";
        quality_most: f64 = 1.5, [1.0, 10.0], "standard quality", gbp 0, off Some("1"),
            "highest quality that a bid can plan", "assumption";
        pass_errors: f64 = 1.645, [0.0, 10.0], "standard errors", gbp 0, off Some("0"),
            "evaluators' standard errors by which a bid plans to pass a threshold of quality: one bid in twenty fails", "assumption";
        preparation_weeks: f64 = 3.0, [0.0, 104.0], "weeks", gbp 0, off Some("0"),
            "time that a small bid team needs to prepare", "assumption";
        preparation_per_fte: f64 = 0.02, [0.0, 10.0], "per FTE", gbp 0, off Some("0"),
            "how much faster a charity prepares a bid for each full-time post it has", "assumption: 50 posts halve the time";
        attention_base: f64 = 1.0, [0.0, 1000.0], "tenders a round", gbp 0, off None,
            "tenders that a charity without bid staff can answer", "assumption; set against T08 and T12";
        attention_per_fte: f64 = 0.0, [0.0, 1000.0], "tenders a round per FTE", gbp 0, off Some("0"),
            "further tenders per member of staff", "assumption; set against T08 and T12";
        attention_max: f64 = 8.0, [0.0, 100_000.0], "tenders a round", gbp 0, off Some("100000"),
            "most tenders that a charity answers in a round", "assumption";
        join_attention: u32 = 2, [0, 1000], "tenders a round", gbp 0, off Some("0"),
            "further tenders for which a charity lets others approach it to join a team: the lead writes the bid", "assumption";
        search_scope: u32 = 24, [0, 100_000], "tenders a round", gbp 0, off None,
            "tenders outside the home area that a charity looks at", "assumption";
        stretch: f64 = 0.5, [0.0, 1e9], "share of capacity", gbp 0, off Some("1e9"),
            "how far commitments may exceed staff before a winner declines", "assumption";
        base_success: Probability = Probability::new(0.2), [0.0, 1.0], "probability", gbp 0, off None,
            "success without any help that works", "assumption";
        productivity: f64 = 1.0, [0.0, 10.0], "none", gbp 0, off None,
            "scale of the production function", "assumption";
        complementarity: f64 = -1.0, [-4.0, 1.0], "none", gbp 0, off Some("1"),
            "CES exponent over the skills that a person needs; 1 adds, lower lets the weakest bind", "assumption without evidence: must be swept";
        local_gain: f64 = 0.2, [0.0, 2.0], "share", gbp 0, off Some("0"),
            "gain of delivery from full embeddedness", "assumption (0-0.5)";
        embeddedness_growth: f64 = 0.05, [0.0, 1.0], "per round", gbp 0, off Some("0"),
            "how fast delivery in an area builds local knowledge", "assumption";
        embeddedness_decay: f64 = 0.01, [0.0, 1.0], "per round", gbp 0, off Some("0"),
            "how fast local knowledge fades", "assumption";
        case_mix: f64 = 1.0, [0.0, 10.0], "none", gbp 0, off Some("0"),
            "how strongly providers choose people by pay per hour, where pay goes by results: the power is this times the part paid by results", "assumption; creaming and parking in the Work Programme";
        effort_rule: EffortRule = EffortRule::Fixed, [], "none", gbp 0, off Some("fixed"),
            "how hard providers work at what is measured and at what is not", "Holmstrom and Milgrom 1991; fixed is an assumption";
        purpose_effort: f64 = 0.0, [0.0, 10.0], "none", gbp 0, off Some("0"),
            "effort of the mean purposeful leader's staff under the effort rule rate: effort is this times four times purpose, and own pay at risk", "assumption; the one way in which motives enter production";
        effort_min: f64 = 0.5, [0.0, 10.0], "none", gbp 0, off None,
            "least effort under the effort rule rate, and what leaders expect in a collaboration of those they do not trust", "assumption";
        effort_max: f64 = 1.2, [0.0, 10.0], "none", gbp 0, off None,
            "most effort under the effort rule rate", "assumption";
        measured_motive: f64 = 1.0, [0.0, 10.0], "none", gbp 0, off None,
            "own motive for measured work, where effort is multitask; effort 1 is usual", "assumption";
        community_motive: f64 = 1.0, [0.0, 10.0], "none", gbp 0, off None,
            "own motive for unmeasured community work, where effort is multitask", "assumption";
        effort_substitution: f64 = 0.0, [-0.9, 0.9], "none", gbp 0, off Some("0"),
            "how far measured and unmeasured work crowd each other out; below 0 they help each other", "assumption without evidence: the sign is open, must be swept";
        observation_error: f64 = 0.2, [0.0, 10.0], "ability", gbp 0, off None,
            "error with which a commissioner sees a provider's ability in a round", "assumption";
        push_back: Share = Share::new(0.0), [0.0, 1.0], "share of leaders", gbp 0, off Some("0"),
            "leaders who refuse tenders that pay too little, under the push rule propensity", "assumption; NCVO campaigns";
        push_rule: PushRule = PushRule::Propensity, [], "none", gbp 0, off Some("propensity"),
            "who refuses tenders that pay too little", "assumption; volunteer's dilemma (Diekmann 1985)";
        push_cost_share: f64 = 0.2, [0.0, 1.0], "share of the gain", gbp 0, off Some("1"),
            "what refusing costs a leader, over what it gains if the commissioner answers, under the push rule volunteer", "assumption without evidence: must be swept";
        refusal_threshold: f64 = 1.0, [0.0, 10.0], "share of full cost", gbp 0, off Some("0"),
            "ceiling over own full cost below which they refuse", "assumption";
        one_shot: bool = false, [], "none", gbp 0, off Some("false"),
            "whether charities start every round afresh", "theory presets; assumption";
        cost_redraw: bool = false, [], "none", gbp 0, off Some("false"),
            "whether costs are drawn afresh each round", "theory presets; assumption";
        staff_follow_income: bool = true, [], "none", gbp 0, off Some("false"),
            "whether capacity follows income", "assumption";
        staff_growth_most: Share = Share::new(0.1), [0.0, 1.0], "share a round", gbp 0, off Some("0"),
            "most that a charity's staff can grow in a round", "assumption";
        staff_cut_most: Share = Share::new(0.15), [0.0, 1.0], "share a round", gbp 0, off Some("0"),
            "most that a charity's staff can shrink in a round", "assumption";
        staff_least_fte: f64 = 0.1, [0.0, 100.0], "FTE", gbp 0, off Some("0"),
            "posts that a charity without staff can take on in a round", "assumption: half a day a week";
        closure_rounds: u32 = 2, [0, 100], "rounds", gbp 0, off Some("0"),
            "consecutive round ends at or below the credit limit before a charity closes; 0 never", "assumption";
        credit_share: f64 = 0.3, [0.0, 1e9], "share of income", gbp 0, off None,
            "credit that a charity of this income can draw", "assumption; set against T18a";
        credit_floor_gbp: Gbp = Gbp::new(0.0), [0.0, 1e12], "GBP", gbp 1, off None,
            "credit that every charity can draw", "reduced market of the theory presets; assumption";
        dissolution_rate: Probability = Probability::new(0.016), [0.0, 1.0], "probability a year", gbp 0, off Some("0"),
            "chance that trustees wind up a solvent charity", "calibrated to removals of 2.0-3.1% a year";
        crisis_rate: Probability = Probability::new(0.002), [0.0, 1.0], "probability a year", gbp 0, off Some("0"),
            "chance that a large provider that lives by contracts collapses, whatever its books say", "assumption: one or two of a thousand a year (Lifeline 2017, 4Children 2016)";
        crisis_income_gbp: Gbp = Gbp::new(10_000_000.0), [0.0, 1e12], "GBP a year", gbp 1, off None,
            "income from which a provider with half of it from contracts can fall into a crisis", "assumption";
        merge_rate: Probability = Probability::new(0.002), [0.0, 1.0], "probability a year", gbp 0, off Some("0"),
            "chance that a charity with less than half the reserves it wants meets a partner to merge with, in its area", "assumption";
        takeover_ratio: f64 = 3.0, [1.0, 1000.0], "times the smaller income", gbp 0, off None,
            "income of the larger of two merging charities from which the merger counts as a takeover", "assumption";
        merge_years: f64 = 5.0, [0.0, 100.0], "years", gbp 0, off Some("0"),
            "years over which a merger's savings count", "assumption";
        merge_cost: f64 = 0.1, [0.0, 10.0], "share of the smaller party's income", gbp 0, off Some("0"),
            "what a merger costs once", "assumption";
        autonomy: f64 = 0.03, [0.0, 1.0], "share of income a year", gbp 0, off Some("0"),
            "what the smaller party would give to stay independent", "assumption";
        founding_law: FoundingLaw = FoundingLaw::Poisson, [], "none", gbp 0, off None,
            "how charities are founded", "assumption";
        founding_rate: f64 = 0.028, [0.0, 1.0], "share a year", gbp 0, off Some("0"),
            "foundings as a share of the charities in the area", "Charity Commission 2024-25: 2.9-3.0% a year";
        founding_income_max_gbp: Gbp = Gbp::new(1e8), [1.0, 1e12], "GBP a year", gbp 1, off None,
            "largest income of a newly founded charity", "assumption: newcomers follow the register's incomes, or else the bands of T01 empty from above";
    }
}

parameters! {
    /// How much to run.
    "run" Run {
        replicates: u32 = 8, [1, 100_000], "replicates", gbp 0, off None,
            "independent repetitions with different luck", "assumption";
        rounds: u32 = 48, [1, 100_000], "rounds", gbp 0, off None,
            "rounds of one replicate", "assumption: twelve years of quarters";
        burn_in: u32 = 20, [0, 100_000], "rounds", gbp 0, off Some("0"),
            "first rounds left out of summaries", "definition: longest contract term";
        seed: u64 = 1, [0, 9_007_199_254_740_991_i64], "none", gbp 0, off None,
            "which luck is drawn", "assumption";
    }
}

parameters! {
    /// What to write.
    "output" Output {
        charts: bool = true, [], "none", gbp 0, off Some("false"),
            "whether to draw charts and the report", "assumption";
        charities: CharitiesKept = CharitiesKept::Active, [], "none", gbp 0, off Some("none"),
            "which charities charities.csv has", "assumption";
        tenders: bool = false, [], "none", gbp 0, off Some("false"),
            "whether to write tenders.csv and bids.csv", "assumption";
        area_replicates: bool = false, [], "none", gbp 0, off Some("false"),
            "whether areas.csv keeps every replicate", "assumption";
        window_rounds: u32 = 4, [0, 100_000], "rounds", gbp 0, off Some("1"),
            "window over which market shares are added up; 0 counts from the start", "assumption: four quarters";
    }
}

/// Every parameter, block by block.
pub fn all() -> Vec<Parameter> {
    [
        World::parameters(),
        Population::parameters(),
        Market::parameters(),
        Rules::parameters(),
        Behaviour::parameters(),
        Run::parameters(),
        Output::parameters(),
    ]
    .concat()
}
