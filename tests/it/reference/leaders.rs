//! Leaders told again: what they want, what they remember of each other, what working together teaches them.

use super::market::{Charity, Contract, Reference, SKILLS};
use super::produce::Mode;
use rebalance::math::{exp, ln, logistic, normal_quantile};
use rebalance::random::{Luck, Purpose, pair_uniform};
use rebalance::scenario::Behaviour;
use rebalance::scenario::parameters::{MotiveLaw, StanceRule, StanceUpdate, Treatment};

/// Others that a charity remembers.
const REMEMBERED: usize = 12;

/// Who leads a charity.
#[derive(Clone, Debug)]
pub struct Leader {
    pub motives: [f32; 4],
    pub identity: [f32; 2],
    pub overconfidence: f32,
    /// Place in the queue for a programme.
    pub queue: f32,
    /// Places in the queues for being open, and for lying.
    pub guard: f32,
    pub honesty: f32,
    /// Place in the queue of those who seek partners from the start, and whether it does seek any.
    pub reserve: f32,
    pub seeks: bool,
    pub income_then: f32,
    pub success: f32,
    /// Beyond the fears of identity, legitimacy and control that all start with.
    pub learned: [f32; 3],
}

/// Weights of purpose, market share, autonomy and security.
#[derive(Clone, Copy, Debug)]
pub struct Wants {
    pub purpose: f64,
    pub share: f64,
    pub ego: f64,
    pub security: f64,
}

impl Leader {
    /// The leader of the charity with an address.
    pub fn of(luck: Luck, slot: u64) -> Self {
        let u = luck.stream::<8>(Purpose::Leader, 0).uniforms(slot);
        let [guard, honesty, reserve] = luck.stream::<3>(Purpose::Candour, 0).uniforms(slot);
        let parts = [-ln(u[0]), -ln(u[1]), -ln(u[2]), -ln(u[3])];
        let whole = parts[0] + parts[1] + parts[2] + parts[3];
        Self {
            motives: parts.map(|part| (part / whole) as f32),
            identity: [normal_quantile(u[4]) as f32, normal_quantile(u[5]) as f32],
            overconfidence: -ln(u[6]) as f32,
            queue: u[7] as f32,
            guard: guard as f32,
            honesty: honesty as f32,
            reserve: reserve as f32,
            seeks: true,
            income_then: 0.0,
            success: 0.0,
            learned: [0.0; 3],
        }
    }

    pub fn wants(&self, behaviour: &Behaviour) -> Wants {
        let [purpose, share, ego, security] = match behaviour.motives {
            MotiveLaw::Same => [behaviour.purpose.value(), 0.0, 0.0, 0.0],
            MotiveLaw::Dirichlet => self.motives.map(f64::from),
        };
        if self.takes_part(behaviour, Treatment::ImpactFirst) {
            let shift = behaviour.impact_shift.value();
            let [share, ego, security] = [share, ego, security].map(|motive| (1.0 - shift) * motive);
            return Wants { purpose: purpose + shift * (1.0 - purpose), share, ego, security };
        }
        Wants { purpose, share, ego, security }
    }

    /// Whether a programme for leaders treats it in this way.
    pub fn takes_part(&self, behaviour: &Behaviour, treatment: Treatment) -> bool {
        behaviour.treatment == treatment && f64::from(self.queue) < behaviour.treated_share.value()
    }

    pub fn may_join(&self, behaviour: &Behaviour) -> bool {
        behaviour.payoff_matrix.is_empty() || self.seeks
    }

    pub fn is_open(&self, behaviour: &Behaviour) -> bool {
        let by_nature = f64::from(self.guard) < behaviour.openness.value();
        by_nature || self.takes_part(behaviour, Treatment::Communicate)
    }

    pub fn lies(&self, behaviour: &Behaviour) -> bool {
        f64::from(self.honesty) < behaviour.liar_share.value()
    }

