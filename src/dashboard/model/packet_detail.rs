//! The selected packet: its fields as rows of a tree, and its octets.

use std::ops::Range;

use crate::analyze::datagram::Datagram;
use crate::decode::Packet;
use crate::report::tree::{NodeKind, Tree};

/// The path of the frame's row, folded at first: the list says most of what stands there.
pub const FRAME: &str = "/Frame";

/// One row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRow {
    /// What it is.
    pub kind: NodeKind,
    /// How deep it stands.
    pub depth: usize,
    /// Its path, by which it is folded: the same field of the next packet has the same.
    pub path: String,
    /// The bits it has in its octets, such as `.... 0101`; empty for whole octets.
    pub bits: String,
    /// Its name in words.
    pub label: &'static str,
    /// Its dotted name; empty where it has none.
    pub name: &'static str,
    /// Its value, safe to show.
    pub value: String,
    /// What it means, and where that is written.
    pub meaning: String,
    /// The octets of the frame it lies in; empty for what is computed.
    pub octets: Range<usize>,
    /// The bits of the frame it lies in; empty for what is computed.
    pub bit_range: Range<u32>,
    /// Whether rows stand below it.
    pub has_children: bool,
}

/// A packet field by field.
#[derive(Debug, Clone, Default)]
pub struct Detail {
    /// Number in the capture.
    pub number: u64,
    /// The packets whose fragments are shown as one datagram, if they are.
    pub fragments: Vec<u64>,
    /// Octets on the wire.
    pub original: u32,
    /// The captured octets.
    pub bytes: Vec<u8>,
    /// The tree, from the top.
    pub rows: Vec<FieldRow>,
    /// The row that each octet belongs to.
    owners: Vec<Option<u32>>,
}

impl Detail {
    /// The detail of `packet`.
    pub fn of(packet: &Packet<'_>) -> Self {
        let mut tree = Tree::default();
        tree.read(packet);
        let mut rows: Vec<FieldRow> = Vec::with_capacity(tree.len());
        let mut above: Vec<String> = Vec::new();
        for node in tree.nodes() {
            let depth = usize::from(node.depth);
            above.truncate(depth);
            let own = if node.name.is_empty() { node.label } else { node.name };
            let path = format!("{}/{own}", above.last().map_or("", String::as_str));
            above.resize(depth, path.clone());
            above.push(path.clone());
            if let Some(before) = rows.last_mut() {
                before.has_children = before.depth < depth;
            }
            let gap = if node.meaning.is_empty() || node.source.is_empty() { "" } else { " " };
            rows.push(FieldRow {
                kind: node.kind,
                depth,
                path,
                bits: node.picture.to_owned(),
                label: node.label,
                name: node.name,
                value: node.value.to_owned(),
                meaning: format!("{}{gap}{}", node.meaning, node.source),
                octets: node.octets(),
                bit_range: node.first_bit..node.end_bit,
                has_children: false,
            });
        }
        let octets = 0..packet.frame.bytes.len();
        Self {
            number: packet.frame.number,
            fragments: Vec::new(),
            original: packet.frame.original,
            bytes: packet.frame.bytes.to_vec(),
            rows,
            owners: octets.map(|at| u32::try_from(tree.at_octet(at)?).ok()).collect(),
        }
    }

    /// The detail of the whole datagram that packet `number` is a fragment of.
    pub fn of_datagram(number: u64, datagram: &Datagram) -> Self {
        let fragments = datagram.packets.clone();
        datagram.show(|packet| Self { number, fragments, ..Self::of(packet) })
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

    /// The deepest row that octet `at` belongs to.
    pub fn owner(&self, at: usize) -> Option<usize> {
        usize::try_from((*self.owners.get(at)?)?).ok()
    }
}
