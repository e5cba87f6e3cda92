//! What is wrong with a filter, where, and what would do.

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
        let shown = |chars: &str| Safe(chars).to_string().chars().count();
        let before: String = self.text.chars().take(self.at).collect();
        let marked: String = self.text.chars().skip(self.at).take(self.len).collect();
        write!(f, "  {}{}", " ".repeat(shown(&before)), "^".repeat(shown(&marked).max(1)))?;
        if let Some(hint) = &self.hint {
            write!(f, "\nhint: {hint}")?;
        }
        Ok(())
    }
}

/// The one of `words` most like `word`, letter case apart, when one is like it at all.
pub fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    // Text from outside may be of any length; what is far longer than any name is like none.
    let most = 1 + word.len().min(40) / 4;
    let near = words.filter(|other| other.len().abs_diff(word.len()) <= most);
    let near = near.map(|other| (distance(word, other), other)).min()?;
    (near.0 <= most).then_some(near.1)
}

/// Edits between two short words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, &y) in b.iter().enumerate() {
            let changed = before + usize::from(!x.eq_ignore_ascii_case(&y));
            before = row[j + 1];
            row[j + 1] = changed.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
