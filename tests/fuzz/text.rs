//! What people write: filters and addresses.

use std::path::Path;
use std::sync::OnceLock;

use ipeek::address::column::COLUMNS;
use ipeek::address::describe::Answer;
use ipeek::address::parse;
use ipeek::capture::{Frame, LinkType};
use ipeek::config::Config;
use ipeek::decode::walk::walk;
use ipeek::decode::{Layers, Packet};
use ipeek::export::lookup;
use ipeek::filter::Filter;
use ipeek::filter::complete::complete;
use ipeek::report::lookup::LookupReport;

/// Frames to hold filters against: link type and octets.
const FRAMES: [(u16, &[u8]); 3] = [
    (1, b"\0\0\x5e\0\x53\x01\0\0\x5e\0\x53\x02\x08\0E\xb8\0,\x124@\0?\x06\0\0\x0a\x01\x02\x03\xc0\0\x02\x07\xc0\0\x01\xbb\0\0\0\x01\0\0\0\0`\x02\xff\xff\0\0\0\0\x02\x04\x05\xb4"),
    (101, b"`\0\0\0\0\x10,\xff\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x11\0\0\x01\0\0\xab\xcd\x005\x005\0\x10\0\0"),
    (276, b""),
];

fn frames() -> &'static [(Frame<'static>, Layers)] {
    static ALL: OnceLock<Vec<(Frame<'static>, Layers)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let walked = FRAMES.iter().map(|&(link, bytes)| {
            let original = bytes.len() as u32;
            let frame = Frame {
                number: 1,
                time: None,
                link: LinkType(link),
                interface: 0,
                original,
                bytes, told: ipeek::capture::Told::default() };
            let mut layers = Layers::new();
            walk(&frame, &mut layers);
            (frame, layers)
        });
        walked.collect()
    })
}

/// A filter: whatever it is, it is refused at a place inside it, or reads back as the same and says
/// the same; and something can be said of what may follow it.
pub fn filter(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    let completion = complete(text, text.len());
    assert!(completion.from <= text.len());
    if let Some(half) = (text.len() / 2..=text.len()).find(|&at| text.is_char_boundary(at)) {
        complete(text, half);
    }
    let filter = match Filter::compile(text) {
        Ok(filter) => filter,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let plain = filter.to_string();
    let again = Filter::compile(&plain).unwrap_or_else(|error| panic!("{plain:?}: {error}"));
    assert_eq!(plain, again.to_string());
    for (frame, layers) in frames() {
        let packet = Packet { frame: *frame, layers };
        assert_eq!(filter.matches(&packet), again.matches(&packet), "{plain:?}");
    }
}

/// A configuration: read, or refused in lines that a terminal shows as they are.
pub fn config(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    if let Err(error) = Config::parse(text, Path::new("config.toml")) {
        let words = error.to_string();
        let is_raw = |c: char| c != '\n' && c.is_control();
        assert!(words.contains("config.toml") && !words.contains(is_raw), "{words:?}");
    }
}

/// An address, prefix or range: refused, or told all about.
pub fn lookup(octets: &[u8]) {
    let Ok(text) = std::str::from_utf8(octets) else { return };
    let item = match parse::item(text) {
        Ok(item) => item,
        Err(refusal) => {
            assert!(!refusal.to_string().is_empty());
            return;
        }
    };
    let range = item.subject.range();
    assert!(range.first <= range.last);
    let answer = Answer::new(text, item);
    let columns: Vec<_> = COLUMNS.iter().collect();
    let (mut json, mut csv) = (Vec::new(), Vec::new());
    lookup::json(&mut json, &answer, &columns);
    json.push(b'}');
    lookup::csv(&mut csv, &answer, &columns);
    let read: Result<serde_json::Value, _> = serde_json::from_slice(&json);
    read.unwrap_or_else(|error| panic!("{error}: {}", json.escape_ascii()));
    LookupReport::new(&answer);
}
