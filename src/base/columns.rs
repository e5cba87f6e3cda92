//! Columns of a terminal that text takes: two for a wide character such as 漢, none for a combining
//! mark.
//!
//! Every width, every cut and every column that is filled up goes through here, so that text from
//! outside (interface names, paths, a line being typed) stands straight in any script.

use unicode_truncate::UnicodeTruncateStr;
use unicode_width::UnicodeWidthStr;

/// The columns that `text` takes on a terminal.
pub fn width(text: &str) -> usize {
    // Nearly all text is ASCII, whose columns are its octets.
    if text.is_ascii() { text.len() } else { text.width() }
}

/// The beginning of `text`, as much of it as fits in so many columns; no character is cut in two.
pub fn beginning(text: &str, columns: usize) -> &str {
    text.unicode_truncate(columns).0
}

/// The end of `text`, as much of it as fits in so many columns; no character is cut in two.
pub fn ending(text: &str, columns: usize) -> &str {
    text.unicode_truncate_start(columns).0
}

/// `text` where it fits in so many columns, or its beginning with `dots` at the end.
pub fn shortened(text: &str, columns: usize, dots: &str) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let dots = beginning(dots, columns);
    format!("{}{dots}", beginning(text, columns - width(dots)))
}

/// `text` with spaces after it, so that it takes at least so many columns.
pub fn padded(text: &str, columns: usize) -> String {
    let gap = columns.saturating_sub(width(text));
    format!("{text}{:gap$}", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_take_two_columns_and_combining_marks_none() {
        for (text, columns) in [("", 0), ("eth0", 4), ("網路", 4), ("é", 1), ("e\u{301}", 1)] {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn what_is_cut_or_padded_takes_its_columns() {
        assert_eq!((beginning("網路eth", 3), ending("eth網路", 3)), ("網", "路"));
        assert_eq!(beginning("e\u{301}t", 1), "e\u{301}");
        assert_eq!(shortened("網路介面", 8, "…"), "網路介面");
        assert_eq!(shortened("網路介面", 7, "…"), "網路介…");
        assert_eq!(shortened("網路介面", 6, "…"), "網路…");
        assert_eq!(shortened("eth0", 2, "..."), "..");
        assert_eq!((padded("網路", 6), padded("網路", 3)), ("網路  ".into(), "網路".into()));
    }
}
