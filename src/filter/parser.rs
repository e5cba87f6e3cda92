//! Where the reading of a filter is: the words that are left, and what is said of a wrong one.

use std::cell::RefCell;
use std::collections::HashMap;

use super::application;
use super::error::FilterError;
use super::names::{Reach, Subject};
use super::token::{Token, Word};
use crate::base::text::Safe;

/// Most nested brackets and negations: an expression is read by recursion.
pub(super) const DEEPEST: usize = 64;

/// A filter that is being read.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) next: usize,
    pub(super) depth: usize,
    pub(super) reach: Reach,
    /// Names that were looked up: a long filter has few.
    pub(super) names: RefCell<HashMap<String, Option<Subject>>>,
}

impl<'a> Parser<'a> {
    /// What a name reads, if there is such a name.
    pub(super) fn known(&self, name: &str) -> Option<Subject> {
        let mut names = self.names.borrow_mut();
        if let Some(known) = names.get(name) {
            return known.clone();
        }
        let subject = Subject::exact(name);
        names.insert(name.to_owned(), subject.clone());
        subject
    }

    /// What is said of a name that there is not.
    pub(super) fn unknown(&self, token: &Token, name: &str, near: Option<String>) -> FilterError {
        let marked = Token { len: name.chars().count(), ..token.clone() };
        if let Some((protocol, filter)) = application::find(name) {
            let message = format!("{protocol} is not decoded here");
            return self.error(&marked, &message, Some(format!("{filter} has its packets")));
        }
        let hint = match near {
            Some(near) => format!("did you mean '{near}'?"),
            None => "'ipeek fields' lists all".to_owned(),
        };
        self.error(&marked, &format!("unknown field '{}'", Safe(name)), Some(hint))
    }

    /// Goes a level deeper.
    ///
    /// # Errors
    /// That is too deep to be read by recursion.
    pub(super) fn deepen(&mut self) -> Result<(), FilterError> {
        self.depth += 1;
        if self.depth <= DEEPEST {
            return Ok(());
        }
        let message = format!("more than {DEEPEST} levels of brackets");
        Err(self.error_here(&message, None))
    }

    /// Takes the bracket that closes what was opened.
    ///
    /// # Errors
    /// Something else stands there.
    pub(super) fn close_bracket(&mut self) -> Result<(), FilterError> {
        if self.take(&Word::Mark(')')) {
            return Ok(());
        }
        let hint = Some("')' is missing".to_owned());
        Err(self.error_here("a bracket is not closed", hint))
    }

    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    pub(super) fn advance(&mut self) -> Option<&'a Token> {
        let token = self.peek();
        self.next += usize::from(token.is_some());
        token
    }

    pub(super) fn take(&mut self, word: &Word) -> bool {
        let is_there = self.peek().is_some_and(|token| token.word == *word);
        self.next += usize::from(is_there);
        is_there
    }

    pub(super) fn error(&self, token: &Token, message: &str, hint: Option<String>) -> FilterError {
        let (at, len) = (token.at, token.len);
        FilterError { text: self.text.to_owned(), at, len, message: message.to_owned(), hint }
    }

    /// An error at the next word, or behind the last.
    pub(super) fn error_here(&self, message: &str, hint: Option<String>) -> FilterError {
        let end = Token { word: Word::To, at: self.text.chars().count(), len: 1 };
        self.error(self.peek().unwrap_or(&end), message, hint)
    }
}
