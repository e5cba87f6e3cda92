//! Which stack a frame may have: a decision tree over the octets that tell known stacks apart, so
//! that many stacks take hardly longer than few.

use std::cmp::Reverse;

use super::header_stack::{Stack, WORD, Word, agree};
use crate::decode::decode_as::Rules;
use crate::wire::header::Next;

/// Stacks by the octets that tell them apart.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Where the search begins; none without a stack.
    root: Option<Branch>,
    nodes: Vec<Node>,
    /// The branches of all nodes, those of one in a row, each with the octets that lead there.
    branches: Vec<(u64, Branch)>,
    /// By number of a stack, what is to be looked at of its frames when a search has led there.
    leaves: Vec<Leaf>,
    /// The words of all of those, those of one in a row.
    words: Vec<Word>,
}

/// A stack that a search has led to.
#[derive(Debug, Clone, Copy, Default)]
struct Leaf {
    /// Its words but for the bits that were looked at on the way, among those of all leaves.
    first: u16,
    end: u16,
    /// Another stack that no octets distinguish from it.
    alike: Option<u8>,
}

/// Where octets lead: on to a node, or to the stack of a number and those alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Branch(u16);

impl Branch {
    /// Set where it is a stack's number.
    const STACK: u16 = 1 << 15;

    fn to_node(number: usize) -> Option<Self> {
        u16::try_from(number).ok().filter(|number| number & Self::STACK == 0).map(Self)
    }

    fn to_stack(number: u8) -> Self {
        Self(u16::from(number) | Self::STACK)
    }
}

/// One look at a frame.
#[derive(Debug, Clone, Copy)]
enum Look {
    /// At eight octets, from that one on, and of them at the bits that all stacks behind ask for.
    Octets(u16, u64),
    /// At what UDP's ports say that it carries, which begin at that octet.
    Ports(u16),
}

impl Look {
    /// Which bits of the eight octets at a place it looks at.
    fn of(self, at: u16) -> u64 {
        match self {
            Self::Octets(first, mask) => seen_from(mask, first, at),
            Self::Ports(_) => 0,
        }
    }
}

/// A look, and where it leads.
#[derive(Debug)]
struct Node {
    look: Look,
    /// What most frames have there, and where that leads.
    value: u64,
    branch: Branch,
    /// Its other branches, among those of all nodes.
    first: u16,
    end: u16,
}

impl Tree {
    /// That of these stacks.
    pub(super) fn of(all: &[Stack]) -> Self {
        let mut tree = Self { leaves: vec![Leaf::default(); all.len()], ..Self::default() };
        let numbers: Vec<u8> = (0..).take(all.len()).collect();
        tree.root = tree.grow(all, &numbers, &mut Vec::new());
        tree
    }

    /// The first stack whose octets a frame has, and whether others are alike.
    #[inline]
    pub(super) fn find(&self, bytes: &[u8], rules: &Rules) -> Option<(u8, bool)> {
        let Branch(mut number) = self.root?;
        while number & Branch::STACK == 0 {
            let node = self.nodes.get(usize::from(number))?;
            let value = match node.look {
                Look::Octets(at, mask) => {
                    let octets = bytes.get(usize::from(at)..)?.first_chunk::<WORD>()?;
                    u64::from_ne_bytes(*octets) & mask
                }
                Look::Ports(at) => code(rules.ports_at(bytes, at.into())?),
            };
            Branch(number) = if value == node.value {
                node.branch
            } else {
                let branches = self.branches.get(node.first.into()..node.end.into())?;
                branches.iter().find(|(octets, _)| *octets == value)?.1
            };
        }
        let leaf = self.leaves.get(usize::from(number & !Branch::STACK))?;
        let words = self.words.get(leaf.first.into()..leaf.end.into())?;
        let number = number.to_le_bytes()[0];
        agree(words, bytes).then_some((number, leaf.alike.is_some()))
    }

    /// Another stack that no octets distinguish from that one.
    #[inline]
    pub(super) fn alike(&self, number: u8) -> Option<u8> {
        self.leaves.get(usize::from(number))?.alike
    }

