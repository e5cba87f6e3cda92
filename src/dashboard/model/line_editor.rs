//! A line of text being edited: the text, the cursor in it, and what each key does to both.
//!
//! The filter bar, the prompt and the search of the help are edited alike.  The cursor moves by
//! characters as a reader sees them, marks and all, and by words; an address is one word.

use tui_input::{Input, InputRequest};

use super::action::Action;

/// A line of text being edited.
#[derive(Debug, Clone, Default)]
pub struct LineEditor {
    input: Input,
}

impl LineEditor {
    /// A line of this text, with the cursor at its end.
    pub fn new(text: impl Into<String>) -> Self {
        Self { input: Input::new(text.into()) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Octet of the text at which the cursor stands.
    pub fn cursor(&self) -> usize {
        let mut characters = self.text().char_indices();
        characters.nth(self.input.cursor()).map_or(self.text().len(), |(at, _)| at)
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        self.text().get(..self.cursor()).unwrap_or_default()
    }

    /// Replaces the text between octet `from` and the cursor, which then stands after `with`.
    pub fn complete(&mut self, from: usize, with: &str) {
        let head = self.before().get(..from).unwrap_or_default().to_owned() + with;
        let cursor = head.chars().count();
        let tail = self.text().get(self.cursor()..).unwrap_or_default();
        self.input = Input::new(head + tail).with_cursor(cursor);
    }

    /// Edits the line or moves the cursor, if `action` asks for either; returns whether it does.
    pub fn edit(&mut self, action: Action) -> bool {
        let request = match action {
            Action::Type(c) => InputRequest::InsertChar(c),
            Action::Erase => InputRequest::DeletePrevChar,
            Action::EraseNext => InputRequest::DeleteNextChar,
            Action::EraseWord => InputRequest::DeletePrevWord,
            Action::EraseRest => InputRequest::DeleteTillEnd,
            Action::EraseAll => InputRequest::DeleteLine,
            Action::TextLeft => InputRequest::GoToPrevChar,
            Action::TextRight => InputRequest::GoToNextChar,
            Action::WordLeft => InputRequest::GoToPrevWord,
            Action::WordRight => InputRequest::GoToNextWord,
            Action::TextStart => InputRequest::GoToStart,
            Action::TextEnd => InputRequest::GoToEnd,
            _ => return false,
        };
        self.input.handle(request);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_edit_at_the_cursor() {
        use Action::{
            Erase, EraseAll, EraseNext, EraseRest, EraseWord, TextEnd, TextLeft, TextRight,
            TextStart, Type, WordLeft, WordRight,
        };
        for (text, actions, before, after) in [
            ("", &[Type('a'), Type('漢')][..], "a漢", ""),
            ("ip.ttl", &[TextLeft, Erase], "ip.t", "l"),
            ("ip.ttl", &[TextStart, EraseNext, TextRight, Type('x')], "px", ".ttl"),
            ("ip.src == 10.0.0.1", &[EraseWord], "ip.src == ", ""),
            ("ip.src == 10.0.0.1", &[WordLeft, EraseRest], "ip.src == ", ""),
            ("ip.src == 10.0.0.1", &[WordLeft, WordLeft, WordRight], "ip.src == ", "10.0.0.1"),
            ("e\u{301}漢", &[TextLeft, Erase, Erase], "", "漢"),
            ("tcp", &[TextStart, TextEnd, Type('!')], "tcp!", ""),
            ("tcp", &[EraseAll, Erase, TextLeft, WordLeft], "", ""),
        ] {
            let mut line = LineEditor::new(text);
            for &action in actions {
                assert!(line.edit(action), "{action:?}");
            }
            assert_eq!((line.before(), line.text()), (before, &*format!("{before}{after}")));
        }
        assert!(!LineEditor::default().edit(Action::Apply));
    }

    #[test]
    fn what_completes_a_word_leaves_what_stands_after_the_cursor() {
        let mut line = LineEditor::new("漢 ip.tt < 5");
        for _ in 0..4 {
            line.edit(Action::TextLeft);
        }
        line.complete(4, "ip.ttl");
        assert_eq!((line.before(), line.text()), ("漢 ip.ttl", "漢 ip.ttl < 5"));
    }
}
