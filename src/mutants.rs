//! Deliberate bugs, one at a time, to check that the checks would find them. Off, and compiled away,
//! without the cargo feature `mutants`; CI switches each on and fails if its suite still passes.

/// A plausible bug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutant {
    /// First-price bids reckon with one rival too few.
    RivalTooFew = 1,
    /// A tie counts as a win in learned bidding.
    TieWins = 2,
    /// Planned quality forgets that a point of price has a weight.
    QualityUnweighted = 3,
    /// Entrants forget that they are among their own rivals.
    EntrantTooFew = 4,
    /// The random-allocation null counts only other contracts.
    NullWithoutOwn = 5,
    /// A year's volatility acts in every round.
    YearlyVolatility = 6,
    /// The cost of a lost bid is not booked.
    FreeLosingBids = 7,
    /// The cap on lots allows one more.
    CapPlusOne = 8,
    /// Providers kept under retention are drawn again among all.
    RetentionIgnored = 9,
    /// People who stay on the waiting list are reduced twice.
    AttritionTwice = 10,
    /// On a price grid, a tie counts as a win.
    GridTieWins = 11,
    /// Lots are all worth the same, whatever their weights.
    LotsAlike = 12,
    /// Past wins count as they are, whatever the power of reinforcement.
    ReinforcementLinear = 13,
    /// Reserves go by the next in the list.
    ReservesShifted = 14,
    /// Working together yields a little more by itself.
    TeamBonus = 15,
    /// Co-ordination takes no time.
    WasteForgotten = 16,
    /// A lead forgets that a lost partner is lost for ever, not for a round.
    OneRoundLost = 17,
    /// What is lost in a partnership counts no more than what is gained.
    LossesCountOnce = 18,
    /// News that is no better than a coin is believed a little.
    EmptyTalkPersuades = 19,
    /// Strangers are judged by their size where nothing should be.
    LabelsRead = 20,
    /// Leaders reply to what others do as if they had nothing to fear.
    FearlessReply = 21,
    /// The price of risk is all of aversion times variance, not half of it.
    RiskCountsDouble = 22,
    /// Leaders who may push back count themselves among those who could do it for them.
    VolunteerTooMany = 23,
}

/// Every mutant with the suite that must find it.
pub const ALL: [(Mutant, &str); 23] = [
    (Mutant::RivalTooFew, "auctions"),
    (Mutant::TieWins, "auctions"),
    (Mutant::QualityUnweighted, "auctions"),
    (Mutant::EntrantTooFew, "entry"),
    (Mutant::NullWithoutOwn, "concentration"),
    (Mutant::YearlyVolatility, "growth"),
    (Mutant::FreeLosingBids, "growth"),
    (Mutant::CapPlusOne, "incumbents"),
    (Mutant::RetentionIgnored, "incumbents"),
    (Mutant::AttritionTwice, "backlog"),
    (Mutant::GridTieWins, "auctions"),
    (Mutant::LotsAlike, "concentration"),
    (Mutant::ReinforcementLinear, "incumbents"),
    (Mutant::ReservesShifted, "growth"),
    (Mutant::TeamBonus, "neutrality"),
    (Mutant::WasteForgotten, "phase-boundary"),
    (Mutant::OneRoundLost, "strategy"),
    (Mutant::LossesCountOnce, "neutrality"),
    (Mutant::EmptyTalkPersuades, "neutrality"),
    (Mutant::LabelsRead, "neutrality"),
    (Mutant::FearlessReply, "strategy"),
    (Mutant::RiskCountsDouble, "strategy"),
    (Mutant::VolunteerTooMany, "strategy"),
];

#[cfg(feature = "mutants")]
static ACTIVE: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

/// Switches one mutant on, or all off.
#[cfg(feature = "mutants")]
pub fn activate(mutant: Option<Mutant>) {
    ACTIVE.store(mutant.map_or(0, |mutant| mutant as usize), std::sync::atomic::Ordering::SeqCst);
}

/// Whether a mutant is on.
#[cfg(feature = "mutants")]
#[inline]
pub fn is_on(mutant: Mutant) -> bool {
    ACTIVE.load(std::sync::atomic::Ordering::Relaxed) == mutant as usize
}

/// Whether a mutant is on: never.
#[cfg(not(feature = "mutants"))]
#[inline]
pub const fn is_on(_: Mutant) -> bool {
    false
}
