//! Signals: how soon, with which status, and what is out by then.

use super::*;

#[test]
fn a_fifo_that_nobody_reads_is_waited_for_until_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("fifo");
    fifo(&to);
    for option in ["-w", "--json"] {
        let mut command = ipeek();
        command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", option]).arg(&to);
        let mut child = Running::start(&mut command);
        std::thread::sleep(Duration::from_millis(300));
        assert!(child.0.try_wait().unwrap().is_none(), "it waits for a reader");
        child.signal("INT");
        let (code, took) = child.end();
        assert_eq!((code, child.said().as_str()), (Some(130), ""));
        assert!(took < SOON, "{took:?}");
    }
    // A reader that comes late gets everything.
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", "-w"]).arg(&to);
    let mut child = Running::start(&mut command);
    std::thread::sleep(Duration::from_millis(200));
    let saved = std::fs::read(&to).unwrap();
    assert_eq!(child.end().0, Some(0));
    let copy = folder.path().join("copy.pcapng");
    std::fs::write(&copy, saved).unwrap();
    assert_eq!(packets(&copy), 394);
}