    /// Its fears of losing identity, legitimacy and control.
    pub fn fears(&self, behaviour: &Behaviour) -> [f64; 3] {
        let mut fears = [behaviour.fear_identity, behaviour.fear_legitimacy, behaviour.fear_control];
        if behaviour.fear_learning > 0.0 {
            for (fear, learned) in fears.iter_mut().zip(self.learned) {
                *fear = (*fear + f64::from(learned)).max(0.0);
            }
        }
        fears
    }

    /// Factor by which it overrates its charity.
    pub fn pride(&self, behaviour: &Behaviour) -> f64 {
        1.0 + behaviour.overconfidence * f64::from(self.overconfidence)
    }

    pub fn distance(&self, other: &Self, behaviour: &Behaviour) -> f64 {
        let x = f64::from(self.identity[0]) - f64::from(other.identity[0]);
        let y = f64::from(self.identity[1]) - f64::from(other.identity[1]);
        behaviour.identity_spread * libm::sqrt(x * x + y * y)
    }
}

/// Faded counts of good and bad experience.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    pub good: f32,
    pub bad: f32,
}

impl Counts {
    fn add(&mut self, behaviour: &Behaviour, x: f64, weight: f64) {
        let (good, bad) = (f64::from(self.good), f64::from(self.bad));
        let gain = behaviour.trust_gain * weight;
        let memory = rebalance::math::pow(behaviour.trust_memory, weight);
        self.good = (memory * good + gain * x) as f32;
        self.bad = (memory * bad + gain * behaviour.negativity * (1.0 - x)) as f32;
    }

    fn mean(self, prior: f64, behaviour: &Behaviour) -> f64 {
        let weight = behaviour.trust_prior_weight;
        (prior * weight + f64::from(self.good)) / (weight + f64::from(self.good) + f64::from(self.bad))
    }
}

/// What a charity knows of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relation {
    pub other: usize,
    pub counts: Counts,
    pub joint: u16,
    pub last: u32,
}

/// What a charity knows of others: of some by themselves, of the rest by their size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    pub relations: Vec<Relation>,
    pub sizes: [Counts; 5],
}

impl Memory {
    pub fn of(&self, other: usize) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.other == other)
    }

    /// Trust in a stranger of a size, on the part of a charity of another.
    pub fn stereotype(&self, behaviour: &Behaviour, own: usize, size: usize) -> f64 {
        if behaviour.force_trust >= 0.0 {
            behaviour.force_trust
        } else if behaviour.stereotypes {
            let unlike = if own == size { 0.0 } else { behaviour.stereotype_bias };
            self.sizes[size].mean((behaviour.trust_prior - unlike).clamp(0.0, 1.0), behaviour)
        } else {
            behaviour.trust_prior
        }
    }

    pub fn trust(&self, behaviour: &Behaviour, own: usize, other: usize, size: usize) -> f64 {
        let stranger = self.stereotype(behaviour, own, size);
        match self.of(other) {
            Some(relation) if behaviour.force_trust < 0.0 => relation.counts.mean(stranger, behaviour),
            _ => stranger,
        }
    }

    /// A round of joint work; whoever was met longest ago makes room.
    fn experience(&mut self, behaviour: &Behaviour, other: usize, size: usize, x: f64, round: u32) {
        let new = Relation { other, counts: Counts::default(), joint: 0, last: round };
        let place = match self.relations.iter().position(|relation| relation.other == other) {
            Some(place) => place,
            None if self.relations.len() < REMEMBERED => {
                self.relations.push(new);
                self.relations.len() - 1
            }
            None => {
                let mut oldest = 0;
                for place in 1..REMEMBERED {
                    if self.relations[place].last < self.relations[oldest].last {
                        oldest = place;
                    }
                }
                self.relations[oldest] = new;
                oldest
            }
        };
        let relation = &mut self.relations[place];
        relation.counts.add(behaviour, x, 1.0);
        relation.joint += 1;
        relation.last = round;
        self.sizes[size].add(behaviour, x, 1.0);
    }
}

