//! Nothing from a capture or a file name reaches the terminal raw.

use std::process::{Command, Stdio};

use ipeek::export::{EXPORTS, Need};

use crate::skip::skip;

/// Controls of both sets, DEL, bidi overrides and isolates, zero-width characters.
const HOSTILE: &str =
    "a\u{1b}[31mred\u{7}\r\n\u{7f}\u{9b}2J\u{202e}rtl\u{2066}i\u{200b}z\u{200d}w\u{feff}b";

fn block(kind: u32, body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    body.resize(body.len().next_multiple_of(4), 0);
    let length = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
    [&kind.to_le_bytes()[..], &length, &body, &length].concat()
}

fn option(code: u16, text: &str) -> Vec<u8> {
    let mut bytes = code.to_le_bytes().to_vec();
    bytes.extend(u16::try_from(text.len()).unwrap().to_le_bytes());
    bytes.extend(text.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// A section, an interface and a packet, each with a name or comment that is hostile.
fn capture() -> Vec<u8> {
    let end = [0; 4];
    let head = [&0x1a2b_3c4d_u32.to_le_bytes()[..], &[1, 0, 0, 0], &[0xff; 8]].concat();
    let section = [head, option(1, HOSTILE), option(3, HOSTILE), option(4, HOSTILE), end.to_vec()];
    let head = [1, 0, 0, 0, 0, 0, 4, 0].to_vec();
    let interface = [head, option(2, HOSTILE), option(3, HOSTILE), end.to_vec()];
    let frame = [
        2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 20, 0, 1, 0, 0, 64, 59, 0, 0, 192, 0,
        2, 1, 192, 0, 2, 2, 0, 0,
    ];
    let head = [0_u32, 0, 0, 34, 34].map(u32::to_le_bytes).concat();
    let packet = [head, frame.to_vec(), option(1, HOSTILE), end.to_vec()];
    [
        block(0x0a0d_0d0a, &section.concat()),
        block(1, &interface.concat()),
        block(6, &packet.concat()),
    ]
    .concat()
}

fn is_raw(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        || c == '\u{feff}'
}

#[test]
fn names_and_comments_are_shown_escaped_in_every_output_and_error() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join(format!("{}.pcapng", HOSTILE.replace('/', "")));
    std::fs::write(&whole, capture()).unwrap();
    let cut = folder.path().join(format!("{HOSTILE}cut"));
    std::fs::write(&cut, &capture()[..capture().len() - 3]).unwrap();
    let missing = folder.path().join(format!("{HOSTILE}missing"));
    let mut runs = Vec::new();
    for export in written() {
        let format = export.name;
        for (file, code) in [(&whole, 0), (&cut, 3), (&missing, 1)] {
            let mut run = Command::new(env!("CARGO_BIN_EXE_ipeek"));
            run.arg("read").arg(file).args(["-T", format]);
            if export.needs(Need::Columns) {
                run.args(["-e", "ip.src", "-e", "frame.comment", "-e", "frame.interface_name"]);
                run.args(["-e", "frame.interface_description"]);
            }
            runs.push((run, code, format));
        }
    }
    for (words, code) in [(["lookup", HOSTILE], 1), (["read", HOSTILE], 1), (["-i", HOSTILE], 2)] {
        let mut run = Command::new(env!("CARGO_BIN_EXE_ipeek"));
        run.args(words);
        runs.push((run, code, words[0]));
    }
    let mut filter = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    filter.arg("read").arg(&whole).args(["-Y", HOSTILE]);
    runs.push((filter, 1, "filter"));
    for (mut run, code, what) in runs {
        let output = run.stdin(Stdio::null()).output().unwrap();
        for bytes in [&output.stdout, &output.stderr] {
            let text = String::from_utf8(bytes.clone()).unwrap();
            let raw: Vec<char> = text.chars().filter(|&c| is_raw(c)).collect();
            assert!(raw.is_empty(), "{what}: {raw:?} in {text:?}");
        }
        assert_eq!(output.status.code(), Some(code), "{what}");
    }
}

/// A packet of pf's log, the names of whose interface and rules are hostile.
fn log() -> Vec<u8> {
    let head = [0xa1b2_c3d4_u32, 2 | 4 << 16, 0, 0, 65535, 117, 1, 0, 84, 84].map(u32::to_le_bytes);
    let mut packet = vec![61, 2, 0, 0];
    packet.extend(b"a\x1b[31mred\x07\xc2\x9b2J\0\0");
    packet.extend("\u{202e}rtl\u{200b}z\u{feff}\0\0".as_bytes());
    packet.resize(64, 0);
    packet.extend([0x45, 0, 0, 20, 0, 1, 0, 0, 64, 59, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2]);
    [head.concat(), packet].concat()
}

/// The exports that a terminal shows as text: of tables, which are octets, it gets none.
fn written() -> impl Iterator<Item = &'static ipeek::export::Export> {
    let all = EXPORTS.into_iter().filter(|export| !export.is_dashboard());
    all.filter(|export| !export.needs(Need::Tables))
}

fn ipeek(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipeek"));
    command.args(words).stdin(Stdio::null());
    command
}

