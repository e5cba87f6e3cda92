//! Captures that are still being written: half a record is waited for, the next file is gone on
//! with.

use std::fs::File;
use std::io::Write;
use std::sync::mpsc::{Receiver, channel};

use super::*;

/// A capture that is written while it is read; what comes out of it, a line a packet.
struct Followed {
    child: Running,
    lines: Receiver<String>,
}

impl Followed {
    fn start(path: &Path, args: &[&str]) -> Self {
        let mut command = ipeek();
        command.args(["read", "--follow"]).arg(path).args(["-T", "packets"]).args(args);
        let mut child = Running::start(command.stdout(Stdio::piped()));
        let out = std::io::BufReader::new(child.0.stdout.take().unwrap());
        let (sender, lines) = channel();
        // Ends with the program.
        std::thread::spawn(move || {
            for line in std::io::BufRead::lines(out).map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { child, lines }
    }

    /// Whether exactly so many packets more have come, and no more for a while.
    fn gives(&self, count: usize) -> bool {
        let comes = |patience| self.lines.recv_timeout(patience).is_ok();
        (0..count).all(|_| comes(PATIENCE)) && !comes(Duration::from_millis(150))
    }
}

const HEADER: usize = 24;
const RECORD: usize = 16 + 1042;

#[test]
fn half_a_record_is_waited_for_octet_by_octet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grows.pcap");
    let whole = many(3);
    let mut file = File::create(&path).unwrap();
    let mut followed = Followed::start(&path, &[]);
    // The file's header, a record's, and the octets behind it.
    for octet in &whole[..HEADER + 16 + 20] {
        file.write_all(&[*octet]).unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(followed.gives(0));
    file.write_all(&whole[HEADER + 16 + 20..HEADER + RECORD + 7]).unwrap();
    assert!(followed.gives(1));
    file.write_all(&whole[HEADER + RECORD + 7..whole.len() - 1]).unwrap();
    assert!(followed.gives(1));
    // The last octet never comes: it was not written yet, which is no damage.
    followed.child.signal("INT");
    let code = followed.child.end();
    assert_eq!((code, followed.child.said().as_str()), (Some(130), ""));
}

#[test]
fn the_next_file_of_the_name_and_one_that_was_cut_are_read_from_their_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let (path, saved) = (folder.path().join("a.pcap"), folder.path().join("saved.pcapng"));
    std::fs::write(&path, many(2)).unwrap();
    let mut followed = Followed::start(&path, &["-w", saved.to_str().unwrap()]);
    assert!(followed.gives(2));
    // What is written to the file after it lost its name is read as well.
    let mut old = File::options().append(true).open(&path).unwrap();
    std::fs::rename(&path, folder.path().join("a.1")).unwrap();
    old.write_all(&many(3)[HEADER + 2 * RECORD..]).unwrap();
    assert!(followed.gives(1));
    // pcapng behind pcap, of another link type: as a file of a series may be.
    std::fs::copy(capture("ethernet.pcapng"), &path).unwrap();
    let next = packets(&path);
    assert!(followed.gives(next));
    let mut cut = File::create(&path).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    cut.write_all(&many(4)).unwrap();
    assert!(followed.gives(4));
    followed.child.signal("TERM");
    assert_eq!(followed.child.end(), Some(143));
    assert_eq!(followed.child.said(), "");
    assert_eq!(packets(&saved), 3 + next + 4);
}

#[test]
fn a_file_that_was_left_in_the_middle_of_a_record_is_damaged_and_the_next_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pcap");
    let whole = many(2);
    std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
    let mut followed = Followed::start(&path, &[]);
    assert!(followed.gives(1));
    std::fs::rename(&path, folder.path().join("a.1")).unwrap();
    std::fs::write(&path, &whole).unwrap();
    assert!(followed.gives(2));
    followed.child.signal("INT");
    assert_eq!(followed.child.end(), Some(3));
    let said = followed.child.said();
    assert!(said.contains("record of 1058 octets ends past the file: 1053 left"), "{said}");
}

#[test]
fn a_file_that_was_left_before_its_header_was_whole_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pcap");
    for start in [0, 3, HEADER - 1] {
        std::fs::write(&path, &many(0)[..start]).unwrap();
        let mut followed = Followed::start(&path, &[]);
        assert!(followed.gives(0));
        std::fs::rename(&path, folder.path().join("a.1")).unwrap();
        std::fs::write(&path, many(2)).unwrap();
        assert!(followed.gives(2), "{start}");
        followed.child.signal("HUP");
        assert_eq!(followed.child.end(), Some(129));
        assert_eq!(followed.child.said(), "");
    }
}

#[test]
fn events_and_sums_are_of_all_that_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pcap");
    for (format, words) in
        [("json", r#""event_type":"summary","packets":3,"#), ("summary", "packets 3 = ip 3")]
    {
        let whole = many(3);
        std::fs::write(&path, &whole[..HEADER + RECORD + 9]).unwrap();
        let mut command = ipeek();
        command.args(["read", "-F"]).arg(&path).args(["-T", format]).stdout(Stdio::piped());
        let mut child = Running::start(&mut command);
        child.handles_signals();
        let mut file = File::options().append(true).open(&path).unwrap();
        file.write_all(&whole[HEADER + RECORD + 9..]).unwrap();
        std::thread::sleep(Duration::from_millis(500));
        child.signal("QUIT");
        let code = child.end();
        assert_eq!((code, child.said().as_str()), (Some(131), ""), "{format}");
        let text = std::io::read_to_string(child.0.stdout.as_mut().unwrap()).unwrap();
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn a_count_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pcap");
    std::fs::write(&path, many(3)).unwrap();
    let mut followed = Followed::start(&path, &["-c", "2"]);
    assert!(followed.gives(2));
    assert_eq!(followed.child.end(), Some(0));
}

#[test]
fn what_cannot_be_followed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (pipe, packed) = (folder.path().join("fifo"), folder.path().join("packed.pcap.gz"));
    fifo(&pipe);
    let office = capture("office.pcapng");
    let gzip = Command::new("gzip").arg("-c").arg(&office).output().unwrap();
    std::fs::write(&packed, gzip.stdout).unwrap();
    for (paths, code, words) in [
        (vec![pipe], 1, "only a regular file can be followed"),
        (vec!["-".into()], 1, "standard input is read as it comes"),
        (vec![packed], 1, "gzip cannot be followed; hint: unpack it"),
        (vec![office.clone(), office], 2, "only one could be followed"),
        (vec![folder.path().join("none.pcap")], 1, "o such file"),
    ] {
        let mut child = Running::start(ipeek().args(["read", "-T", "summary", "-F"]).args(&paths));
        assert_eq!(child.end(), Some(code), "{paths:?}");
        let said = child.said();
        assert!(said.contains(words) && said.starts_with("ipeek: "), "{said}");
    }
}