impl Reference {
    /// Number of the band of a charity's income, or one dealt out for the year.
    pub fn size(&self, charity: usize, behaviour: &Behaviour, round: u32) -> usize {
        if behaviour.shuffle_labels {
            let year = self.calendar().year(round);
            let [own] = self.luck.stream::<1>(Purpose::Labels, year).raw(self.charities[charity].slot);
            let u = pair_uniform(own, 0, Purpose::Labels as u64);
            return (u * 5.0) as usize;
        }
        let income = self.charities[charity].income;
        [1e4, 1e5, 1e6, 1e7].into_iter().filter(|&limit| income >= limit).count()
    }

    /// What members of teams learn to fear, or not to fear; what they learned before fades.
    pub fn learn_fear(&mut self, served: &[[f64; SKILLS]], outcomes: &[f64], round: u32) {
        for row in 0..self.charities.len() {
            let rounds = self.regime(self.charities[row].home, round).behaviour.fear_memory_rounds;
            for learned in &mut self.charities[row].leader.learned {
                *learned -= (f64::from(*learned) / rounds) as f32;
            }
        }
        for row in 0..self.lots.len() {
            let Some(contract) = self.lots[row].contract.clone() else { continue };
            if contract.mode == Mode::Solo {
                continue;
            }
            let market = &self.markets[self.lots[row].market];
            let rules = self.regime(market.area, round).rules;
            let people: f64 = served[row].iter().sum();
            let short = if people > 0.0 { market.success - outcomes[row] / people } else { 0.0 };
            for place in 0..contract.members.len() {
                self.fear_from(&contract, place, short, rules.credit_lead.value(), round);
            }
        }
    }

    /// What one member makes of a round: less pay than it reckoned with, and worse results than others have.
    fn fear_from(&mut self, contract: &Contract, place: usize, short: f64, credit_lead: f64, round: u32) {
        let member = &contract.members[place];
        let behaviour = self.regime(self.charities[member.charity].home, round).behaviour;
        let mut loss = member.work * short;
        if contract.mode == Mode::CoOperation && place > 0 {
            let lead = contract.members[0].charity;
            let (own, other) =
                (self.size(member.charity, &behaviour, round), self.size(lead, &behaviour, round));
            let trust = self.charities[member.charity].memory.trust(&behaviour, own, lead, other);
            let cut = if behaviour.belief_in_payoff { behaviour.cut_max.value() } else { 0.0 };
            loss += member.promised * (1.0 - (1.0 - trust) * cut) - member.allocated;
        }
        let shares: Vec<f64> = contract.members.iter().map(|member| member.work).collect();
        let given_up = 1.0 - super::worth::say(contract.mode, &shares, place, contract.by_heads);
        let lost_credit = 1.0 - super::worth::credit(contract.mode, &shares, place, credit_lead);
        let own = &self.charities[member.charity].leader;
        let (mut distance, mut weight) = (0.0, 0.0);
        for (other, partner) in contract.members.iter().enumerate() {
            if other != place {
                distance += shares[other] * own.distance(&self.charities[partner.charity].leader, &behaviour);
                weight += shares[other];
            }
        }
        let exposed =
            [if weight > 0.0 { distance / weight } else { 0.0 } * given_up, lost_credit.max(0.0), given_up];
        let weight = if loss > 0.0 { behaviour.negativity } else { 1.0 };
        let floor = [behaviour.fear_identity, behaviour.fear_legitimacy, behaviour.fear_control];
        for (fear, learned) in self.charities[member.charity].leader.learned.iter_mut().enumerate() {
            let more = behaviour.fear_learning * exposed[fear] * weight * loss;
            if behaviour.fear_learning > 0.0 {
                *learned = (f64::from(*learned) + more).max(-floor[fear]) as f32;
            }
        }
    }

    /// What members of teams learn of each other and from each other.
    pub fn learn_together(&mut self, served: &[[f64; SKILLS]], outcomes: &[f64], round: u32) {
        for row in 0..self.lots.len() {
            let market = self.lots[row].market;
            let Some(contract) = self.lots[row].contract.clone() else { continue };
            if contract.mode == Mode::Solo {
                continue;
            }
            let people: f64 = served[row].iter().sum();
            let usual = self.markets[market].success.max(1e-9);
            let delivered = if people > 0.0 { (outcomes[row] / people / usual).min(1.0) } else { 1.0 };
            self.judge_each_other(&contract, delivered, round);
            if contract.mode == Mode::Collaboration {
                self.spill_over(&contract, round);
            }
            self.drift(&contract, round);
        }
    }

