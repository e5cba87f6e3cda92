//! The stacks of headers that packets have, and filters that find them again.

use crate::analyze::statistic::Detail;
use crate::decode::layers::{LayerIndex, is_ip};
use crate::report::summary::Statistic;
use crate::wire::Layer;
use crate::wire::header::Class;

/// Stacks of headers that packets have.  What an error message quotes is in none.
#[derive(Debug, Clone, Default)]
pub struct HeaderStacks(Vec<Vec<Layer>>);

/// Headers that may quote another packet.
const QUOTES: [Layer; 2] = [Layer::Icmp, Layer::Icmpv6];

impl HeaderStacks {
    /// Those of the protocol hierarchy.
    pub(super) fn of(tree: &Statistic) -> Self {
        let ended = tree.entries.iter().filter_map(|entry| match entry.detail? {
            Detail::Node { path, ends, .. } if ends.packets > 0 => Some(LayerIndex::layers(path)),
            _ => None,
        });
        Self(ended.collect())
    }

    /// The filter of packets whose stack begins with `path`, see [`LayerIndex::headers_of`].
    ///
    /// Where the names of its headers alone find them and no others, that is all; a header that may
    /// quote others is left out where it is in the way, and the stack is spelled out where order
    /// matters.
    pub fn filter(&self, path: u128) -> String {
        let path = LayerIndex::layers(path);
        let mut names = Vec::new();
        for (at, layer) in path.iter().enumerate() {
            let header = layer.header();
            let is_link = matches!(header.class, Class::Link | Class::Tag);
            if (at + 1 == path.len() || !is_link) && !names.contains(&header.name) {
                names.push(header.name);
            }
        }
        let is_named = |stack: &[Layer]| {
            names.iter().all(|name| stack.iter().any(|l| l.header().name == *name))
        };
        let inside = |stack: &[Layer]| stack.starts_with(&path);
        let others = || self.0.iter().map(Vec::as_slice).filter(|stack| !inside(stack));
        let quotes: Vec<_> = QUOTES
            .into_iter()
            .filter(|quote| others().any(|stack| stack.contains(quote) && may_name(stack, &path)))
            .collect();
        let is_quote = |stack: &[Layer]| quotes.iter().any(|quote| stack.contains(quote));
        let is_mixed = self.0.iter().any(|stack| inside(stack) && is_quote(stack));
        if is_mixed || others().any(|stack| is_named(stack) && !is_quote(stack)) {
            let names: Vec<_> = path.iter().map(|layer| layer.header().name).collect();
            return format!("frame.protocols matches \"^{}(:|$)\"", names.join(":"));
        }
        let quotes = quotes.iter().map(|quote| format!("!{}", quote.header().name));
        names.into_iter().map(str::to_owned).chain(quotes).collect::<Vec<_>>().join(" && ")
    }

    /// `term`, which is about the first header of an IP version, of packets in which that is the
    /// outermost.
    pub fn outermost(&self, is_v6: bool, term: &str) -> String {
        let layer = if is_v6 { Layer::Ipv6 } else { Layer::Ipv4 };
        let first = |stack: &[Layer]| stack.iter().copied().find(|layer| is_ip(*layer));
        let is_inner = |stack: &[Layer]| stack.contains(&layer) && first(stack) != Some(layer);
        if self.0.iter().any(|stack| is_inner(stack)) {
            format!("{term} && {}._role#1 == \"outer\"", layer.header().name)
        } else {
            term.to_owned()
        }
    }
}

/// Whether a packet of `stack` may have all headers of `path` with those that it quotes.
fn may_name(stack: &[Layer], path: &[Layer]) -> bool {
    let is_quoted = |layer: &Layer| {
        let class = layer.header().class;
        matches!(class, Class::Ip | Class::Extension | Class::Tunnel | Class::Transport)
    };
    path.iter().all(|layer| stack.contains(layer) || is_quoted(layer))
}
