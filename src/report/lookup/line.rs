//! Lines of a report: words with tones.

use serde::Serialize;

use crate::address::prefix::Count;
use crate::address::text;

/// What a piece of text is, for front ends with colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Ordinary text.
    Plain,
    /// What the line is about.
    Strong,
    /// Less important than its surroundings.
    Muted,
    /// Bits that make the class, or the fixed bits of an IPv6 format.
    Class,
    /// Bits of the network.
    Network,
    /// Bits of the subnet.
    Subnet,
    /// Bits of the host.
    Host,
    /// A yes.
    Good,
    /// A no, or something deprecated.
    Bad,
}

/// Text of one tone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The text, safe to show; a no-break space is a place where a line must not break.
    pub text: String,
    /// What it is.
    pub tone: Tone,
}

/// One entry of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Line {
    /// Sentences, to be broken into lines anywhere.
    Prose(Vec<Piece>),
    /// A name and its value; an empty name continues the entry above.
    Fact(&'static str, Vec<Piece>),
    /// Like a fact, but never broken: its columns line up with its neighbours'.
    Drawing(&'static str, Vec<Piece>),
    /// Space.
    Gap,
}

/// All about one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookupReport {
    /// The item in canonical form.
    pub title: String,
    /// What kind of item it is.
    pub subtitle: String,
    /// The entries, top to bottom.
    pub lines: Vec<Line>,
}

/// A piece; the number of an RFC stays on its line.
pub(crate) fn piece(text: impl Into<String>, tone: Tone) -> Piece {
    Piece { text: text.into().replace("RFC ", "RFC\u{a0}"), tone }
}

pub(super) fn plain(text: impl Into<String>) -> Vec<Piece> {
    vec![piece(text, Tone::Plain)]
}

/// What a writer of [`text`] appends, as a string.
pub(crate) fn shown(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// A count with commas between groups of three.
pub(crate) fn grouped(count: Count) -> String {
    let digits = shown(|out| text::count(out, count));
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