    fn judge_each_other(&mut self, contract: &Contract, delivered: f64, round: u32) {
        let co_operation = contract.mode == Mode::CoOperation;
        for (a, judge) in contract.members.iter().enumerate() {
            for (b, judged) in contract.members.iter().enumerate() {
                if a == b || (co_operation && a != 0 && b != 0) {
                    continue;
                }
                let lead_pays = co_operation && b == 0;
                let paid = if lead_pays { judge.allocated / judge.promised.max(1e-12) } else { 1.0 };
                let behaviour = self.regime(self.charities[judge.charity].home, round).behaviour;
                let part = behaviour.trust_delivery.value();
                let x = (1.0 - part) * paid.min(1.0) + part * delivered;
                self.remember(judge.charity, judged.charity, x, round);
            }
        }
    }

    /// An experience, and what friends hear of it if they know whom it is about.
    fn remember(&mut self, judge: usize, judged: usize, x: f64, round: u32) {
        let behaviour = self.regime(self.charities[judge].home, round).behaviour;
        let size = self.size(judged, &behaviour, round);
        self.charities[judge].memory.experience(&behaviour, judged, size, x, round);
        let heard = behaviour.gossip.value();
        if heard == 0.0 {
            return;
        }
        let friends: Vec<usize> =
            self.charities[judge].memory.relations.iter().map(|relation| relation.other).collect();
        for friend in friends.into_iter().filter(|&friend| friend != judged) {
            let known = &mut self.charities[friend].memory.relations;
            if let Some(relation) = known.iter_mut().find(|relation| relation.other == judged) {
                relation.counts.add(&behaviour, x, heard);
            }
        }
    }

    fn spill_over(&mut self, contract: &Contract, round: u32) {
        let mut best = [0.0_f32; SKILLS];
        for member in &contract.members {
            for (skill, best) in best.iter_mut().enumerate() {
                *best = best.max(self.charities[member.charity].ability[skill]);
            }
        }
        for member in &contract.members {
            let home = self.charities[member.charity].home;
            let speed = self.regime(home, round).behaviour.spill_over as f32;
            for (skill, best) in best.iter().enumerate() {
                let ability = &mut self.charities[member.charity].ability[skill];
                *ability += speed * (best - *ability);
            }
        }
    }

    fn drift(&mut self, contract: &Contract, round: u32) {
        let identities: Vec<[f32; 2]> =
            contract.members.iter().map(|member| self.charities[member.charity].leader.identity).collect();
        for axis in 0..2 {
            let sum: f32 = identities.iter().map(|identity| identity[axis]).sum();
            let mean = sum / identities.len() as f32;
            for member in &contract.members {
                let home = self.charities[member.charity].home;
                let speed = self.regime(home, round).behaviour.identity_drift as f32;
                let own = &mut self.charities[member.charity].leader.identity[axis];
                *own += speed * (mean - *own);
            }
        }
    }
}

impl Reference {
    /// Once a year every leader may copy one of its area that does better, drifts, or is replaced.
    pub fn adapt(&mut self, round: u32) {
        if !self.calendar().ends_year(round) {
            return;
        }
        self.choose_options(round);
        self.play_for_payoffs(round);
        for area in 0..self.towns.len() {
            self.copy_stances(area, round);
        }
        let motives: Vec<[f32; 4]> =
            (0..self.charities.len()).map(|row| self.motives_after(row, round)).collect();
        for row in 0..self.charities.len() {
            let charity = &self.charities[row];
            let u = self.luck.stream::<8>(Purpose::LeaderYear, round).uniforms(charity.slot);
            let goes = self.regime(charity.home, round).behaviour.leader_turnover.value();
            if charity.open && !charity.services.is_empty() && u[3] < goes {
                self.charities[row].leader.learned = [0.0; 3];
            }
        }
        for (charity, motives) in self.charities.iter_mut().zip(motives) {
            charity.leader.motives = motives;
            charity.leader.income_then = charity.income as f32;
        }
    }

