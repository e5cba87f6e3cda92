//! Nothing from a capture or a file name reaches the terminal raw.

use std::process::{Command, Stdio};

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
    for format in ["packets", "summary", "tree", "json", "fields", "csv"] {
        for (file, code) in [(&whole, 0), (&cut, 3), (&missing, 1)] {
            let mut run = Command::new(env!("CARGO_BIN_EXE_ipeek"));
            run.arg("read").arg(file).args(["-T", format]);
            if matches!(format, "fields" | "csv") {
                run.args(["-e", "ip.src", "-e", "frame.number"]);
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
