//! Runs cases one by one: a panic, a wrong answer, too long a time or more than a gigabyte is a failure.

use super::luck::Luck;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long until a case counts as hanging, which ends the program.
const HANGS: Duration = Duration::from_secs(60);
/// Largest that the program may become \[KiB\].
const LARGEST: u64 = 1 << 20;
/// Cases of one failure that are kept.
const KEPT: usize = 3;

/// Message and place of the latest panic.
static PANIC: Mutex<String> = Mutex::new(String::new());

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the case in hand is, for the thread that looks for hanging ones.
type InHand = Arc<Mutex<Option<(Instant, String)>>>;

/// The cases of one part.
pub struct Watch {
    part: &'static str,
    longest: Duration,
    folder: PathBuf,
    in_hand: InHand,
    counts: BTreeMap<String, usize>,
    failures: BTreeMap<String, usize>,
    slowest: (Duration, u64),
    too_large: bool,
}

impl Watch {
    /// Of no case yet. A case may take so many seconds; failures are kept in a folder of the part.
    pub fn new(part: &'static str, seconds: u64) -> Self {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            let trace = std::backtrace::Backtrace::force_capture().to_string();
            let mut lines = trace.lines().filter_map(|line| line.trim().strip_prefix("at ./src/"));
            let caller = lines.find(|line| !line.starts_with("units.rs")).unwrap_or_default();
            let payload = panic.payload();
            let text = payload.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
            *locked(&PANIC) = format!("panic at {place}, called from {caller}: {text}");
        }));
        let in_hand: InHand = Arc::default();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz").join(part);
        let (seen, name) = (Arc::clone(&in_hand), part);
        std::thread::spawn(move || look_for_hanging(name, &seen));
        Self {
            part,
            longest: Duration::from_secs(seconds),
            folder,
            in_hand,
            counts: BTreeMap::new(),
            failures: BTreeMap::new(),
            slowest: (Duration::ZERO, 0),
            too_large: false,
        }
    }

    /// Runs the case of a seed. It answers what it came to, or what is wrong; `shown` is kept where it fails.
    pub fn case(&mut self, seed: u64, shown: &[u8], run: impl FnOnce() -> Result<String, String>) {
        let (start, worked) = (Instant::now(), time_worked());
        *locked(&self.in_hand) = Some((start, format!("{seed}\n{}", String::from_utf8_lossy(shown))));
        let result = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(locked(&PANIC).clone()));
        *locked(&self.in_hand) = None;
        let worked = time_worked().zip(worked).map(|(now, before)| now - before);
        let took = worked.map_or(start.elapsed(), |worked| worked.min(start.elapsed()));
        if took > self.slowest.0 {
            self.slowest = (took, seed);
        }
        match result {
            Ok(what) => *self.counts.entry(what).or_default() += 1,
            Err(what) => self.fail(seed, shown, what),
        }
        if took > self.longest {
            self.fail(seed, shown, format!("longer than {:?}", self.longest));
        }
        if !self.too_large && most_memory().is_some_and(|memory| memory > LARGEST) {
            self.too_large = true; // the most is never less again
            self.fail(seed, shown, "more than a gigabyte".into());
        }
    }

    /// Counts what was not tried.
    pub fn left_out(&mut self, why: &str) {
        *self.counts.entry(why.to_string()).or_default() += 1;
    }

    fn fail(&mut self, seed: u64, shown: &[u8], what: String) {
        let times = self.failures.entry(what.clone()).or_default();
        *times += 1;
        if *times > KEPT {
            return;
        }
        let path = self.folder.join(format!("{seed}.txt"));
        let written = std::fs::create_dir_all(&self.folder).and_then(|()| std::fs::write(&path, shown));
        let kept = written.map_or_else(|error| error.to_string(), |()| path.display().to_string());
        println!("{} seed {seed}: {what}\n  {kept}", self.part);
    }

    /// Says what came of all cases; whether nothing failed.
    pub fn report(&self) -> bool {
        let counts: Vec<String> = self.counts.iter().map(|(what, n)| format!("{n} {what}")).collect();
        let (longest, seed) = self.slowest;
        let memory = most_memory().map_or(String::new(), |memory| format!(", at most {} MiB", memory >> 10));
        println!("{}: {}; longest {longest:.2?} (seed {seed}){memory}", self.part, counts.join(", "));
        for (what, times) in &self.failures {
            println!("{}: FAILED {times} times: {what}", self.part);
        }
        self.failures.is_empty()
    }
}

/// The seeds of so many cases: the first is the seed itself, so that a case can be tried again.
pub fn seeds(seed: u64, cases: usize) -> impl Iterator<Item = u64> {
    let mut luck = Luck::new(seed);
    std::iter::once(seed).chain(std::iter::from_fn(move || Some(luck.next()))).take(cases)
}

/// Ends the program where a case hangs, because nothing else can end it.
fn look_for_hanging(part: &str, in_hand: &InHand) {
    loop {
        std::thread::sleep(Duration::from_secs(1));
        if let Some((start, case)) = locked(in_hand).as_ref().filter(|(start, _)| start.elapsed() > HANGS) {
            println!("{part}: FAILED: hangs for {:?}: seed {case}", start.elapsed());
            std::process::exit(1);
        }
    }
}

/// Processor time of the program so far, where the system tells: on a machine that does other things, a case waits.
fn time_worked() -> Option<Duration> {
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, numbers) = status.rsplit_once(')')?; // the name before may hold anything
    let ticks = |place| numbers.split_whitespace().nth(place)?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
}

/// The most memory that the program has had \[KiB\], where the system tells.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