    /// Some leaders do what pays best if others go on as they did.
    fn play_for_payoffs(&mut self, round: u32) {
        let at_work = |charity: &Charity| charity.open && !charity.services.is_empty();
        let before: Vec<bool> = self.charities.iter().map(|charity| charity.leader.seeks).collect();
        let all = self.charities.iter().filter(|charity| at_work(charity)).count() as f64;
        for row in 0..self.charities.len() {
            let charity = &self.charities[row];
            let behaviour = self.regime(charity.home, round).behaviour;
            let u = self.luck.stream::<8>(Purpose::LeaderYear, round).uniforms(charity.slot);
            let replies = behaviour.stance_rule == StanceRule::BestReply;
            let plays = replies && at_work(charity) && all > 1.0 && u[0] < behaviour.imitation_rate.value();
            let [a, b, c, d] = behaviour.payoff_matrix[..] else { continue };
            if !plays {
                continue;
            }
            let others = self.charities.iter().enumerate().filter(|&(other, _)| other != row);
            let seeking = others.filter(|&(other, charity)| at_work(charity) && before[other]).count();
            let x = seeking as f64 / (all - 1.0);
            let [identity, legitimacy, control] = charity.leader.fears(&behaviour);
            let fear = identity + legitimacy + control;
            let (together, alone) = (x * a + (1.0 - x) * b - fear, x * c + (1.0 - x) * d);
            self.charities[row].leader.seeks = together > alone;
        }
    }

    /// Leaders of a place copy each other's stances by what these earn there.
    fn copy_stances(&mut self, area: usize, round: u32) {
        let Some(first) = self.charities.iter().find(|charity| charity.place() == area) else { return };
        let behaviour = self.regime(first.home, round).behaviour;
        let [a, b, c, d] = behaviour.payoff_matrix[..] else { return };
        if behaviour.stance_rule == StanceRule::BestReply {
            return;
        }
        let plays =
            |charity: &Charity| charity.place() == area && charity.open && !charity.services.is_empty();
        let mut players: Vec<usize> =
            (0..self.charities.len()).filter(|&row| plays(&self.charities[row])).collect();
        players.sort_by_key(|&row| self.charities[row].slot);
        let n = players.len();
        let mut now: Vec<bool> = players.iter().map(|&row| self.charities[row].leader.seeks).collect();
        let before = now.clone();
        for (turn, &player) in players.iter().enumerate() {
            let slot = self.charities[player].slot;
            let compares = self.luck.stream::<8>(Purpose::LeaderYear, round).uniforms(slot)[0];
            if n < 2 || compares >= behaviour.imitation_rate.value() {
                continue;
            }
            let [who, whom, whether] = self.luck.stream::<3>(Purpose::Stances, round).uniforms(slot);
            let one_by_one = behaviour.stance_update == StanceUpdate::OneByOne;
            let learner = if one_by_one { (who * n as f64) as usize } else { turn };
            let stances = if one_by_one { &now } else { &before };
            let seeking = stances.iter().filter(|seeks| **seeks).count() as f64;
            let (rest, others) = (n as f64 - seeking, n as f64 - 1.0);
            let together = ((seeking - 1.0) * a + rest * b) / others;
            let alone = (seeking * c + (rest - 1.0) * d) / others;
            let gain = behaviour.imitation_strength * (together - alone);
            now[learner] = if seeking == 0.0 || rest == 0.0 {
                stances[learner]
            } else if behaviour.stance_rule == StanceRule::Moran {
                whom < seeking / (seeking + rest * exp(-gain))
            } else {
                let mut others: Vec<usize> = (0..n).collect();
                others.remove(learner);
                let model = stances[others[(whom * others.len() as f64) as usize]];
                let better = if model { gain } else { -gain };
                if model != stances[learner] && whether < logistic(better) { model } else { stances[learner] }
            };
        }
        for (row, seeks) in players.into_iter().zip(now) {
            self.charities[row].leader.seeks = seeks;
        }
    }

