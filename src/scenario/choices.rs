//! What parameters with named values can be.

use super::registry::choices;

choices! {
    /// Where areas, services and charities come from.
    WorldKind {
        /// upper-tier councils of England with their budgets, needs and charities
        England = "england",
        /// identical made-up areas, for theory and speed
        Synthetic = "synthetic",
    }
}

choices! {
    /// How many people come to need in a round.
    ArrivalLaw {
        /// whole people, by chance around the need rate
        Poisson = "poisson",
        /// exactly the need rate
        Fixed = "fixed",
    }
}

choices! {
    /// Where contract values and terms come from.
    ContractLaw {
        /// a national lognormal list, placed in markets by their uncommitted budgets
        Lognormal = "lognormal",
        /// the same number of equal lots in every market
        Fixed = "fixed",
    }
}

choices! {
    /// Where a charity's cost per staff hour comes from.
    CostLaw {
        /// lognormal around the reference cost, falling with size
        Lognormal = "lognormal",
        /// uniform between `cost_low_gbp` and `cost_high_gbp`
        Uniform = "uniform",
        /// between `cost_low_gbp` and `cost_high_gbp`, with F = 1 - (1 - x)^`cost_power` of the way
        Power = "power",
        /// `cost_low_gbp` plus an exponential of mean `cost_mean_excess_gbp`
        Exponential = "exponential",
    }
}

choices! {
    /// Where a charity's ability in each skill comes from.
    AbilityLaw {
        /// a bell curve around `ability_mean`
        Normal = "normal",
        /// uniform on [0, 1], the same for every skill
        Uniform = "uniform",
        /// `ability_values` in turn, the same for every skill
        Listed = "listed",
        /// the first of two `ability_values` in a skill of one's own, charity by charity in turn, the other in the rest
        Specialists = "specialists",
    }
}

choices! {
    /// Where a charity's reserves come from at the start.
    ReservesLaw {
        /// months of spending: some with none, the rest lognormal
        Months = "months",
        /// uniform between `reserves_low_gbp` and `reserves_high_gbp`
        Uniform = "uniform",
        /// `reserves_values_gbp` in turn
        Listed = "listed",
    }
}

choices! {
    /// How the price criterion is scored.
    PriceFormula {
        /// 1 - price / ceiling price
        AbsoluteLinear = "absolute-linear",
        /// lowest price among the bids / own price
        RelativeToLowest = "relative-to-lowest",
        /// 1/2 + (mean price - own price) / mean price, between 0 and 1
        AveragePrice = "average-price",
        /// no points for price: bids compete on quality alone
        FixedPrice = "fixed-price",
        /// the lowest price wins, whatever the weights say
        LowestPrice = "lowest-price",
    }
}

choices! {
    /// How a winner is found.
    AwardMethod {
        /// the highest score wins
        Score = "score",
        /// a lottery among all who bid
        Random = "random",
        /// a lottery among bids at or above the quality threshold
        ThresholdLottery = "threshold-lottery",
        /// the provider so far, if it bids; otherwise the highest score
        Direct = "direct",
        /// the provider so far with chance `retention`, otherwise a lottery among the others
        Retention = "retention",
        /// by chance in proportion to (start + contracts ever won) to the power of `reinforcement`
        Reinforced = "reinforced",
        /// the best few of a first tender make a framework; for some years its members alone are called, at
        /// their prices, for every lot of the service in the area
        Framework = "framework",
        /// one that never won with chance `newcomer_share`, otherwise in proportion to contracts ever won
        Simon = "simon",
    }
}

choices! {
    /// What the winner is paid.
    PaymentRule {
        /// its own price
        FirstPrice = "first-price",
        /// the price of the next bid in line (its own ceiling if there is none)
        SecondPrice = "second-price",
        /// the ceiling, whatever the bid: a grant of known size
        Ceiling = "ceiling",
    }
}

choices! {
    /// For whom small contracts are reserved.
    ReservedFor {
        /// nobody: all may bid
        Nobody = "nobody",
        /// charities at home in the area
        Local = "local",
        /// charities with an income up to `reserved_income_max_gbp`
        Small = "small",
        /// charities at home in the area and with an income up to `reserved_income_max_gbp`
        LocalSmall = "local-small",
        /// charities that did not hold the contract before
        Newcomers = "newcomers",
        /// mutuals led by their employees that won no contract reserved for them for the same lot in three years
        Mutual = "mutual",
    }
}

