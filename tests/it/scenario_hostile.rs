//! Files that would harm a careless reader: each gets an error that says what to do, in bounded time.

use crate::program::folder;
use rebalance::scenario::load;
use std::time::{Duration, Instant};

/// What the loader says about a file with these bytes, in bounded time.
fn told(bytes: impl AsRef<[u8]>) -> String {
    let folder = folder();
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, bytes).expect("a file");
    let start = Instant::now();
    let told = load(&path.to_string_lossy(), &[]).map_or_else(|errors| errors.to_string(), |_| String::new());
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    assert!(told.len() < 200_000, "{} bytes of messages", told.len());
    told
}

#[test]
fn a_hundred_thousand_errors_show_the_first_fifty() {
    let many: String = (0..100_000).map(|row| format!("k{row}=1\n")).collect();
    let many = format!("version = 1\n[rules]\n{many}");
    assert!(many.len() < 1 << 20);
    let found = told(&many);
    assert!(found.ends_with("... and 99950 more errors"), "{}", &found[found.len() - 200..]);
    assert!(found.contains("mine.toml:3:1"));
    assert!(told("=\n".repeat(500_000)).contains("more errors"));
    assert!(told(format!("version = 1\nrules = {{ {} }}", "a=1,".repeat(200_000))).contains("more errors"));
    assert!(told(format!("version = 1\nrules = {{ {} \u{1} }}", "a=1,".repeat(200_000))).contains("error"));
    assert!(told("\r".repeat(900_000)).contains("error"));
    assert!(told("[a]\n".repeat(250_000)).contains("more errors"));
    assert!(told("[[reform]]\n".repeat(90_000)).contains("at most 1000"));
    assert!(told("[[reform]]\nx=1\n".repeat(900)).contains("more errors"));
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for (open, close) in [("[", "]"), ("{a=", "}"), ("[{a=", "}]"), ("[", ""), ("{a=", "")] {
        let text = format!("version = 1\nx = {}1{}\n", open.repeat(90_000), close.repeat(90_000));
        assert!(told(&text).contains("brackets are nested too deeply"), "{open}");
    }
    assert!(!told(format!("{}=1\n", vec!["a"; 200_000].join("."))).is_empty());
    assert!(!told(format!("[{}]\nb=1\n", vec!["a"; 200_000].join("."))).is_empty());
    let path = vec!["a"; 78].join(".");
    let nested = format!("[{path}]\n{}1{}\n", format!("{path} = {{").repeat(59) + "x=", "}".repeat(59));
    // The main thread of Windows has a stack of 1 MiB.
    let small = std::thread::Builder::new().stack_size(1 << 20).spawn(move || told(&nested));
    assert!(!small.expect("a thread").join().expect("enough stack").is_empty());
}

#[test]
fn other_encodings_are_named() {
    let text = "version = 1\nname = \"café\"\n";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(told(&wide).contains("UTF-16") && told(&wide).contains("save it as UTF-8"));
    assert!(told([&[0xff, 0xfe], wide.as_slice()].concat()).contains("UTF-16"));
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(told([&[0xfe, 0xff], wide.as_slice()].concat()).contains("UTF-16"));
    let latin: Vec<u8> = text.chars().map(|character| character as u32 as u8).collect();
    assert!(told(&latin).contains("not in UTF-8") && told(&latin).contains("mine.toml:2:12"));
    assert!(told("version = 1\r\nname = \"cut\r\n\"\r\n").contains("mine.toml:2:"));
    assert_eq!(told(format!("\u{feff}{text}").replace('\n', "\r\n")), "");
}

#[test]
fn size_is_checked_before_anything_is_read() {
    assert!(told(vec![b'#'; (1 << 20) + 1]).contains("larger than 1 MiB"));
    assert!(told(vec![b'#'; 1 << 20]).contains("there is no version"));
    #[cfg(unix)]
    assert!(load("/dev/zero", &[]).expect_err("endless").to_string().contains("larger than 1 MiB"));
}

#[test]
fn numbers_beyond_bounds_are_told() {
    for (key, value) in [
        ("world.areas", "99999999999999999999"),
        ("world.areas", "-1"),
        ("world.areas", "0xffffffffffffffff"),
        ("world.copies", "1_000_000"),
        ("population.income_spread", "1e308"),
        ("population.income_spread", "1e999"),
        ("population.income_spread", "nan"),
        ("population.income_spread", "-inf"),
        ("world.complexity_shares", "[nan]"),
        ("world.complexity_shares", "[\"1\"]"),
    ] {
        let (block, name) = key.split_once('.').expect("a dotted key");
        let found = told(format!("version = 1\n[{block}]\n{name} = {value}\n"));
        assert!(
            found.contains("mine.toml:3:") && found.contains(&format!("{key} takes")),
            "{value}: {found}"
        );
        assert!(load("quick", &[format!("{key}={value}")]).is_err(), "{key}={value}");
    }
}

#[test]
fn paths_stay_in_the_folder_unless_the_command_line_gives_them() {
    for path in [
        "'/etc/passwd'",
        "'../x.csv'",
        "'C:\\x.csv'",
        "'\\\\server\\x.csv'",
        "'a/../../x.csv'",
        "'..\\x.csv'",
    ] {
        for key in ["areas_file", "charities_file"] {
            let found = told(format!("version = 1\n[world]\n{key} = {path}\n"));
            assert!(
                found.contains("folder") && found.contains(&format!("--set world.{key}")),
                "{path}: {found}"
            );
        }
        assert!(told(format!("version = 1\nextends = {path}\n")).contains("mine.toml:2:11"));
    }
    let typed =
        load("quick", &["world.areas_file=/data/areas.csv".into()]).expect("a path of the user's own");
    assert_eq!(typed.world.areas_file, "/data/areas.csv");
}

#[test]
fn a_windows_path_in_double_quotes_is_explained() {
    for path in ["C:\\data\\areas.csv", "data\\areas.csv", "C:\\new\\table.csv", "data\\new.csv"] {
        let found = told(format!("version = 1\n[world]\nareas_file = \"{path}\"\n"));
        assert!(found.contains("goes in single quotes"), "{path}: {found}");
    }
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_folder() {
    let (folder, outside) = (folder(), folder());
    std::fs::write(outside.path().join("base.toml"), "version = 1\n").expect("a file");
    std::os::unix::fs::symlink(outside.path(), folder.path().join("link")).expect("a link");
    let path = folder.path().join("mine.toml");
    std::fs::write(&path, "version = 1\nextends = \"link/base.toml\"\n").expect("a file");
    let errors = load(&path.to_string_lossy(), &[]).expect_err("a link").to_string();
    assert!(errors.contains("link that leaves"), "{errors}");
}

#[test]
fn odd_bytes_on_the_command_line_are_told() {
    for set in [
        "",
        "=",
        "==",
        "run.seed=",
        "run.seed=1\n2",
        "run.seed=1\nx=2",
        "\u{0}=1",
        "run.seed=[[[",
        "rules.formula=\u{1b}[31m",
    ] {
        let errors = load("quick", &[set.to_string()]).expect_err("nonsense");
        assert_eq!(errors.count(), 1, "{set:?}: {errors}");
        assert!(!errors.to_string().contains('\u{1b}'), "{errors}");
    }
    assert!(load("quick", &["x".repeat(100_000)]).is_err());
}
