//! What is searched for in a pane: text, octets, or a regular expression.

use regex::{Regex, RegexBuilder};

/// What is searched for.
#[derive(Debug, Clone)]
pub struct Needle {
    /// As it was written.
    pub text: String,
    pattern: Pattern,
}

#[derive(Debug, Clone)]
enum Pattern {
    /// In lower case.
    Text(String),
    Octets(Vec<u8>),
    Expression(Regex),
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Bytes that a compiled expression may take.
const MOST: usize = 1 << 20;

impl Needle {
    /// Reads what is written: `/…/` is a regular expression, `0x…` or pairs of digits between
    /// colons are octets, anything else is text in any case.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expression = text.strip_prefix('/').map(|rest| rest.strip_suffix('/').unwrap_or(rest));
        let pattern = if let Some(expression) = expression {
            let wrong = |error: regex::Error| {
                error.to_string().lines().last().unwrap_or_default().trim().to_owned()
            };
            let mut regex = RegexBuilder::new(expression);
            let regex = regex.case_insensitive(true).size_limit(MOST).build();
            Pattern::Expression(regex.map_err(wrong)?)
        } else if let Some(digits) = text.strip_prefix("0x") {
            Pattern::Octets(octets(digits).ok_or("octets need an even number of digits: 0x4500")?)
        } else {
            match octets(text).filter(|octets| octets.len() > 1 && text.contains([':', ' '])) {
                Some(octets) => Pattern::Octets(octets),
                None => Pattern::Text(text.to_lowercase()),
            }
        };
        Ok(Self { text: text.to_owned(), pattern })
    }

    /// Whether it is in a text.
    pub fn is_in(&self, text: &str) -> bool {
        match &self.pattern {
            Pattern::Text(needle) => text.to_lowercase().contains(needle),
            Pattern::Expression(regex) => regex.is_match(text),
            Pattern::Octets(_) => false,
        }
    }

    /// Where it is in octets, from `from` on: the first octet and how many.
    pub fn find(&self, bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        let rest = bytes.get(from..)?;
        let found = match &self.pattern {
            Pattern::Octets(octets) => {
                memchr::memmem::find(rest, octets).map(|at| (at, octets.len()))
            }
            Pattern::Text(text) => {
                let len = text.len();
                let is_there = |window: &[u8]| window.eq_ignore_ascii_case(text.as_bytes());
                rest.windows(len.max(1)).position(is_there).map(|at| (at, len))
            }
            Pattern::Expression(regex) => {
                // Octets that are no characters match nothing but themselves: a dot.
                let text: String = rest
                    .iter()
                    .map(|&b| if b.is_ascii_graphic() || b == b' ' { char::from(b) } else { '.' })
                    .collect();
                regex.find(&text).map(|found| (found.start(), found.len()))
            }
        };
        found.map(|(at, len)| (from + at, len))
    }
}

/// The octets of pairs of hexadecimal digits, with or without colons or spaces between.
fn octets(text: &str) -> Option<Vec<u8>> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.is_ascii() {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_octets_and_expressions_are_found() {
        let bytes = b"\x45\x00\x00\x54GET / HTTP/1.1";
        for (written, at) in [
            ("get /", Some((4, 5))),
            ("0x4500", Some((0, 2))),
            ("00:54", Some((2, 2))),
            ("00 54", Some((2, 2))),
            ("/http.[0-9]/", Some((10, 6))),
            ("0x4501", None),
            ("POST", None),
        ] {
            assert_eq!(Needle::parse(written).unwrap().find(bytes, 0), at, "{written}");
        }
        let needle = Needle::parse("00").unwrap();
        assert!(needle.is_in("port 5001"), "two digits are text");
        assert_eq!(Needle::parse("0x00").unwrap().find(bytes, 2), Some((2, 1)));
        assert!(Needle::parse("0x450").is_err());
        assert!(Needle::parse("/(/").is_err());
    }
}
