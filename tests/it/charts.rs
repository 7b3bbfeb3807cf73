//! Charts come out whole, the same everywhere, and with their resolution.

use super::{rebalance, scratch};

#[test]
fn every_figure_is_drawn_without_system_fonts() {
    let folder = scratch();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_rebalance"))
        .args([
            "compare",
            "quick",
            "--rules",
            "lowest-price",
            "--replicates",
            "3",
            "--set",
            "run.rounds=24",
            "--quiet",
        ])
        .current_dir(folder.path())
        .env("FONTCONFIG_FILE", "/nonexistent")
        .env("HOME", folder.path())
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let charts = folder.path().join("output/quick-compare/charts");
    for name in
        ["headline", "income-by-band", "concentration", "recovery-reserves", "survival", "map", "comparison"]
    {
        let svg = std::fs::read_to_string(charts.join(format!("{name}.svg"))).expect("an SVG");
        for part in ["<title", "<desc", "role=\"img\"", "@font-face", "</svg>"] {
            assert!(svg.contains(part), "{name}.svg has no {part}");
        }
        let png = std::fs::read(charts.join(format!("{name}.png"))).expect("a PNG");
        let at = png.windows(4).position(|window| window == b"pHYs").expect("a resolution") + 4;
        let dots = u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
        assert_eq!((dots, png[at + 8]), (11_811, 1), "{name}.png is not at 300 dpi");
        let data = std::fs::read_to_string(charts.join(format!("{name}.csv"))).expect("the data");
        assert!(data.lines().count() > 2, "{name}.csv is empty");
    }
    let report =
        std::fs::read_to_string(folder.path().join("output/quick-compare/report.html")).expect("a report");
    assert_eq!(report.matches("<figure>").count(), 7);
    assert!(report.contains("it does not predict"));
}

#[test]
fn report_draws_again_from_the_tables() {
    let folder = scratch();
    let run = ["run", "synthetic", "--replicates", "2", "--set", "run.rounds=24", "--quiet"];
    assert!(rebalance(folder.path(), &run).status.success());
    let before = super::files(folder.path());
    std::fs::remove_dir_all(folder.path().join("output/synthetic/charts")).expect("removed");
    let output = rebalance(folder.path(), &["report", "output/synthetic"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(before, super::files(folder.path()));
    assert_eq!(rebalance(folder.path(), &["report", "nowhere"]).status.code(), Some(2));
}
