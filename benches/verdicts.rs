//! The tables of verdicts in docs/COMPARING.md, simulated: `cargo bench --locked --bench verdicts`, about five minutes on
//! two cores; `-- WORDS` makes only the rows in whose first cell the words stand.

mod families;

use families::{Design, Law, simulate};
use rebalance::experiment::statistics::verdict::Family;

/// Studies behind every number: the standard error of 5% is half a point.
const STUDIES: u32 = 2_000;
/// Worlds of the columns.
const WORLDS: [usize; 4] = [8, 12, 20, 40];
/// Laws of the rows.
const LAWS: [(&str, Law); 4] = [
    ("normal", Law::Normal),
    ("one measure in eight skewed", Law::Mixed(0.5)),
    ("skewed", Law::Lognormal(0.5)),
    ("strongly skewed", Law::Lognormal(1.0)),
];

/// A row of a table in Markdown.
fn row(words: &str, design: impl Fn(usize) -> Design, rate: fn(&Design) -> f64) {
    let mut asked = std::env::args().skip(1).filter(|argument| !argument.starts_with('-'));
    if asked.next().is_some_and(|asked| !words.contains(&asked)) {
        return;
    }
    let cells = WORLDS.map(|worlds| format!("{:.1}%", 100.0 * rate(&design(worlds))));
    println!("| {words} | {} |", cells.join(" | "));
}

fn main() {
    println!("studies with a false verdict, where nothing differs\n");
    println!("| differences | 8 worlds | 12 | 20 | 40 |\n|---|---|---|---|---|");
    for rules in [1, 5] {
        for (common, how) in [(0.0, "independent"), (0.8, "correlated")] {
            for (name, law) in LAWS {
                let family = Family::Confirmatory;
                let design =
                    |worlds| Design { worlds, rules, law, common, family, differing: 0, effect: 0.0 };
                let sets = if rules == 1 { "1 rule set".to_string() } else { format!("{rules} rule sets") };
                row(&format!("{sets}, {name}, {how}"), design, |design| {
                    simulate(design, played(), 1).any_false
                });
            }
        }
    }
    println!("\ntrue effects that are found, one measure in four differing (5 rule sets)\n");
    println!("| differences | 8 worlds | 12 | 20 | 40 |\n|---|---|---|---|---|");
    for effect in [0.5, 1.0, 2.0] {
        for (name, law) in alike() {
            let family = Family::Confirmatory;
            let design = |worlds| Design { worlds, rules: 5, law, common: 0.0, family, differing: 1, effect };
            row(&format!("{effect} s.d., {name}"), design, |design| simulate(design, played(), 2).found);
        }
    }
    println!(
        "\nshare of exploratory verdicts that are false, one measure in four differing by 1 s.d. (5 rule sets)\n"
    );
    println!("| differences | 8 worlds | 12 | 20 | 40 |\n|---|---|---|---|---|");
    for (name, law) in alike() {
        let family = Family::Exploratory;
        let design =
            |worlds| Design { worlds, rules: 5, law, common: 0.0, family, differing: 1, effect: 1.0 };
        row(name, design, |design| simulate(design, played(), 3).false_share);
    }
}

/// Laws that all measures have.
fn alike() -> impl Iterator<Item = (&'static str, Law)> {
    LAWS.into_iter().filter(|(_, law)| !matches!(law, Law::Mixed(_)))
}

/// Studies behind every number of this run: two where `cargo test` only asks whether it runs.
fn played() -> u32 {
    if std::env::args().any(|argument| argument == "--test") { 2 } else { STUDIES }
}
