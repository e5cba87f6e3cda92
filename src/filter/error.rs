//! What is wrong with a filter, where, and what would do.

use crate::base::columns;
use crate::base::text::Safe;

/// A filter that does not parse or does not make sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// The filter.
    pub text: String,
    /// First character that is at fault, from 0.
    pub at: usize,
    /// Characters at fault, at least 1.
    pub len: usize,
    /// What is wrong, in words.
    pub message: String,
    /// What would do.
    pub hint: Option<String>,
}

impl std::error::Error for FilterError {}

/// The message, the filter with a caret line below, and the hint.
impl std::fmt::Display for FilterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "filter: {} at column {}", self.message, self.at + 1)?;
        writeln!(f, "  {}", Safe(&self.text))?;
        // Escapes are longer than what they stand for: the caret goes by what is shown.
        let shown = |part: &str| columns::width(&Safe(part).to_string());
        let before: String = self.text.chars().take(self.at).collect();
        let marked: String = self.text.chars().skip(self.at).take(self.len).collect();
        write!(f, "  {}{}", " ".repeat(shown(&before)), "^".repeat(shown(&marked).max(1)))?;
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

/// The one of `words` most like `word`, letter case apart, when one is like it at all.  Of those
/// that are as like it, one of the same header is.
pub fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    // Text from outside may be of any length; what is far longer than any name is like none.
    let most = (word.len().min(40) / 4).max(1);
    let header = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let own = header(word);
    let near = words.filter(|other| other.len().abs_diff(word.len()) <= most);
    let near = near.map(|other| (distance(word, other), header(other) != own, other)).min()?;
    (near.0 <= most).then_some(near.2)
}

/// Edits between two words, letter case apart: a letter more, less or another, or two that changed
/// places (Damerau and Levenshtein, optimal string alignment).
pub fn distance(a: &str, b: &str) -> usize {
    strsim::osa_distance(&a.to_ascii_lowercase(), &b.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted_as_a_typist_makes_them() {
        for (a, b, edits) in [
            ("", "", 0),
            ("ip.ttl", "IP.TTL", 0),
            ("ip.tlt", "ip.ttl", 1),
            ("raed", "read", 1),
            ("ip.tttl", "ip.ttl", 1),
            ("ip.tl", "ip.ttl", 1),
            ("ip.txl", "ip.ttl", 1),
            ("abc", "", 3),
            ("ca", "abc", 3),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (edits, edits), "{a} {b}");
        }
    }

    #[test]
    fn carets_stand_below_what_is_wrong_in_any_script() {
        let text = "frame.protocols contains \"網路e\u{301}\" && ip.tttl < 5";
        let error = crate::filter::Filter::compile(text).expect_err("no such field");
        let shown = error.to_string();
        let mut lines = shown.lines().skip(1);
        let (line, carets) = (lines.next().expect("a filter"), lines.next().expect("carets"));
        let (before, _) = line.split_once("ip.tttl").expect("the name");
        assert_eq!(carets, format!("{}^^^^^^^", " ".repeat(columns::width(before))));
        assert_eq!(columns::width(before), 38);
    }

    #[test]
    fn a_name_of_the_same_header_is_nearer() {
        let names = ["gtp", "ip.dst", "ip.ttl", "udp.port", "tcp.port", "fr.de", "mpls.ttl"];
        for (word, near) in [
            ("ip.tlt", Some("ip.ttl")),
            ("tcp.prt", Some("tcp.port")),
            ("udp.prot", Some("udp.port")),
            ("http", None),
            ("frame", None),
        ] {
            assert_eq!(nearest(word, names.into_iter()), near, "{word}");
        }
    }
}
