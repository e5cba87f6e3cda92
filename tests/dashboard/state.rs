//! What the dashboard remembers: in the user's own files, and in nobody else's.

use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::path::{Path, PathBuf};

use super::pty::{Terminal, office};

/// Uses a filter, and ends.
fn use_filter(filter: &str, home: &Path) -> u32 {
    let mut terminal = Terminal::open_at(&["read", &office()], 100, 30, home);
    terminal.until("Protocols");
    terminal.press(&format!("/{filter}\r"));
    terminal.until("of 394 match");
    terminal.press("q");
    terminal.end().0
}

/// The folder of what is remembered below a home, made.
fn state(home: &Path) -> PathBuf {
    let folder = home.join(".local/state/ipeek");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn filters_are_remembered_by_a_file_of_their_own() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(use_filter("arp", home.path()), 0);
    let file = home.path().join(".local/state/ipeek/filters");
    let first = file.metadata().unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "arp\n");
    assert_eq!(use_filter("udp", home.path()), 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "arp\nudp\n");
    let second = file.metadata().unwrap();
    assert_ne!(first.ino(), second.ino(), "it was written in place");
    assert_eq!(second.mode() & 0o777, 0o600);
    let captures = std::fs::read_to_string(file.with_file_name("captures")).unwrap();
    assert_eq!(captures.lines().count(), 1, "{captures}");
    assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 2);
}

#[test]
fn nothing_is_remembered_through_a_link() {
    let home = tempfile::tempdir().unwrap();
    let folder = state(home.path());
    for name in ["filters", "captures"] {
        let victim = home.path().join(format!("{name}.precious"));
        for is_hard in [false, true] {
            std::fs::write(&victim, "precious\n").unwrap();
            let _ = std::fs::remove_file(folder.join(name));
            if is_hard {
                std::fs::hard_link(&victim, folder.join(name)).unwrap();
            } else {
                symlink(&victim, folder.join(name)).unwrap();
            }
            use_filter("arp", home.path());
            assert_eq!(std::fs::read_to_string(&victim).unwrap(), "precious\n", "{name} {is_hard}");
        }
    }
}

/// Root, with the folder of another user: as after `sudo` that keeps the home.
#[test]
fn nothing_is_remembered_in_another_users_folder() {
    let home = tempfile::tempdir().unwrap();
    if home.path().metadata().unwrap().uid() != 0 {
        crate::skip::skip!(Root, "files are given to another user");
    }
    let folder = state(home.path());
    for name in ["filters", "captures"] {
        std::fs::write(folder.join(name), "theirs\n").unwrap();
        chown(folder.join(name), Some(4242), Some(4242)).unwrap();
    }
    chown(&folder, Some(4242), Some(4242)).unwrap();
    use_filter("arp", home.path());
    for name in ["filters", "captures"] {
        assert_eq!(std::fs::read_to_string(folder.join(name)).unwrap(), "theirs\n", "{name}");
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    // Nor is a folder made in theirs.
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".local")).unwrap();
    chown(home.path().join(".local"), Some(4242), Some(4242)).unwrap();
    use_filter("arp", home.path());
    assert_eq!(std::fs::read_dir(home.path().join(".local")).unwrap().count(), 0);
}

/// Root goes on as another user, who can rename nothing in root's folder any more.
#[test]
fn filters_are_remembered_by_root_who_became_another() {
    let home = tempfile::tempdir().unwrap();
    if home.path().metadata().unwrap().uid() != 0 {
        crate::skip::skip!(Root);
    }
    let folder = state(home.path());
    let victim = home.path().join("precious");
    std::fs::write(&victim, "tcp\n").unwrap();
    std::fs::hard_link(&victim, folder.join("filters")).unwrap();
    chown(home.path(), Some(4242), Some(4242)).unwrap();
    assert_eq!(use_filter("arp", home.path()), 0);
    // The home is another's, though what lies below is not.
    assert_eq!(std::fs::read_to_string(folder.join("filters")).unwrap(), "tcp\n");
    chown(home.path(), Some(0), Some(0)).unwrap();
    let place = tempfile::tempdir().unwrap();
    chown(place.path(), Some(4242), Some(4242)).unwrap();
    let words = ["read", &office()];
    let mut terminal = Terminal::open_in(&words, 100, 30, home.path(), place.path(), &[]);
    terminal.until("Protocols");
    terminal.press("/arp\r");
    terminal.until("of 394 match");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(std::fs::read_to_string(folder.join("filters")).unwrap(), "tcp\narp\n");
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "tcp\n");
}

/// What is done before there is a screen may take long.
#[cfg(feature = "live")]
#[test]
fn a_signal_while_the_dashboard_starts_ends_it() {
    for (signal, expected) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let words = ["read", &office(), "-T", "dashboard", "-f", &crate::outputs::endless()];
        let terminal = Terminal::open(&words, 100, 30);
        std::thread::sleep(std::time::Duration::from_millis(500));
        terminal.signal(signal);
        let (code, raw) = terminal.end();
        assert_eq!(code, expected, "{signal}: {}", String::from_utf8_lossy(&raw));
    }
}