    /// Adds what tells these stacks apart, behind some looks at the same octets of all of them.
    fn grow(&mut self, all: &[Stack], numbers: &[u8], looks: &mut Vec<Look>) -> Option<Branch> {
        let stacks = || numbers.iter().filter_map(|&number| all.get(usize::from(number)));
        let (&first, others) = numbers.split_first()?;
        let most = stacks().map(|stack| stack.least).min()?.checked_sub(8)?;
        // The look that tells most of them apart; at ports where no octets do, since that takes
        // longer.
        let octets = stacks().next()?.words.iter().map(|word| {
            let at = word.at.min(most);
            let mask = stacks().fold(u64::MAX, |mask, stack| mask & window(stack, at).0);
            Look::Octets(at, mask)
        });
        let ports = stacks().next()?.ports.iter().map(|&(at, _)| Look::Ports(at));
        let split = |look: Look| {
            let values = stacks().map(|stack| value(stack, look)).collect::<Option<Vec<u64>>>();
            let mut values = values.unwrap_or_default();
            values.sort_unstable();
            values.dedup();
            (look, values)
        };
        let tells = |(_, values): &(Look, Vec<u64>)| values.len() > 1;
        let best = octets.map(split).filter(tells).max_by_key(|(_, values)| values.len());
        let best = best.or_else(|| ports.map(split).find(tells));
        let Some((look, values)) = best else {
            // Of several the first may have words that others have not: each is then looked at
            // alone.
            let looks = if others.is_empty() { looks.as_slice() } else { &[] };
            let rest = all.get(usize::from(first)).filter(|_| others.is_empty());
            let from = u16::try_from(self.words.len()).ok()?;
            self.words.extend(rest.into_iter().flat_map(|stack| &stack.words).filter_map(|word| {
                let mask = looks.iter().fold(word.mask, |mask, look| mask & !look.of(word.at));
                (mask != 0).then_some(Word { mask, ..*word })
            }));
            let end = u16::try_from(self.words.len()).ok()?;
            for (number, alike) in numbers.iter().zip(others.iter().map(Some).chain([None])) {
                let leaf = self.leaves.get_mut(usize::from(*number))?;
                *leaf = Leaf { first: from, end, alike: alike.copied() };
            }
            return Some(Branch::to_stack(first));
        };
        let node = self.nodes.len();
        let branch = Branch::to_node(node)?;
        self.nodes.push(Node { look, value: 0, branch, first: 0, end: 0 });
        let mut branches = Vec::new();
        looks.push(look);
        for wanted in values {
            let stack = |number: u8| {
                let stack = all.get(usize::from(number));
                stack.filter(|stack| value(stack, look) == Some(wanted))
            };
            let has = |number: &u8| stack(*number).is_some();
            let behind: Vec<u8> = numbers.iter().copied().filter(has).collect();
            let frames =
                behind.iter().filter_map(|&number| stack(number)).map(|stack| stack.frames);
            let frames = frames.fold(0, u64::saturating_add);
            branches.push((frames, wanted, self.grow(all, &behind, looks)?));
        }
        looks.pop();
        // Those that most frames take are tried first.
        branches.sort_unstable_by_key(|&(frames, ..)| Reverse(frames));
        let mut branches = branches.into_iter().map(|(_, value, branch)| (value, branch));
        let (value, most) = branches.next()?;
        let first = u16::try_from(self.branches.len()).ok()?;
        self.branches.extend(branches);
        let end = u16::try_from(self.branches.len()).ok()?;
        *self.nodes.get_mut(node)? = Node { look, value, branch: most, first, end };
        Some(branch)
    }
}

/// What a look finds in the frames of a stack.
fn value(stack: &Stack, look: Look) -> Option<u64> {
    match look {
        Look::Octets(at, mask) => Some(window(stack, at).1 & mask),
        Look::Ports(at) => {
            let ports = stack.ports.iter().find(|(place, _)| *place == at);
            ports.map(|&(_, carried)| code(carried))
        }
    }
}

/// A number for what UDP carries.
fn code(carried: Next) -> u64 {
    match carried {
        Next::Payload => 0,
        Next::Layer(layer) => (layer as u64).wrapping_add(1),
        _ => u64::MAX,
    }
}

/// Which bits of the eight octets at a place a stack requires, and their values.
fn window(stack: &Stack, at: u16) -> (u64, u64) {
    stack.words.iter().fold((0, 0), |(mask, value), word| {
        (mask | seen_from(word.mask, word.at, at), value | seen_from(word.value, word.at, at))
    })
}

/// Those of eight octets that stand at `first` which are among the eight at `at`, in their places
/// there.
fn seen_from(octets: u64, first: u16, at: u16) -> u64 {
    let bits = u32::from(first.abs_diff(at)).saturating_mul(8);
    // The first octet in the lowest bits, whatever the machine.
    let octets = u64::from_le(octets);
    let seen = if first >= at { octets.checked_shl(bits) } else { octets.checked_shr(bits) };
    seen.unwrap_or(0).to_le()
}
