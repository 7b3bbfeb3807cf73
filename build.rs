//! Says which build this is: the commit where there is one, a hash of the sources, and the target.
//!
//! Nothing here depends on the hour, the machine or git being installed, so that the same sources give the same
//! program.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What decides what the program does.
const SOURCES: [&str; 4] = ["src", "scenarios", "build.rs", "Cargo.lock"];

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    for source in SOURCES.iter().chain(&["Cargo.toml"]) {
        println!("cargo:rerun-if-changed={source}");
    }
    println!("cargo:rustc-env=REBALANCE_SOURCES={}", sources_hash(&root));
    println!("cargo:rustc-env=REBALANCE_COMMIT={}", commit(&root).unwrap_or("unknown".into()));
    println!("cargo:rustc-env=REBALANCE_TARGET={}", std::env::var("TARGET").unwrap_or_default());
}

/// SHA-256 of all sources with their names, line ends as on Unix; a program with deliberate bugs is another one.
fn sources_hash(root: &Path) -> String {
    let mut files = Vec::new();
    SOURCES.iter().for_each(|source| collect(root, source, &mut files));
    files.sort();
    let mut hash = Sha256::new();
    for name in files {
        let bytes = std::fs::read(root.join(&name)).unwrap_or_default();
        let text = if bytes.contains(&0) { bytes } else { unix_lines(&bytes) };
        hash.update(format!("{name} {}\n", text.len()));
        hash.update(text);
    }
    if std::env::var_os("CARGO_FEATURE_MUTANTS").is_some() {
        hash.update("mutants");
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Names of files below a folder, with `/` between folders on every system.
fn collect(root: &Path, name: &str, files: &mut Vec<String>) {
    let path = root.join(name);
    let Ok(entries) = std::fs::read_dir(&path) else {
        if path.is_file() {
            files.push(name.to_string());
        }
        return;
    };
    for entry in entries.flatten() {
        collect(root, &format!("{name}/{}", entry.file_name().to_string_lossy()), files);
    }
}

fn unix_lines(bytes: &[u8]) -> Vec<u8> {
    let mut next = bytes.iter().skip(1);
    bytes
        .iter()
        .filter(|byte| {
            let after = next.next();
            **byte != b'\r' || after != Some(&b'\n')
        })
        .copied()
        .collect()
}

/// The commit of a packaged crate, or of the repository whose root this folder is; `-dirty` where sources differ
/// from it. None where there is neither, or no git.
fn commit(root: &Path) -> Option<String> {
    if let Ok(packaged) = std::fs::read_to_string(root.join(".cargo_vcs_info.json")) {
        let after = packaged.split("\"sha1\"").nth(1)?;
        return after.split('"').nth(1).map(str::to_string);
    }
    if !root.join(".git").exists() {
        return None;
    }
    let git = |arguments: &[&str]| {
        let output =
            Command::new("git").arg("--no-optional-locks").args(arguments).current_dir(root).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
    };
    // Where HEAD points to, and where it is written when that moves.
    let branch = git(&["symbolic-ref", "-q", "HEAD"]);
    for name in ["HEAD", "logs/HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        let path = git(&["rev-parse", "--git-path", name]).filter(|path| root.join(path).exists());
        path.iter().for_each(|path| println!("cargo:rerun-if-changed={path}"));
    }
    let commit = git(&["rev-parse", "HEAD"])?;
    let status = ["status", "--porcelain", "--", "Cargo.toml"];
    let changed = git(&[&status[..], &SOURCES].concat())?;
    Some(if changed.is_empty() { commit } else { format!("{commit}-dirty") })
}