    /// The first of the queue seek partners from the start: as many as are asked for, of all or of every area.
    pub fn take_stances(&mut self) {
        let behaviour = &self.scenario.regime.behaviour;
        if behaviour.payoff_matrix.is_empty() {
            return;
        }
        let by_area = behaviour.stance_rule != StanceRule::BestReply;
        let share = behaviour.seekers_at_start.value();
        let areas = if by_area { self.places() } else { 1 };
        for area in 0..areas {
            let queues = |row: usize| {
                let charity = &self.charities[row];
                !charity.services.is_empty() && (!by_area || charity.place() == area)
            };
            let mut queue: Vec<usize> = (0..self.charities.len()).filter(|&row| queues(row)).collect();
            queue.sort_by(|&a, &b| {
                let reserve = |row: usize| self.charities[row].leader.reserve;
                reserve(a).total_cmp(&reserve(b)).then(a.cmp(&b))
            });
            let seekers = libm::round(share * queue.len() as f64) as usize;
            for (place, row) in queue.into_iter().enumerate() {
                self.charities[row].leader.seeks = place < seekers;
            }
        }
    }

    fn motives_after(&self, row: usize, round: u32) -> [f32; 4] {
        let charity = &self.charities[row];
        if charity.services.is_empty() || !charity.open {
            return charity.leader.motives;
        }
        let behaviour = self.regime(charity.home, round).behaviour;
        let u = self.luck.stream::<8>(Purpose::LeaderYear, round).uniforms(charity.slot);
        if u[3] < behaviour.leader_turnover.value() {
            return Leader::of(self.luck, charity.slot ^ (u64::from(round) + 1) << 44).motives;
        }
        let near = |&row: &usize| {
            let other = &self.charities[row];
            other.open && other.place() == charity.place() && !other.services.is_empty()
        };
        let mut others: Vec<usize> = (0..self.charities.len()).filter(near).collect();
        others.sort_by_key(|&row| self.charities[row].slot);
        let peer = others[(u[1] * others.len() as f64) as usize];
        let wants = charity.leader.wants(&behaviour);
        let gap = self.standing(&wants, peer) - self.standing(&wants, row);
        let copies = u[0] < behaviour.imitation_rate.value()
            && peer != row
            && u[2] < logistic(behaviour.imitation_strength * gap);
        let from = if copies { self.charities[peer].leader.motives } else { charity.leader.motives };
        let founded = Leader::of(self.luck, charity.slot).motives;
        let mut drifted = [0.0; 4];
        for motive in 0..4 {
            let own = f64::from(from[motive]) * exp(behaviour.mutation * normal_quantile(u[4 + motive]));
            drifted[motive] = own + behaviour.anchor.value() * (f64::from(founded[motive]) - own);
        }
        let whole: f64 = drifted.iter().sum();
        drifted.map(|motive| (motive / whole) as f32)
    }

    /// How well a charity does in the eyes of one who wants this.
    fn standing(&self, wants: &Wants, row: usize) -> f64 {
        let charity = &self.charities[row];
        let (income, before) = (charity.income.max(1e-9), f64::from(charity.leader.income_then));
        let growth = if before > 0.0 { ln(income / before).clamp(-1.0, 1.0) } else { 0.0 };
        let reserves = (charity.reserves / income).clamp(-1.0, 1.0);
        wants.share * growth + wants.purpose * f64::from(charity.leader.success) + wants.security * reserves
    }

    /// The mean success of those a charity served, fading.
    pub fn keep_scores(&mut self, served: &[[f64; SKILLS]], outcomes: &[f64]) {
        let weight = self.scenario.market.statistics_weight;
        for row in 0..self.lots.len() {
            let people: f64 = served[row].iter().sum();
            let Some(contract) = self.lots[row].contract.clone().filter(|_| people > 0.0) else { continue };
            for member in contract.members {
                let seen = &mut self.charities[member.charity].leader.success;
                *seen += (weight * (outcomes[row] / people - f64::from(*seen))) as f32;
            }
        }
    }
}
