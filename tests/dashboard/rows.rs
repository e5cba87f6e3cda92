//! The list of packets while they still come.

use std::io::Write;

use super::pty::Terminal;

#[test]
fn the_last_row_is_the_last_one_that_came() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("fifo");
    crate::outputs::fifo(&path);
    let mut terminal =
        Terminal::open_at(&["read", &path.to_string_lossy()], 120, 40, directory.path());
    let mut writer = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    let packets = crate::outputs::many(5000);
    let (first, rest) = packets.split_at(24 + 1000 * 1058);
    writer.write_all(first).unwrap();
    terminal.until("shown 1,000");
    // The list is at its first rows, which are all there.
    terminal.press("2g");
    terminal.until("No.");
    writer.write_all(rest).unwrap();
    drop(writer);
    terminal.until("shown 5,000");
    terminal.press("G");
    terminal.until("Packet 5,000 ");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}
