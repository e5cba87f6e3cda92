//! Which values fields have among the packets: what is said where a filter matches nothing, and
//! what may stand behind an operator.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::decode::Packet;
use crate::filter::names::Subject;
use crate::report::column::Column;

/// Packets that are looked at: enough to know a capture by, and done in a moment.
pub const MOST: u64 = 50_000;

/// Distinct values of a field that are kept.
const DISTINCT: usize = 4096;

/// Ranges or values of a field that are shown.
const TOLD: usize = 4;

/// Values of some fields.
pub struct FieldValues {
    fields: Vec<(Column, BTreeMap<String, u64>)>,
    text: String,
}

impl FieldValues {
    /// Of the fields with these names.
    pub fn of(names: &[String]) -> Self {
        let fields = names.iter().filter_map(|name| Column::find(name).ok());
        Self {
            fields: fields.map(|column| (column, BTreeMap::new())).collect(),
            text: String::new(),
        }
    }

    /// Adds those of a packet.
    pub fn add(&mut self, packet: &Packet<'_>) {
        for (column, values) in &mut self.fields {
            self.text.clear();
            column.write(packet, &mut self.text);
            for value in self.text.split(',').filter(|value| !value.is_empty()) {
                let is_full = values.len() >= DISTINCT;
                match values.entry(value.to_owned()) {
                    Entry::Occupied(mut count) => *count.get_mut() += 1,
                    Entry::Vacant(place) if !is_full => {
                        place.insert(1);
                    }
                    Entry::Vacant(_) => {}
                }
            }
        }
    }

    /// The values of the first field, most frequent first.
    pub fn list(&self) -> Vec<String> {
        self.fields.first().map_or_else(Vec::new, |(_, values)| by_count(values))
    }

    /// `ip.ttl seen 48–64, 128`, for every field.
    pub fn words(&self) -> String {
        let words = self.fields.iter().map(|(column, values)| {
            if values.is_empty() {
                format!("no {} seen", column.name)
            } else {
                format!("{} seen {}", column.name, told(values))
            }
        });
        words.collect::<Vec<_>>().join("; ")
    }
}

fn by_count(values: &BTreeMap<String, u64>) -> Vec<String> {
    let mut order: Vec<_> = values.iter().collect();
    order.sort_by_key(|(value, count)| (std::cmp::Reverse(**count), *value));
    order.into_iter().map(|(value, _)| value.clone()).collect()
}

/// Numbers as ranges, split where the gaps are widest; anything else as the most frequent values.
fn told(values: &BTreeMap<String, u64>) -> String {
    let numbers: Option<Vec<u64>> = values.keys().map(|value| value.parse().ok()).collect();
    let Some(mut numbers) = numbers else {
        let order = by_count(values);
        let more = order.len().saturating_sub(TOLD);
        let first = order.into_iter().take(TOLD).collect::<Vec<_>>().join(", ");
        return if more > 0 { format!("{first} and {more} more") } else { first };
    };
    numbers.sort_unstable();
    let mut gaps: Vec<usize> = (1..numbers.len()).collect();
    gaps.sort_by_key(|&at| std::cmp::Reverse(numbers[at] - numbers[at - 1]));
    gaps.truncate(TOLD - 1);
    gaps.retain(|&at| numbers[at] - numbers[at - 1] > 1);
    gaps.sort_unstable();
    let ends = gaps.iter().copied().chain([numbers.len()]);
    let mut from = 0;
    let ranges = ends.map(|to| {
        let (first, last) = (numbers[from], numbers[to - 1]);
        from = to;
        if first == last { first.to_string() } else { format!("{first}–{last}") }
    });
    ranges.collect::<Vec<_>>().join(", ")
}

/// Names of the fields in a filter, each once, as it writes them.
pub fn names(filter: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    for word in filter.split(|c| !is_part(c)) {
        let is_field = Subject::find(word).is_ok_and(|subject| subject.kind().is_some());
        if is_field && !names.iter().any(|name| name == word) {
            names.push(word.to_owned());
        }
    }
    names.truncate(TOLD);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(list: &[&str]) -> BTreeMap<String, u64> {
        list.iter().map(|value| ((*value).to_owned(), 1)).collect()
    }

    #[test]
    fn numbers_are_told_as_ranges_and_words_as_words() {
        assert_eq!(told(&values(&["64"])), "64");
        assert_eq!(told(&values(&["48", "52", "64", "128"])), "48, 52, 64, 128");
        assert_eq!(
            told(&values(&["48", "50", "51", "52", "53", "64", "128", "255"])),
            "48–53, 64, 128, 255"
        );
        assert_eq!(told(&values(&["1", "2", "3"])), "1–3");
        assert_eq!(told(&values(&["a", "b", "c", "d", "e", "f"])), "a, b, c, d and 2 more");
    }

    #[test]
    fn fields_of_a_filter_are_found() {
        assert_eq!(
            names("ip.ttl < 5 && !(ip.src == 10.0.0.1) && ip.ttl > 1"),
            ["ip.ttl", "ip.src"]
        );
        assert_eq!(names("tcp"), [""; 0]);
    }
}
