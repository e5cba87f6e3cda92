//! Choosing what to look at: the screen, its keys, and what becomes of the choice.

use crossterm::event::KeyCode;
use ipeek::dashboard::model::key::Key;
use ipeek::dashboard::model::theme::{Palette, Theme};
use ipeek::dashboard::shell::pick::{Choice, ChoiceKind, PickResult, Picker, Rate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::capture;
use super::pty::Terminal;

fn choice(kind: ChoiceKind, name: &str, about: &str, is_ready: bool) -> Choice {
    Choice { kind, name: name.into(), about: about.into(), is_ready, rate: None }
}

fn picker() -> Picker {
    let mut choices = vec![
        choice(ChoiceKind::Interface, "eth0", "up, 192.0.2.2, 2001:db8::2", true),
        choice(ChoiceKind::Interface, "lo", "up, loopback, 127.0.0.1, ::1", true),
        choice(
            ChoiceKind::Interface,
            "wlan0",
            "no permission to capture: Operation not permitted",
            false,
        ),
    ];
    choices[0].rate = Some(Rate { packets: 12_345.6, bits: 98_765_432.1 });
    choices[1].rate = Some(Rate { packets: 0.0, bits: 0.0 });
    choices.push(choice(ChoiceKind::Capture, "office.pcapng", "56.9 KiB, 3 m 20 s ago", true));
    choices.push(choice(
        ChoiceKind::Capture,
        "/var/tmp/night.pcap.zst",
        "1.2 GiB, 2 d 4 h ago",
        true,
    ));
    Picker::new(choices, Theme { palette: Palette::Mono, is_unicode: true })
}

fn screen(picker: &mut Picker, columns: u16, rows: u16) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    picker.draw(&mut buffer);
    let line = |y| (0..columns).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..rows).map(|y| line(y).trim_end().to_owned() + "\n").collect()
}

#[test]
fn the_choices_on_screens_of_any_size() {
    for (columns, rows) in [(100, 30), (80, 24), (40, 10), (20, 4)] {
        insta::assert_snapshot!(
            format!("pick_{columns}x{rows}"),
            screen(&mut picker(), columns, rows)
        );
    }
    for (columns, rows) in [(1, 1), (1, 40), (40, 1), (7, 3)] {
        screen(&mut picker(), columns, rows);
    }
    let nothing = Picker::new(Vec::new(), Theme { palette: Palette::Mono, is_unicode: false });
    let text = screen(&mut { nothing }, 60, 10);
    assert!(text.contains("none here, and none looked at before") && text.is_ascii(), "{text}");
}

#[test]
fn keys_move_and_choose() {
    use KeyCode::{Down, End, Enter, Esc, Home, PageDown, Tab, Up};
    let press = |keys: &[Key]| {
        let mut picker = picker();
        screen(&mut picker, 80, 24);
        keys.iter().find_map(|&key| picker.key(key))
    };
    let named = Key::Named;
    for (keys, answer) in [
        (&[named(Enter)][..], PickResult::Chosen(0)),
        (&[named(Down), Key::Char('j'), named(Up), named(Enter)], PickResult::Chosen(1)),
        (&[named(Up), named(Enter)], PickResult::Chosen(0)),
        (&[named(Tab), named(Enter)], PickResult::Chosen(3)),
        (&[named(End), named(Tab), named(Enter)], PickResult::Chosen(0)),
        (&[named(PageDown), named(Enter)], PickResult::Chosen(4)),
        (&[named(End), named(Down), named(Home), named(Enter)], PickResult::Chosen(0)),
        (&[Key::Char('G'), named(Enter)], PickResult::Chosen(4)),
        (&[named(Esc)], PickResult::Nothing),
        (&[Key::Char('q')], PickResult::Nothing),
        (&[Key::Ctrl('c')], PickResult::Signal(2)),
    ] {
        assert_eq!(press(keys), Some(answer), "{keys:?}");
    }
    assert_eq!(press(&[Key::Char('x')]), None);
}

#[test]
fn a_click_selects_the_row_it_falls_on() {
    let mut picker = picker();
    let text = screen(&mut picker, 80, 24);
    let row = text.lines().position(|line| line.contains("night.pcap.zst")).unwrap();
    assert!(picker.click(u16::try_from(row).unwrap(), 24));
    assert_eq!(picker.key(Key::Named(KeyCode::Enter)), Some(PickResult::Chosen(4)));
    for row in [0, 1, 23, 99] {
        assert!(!picker.click(row, 24), "{row}");
    }
}

#[test]
fn alone_on_a_terminal_it_offers_captures_and_opens_the_chosen() {
    let home = tempfile::tempdir().unwrap();
    std::fs::copy(capture("http.pcap"), home.path().join("-http.pcap")).unwrap();
    std::fs::copy(capture("office.pcapng"), home.path().join("notes.txt")).unwrap();
    let mut terminal = Terminal::open_at(&[], 100, 30, home.path());
    let text = terminal.until("-http.pcap");
    assert!(text.contains("what to look at?") && !text.contains("notes.txt"), "{text}");
    terminal.press("G\r");
    let text = terminal.until("Top talkers");
    assert!(text.contains("192.0.2.80"), "{text}");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
    // It is remembered where it is not.
    let elsewhere = home.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let state = home.path().join(".local/state/ipeek/captures");
    assert!(std::fs::read_to_string(state).unwrap().ends_with("/-http.pcap\n"));
}

#[test]
fn leaving_the_choices_is_no_error() {
    let home = tempfile::tempdir().unwrap();
    for (keys, code) in [("q", 0), ("\x03", 130)] {
        let mut terminal = Terminal::open_at(&[], 80, 24, home.path());
        terminal.until("none here, and none looked at before");
        terminal.press(keys);
        let (ended, raw) = terminal.end();
        assert_eq!(ended, code, "{keys:?}");
        assert!(String::from_utf8_lossy(&raw).contains("\x1b[?1049l"), "the screen is given back");
    }
}
