//! The selected packet: its fields as rows of a tree, and its octets.

use std::ops::Range;

use crate::decode::Packet;

/// One row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRow {
    /// How deep it stands.
    pub depth: usize,
    /// Its path, by which it is folded.
    pub path: String,
    /// The bits it has in its octets, such as `.... 0101`; empty for whole octets.
    pub bits: String,
    /// Its name in words.
    pub label: String,
    /// Its value.
    pub value: String,
    /// What the value or the field means.
    pub meaning: String,
    /// The octets of the frame it lies in; empty for what is computed.
    pub octets: Range<usize>,
    /// Whether rows stand below it.
    pub has_children: bool,
    /// Whether something is wrong with it.
    pub is_bad: bool,
}

/// A packet field by field.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    /// Number in the capture.
    pub number: u64,
    /// Octets on the wire.
    pub original: u32,
    /// The captured octets.
    pub bytes: Vec<u8>,
    /// The tree, from the top.
    pub rows: Vec<FieldRow>,
}

impl Detail {
    /// The detail of `packet`.
    pub fn of(packet: &Packet<'_>) -> Self {
        let rows = packet.layers.spans().iter().map(|span| FieldRow {
            depth: 0,
            path: span.layer.header().name.to_owned(),
            bits: String::new(),
            label: span.layer.header().title.to_owned(),
            value: String::new(),
            meaning: String::new(),
            octets: usize::from(span.at)..span.end(),
            has_children: false,
            is_bad: false,
        });
        Self {
            number: packet.frame.number,
            original: packet.frame.original,
            bytes: packet.frame.bytes.to_vec(),
            rows: rows.collect(),
        }
    }

    /// The rows that are not folded away, by index.
    pub fn visible(&self, folded: &[String]) -> Vec<usize> {
        let mut visible = Vec::new();
        let mut hidden_below = None;
        for (index, row) in self.rows.iter().enumerate() {
            if hidden_below.is_some_and(|depth| row.depth > depth) {
                continue;
            }
            hidden_below = None;
            visible.push(index);
            if row.has_children && folded.contains(&row.path) {
                hidden_below = Some(row.depth);
            }
        }
        visible
    }

    /// The row that octet `at` belongs to: the smallest that covers it, outermost first among equals.
    pub fn owner(&self, at: usize) -> Option<usize> {
        let covering = self.rows.iter().enumerate().filter(|(_, row)| row.octets.contains(&at));
        covering.min_by_key(|(index, row)| (row.octets.len(), *index)).map(|(index, _)| index)
    }
}
