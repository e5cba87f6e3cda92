//! Where a configuration is read from.

use std::path::Path;

use ipeek::config::Config;

#[test]
fn a_configuration_is_a_file_of_at_most_a_mebibyte() {
    let folder = tempfile::tempdir().unwrap();
    let [fifo, large, binary] = ["fifo", "large", "binary"].map(|name| folder.path().join(name));
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    std::fs::write(&large, "#".repeat((1 << 20) + 1)).unwrap();
    std::fs::write(&binary, b"time = \"\xff\"").unwrap();
    for (path, words) in [
        (Path::new("/dev/zero"), "no regular file"),
        (&fifo, "no regular file"),
        (folder.path(), "is a directory"),
        (&large, "larger than the 1 MiB"),
        (&binary, "no text in UTF-8, from octet 8 on"),
    ] {
        let error = Config::read(Some(path)).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(Config::read(Some(Path::new("/dev/null"))).unwrap(), Config::default());
}
