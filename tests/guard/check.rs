//! `ipeek sandbox-check` as root, as a user whom the program's file gives capabilities, in a
//! namespace of its own, and without the right to change users.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{ipeek, is_root};
use crate::skip::skip;

/// What a check prints, which must go well.
fn check(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    let last = text.lines().last().unwrap();
    let (refused, of) = last.strip_suffix(" refused").unwrap().split_once(" of ").unwrap();
    // Fifteen things everywhere, three more for who saves.
    assert!(refused == of && of.parse::<u32>().unwrap() > 15 + 18, "{text}");
    assert!(!text.contains("ALLOWED") && !text.contains("FAILED"), "{text}");
    text
}

/// The line that tells of which front ends and folders it was tried as.
fn tried(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("tried as ")).unwrap()
}

/// A check in another program's hands, which gets the path of ipeek.
fn within(words: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).current_dir(folder);
    command.env_remove("SUDO_UID").env_remove("SUDO_GID");
    command
}

/// The program with the capabilities to capture, started as nobody.
#[cfg(feature = "live")]
pub(super) fn with_capabilities(folder: &Path) -> Command {
    let path = folder.join("ipeek");
    std::os::unix::fs::chown(folder, Some(65534), Some(65534)).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_ipeek"), &path).unwrap();
    let mut setcap = Command::new("setcap");
    let setcap = setcap.arg("cap_net_raw,cap_net_admin+ep").arg(&path).status();
    assert!(setcap.is_ok_and(|status| status.success()), "no setcap, which this test needs");
    let words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
    let mut command = within(&words, folder);
    command.arg(&path);
    command
}

#[test]
fn every_front_end_is_confined_from_every_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("below")).unwrap();
    std::fs::write(folder.path().join("file"), "there").unwrap();
    let text = check(ipeek().arg("sandbox-check").current_dir(folder.path()));
    let here = folder.path().display();
    for front in ["read", "dashboard"] {
        assert!(tried(&text).contains(&format!("{front} from {here}")), "{text}");
    }
    assert!(
        text.contains(&format!("dashboard from {here}")) && text.contains("\nsaved    a capture")
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    if is_root() {
        assert!(tried(&text).contains("live from /, ") || !cfg!(feature = "live"), "{text}");
        assert!(tried(&text).contains("dashboard from /root"), "{text}");
        assert!(!text.contains("still root") && !text.contains("unsaved"), "{text}");
    } else {
        skip!(part Root, "live capture and root's home are not tried");
    }
}

#[cfg(feature = "live")]
#[test]
fn a_user_with_capabilities_is_confined() {
    if !is_root() {
        skip!(Root);
    }
    let folder = tempfile::tempdir().unwrap();
    let text = check(with_capabilities(folder.path()).arg("sandbox-check"));
    assert!(tried(&text).contains("live from /"), "{text}");
}

/// There is no other user to become, and all else is given up.
#[test]
fn root_of_a_namespace_is_confined_and_told() {
    let folder = tempfile::tempdir().unwrap();
    for how in ["-Ur", "-Urn"] {
        let words = ["unshare", how, env!("CARGO_BIN_EXE_ipeek"), "sandbox-check"];
        let text = check(&mut within(&words, folder.path()));
        assert!(text.starts_with("sandbox best: no_new_privs, still root, no cap"), "{text}");
        let can_sniff = how == "-Urn" && cfg!(feature = "live");
        assert_eq!(tried(&text).contains("live from /"), can_sniff, "{text}");
    }
}

#[test]
fn without_the_right_to_change_users_all_else_is_given_up_and_told() {
    if !is_root() {
        skip!(Root);
    }
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_ipeek");
    let drop = |of: &str, line: &str| {
        let drop = format!("--drop={of}");
        within(&["capsh", &drop, "--", "-c", line], folder.path())
    };
    let text = check(&mut drop("cap_setuid,cap_setgid", &format!("{program} sandbox-check")));
    assert!(text.starts_with("sandbox best: no_new_privs, still root, no cap"), "{text}");
    let office = super::OFFICE;
    let read = format!("{program} read {office} -T json -c 1 --sandbox");
    for (of, left) in [("cap_setuid", "still root"), ("cap_setgid", "still in other groups")] {
        let output = drop(of, &format!("{read} best")).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains(&format!("{left}, no capabilities, landlock")), "{text}");
        let output = drop(of, &format!("{read} strict")).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{error}");
        assert!(error.starts_with(&format!("ipeek: sandbox: {left}")), "{error}");
    }
}

/// The number by which the kernel is told to change nothing is no user, nor is root.
#[test]
fn what_sudo_is_said_to_be_called_by_is_never_root() {
    if !is_root() {
        skip!(Root);
    }
    for (uid, gid, expected) in [
        ("4294967295", "4294967295", "uid 65534,"),
        ("0", "0", "uid 65534,"),
        ("root", "", "uid 65534,"),
        ("4242", "0", "uid 4242,"),
    ] {
        let mut command = ipeek();
        command.args(["read", super::OFFICE, "-T", "json", "-c", "1"]);
        let output = command.env("SUDO_UID", uid).env("SUDO_GID", gid).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let meta = text.lines().next().unwrap();
        assert!(meta.contains(expected), "{uid}: {meta}");
    }
}
