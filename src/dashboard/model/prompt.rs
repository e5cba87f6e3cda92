//! The prompt at the top of the screen: a command, or what to search for.

use super::line_editor::LineEditor;

/// What the prompt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// A command, as behind `:`.
    Command,
    /// Text, octets or a regular expression to search for.
    Search,
}

/// The prompt: a line being edited.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What it is for.
    pub purpose: PromptKind,
    /// What is written.
    pub line: LineEditor,
    /// Why the command or search failed, and what to do about it.
    pub wrong: Option<String>,
    /// What is shown below it: a label, and completions or what the command does.
    pub advice: (String, String),
    /// How far up the history the text comes from; 0 is the line itself.
    pub age: usize,
}

impl Prompt {
    /// A line that begins with `text`.
    pub fn new(purpose: PromptKind, text: &str) -> Self {
        Self {
            purpose,
            line: LineEditor::new(text),
            wrong: None,
            advice: Default::default(),
            age: 0,
        }
    }

    /// The mark before the line.
    pub fn mark(&self) -> &'static str {
        match self.purpose {
            PromptKind::Command => ":",
            PromptKind::Search => "?",
        }
    }
}

/// Lines that were entered before, the newest last, at most so many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    lines: Vec<String>,
}

/// Lines that are remembered.
const MOST: usize = 200;

impl History {
    /// A history of these lines, oldest first.
    pub fn new(lines: impl IntoIterator<Item = String>) -> Self {
        let mut history = Self::default();
        for line in lines {
            history.push(&line);
        }
        history
    }

    /// Remembers a line; one that is there already becomes the newest.
    pub fn push(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        self.lines.retain(|old| old != line);
        self.lines.push(line.to_owned());
        let surplus = self.lines.len().saturating_sub(MOST);
        self.lines.drain(..surplus);
    }

    /// The line of that age: 1 is the newest.
    pub fn get(&self, age: usize) -> Option<&str> {
        let at = self.lines.len().checked_sub(age)?;
        self.lines.get(at).map(String::as_str)
    }

    /// All lines, oldest first.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_line_comes_first_and_none_twice() {
        let mut history = History::new(["tcp", "udp", "tcp", " ", "icmp"].map(str::to_owned));
        assert_eq!(history.lines(), ["udp", "tcp", "icmp"]);
        assert_eq!((history.get(0), history.get(1)), (None, Some("icmp")));
        assert_eq!((history.get(3), history.get(4)), (Some("udp"), None));
        for number in 0..1000 {
            history.push(&format!("ip.ttl == {number}"));
        }
        assert_eq!(history.lines().len(), MOST);
        assert_eq!(history.get(1), Some("ip.ttl == 999"));
    }
}