choices! {
    /// How a market's work is cut into contracts.
    Packaging {
        /// an ending contract is let again as it was
        AsDrawn = "as-drawn",
        /// lots worth more than `lot_size_gbp` are cut into equal ones, for good
        CutLots = "cut-lots",
        /// all lots of a service in an area are let as one contract
        BundleLots = "bundle-lots",
        /// all services of an area are let as one contract
        BundleServices = "bundle-services",
        /// a service is let as one contract over all areas of a region
        BundleAreas = "bundle-areas",
    }
}

choices! {
    /// Whether commissioners learn which rules serve them.
    Learning {
        /// the rules stand, whatever comes of them
        Static = "static",
        /// once a year commissioners take the option of the menu that has served them best, and now and then another
        Bandit = "bandit",
    }
}

choices! {
    /// What commissioners that learn go by.
    LearningGoal {
        /// outcomes per place asked for
        Outcomes = "outcomes",
        /// money per place asked for, the less the better
        Cost = "cost",
        /// outcomes per pound set aside
        OutcomesPerGbp = "outcomes-per-gbp",
    }
}

choices! {
    /// Which charities `charities.csv` has.
    CharitiesKept {
        /// none; the table is not written
        None = "none",
        /// those that bid for a contract, held one or worked in one
        Active = "active",
        /// all that there ever were
        All = "all",
    }
}

choices! {
    /// Which forms of contract a tender allows.
    Forms {
        /// one provider
        Single = "single",
        /// one provider, or a lead provider with subcontractors
        Prime = "prime",
        /// one provider, or a consortium whose managing agent keeps a top slice
        Hub = "hub",
        /// an alliance: one contract, pay, costs and risk pooled and shared by work, decisions by heads
        Alliance = "alliance",
        /// one provider, a lead provider with subcontractors, or a collaboration whose members decide by work
        Any = "any",
    }
}

choices! {
    /// How charities work on a tender: freely chosen, or forced in an experiment.
    ForceMode {
        /// leaders choose
        Free = "free",
        /// everybody alone
        Solo = "solo",
        /// neighbours in the pool co-operate, two by two
        CoOperation = "co-operation",
        /// neighbours in the pool collaborate, two by two
        Collaboration = "collaboration",
    }
}

choices! {
    /// How partners' shares are agreed.
    ShareRule {
        /// by the staff that each can spare
        Hours = "hours",
        /// alike
        Equal = "equal",
        /// by what each adds to success, over all orders of joining (Shapley 1953)
        Shapley = "shapley",
    }
}

choices! {
    /// What leaders want.
    MotiveLaw {
        /// everybody the same: purpose as `purpose` says, no other motive but money
        Same = "same",
        /// purpose, market share, autonomy and security with weights that sum to one, any mixture as likely
        Dirichlet = "dirichlet",
    }
}

choices! {
    /// What a programme for leaders does to those who take part.
    Treatment {
        /// nothing
        None = "none",
        /// they tell those they meet what they intend, and listen
        Communicate = "communicate",
        /// local staff find all candidates for a partnership
        Delegate = "delegate",
        /// a part of every other motive becomes purpose
        ImpactFirst = "impact-first",
        /// they refuse tenders that pay too little
        PushBack = "push-back",
    }
}

choices! {
    /// Over what aversion to risk counts.
    RiskScale {
        /// the security that a leader wants, over its charity's income
        Relative = "relative",
        /// every leader alike, per pound, whatever it wants and whatever its charity's income (constant absolute risk aversion)
        Absolute = "absolute",
    }
}

choices! {
    /// How much of a team's outcomes a purposeful member counts as its own.
    PurposeCredit {
        /// its share of the work
        OwnShare = "own-share",
        /// all of them
        Whole = "whole",
    }
}

choices! {
    /// The shape of the evaluators' error.
    NoiseLaw {
        /// bell curve with standard deviation `evaluation_noise`
        Normal = "normal",
        /// Gumbel with scale `evaluation_noise`: win chances are then a softmax of scores
        Gumbel = "gumbel",
    }
}