fn assert_shown_escaped(output: &std::process::Output, what: &str) -> String {
    let bytes = [&output.stdout[..], &output.stderr].concat();
    let text = String::from_utf8(bytes).unwrap();
    let raw: Vec<char> = text.chars().filter(|&c| is_raw(c)).collect();
    assert!(raw.is_empty(), "{what}: {raw:?} in {text:?}");
    text
}

#[test]
fn text_in_packets_is_shown_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.pcap");
    std::fs::write(&path, log()).unwrap();
    let path = path.to_string_lossy().into_owned();
    for export in written() {
        let format = export.name;
        let mut run = ipeek(&["read", &path, "-x", "-T", format]);
        let has_columns = export.needs(Need::Columns);
        if has_columns {
            run.args(["-e", "pflog.ifname", "-e", "pflog.ruleset"]);
        }
        let output = run.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        let text = assert_shown_escaped(&output, format);
        if has_columns || matches!(format, "json" | "tree") {
            assert!(text.contains("[31mred"), "{format}: {text}");
        }
    }
}

#[test]
fn names_in_a_configuration_are_shown_escaped() {
    let text = r"\u001b[31mred\u0007\u009b2J\u202ertl\u200bz";
    let mut told = 0;
    for line in [
        format!("\"{text}\" = 1"),
        format!("theme = \"{text}\""),
        format!("view = \"{text}\""),
        format!("[keys]\n\"{text}\" = \"q\""),
        format!("[keys]\nquit = \"{text}\""),
        format!("[filters]\n\"{text}\" = \"ip\""),
        format!("[filters]\na = \"{text}\""),
        format!("[palettes.\"{text}\"]\nx = 1"),
        format!("columns = [\"{text}\"]"),
    ] {
        let path = std::path::Path::new("config.toml");
        let Err(error) = ipeek::config::Config::parse(&line, path) else { continue };
        let said = error.to_string();
        assert!(!said.chars().any(is_raw), "{said:?}");
        told += usize::from(said.contains(r"\x1b[31mred"));
    }
    assert!(told > 3, "{told} of the messages have the name in them");
}

#[test]
fn lines_to_look_up_are_shown_escaped() {
    for format in ["text", "json", "csv"] {
        let mut run = ipeek(&["lookup", "-", "-T", format]);
        run.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = run.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        let lines = HOSTILE.replace(['\r', '\n'], "");
        std::io::Write::write_all(&mut input, format!("{lines}\n1.2.3.4{lines}\n").as_bytes())
            .unwrap();
        drop(input);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert_shown_escaped(&output, format);
    }
}

/// An interface may be called anything but `/` and white space.
#[cfg(all(feature = "live", target_os = "linux"))]
#[test]
fn names_of_interfaces_are_shown_escaped() {
    if !crate::live::run("unshare -n true") {
        skip!(Network);
    }
    let name = "a\u{1b}[31m\u{7}\u{9b}\u{200b}";
    // In a network of its own, which is gone with the last process in it.
    let script = r#"ip link add "$1" type veth peer name other && ip link set "$1" up && ip link set lo up || exit 77
        i=$0
        "$i" interfaces 2>&1
        "$i" live -i "$1" -T summary --duration 0.3 2>&1
        "$i" live -i "$1" -T json --duration 0.3 2>&1
        "$i" live -i "$1" -T packets --duration 0.3 2>&1
        "$i" live -i "$1" -T json "bad filter $1" 2>&1
        "$i" live -i "$1"x -T json 2>&1
        "$i" "$1"x 2>&1; true"#;
    let mut command = Command::new("timeout");
    command.args(["20", "unshare", "-n", "sh", "-c", script, env!("CARGO_BIN_EXE_ipeek"), name]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = assert_shown_escaped(&output, "interfaces");
    assert!(text.matches("[31m").count() >= 5, "{text}");
}

#[test]
fn the_screen_shows_names_and_comments_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{}.pcapng", HOSTILE.replace('/', "")));
    std::fs::write(&path, capture()).unwrap();
    let log_path = folder.path().join("log.pcap");
    std::fs::write(&log_path, log()).unwrap();
    for (path, word) in [(&path, r"w\u{feff}b.pcapng"), (&log_path, "log.pcap")] {
        let words = ["read", &path.to_string_lossy()];
        let mut terminal = crate::dashboard::pty::Terminal::open(&words, 160, 50);
        terminal.until(word);
        for key in ["2", "3", "4", "5", "6", "7", "8", "?"] {
            terminal.press(key);
            std::thread::sleep(std::time::Duration::from_millis(120));
        }
        terminal.escape();
        terminal.press("q");
        let (code, raw) = terminal.end();
        assert_eq!(code, 0);
        let text = String::from_utf8_lossy(&raw);
        for hostile in ["\u{1b}[31mred", "red\u{7}", "\u{7f}", "\u{9b}"] {
            assert!(!text.contains(hostile), "{hostile:?}");
        }
        let raw: Vec<char> = text.chars().filter(|&c| is_raw(c) && !c.is_control()).collect();
        assert!(raw.is_empty(), "{raw:?}");
    }
}
