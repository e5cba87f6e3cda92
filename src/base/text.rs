//! Text from outside made safe to show: nothing a capture or a file name holds reaches a terminal
//! raw.
//!
//! Control characters, bidirectional overrides and invisible characters are drawn as escapes, so
//! a name in a capture can neither move the cursor nor pretend to be another line.

use std::fmt;
use std::path::Path;

/// Shows a string from outside with everything escaped that a terminal would act on.
#[derive(Debug, Clone, Copy)]
pub struct Safe<'a>(pub &'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for c in self.0.chars() {
            if is_unsafe(c) {
                match u32::from(c) {
                    code @ 0..=0xff => write!(f, "\\x{code:02x}")?,
                    code => write!(f, "\\u{{{code:x}}}")?,
                }
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Text of several lines, shown with all control characters escaped but line feeds.
#[derive(Debug, Clone, Copy)]
pub struct SafeLines<'a>(pub &'a str);

impl fmt::Display for SafeLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, line) in self.0.split('\n').enumerate() {
            let end = if number == 0 { "" } else { "\n" };
            write!(f, "{end}{}", Safe(line))?;
        }
        Ok(())
    }
}

/// Whether a terminal would act on `c`, hide it, or reorder what stands around it.
pub fn is_unsafe(c: char) -> bool {
    matches!(u32::from(c),
        0..=0x1f | 0x7f..=0x9f // C0, DEL, C1
        | 0xad | 0x61c | 0x180e // soft hyphen, Arabic letter mark, Mongolian vowel separator
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f // zero width, separators, bidi
        | 0xfe00..=0xfe0f | 0xfeff | 0xfff9..=0xfffb // variation selectors, BOM, annotation
        | 0xe0000..=0xe0fff) // tags
}

/// The text of bytes from outside: UTF-8 where it is, U+FFFD where it is not, then made safe.
pub fn safe_bytes(bytes: &[u8]) -> String {
    Safe(&String::from_utf8_lossy(bytes)).to_string()
}

/// A path as it may be shown.
pub fn safe_path(path: &Path) -> String {
    safe_bytes(path.as_os_str().as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_a_terminal_acts_on_survives() {
        for (raw, shown) in [
            ("plain ä 漢", "plain ä 漢"),
            ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
            ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
            ("\u{9b}31m", "\\x9b31m"),
            ("\u{202e}rtl\u{2066}", "\\u{202e}rtl\\u{2066}"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
        ] {
            assert_eq!(Safe(raw).to_string(), shown);
            // What is safe already stays as it is.
            assert_eq!(SafeLines(shown).to_string(), shown);
        }
        assert_eq!(safe_bytes(b"bad \xff"), "bad \u{fffd}");
        assert_eq!(SafeLines("a\r\n\n\x1bb").to_string(), "a\\x0d\n\n\\x1bb");
    }
}