choices! {
    /// How charities set prices.
    Bidding {
        /// best reply to the rivals that the market's history suggests
        Equilibrium = "equilibrium",
        /// best reply to the lowest rival prices of the market's latest tenders
        Learned = "learned",
        /// own cost, as a second-price rule makes optimal
        Truthful = "truthful",
        /// any price between cost and ceiling (Gode and Sunder 1993)
        ZeroIntelligence = "zero-intelligence",
    }
}

choices! {
    /// The range from which a zero-intelligence price is drawn.
    ZeroIntelligenceLaw {
        /// uniform between cost and ceiling
        ToCeiling = "to-ceiling",
        /// cost times one plus uniform between 0 and `markup_max`
        Markup = "markup",
    }
}

choices! {
    /// What charities believe about rivals.
    Beliefs {
        /// the public statistics of past awards in the market
        Market = "market",
        /// the true number of rivals and their uniform cost law (Samuelson 1985)
        Rational = "rational",
    }
}

choices! {
    /// Whether charities differ in cost or only in what they know of it.
    CostStructure {
        /// each has its own cost and knows it but for the error
        Private = "private",
        /// one cost is common to all, and estimates differ by the error alone
        Common = "common",
    }
}

choices! {
    /// Which part of an outcome leaders count as theirs.
    PurposeKind {
        /// what people get beyond what the market's providers so far would have achieved
        Counterfactual = "counterfactual",
        /// all that their own charity achieves
        WarmGlow = "warm-glow",
    }
}

choices! {
    /// Who refuses tenders that pay too little.
    PushRule {
        /// the same leaders every time: `push_back` of them
        Propensity = "propensity",
        /// each by chance, so that refusing is worth no more and no less than leaving it to others (Diekmann 1985)
        Volunteer = "volunteer",
    }
}

choices! {
    /// How hard providers work at what is measured and at what is not.
    EffortRule {
        /// as usual: 1 for both
        Fixed = "fixed",
        /// as own pay at risk and purpose make worthwhile, within limits (Holmstrom 1982)
        Rate = "rate",
        /// as pay and motives for each make worthwhile (Holmstrom and Milgrom 1991)
        Multitask = "multitask",
    }
}

choices! {
    /// What planned quality g costs.
    QualityLaw {
        /// cost x (1 + k (g^2 - 1)/2): standard quality is part of the cost
        AboveStandard = "above-standard",
        /// cost + k g^2/2 at the reference cost
        Additive = "additive",
        /// cost x k g^2/2
        Multiplicative = "multiplicative",
    }
}

choices! {
    /// Who bids.
    Entry {
        /// a bid is likelier the more the expected gain exceeds its cost
        Logit = "logit",
        /// everybody who may
        All = "all",
        /// decided before the cost is known, by a logit of the gain expected over all costs
        BeforeCost = "before-cost",
    }
}

choices! {
    /// How charities are founded.
    FoundingLaw {
        /// by chance, in proportion to the charities in the area
        Poisson = "poisson",
        /// one new charity for each that closes, in the same area and service
        Replace = "replace",
    }
}

choices! {
    /// How leaders who play for payoffs (`payoff_matrix`) come to seek partners, or not to.
    StanceRule {
        /// what pays best if all providers go on as they did
        BestReply = "best-reply",
        /// each compares its mean payoff in the area with that of one other, and copies with the chance of the Fermi rule
        Fermi = "fermi",
        /// each follows one of the area, itself included, drawn in proportion to exp(`imitation_strength` x payoff)
        Moran = "moran",
    }
}

choices! {
    /// When leaders who copy stances do so.
    StanceUpdate {
        /// all at once, each seeing what the others were before
        Yearly = "yearly",
        /// as many times a year as an area has leaders, each time one drawn by lot
        OneByOne = "one-by-one",
    }
}

choices! {
    /// What leaders weigh teams by.
    TeamWorth {
        /// what they expect of a team, by all that they want
        Expected = "expected",
        /// a number drawn for each leader with each other: between 1 and 2 for leading, 0 and 1 for joining, 0 for bidding alone
        Drawn = "drawn",
    }
}

choices! {
    /// What evaluators give a team credit for in its claim of quality.
    TeamClaim {
        /// each skill at the level of the ablest member named, whatever its part of the work
        Ablest = "ablest",
        /// the skills of all by their parts of the work: naming somebody adds nothing to what it will do
        ByWork = "by-work",
    }
}
