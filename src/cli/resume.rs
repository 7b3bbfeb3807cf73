//! The command that goes on with what was interrupted, so that it can be pasted into a shell.

use std::ffi::OsStr;

/// Shells whose quoting differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shell {
    /// sh, bash, zsh.
    Posix,
    /// The shell of Windows.
    PowerShell,
}

/// What is printed after Ctrl-C.
pub fn how_to_resume() -> String {
    format!("interrupted; what is over is kept. To go on:\n  {}", this_command())
}

/// The command of this process, so that it goes on.
fn this_command() -> String {
    let shell = if cfg!(windows) { Shell::PowerShell } else { Shell::Posix };
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let arguments: Vec<&OsStr> = arguments.iter().map(std::ffi::OsString::as_os_str).collect();
    command(&arguments, shell)
}

/// The same command with `--resume` right after the verb, where no option can take it for a value.
fn command(arguments: &[&OsStr], shell: Shell) -> String {
    let mut kept: Vec<String> = arguments
        .iter()
        .filter(|argument| **argument != "--resume" && **argument != "--force")
        .map(|argument| quoted(argument, shell))
        .collect();
    kept.insert(kept.len().min(2), "--resume".into());
    // PowerShell takes a quoted word for a text, unless it is told to run it.
    let call = if shell == Shell::PowerShell && kept[0].starts_with('\'') { "& " } else { "" };
    format!("{call}{}", kept.join(" "))
}

fn quoted(argument: &OsStr, shell: Shell) -> String {
    let Some(text) = argument.to_str() else { return escaped(argument) };
    let special = if shell == Shell::Posix { "" } else { "\\" };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:%".contains(c) || special.contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_string();
    }
    let inside = match shell {
        Shell::Posix => text.replace('\'', "'\\''"),
        Shell::PowerShell => text.replace('\'', "''"),
    };
    format!("'{inside}'")
}

/// A path that is no text, byte by byte.
#[cfg(unix)]
fn escaped(argument: &OsStr) -> String {
    use std::os::unix::ffi::OsStrExt;
    let bytes = argument.as_bytes().iter().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) => char::from(*byte).to_string(),
        byte => format!("\\x{byte:02x}"),
    });
    format!("$'{}'", bytes.collect::<String>())
}

/// A path that is no text: Windows has them only where something is broken.
#[cfg(not(unix))]
fn escaped(argument: &OsStr) -> String {
    format!("'{}'", argument.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARD: [&str; 9] = [
        "plain/path.csv",
        "my folder",
        "it's",
        "$HOME `pwd` $(id)",
        "say \"no\"",
        "",
        "a\\b",
        "rules.forms=\"any\"",
        "Größe & *?<>|;#~!",
    ];

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        use std::os::unix::ffi::OsStrExt;
        let hard = HARD.iter().map(OsStr::new).chain([OsStr::from_bytes(b"bad\xff\xfe' name")]);
        for text in hard {
            let script = format!("printf %s {}", quoted(text, Shell::Posix));
            let output = std::process::Command::new("bash").args(["-c", &script]).output();
            let Ok(output) = output else { return };
            assert_eq!(OsStr::from_bytes(&output.stdout), text, "{script}");
        }
    }

    #[test]
    fn windows_paths_are_quoted_for_its_shell() {
        let of = |text: &str| quoted(OsStr::new(text), Shell::PowerShell);
        assert_eq!(of("C:\\out\\mine"), "C:\\out\\mine");
        assert_eq!(of("C:\\My results\\it's $5"), "'C:\\My results\\it''s $5'");
        let arguments =
            ["C:\\Program Files\\rebalance.exe", "run", "quick", "--out", "D:\\a b"].map(OsStr::new);
        assert_eq!(
            command(&arguments, Shell::PowerShell),
            "& 'C:\\Program Files\\rebalance.exe' run --resume quick --out 'D:\\a b'"
        );
    }

    #[test]
    fn the_command_resumes_once_and_forces_no_more() {
        let arguments = ["rebalance", "compare", "quick", "--force", "--rules", "a", "b"].map(OsStr::new);
        assert_eq!(command(&arguments, Shell::Posix), "rebalance compare --resume quick --rules a b");
    }
}
