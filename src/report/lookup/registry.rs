//! What the registries say of an item: group, special-purpose row, blocks inside, allocation.

use super::line::{LookupReport, Piece, Tone, piece, plain, shown};
use crate::address::column::block;
use crate::address::describe::Answer;
use crate::address::kind::{self, is_multicast};
use crate::address::multicast;
use crate::address::prefix::{Family, Range};
use crate::address::registry::{Entry, Flag, MULTICAST_V4, MULTICAST_V6, SPECIAL_V4, SPECIAL_V6};

impl LookupReport {
    /// The registries' rows.
    pub(super) fn registries(&mut self, answer: &Answer<'_>) {
        let family = answer.family();
        let group = answer.text("multicast");
        let (special, groups) = match family {
            Family::V4 => (SPECIAL_V4.read, MULTICAST_V4.read),
            Family::V6 => (SPECIAL_V6.read, MULTICAST_V6.read),
        };
        if answer.is_address() && family == Family::V6 && is_multicast(family, answer.range.first) {
            self.group_flags(answer.range.first);
        }
        if !group.is_empty() {
            let entry = multicast::group(family, answer.range.first);
            // Of a prefix only what names all of it.
            if answer.is_address() || entry.is_some_and(|entry| entry.last >= answer.range.last) {
                self.fact("Group", row(&group, None, entry, groups));
            }
        }
        if let Some(entry) = answer.special {
            let range = shown(|out| block(out, family, entry));
            self.fact("Registry", row(entry.name, Some(&range), Some(entry), special));
            self.flags(entry);
            self.fact("", vec![piece(entry.note, Tone::Muted)]);
        } else if group.is_empty() && kind::reach(answer.range) != kind::Reach::Part {
            let words = format!("in no special-purpose block (IANA\u{a0}{special})");
            self.fact("Registry", vec![piece(words, Tone::Muted)]);
        }
        self.blocks(answer);
        if let Some(entry) = answer.allocation() {
            let range = shown(|out| block(out, family, entry));
            let status = entry.group.to_lowercase();
            let parts = [entry.name, &range, &status, entry.allocated];
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            self.fact("Allocation", plain(parts.join(", ")));
        }
    }

    /// The flags of an IPv6 group, and the use of its identifier.
    fn group_flags(&mut self, bits: u128) {
        let words = |(letter, meaning): (char, &str)| format!("{letter}: {meaning}");
        let set: Vec<String> = multicast::flags(bits).map(words).collect();
        let none = "none: of the kind that IANA assigns for good";
        self.fact("Flags", plain(if set.is_empty() { none.to_owned() } else { set.join(", ") }));
        self.fact("Group id", plain(multicast::dynamic(bits).unwrap_or_default()));
    }

    /// Special-purpose blocks inside a prefix or range, and those that a range cuts.
    fn blocks(&mut self, answer: &Answer<'_>) {
        let entries = match answer.family() {
            Family::V4 => SPECIAL_V4.entries,
            Family::V6 => SPECIAL_V6.entries,
        };
        let range = answer.range;
        let inside = entries.iter().filter(|entry| {
            let narrower = entry.last - entry.first < range.last - range.first;
            narrower && range.first <= entry.first && entry.last <= range.last
        });
        let cut = entries.iter().filter(|entry| {
            let row = Range { first: entry.first, last: entry.last, ..range };
            let nested = range.contains(row) || row.contains(range);
            range.overlaps(row) && !nested
        });
        let cut: Vec<String> = cut
            .map(|entry| {
                format!("{} ({})", shown(|out| block(out, range.family, entry)), entry.name)
            })
            .collect();
        self.fact("Overlaps", vec![piece(cut.join(", "), Tone::Network)]);
        let mut blocks: Vec<String> =
            inside.map(|entry| shown(|out| block(out, range.family, entry))).collect();
        let all = blocks.len();
        blocks.truncate(6);
        if all > 0 {
            let more = if all > blocks.len() { " …" } else { "" };
            let plural = if all == 1 { "" } else { "s" };
            let pieces = vec![
                piece(format!("{all} special-purpose block{plural}: "), Tone::Plain),
                piece(blocks.join("  "), Tone::Network),
                piece(more, Tone::Muted),
            ];
            self.fact("Inside", pieces);
        }
    }

    fn flags(&mut self, entry: &Entry) {
        let names = ["source", "destination", "forwarded", "global", "reserved"];
        let mut pieces = Vec::new();
        for (name, flag) in names.into_iter().zip(entry.flags) {
            let (word, tone) = match flag {
                Flag::True => ("yes", Tone::Good),
                Flag::False => ("no", Tone::Bad),
                Flag::NotApplicable => ("depends", Tone::Muted),
                Flag::Blank => ("blank", Tone::Muted),
            };
            pieces.push(piece(format!("{name}\u{a0}"), Tone::Muted));
            pieces.push(piece(word, tone));
            pieces.push(piece("  ", Tone::Plain));
        }
        self.fact("", pieces);
    }
}

/// A registry row: name, block, RFCs, dates; the day the registry was read.
fn row(name: &str, range: Option<&str>, entry: Option<&Entry>, read: &str) -> Vec<Piece> {
    let mut pieces = vec![piece(name, Tone::Strong)];
    let mut push = |text: String, tone| {
        pieces.push(piece(", ", Tone::Plain));
        pieces.push(piece(text, tone));
    };
    if let Some(range) = range {
        push(range.to_owned(), Tone::Network);
    }
    if let Some(entry) = entry {
        if !entry.reference.is_empty() {
            push(entry.reference.to_owned(), Tone::Plain);
        }
        if !entry.allocated.is_empty() {
            push(format!("since {}", entry.allocated), Tone::Plain);
        }
        if !entry.terminated.is_empty() {
            push(format!("ended {}", entry.terminated), Tone::Bad);
        }
    }
    pieces.push(piece(format!(" (IANA\u{a0}{read})"), Tone::Muted));
    pieces
}
