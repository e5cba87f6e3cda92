//! What an output may be: new, or somebody's who agreed; and what is not ipeek's stays.

use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};

use super::*;

/// How `ipeek read` of `from` with an output ended, and what it said.
fn run(from: &Path, option: &str, to: &Path, force: bool) -> (Option<i32>, String) {
    let mut command = ipeek();
    command.arg("read").arg(from).args(["-T", "summary", option]).arg(to);
    if force {
        command.arg("--force");
    }
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_new_file_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (option, name) in [("-w", "a.pcap"), ("--json", "b"), ("-w", "a.pcap")] {
        let to = folder.path().join(name);
        let force = to.exists();
        // What others may read is replaced by what they may not.
        if force {
            let open = std::os::unix::fs::PermissionsExt::from_mode(0o666);
            std::fs::set_permissions(&to, open).unwrap();
        }
        assert_eq!(run(&capture("office.pcapng"), option, &to, force), (Some(0), String::new()));
        assert_eq!(to.metadata().unwrap().mode() & 0o7777, 0o600, "{name}");
    }
}

#[test]
fn a_name_of_standard_output_is_refused_with_the_right_one() {
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        for option in ["-w", "--json"] {
            let (code, said) = run(&capture("office.pcapng"), option, Path::new(name), false);
            assert_eq!(code, Some(1), "{name}: {said}");
            assert!(said.ends_with("; hint: - is standard output\n"), "{said}");
        }
    }
}

#[test]
fn links_inputs_and_files_that_exist_are_let_be() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let input = at("input.pcapng");
    std::fs::copy(capture("office.pcapng"), &input).unwrap();
    std::fs::hard_link(&input, at("hard.pcapng")).unwrap();
    std::fs::write(at("precious"), "precious").unwrap();
    symlink("precious", at("link")).unwrap();
    symlink("nothing", at("dangling")).unwrap();
    std::fs::create_dir(at("folder")).unwrap();
    for (name, force, word) in [
        ("link", false, "symbolic link"),
        ("link", true, "symbolic link"),
        ("dangling", false, "symbolic link"),
        ("dangling", true, "symbolic link"),
        ("input.pcapng", true, "is the input"),
        ("hard.pcapng", true, "is the input"),
        ("folder/../hard.pcapng", true, "is the input"),
        ("precious", false, "--force"),
        ("folder", true, "is a directory"),
    ] {
        for option in ["-w", "--json"] {
            let (code, said) = run(&input, option, &at(name), force);
            assert_eq!(code, Some(1), "{name}: {said}");
            assert!(said.contains(word), "{name}: {said}");
        }
    }
    assert!(!at("nothing").exists());
    assert_eq!(std::fs::read_to_string(at("precious")).unwrap(), "precious");
    assert_eq!(std::fs::read(&input).unwrap(), std::fs::read(capture("office.pcapng")).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 6);
}

/// An input that comes on standard input is still known by its device and inode.
#[test]
fn standard_input_is_an_input_too() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("input.pcapng");
    std::fs::copy(capture("office.pcapng"), &input).unwrap();
    let mut command = ipeek();
    command.args(["read", "-", "-T", "summary", "--force", "-w"]).arg(&input);
    let output = command.stdin(std::fs::File::open(&input).unwrap()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read(&input).unwrap(), std::fs::read(capture("office.pcapng")).unwrap());
}

/// The interface comes first: where it cannot be had, no output is touched.
#[cfg(feature = "live")]
#[test]
fn without_an_interface_no_output_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("existing"), "precious").unwrap();
    fifo(&at("fifo"));
    let device = at("null");
    let mut mknod = Command::new("mknod");
    let mknod = mknod.arg(&device).args(["c", "1", "3"]).stderr(Stdio::null()).status();
    let is_made = mknod.is_ok_and(|status| status.success());
    for (name, force) in [("existing", false), ("existing", true), ("fifo", true), ("null", true)] {
        for option in ["-w", "--json"] {
            let mut command = ipeek();
            command.args(["live", "-i", "nosuch0", "-T", "summary", option]).arg(at(name));
            if force {
                command.arg("--force");
            }
            let mut child = Running::start(&mut command);
            let code = child.end();
            let said = child.said();
            assert!(matches!(code, Some(1 | 6)) && said.contains("nosuch0"), "{code:?}: {said}");
        }
    }
    assert_eq!(std::fs::read_to_string(at("existing")).unwrap(), "precious");
    assert!(at("fifo").metadata().unwrap().file_type().is_fifo());
    if is_made {
        assert!(device.metadata().unwrap().file_type().is_char_device());
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2 + usize::from(is_made));
}

