//! The steps by which the fields of a header are written, worked out once.

use super::text::Key;
use crate::decode::derived::Derived;
use crate::report::number_bits::NumberBits;
use crate::wire::field::{Field, FieldKind};

/// One step of a plan.
#[derive(Debug)]
pub(super) enum Step {
    /// Bits of one octet, side by side: how many are to the right of them, and what is written for
    /// each value of them.
    Flags(usize, u32, Vec<Key>),
    /// Bits of at most eight octets.
    Number(Key, NumberBits),
    Field(Key, &'static Field),
    Derived(Key, &'static Derived),
    /// Steps that read some of the octets.
    In(Place, Vec<Step>),
    Open(Key),
    Close,
}

/// What a step of flags may have ready: four of them.
const MOST_WRITTEN: usize = 16;

impl Step {
    fn of(field: &'static Field, name: &str) -> Self {
        let key = |then| Key::new(name, then);
        match NumberBits::of(field) {
            _ if field.repeats => Self::Field(key(""), field),
            Some(bits) => Self::Number(key(""), bits),
            None if field.kind == FieldKind::Flag && field.width == 1 => Self::Flags(
                field.at as usize / 8,
                7 - field.at % 8,
                vec![key("false"), key("true")],
            ),
            None => Self::Field(key(""), field),
        }
    }

    /// This step and the next, a flag, in one, where they are flags side by side in one octet.
    fn joined(&self, next: &Self) -> Option<Self> {
        let (Self::Flags(at, left, before), Self::Flags(octet, right, behind)) = (self, next)
        else {
            return None;
        };
        let is_beside = at == octet && *left == right + 1 && before.len() < MOST_WRITTEN;
        let both = before.iter().flat_map(|before| behind.iter().map(|it| before.followed_by(it)));
        is_beside.then(|| Self::Flags(*octet, *right, both.collect()))
    }
}

/// Which octets of a header or an option a field stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// All of them.
    All,
    /// Those behind an option's type and length.
    Data,
    /// Those of a part of its row.
    Part(usize),
}

/// What a plan ends in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaf {
    Field(&'static Field),
    In(Place, &'static Field),
    Derived(&'static Derived),
}

/// The steps that write `rows` as nested objects along their dotted names.  Rows that share a
/// parent need not stand together: the object is written once, where the first of them stands.
pub(super) fn plan<'a>(rows: impl Iterator<Item = (&'a str, Leaf)>) -> Vec<Step> {
    let rows: Vec<(Vec<&str>, Leaf)> = rows
        .map(|(name, leaf)| (name.trim_start_matches('.').split('.').collect(), leaf))
        .collect();
    let mut steps = Vec::new();
    nest(&rows, 0, &mut steps);
    steps
}

fn nest(rows: &[(Vec<&str>, Leaf)], depth: usize, steps: &mut Vec<Step>) {
    let mut done: Vec<&str> = Vec::new();
    for (path, leaf) in rows {
        let Some(&name) = path.get(depth) else {
            continue;
        };
        if path.len() == depth + 1 {
            let step = match leaf {
                Leaf::Field(field) => Step::of(field, name),
                Leaf::In(place, field) => Step::In(*place, vec![Step::of(field, name)]),
                Leaf::Derived(row) => Step::Derived(Key::new(name, ""), row),
            };
            // What the same octets hold is read of them in one go.
            if let (Some(Step::In(last, steps)), Leaf::In(place, field)) = (steps.last_mut(), leaf)
                && last == place
            {
                steps.push(Step::of(field, name));
                continue;
            }
            match steps.last().and_then(|last| last.joined(&step)) {
                Some(both) => steps.splice(steps.len() - 1.., [both]).for_each(drop),
                None => steps.push(step),
            }
        } else if !done.contains(&name) {
            done.push(name);
            let below: Vec<_> = rows
                .iter()
                .filter(|(other, _)| other.get(depth) == Some(&name) && other.len() > depth + 1)
                .cloned()
                .collect();
            steps.push(Step::Open(Key::new(name, "{")));
            nest(&below, depth + 1, steps);
            steps.push(Step::Close);
        }
    }
}
