//! Asking the terminal whether its background is light, and not taking a late answer for keys.
//!
//! The query is OSC 11, sent before the event loop.  A terminal that answers too late sends `ESC ]
//! 11 ; rgb:… BEL`, which reads as Alt+] and letters: [`ReplyFilter`] keeps those from the keys.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use terminal_colorsaurus::{QueryOptions, background_color};

use crate::dashboard::model::theme::Background;

/// How long the terminal is waited for.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long an answer may take from its first character to its last.
const REPLY: Duration = Duration::from_millis(200);

/// Octets of the longest answer: `11;rgba:ffff/ffff/ffff/ffff`, and room to spare.
const LONGEST: usize = 40;

/// The background that the terminal reports.
pub fn background() -> Background {
    let mut options = QueryOptions::default();
    options.timeout = PATIENCE;
    match background_color(options).map(|colour| colour.perceived_lightness()) {
        Ok(0.5..) => Background::Light,
        Ok(_) => Background::Dark,
        Err(_) => Background::Unknown,
    }
}

/// Takes out what is an answer to a question and not a key.
#[derive(Debug, Default)]
pub struct ReplyFilter {
    /// When the answer that is coming in began, and how many characters it has.
    since: Option<(Instant, usize)>,
}

impl ReplyFilter {
    /// Whether `event`, read at `now`, is part of an answer.
    pub fn takes(&mut self, event: &Event, now: Instant) -> bool {
        let Event::Key(KeyEvent { code, modifiers, kind, .. }) = event else { return false };
        if *kind == KeyEventKind::Release {
            return false;
        }
        let is_alt = modifiers.contains(KeyModifiers::ALT);
        match self.since {
            _ if is_alt && *code == KeyCode::Char(']') => {
                self.since = Some((now, 0));
                true
            }
            None => false,
            Some((since, count)) => {
                let is_late = now.duration_since(since) > REPLY || count >= LONGEST;
                // BEL reads as Control+g, ESC \ as Alt+\.
                let is_bell =
                    modifiers.contains(KeyModifiers::CONTROL) && matches!(code, KeyCode::Char('g'));
                let is_end = is_bell || is_alt && *code == KeyCode::Char('\\');
                let is_part = matches!(code, KeyCode::Char(c)
                    if !is_end && !is_alt && (c.is_ascii_hexdigit() || "rgba:;/".contains(*c)));
                self.since = (is_part && !is_late).then_some((since, count + 1));
                !is_late && (is_end || is_part)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
    }

    fn answer() -> Vec<Event> {
        let mut events = vec![key(']', KeyModifiers::ALT)];
        events.extend("11;rgb:ffff/ffff/ffff".chars().map(|c| key(c, KeyModifiers::NONE)));
        events
    }

    #[test]
    fn an_answer_is_swallowed_and_what_follows_is_not() {
        let now = Instant::now();
        for end in [key('g', KeyModifiers::CONTROL), key('\\', KeyModifiers::ALT)] {
            let mut replies = ReplyFilter::default();
            for event in answer() {
                assert!(replies.takes(&event, now), "{event:?}");
            }
            assert!(replies.takes(&end, now));
            assert!(!replies.takes(&key('1', KeyModifiers::NONE), now));
        }
    }

    #[test]
    fn keys_are_not_swallowed() {
        let (mut replies, now) = (ReplyFilter::default(), Instant::now());
        assert!(!replies.takes(&key('1', KeyModifiers::NONE), now));
        // After Alt+] was really pressed no other key is lost.
        assert!(replies.takes(&key(']', KeyModifiers::ALT), now));
        assert!(!replies.takes(&key('q', KeyModifiers::NONE), now));
        assert!(replies.takes(&key(']', KeyModifiers::ALT), now));
        assert!(!replies.takes(&key('1', KeyModifiers::NONE), now + 2 * REPLY));
        assert!(!replies.takes(&key('1', KeyModifiers::NONE), now));
    }
}
