//! Spoilt scenario and rule files: they load, or are refused with a message.

use super::luck::Luck;
use super::spoil::spoil;
use super::watch::{Watch, seeds};
use rebalance::scenario::inputs::portable;
use rebalance::scenario::library::{RULES, SCENARIOS, Shipped};
use rebalance::scenario::write::to_toml;
use rebalance::scenario::{load, load_rules, load_under};
use std::path::Path;

/// Longest that a case may take \[s\].
const LONGEST: u64 = 2;

/// Tries so many files; whether none failed.
pub fn fuzz(cases: usize, seed: u64) -> bool {
    let folder = tempfile::tempdir().expect("a folder for scenarios");
    let (mine, again) = (folder.path().join("mine.toml"), folder.path().join("again.toml"));
    let whole: Vec<String> = ["synthetic", "england"].map(whole).to_vec();
    let mut watch = Watch::new("files", LONGEST);
    for seed in seeds(seed, cases) {
        let mut luck = Luck::new(seed);
        let rules = luck.once_in(5);
        let list = if rules { RULES } else { SCENARIOS };
        let mut text = one_of(&whole, list, &mut luck);
        for _ in 0..luck.times() {
            let other = one_of(&whole, if luck.once_in(2) { RULES } else { SCENARIOS }, &mut luck);
            spoil(&mut text, &other, &mut luck);
        }
        std::fs::write(&mine, &text).expect("written");
        watch.case(seed, &text, || if rules { rules_file(&mine) } else { scenario_file(&mine, &again) });
    }
    watch.report()
}

/// A scenario with every key, a reform, a menu and something uncertain.
fn whole(name: &str) -> String {
    let scenario = load(name, &[]).expect("a shipped scenario");
    to_toml(&scenario)
        + "\n[[reform]]\nfrom_round = 16\nareas = [\"London\"]\nrules.notice_weeks = 4.0\nbehaviour.one_shot = true\n\
           [[menu]]\nname = \"price\"\nrules.weight_price = 0.5\nrules.weight_quality = 0.5\n\
           [uncertainty]\nranges = { \"market.coverage\" = [0.5, 0.9] }\n"
}

fn one_of(whole: &[String], list: &[Shipped], luck: &mut Luck) -> Vec<u8> {
    let text = if luck.once_in(4) { luck.pick(whole).as_str() } else { luck.pick(list).text };
    text.as_bytes().to_vec()
}

fn scenario_file(path: &Path, again: &Path) -> Result<String, String> {
    match load(&path.to_string_lossy(), &[]) {
        Err(errors) if errors.to_string().is_empty() => Err("refused without a word".into()),
        Err(_) => Ok("scenarios refused".into()),
        Ok(scenario) => {
            // As every manifest has it: files as their author named them, beside the scenario.
            let text = to_toml(&portable(&scenario, path.parent().unwrap_or(Path::new(""))));
            std::fs::write(again, text).map_err(|error| error.to_string())?;
            let loaded = load(&again.to_string_lossy(), &[]);
            let loaded = loaded.map_err(|errors| format!("written and refused: {errors}"))?;
            let same = loaded.values() == scenario.values() && loaded.reforms == scenario.reforms;
            same.then(|| "scenarios loaded".into()).ok_or_else(|| "written and read as another".into())
        }
    }
}

fn rules_file(path: &Path) -> Result<String, String> {
    match load_rules(&path.to_string_lossy()) {
        Err(errors) if errors.to_string().is_empty() => Err("refused without a word".into()),
        Err(_) => Ok("rules refused".into()),
        Ok(rules) => match load_under("synthetic", &rules, &[]) {
            Err(errors) if errors.to_string().is_empty() => Err("refused without a word".into()),
            Err(_) => Ok("rules that do not fit".into()),
            Ok(_) => Ok("rules loaded".into()),
        },
    }
}