/// What is written over and over into devices and FIFOs is theirs to keep.
#[test]
fn devices_and_fifos_are_written_and_stay() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("fifo");
    fifo(&to);
    let reader = {
        let to = to.clone();
        std::thread::spawn(move || std::fs::read(to).unwrap())
    };
    assert_eq!(run(&capture("office.pcapng"), "-w", &to, true), (Some(0), String::new()));
    assert!(to.metadata().unwrap().file_type().is_fifo());
    let copy = folder.path().join("copy.pcapng");
    std::fs::write(&copy, reader.join().unwrap()).unwrap();
    assert_eq!(packets(&copy), 394);
    let null = Path::new("/dev/null");
    assert_eq!(run(&capture("office.pcapng"), "-w", null, true), (Some(0), String::new()));
    assert!(null.metadata().unwrap().file_type().is_char_device());
}

/// Whatever the two are called: nothing is written where both would be.
#[test]
fn two_outputs_never_write_over_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("x"), "precious").unwrap();
    std::fs::hard_link(at("x"), at("hard")).unwrap();
    std::fs::create_dir(at("folder")).unwrap();
    symlink("folder", at("way")).unwrap();
    std::fs::write(at("s_000002.pcap"), "precious").unwrap();
    std::fs::hard_link(at("s_000002.pcap"), at("of-series")).unwrap();
    symlink("x", at("link")).unwrap();
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect::<std::collections::BTreeSet<_>>()
    };
    let before = names();
    for (write, json, options) in [
        ("x", "./x", &["--force"][..]),
        ("x", "folder/../x", &["--force"]),
        ("x", "hard", &["--force"]),
        ("new", "./new", &[]),
        ("new", "new", &["--force"]),
        ("folder/new", "way/new", &[]),
        ("s.pcap", "s_000001.pcap", &["-C", "1k"]),
        ("s.pcap", "s_000002.pcap", &["--rotate-packets", "10", "--force"]),
        ("./s.pcap", "way/../s_1000000.pcap", &["-G", "1", "-W", "2"]),
        ("s.pcap", "of-series", &["-C", "1k", "--force"]),
    ] {
        let mut command = ipeek();
        command.current_dir(folder.path()).arg("read").arg(capture("office.pcapng"));
        command.args(["-T", "summary", "-w", write, "--json", json]).args(options);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{write} {json}: {said}");
        assert!(said.contains("another output"), "{write} {json}: {said}");
        assert_eq!(names(), before, "{write} {json}");
    }
    // One that is refused for itself leaves nothing of the other.
    let mut command = ipeek();
    command.current_dir(folder.path()).arg("read").arg(capture("office.pcapng"));
    command.args(["-T", "summary", "-w", "link", "--json", "new"]);
    assert_eq!(command.output().unwrap().status.code(), Some(1));
    assert_eq!(names(), before);
    for name in ["x", "s_000002.pcap"] {
        assert_eq!(std::fs::read_to_string(at(name)).unwrap(), "precious", "{name}");
    }
}

/// What the shell opened is an output as well.
#[test]
fn an_output_that_is_a_standard_stream_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("x");
    for (option, stream) in [("-w", "1"), ("--json", "1"), ("-w", "2")] {
        std::fs::write(&to, "").unwrap();
        let mut shell = Command::new("sh");
        let line =
            format!(r#"exec "$0" read "$1" -T summary --force {option} "$2" {stream}>>"$2""#);
        shell.args(["-c", &line, env!("CARGO_BIN_EXE_ipeek")]);
        let output = shell.arg(capture("office.pcapng")).arg(&to).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{option} {stream}");
        let said = [output.stderr, std::fs::read(&to).unwrap()].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(said.contains("another output"), "{option} {stream}: {said}");
        assert_eq!(said.lines().count(), 1, "{option} {stream}: {said}");
    }
    // A device takes what it is given, twice as well as once.
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "packets", "-w", "/dev/null"]);
    assert_eq!(command.args(["--json", "/dev/null"]).status().unwrap().code(), Some(0));
}
