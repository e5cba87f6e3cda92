//! The report on an item of a look-up as text: aligned, broken at the width, coloured where wished.

use crate::base::columns;
use crate::export::text::Style;
use crate::report::lookup::{Line, LookupReport, Piece, Tone};

/// Where values begin.
const INDENT: usize = 12;
/// Where a value begins that does not fit behind its name: the name of an IPv6 address under
/// ip6.arpa has 72 characters.
const NARROW: usize = 4;
/// A space that is no place to break a line.
const JOINT: char = '\u{a0}';

/// Appends a report for a terminal of so many columns.
pub fn write(out: &mut Vec<u8>, report: &LookupReport, width: usize, style: Style) {
    let mut page = Page { out, width, style, column: 0 };
    let gap = width
        .saturating_sub(columns::width(&report.title) + columns::width(&report.subtitle))
        .max(1);
    page.put(&report.title, Tone::Strong);
    page.put(&" ".repeat(gap), Tone::Plain);
    page.put(&report.subtitle, Tone::Muted);
    page.end();
    page.put(&"─".repeat(width), Tone::Muted);
    page.end();
    for line in &report.lines {
        match line {
            Line::Gap => {}
            Line::Prose(pieces) => page.flow(pieces, 0),
            Line::Fact(name, pieces) => {
                page.name(name);
                page.flow(pieces, INDENT);
            }
            Line::Drawing(name, pieces) => {
                page.name(name);
                for piece in pieces {
                    page.put(&piece.text, piece.tone);
                }
            }
        }
        page.end();
    }
}

struct Page<'a> {
    out: &'a mut Vec<u8>,
    width: usize,
    style: Style,
    column: usize,
}

impl Page<'_> {
    fn put(&mut self, text: &str, tone: Tone) {
        let code = match tone {
            _ if self.style == Style::Plain || text.trim().is_empty() => "",
            Tone::Plain => "",
            Tone::Strong => "1",
            Tone::Muted => "2",
            Tone::Class => "35",
            Tone::Network => "36",
            Tone::Subnet => "33",
            Tone::Host | Tone::Good => "32",
            Tone::Bad => "31",
        };
        if !code.is_empty() {
            self.out.extend_from_slice(format!("\x1b[{code}m").as_bytes());
        }
        self.out.extend_from_slice(text.replace(JOINT, " ").as_bytes());
        if !code.is_empty() {
            self.out.extend_from_slice(b"\x1b[0m");
        }
        self.column += columns::width(text);
    }

    fn name(&mut self, name: &str) {
        self.put(name, Tone::Muted);
        let gap = INDENT.saturating_sub(self.column);
        self.put(&" ".repeat(gap), Tone::Plain);
    }

    fn end(&mut self) {
        while self.out.last() == Some(&b' ') {
            self.out.pop();
        }
        self.out.push(b'\n');
        self.column = 0;
    }

    /// Writes words, breaking lines at spaces; a word longer than a line stays whole, so that it
    /// can be copied.
    fn flow(&mut self, pieces: &[Piece], mut indent: usize) {
        let mut fresh = true;
        for (at, piece) in pieces.iter().enumerate() {
            let mut rest = piece.text.as_str();
            while !rest.is_empty() {
                let spaces = rest.len() - rest.trim_start_matches(' ').len();
                let (blank, tail) = rest.split_at(spaces);
                let (word, behind) = tail.split_at(tail.find(' ').unwrap_or(tail.len()));
                rest = behind;
                // Blanks at the end of a line are no reason for another.
                if word.is_empty() && pieces.get(at + 1..).is_none_or(<[Piece]>::is_empty) {
                    break;
                }
                let glued = if rest.is_empty() {
                    glued(pieces.get(at + 1..).unwrap_or_default())
                } else {
                    0
                };
                let len = columns::width(word) + glued;
                if fresh && self.column + len > self.width && indent > NARROW {
                    self.end();
                    indent = NARROW;
                    self.put(&" ".repeat(indent), Tone::Plain);
                }
                if !fresh && spaces > 0 && self.column + spaces + len > self.width {
                    self.end();
                    self.put(&" ".repeat(indent), Tone::Plain);
                } else if !fresh || spaces == 0 {
                    self.put(blank, Tone::Plain);
                }
                self.put(word, piece.tone);
                fresh = fresh && word.is_empty();
            }
        }
    }
}

/// How long the word goes on in the pieces behind it.
fn glued(pieces: &[Piece]) -> usize {
    let mut len = 0;
    for piece in pieces {
        let word = piece.text.split(' ').next().unwrap_or_default();
        len += columns::width(word);
        if word.len() < piece.text.len() {
            break;
        }
    }
    len
}
