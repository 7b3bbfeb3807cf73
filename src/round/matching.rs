//! Two-sided matching: proposals, held offers, no pair that would rather have each other.

/// A proposal that one side could make to the other, with its worth to both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offer {
    /// Who receives it.
    pub receiver: usize,
    /// Its worth to the proposer.
    pub worth: f64,
    /// Its worth to the receiver, above that of its best alternative; offers at or below zero are refused.
    pub gain: f64,
}

/// Whether one would rather lead than join the best of those who might ask it (what that is worth, and who it is), and
/// than bid alone. Of two who would as soon lead each other as join, the first leads.
pub fn would_lead(own: usize, lead: f64, (join, of): (f64, usize), alone: f64) -> bool {
    lead > alone && (lead > join || lead == join && own < of)
}

/// Who ended up with whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Matching {
    /// The receiver that each proposer ends with.
    pub kept: Vec<Option<usize>>,
    /// The receivers that each proposer asked, in the order in which it did.
    pub asked: Vec<Vec<usize>>,
}

/// Deferred acceptance (Gale and Shapley 1962), proposers first. Proposers go down their lists, best first (ties by
/// receiver); a receiver holds the best offer so far (ties by proposer). No proposer and receiver would both rather have
/// each other.
pub fn deferred_acceptance(mut lists: Vec<Vec<Offer>>, receivers: usize) -> Matching {
    for list in &mut lists {
        list.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.receiver.cmp(&b.receiver)));
    }
    let mut kept = vec![None; lists.len()];
    let mut asked = vec![Vec::new(); lists.len()];
    let mut held: Vec<Option<(f64, usize)>> = vec![None; receivers];
    let mut active: Vec<usize> = (0..lists.len()).rev().collect();
    while let Some(proposer) = active.pop() {
        while kept[proposer].is_none() && asked[proposer].len() < lists[proposer].len() {
            let Offer { receiver, gain, .. } = lists[proposer][asked[proposer].len()];
            asked[proposer].push(receiver);
            let better = match held[receiver] {
                None => gain > 0.0,
                Some((best, holder)) => gain > best || (gain == best && proposer < holder && gain > 0.0),
            };
            if !better {
                continue;
            }
            if let Some((_, left)) = held[receiver].replace((gain, proposer)) {
                kept[left] = None;
                active.push(left);
            }
            kept[proposer] = Some(receiver);
        }
    }
    Matching { kept, asked }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Luck, Purpose};

    /// Random strict preferences of n proposers and n receivers.
    fn market(n: usize, seed: u64) -> Vec<Vec<Offer>> {
        let mut draws = Luck::new(seed, 0).stream::<2>(Purpose::Sample, 0);
        let offer = |receiver: usize, [worth, gain]: [f64; 2]| Offer { receiver, worth, gain };
        (0..n).map(|i| (0..n).map(|j| offer(j, draws.uniforms((i * n + j) as u64))).collect()).collect()
    }

    /// V35: no pair blocks, and with n = 500 the mean rank of the partner is about H_n for proposers (coupons
    /// collected: s.d. pi/sqrt 6 in one market) and n over it for receivers (Pittel 1989, 1992).
    #[test]
    fn nobody_would_rather_have_each_other() {
        const MARKETS: u64 = 60;
        let n = 500;
        let (mut proposers, mut products) = (0.0, 0.0);
        for seed in 0..MARKETS {
            let lists = market(n, seed);
            let matched: Vec<usize> =
                deferred_acceptance(lists.clone(), n).kept.into_iter().flatten().collect();
            assert_eq!(matched.len(), n, "everybody has a partner");
            let mut partner = vec![usize::MAX; n];
            matched.iter().enumerate().for_each(|(i, &kept)| partner[kept] = i);
            let (mut ranks, mut receivers) = (0, 0);
            for (i, list) in lists.iter().enumerate() {
                let own = list[matched[i]].worth;
                for (j, offer) in list.iter().enumerate() {
                    let held = lists[partner[j]][j].gain;
                    assert!(offer.worth <= own || offer.gain <= held, "{i} and {j} block");
                    ranks += usize::from(offer.worth >= own);
                    receivers += usize::from(offer.gain >= held);
                }
            }
            let (ranks, receivers) = (ranks as f64 / n as f64, receivers as f64 / n as f64);
            proposers += ranks / MARKETS as f64;
            products += ranks * receivers / n as f64 / MARKETS as f64;
        }
        let harmonic: f64 = (1..=n).map(|k| 1.0 / k as f64).sum();
        let error = std::f64::consts::PI / libm::sqrt(6.0 * MARKETS as f64);
        assert!((proposers - harmonic).abs() < 4.0 * error, "{proposers}");
        assert!((products - 1.0).abs() < 0.05, "{products}");
    }

    #[test]
    fn offers_that_gain_nothing_are_refused_and_a_better_one_takes_its_place() {
        let offer = |receiver, worth, gain| Offer { receiver, worth, gain };
        let lists = vec![
            vec![offer(0, 3.0, 1.0), offer(1, 2.0, 1.0), offer(2, 1.0, 1.0)],
            vec![offer(0, 1.0, 2.0), offer(3, 2.0, 0.0)],
        ];
        let Matching { kept, asked } = deferred_acceptance(lists, 4);
        assert_eq!(kept, [Some(1), Some(0)]);
        assert_eq!(asked, [vec![0, 1], vec![3, 0]]);
    }

    /// What each of four room-mates is worth to each other: 3, 2 and 1, best first; being alone is worth nothing.
    type Rooms = [[f64; 4]; 4];

    fn rooms(orders: [[usize; 3]; 4]) -> Rooms {
        let mut worth = [[0.0; 4]; 4];
        for (own, order) in orders.iter().enumerate() {
            order.iter().zip([3.0, 2.0, 1.0]).for_each(|(&other, value)| worth[own][other] = value);
        }
        worth
    }

    /// Pairs that would both rather have each other than whom they have; who is alone is its own partner.
    fn blocking_pairs(worth: &Rooms, partner: &[usize; 4]) -> Vec<(usize, usize)> {
        let rather = |own: usize, other: usize| worth[own][other] > worth[own][partner[own]];
        let pairs = (0..4).flat_map(|a| (a + 1..4).map(move |b| (a, b)));
        pairs.filter(|&(a, b)| rather(a, b) && rather(b, a)).collect()
    }

    /// All ten ways in which four can be alone or in pairs.
    fn all_matchings() -> Vec<[usize; 4]> {
        let codes = (0..256).map(|code: usize| [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6]);
        codes.filter(|partner| (0..4).all(|own| partner[partner[own]] == own)).collect()
    }

    /// Who leads, and whom each ends up with, when leaders choose as they do for a tender, two by two.
    fn two_by_two(worth: &Rooms) -> ([bool; 4], [usize; 4]) {
        let best =
            |own: usize| (0..4).max_by(|&a, &b| worth[own][a].total_cmp(&worth[own][b])).unwrap_or(own);
        let leads = [0, 1, 2, 3].map(|own| {
            let of = best(own);
            would_lead(own, worth[own][of], (worth[own][of], of), 0.0)
        });
        let list = |own: usize| {
            let others = (0..4).filter(|&other| leads[own] && other != own && !leads[other]);
            let offer = |other| Offer { receiver: other, worth: worth[own][other], gain: worth[other][own] };
            others.map(offer).collect()
        };
        let mut partner = [0, 1, 2, 3];
        let kept = deferred_acceptance((0..4).map(list).collect(), 4).kept;
        for (own, other) in kept.iter().enumerate().filter_map(|(own, kept)| Some((own, (*kept)?))) {
            (partner[own], partner[other]) = (other, own);
        }
        (leads, partner)
    }

    /// V35: with 1: 2 > 3 > 4, 2: 3 > 1 > 4 and 3: 1 > 2 > 4, whoever is with 4 is wanted by another: every matching is
    /// blocked, and of ours the pair that is left is named.
    #[test]
    fn room_mates_may_have_no_stable_matching() {
        let worth = rooms([[1, 2, 3], [2, 0, 3], [0, 1, 3], [0, 1, 2]]);
        assert_eq!(all_matchings().len(), 10);
        assert!(all_matchings().iter().all(|partner| !blocking_pairs(&worth, partner).is_empty()));
        let (leads, partner) = two_by_two(&worth);
        assert_eq!((leads, partner), ([true, true, false, false], [2, 3, 0, 1]));
        assert_eq!(blocking_pairs(&worth, &partner), [(0, 1)], "both lead");
    }

    /// Of all 1,296 orders of four, one in 27 has no stable matching. Where leaders choose, a
    /// leader and one who joins never block.
    #[test]
    fn leaders_and_those_who_join_never_block() {
        let orders = |own: usize| {
            let others: Vec<usize> = (0..4).filter(|&other| other != own).collect();
            let places = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
            places.map(|order| order.map(|place| others[place]))
        };
        let matchings = all_matchings();
        let (mut unsolvable, mut blocked) = (0, 0);
        for code in 0..1_296 {
            let digits = [code % 6, code / 6 % 6, code / 36 % 6, code / 216];
            let worth = rooms([0, 1, 2, 3].map(|own| orders(own)[digits[own]]));
            let stable = matchings.iter().any(|partner| blocking_pairs(&worth, partner).is_empty());
            let (leads, partner) = two_by_two(&worth);
            let left = blocking_pairs(&worth, &partner);
            unsolvable += usize::from(!stable);
            blocked += usize::from(!left.is_empty());
            assert!(stable || !left.is_empty());
            assert!(left.iter().all(|&(a, b)| leads[a] == leads[b]), "{code}: {left:?}");
        }
        assert_eq!(unsolvable, 1_296 / 27);
        assert!(blocked > unsolvable, "{blocked}");
    }
}
