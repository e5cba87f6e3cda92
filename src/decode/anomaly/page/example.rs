//! What a page has, and packets that have an anomaly as octets written down.

/// The page of one anomaly.
#[derive(Debug)]
pub struct Page {
    /// The row's identifier.
    pub id: &'static str,
    /// What it is called in a few words.
    pub title: &'static str,
    /// What to do about it, in a sentence or three.
    pub advice: &'static str,
    /// Packets that have it.
    pub example: Example,
}

/// Packets that have an anomaly, or where none does, what happens.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Link type of the frames, by number.
    pub link: u16,
    /// The frames in hexadecimal digits, a line a header.
    pub frames: &'static [&'static str],
    /// Octets that each frame had on the wire; as many as are written down where it is 0.
    pub original: u32,
    /// Seconds at which each came; a second after another where it is empty.
    pub seconds: &'static [i64],
    /// What happens, where no few packets show it.
    pub words: &'static str,
}

/// `LINKTYPE_ETHERNET`.
const ETHERNET: u16 = 1;

/// `LINKTYPE_RAW`.
const RAW: u16 = 101;

/// Frames of that link type.
pub(super) const fn frames(link: u16, frames: &'static [&'static str]) -> Example {
    Example { link, frames, original: 0, seconds: &[], words: "" }
}

/// Frames of Ethernet.
pub(super) const fn ethernet(octets: &'static [&'static str]) -> Example {
    frames(ETHERNET, octets)
}

/// Packets that begin with an IP header.
pub(super) const fn raw(octets: &'static [&'static str]) -> Example {
    frames(RAW, octets)
}

/// What happens, where no few packets show it.
pub(super) const fn told(words: &'static str) -> Example {
    Example { words, ..frames(RAW, &[]) }
}

impl Example {
    /// The octets of each frame.
    pub fn octets(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.frames.iter().map(|digits| {
            let digits: Vec<u8> = digits
                .chars()
                .filter_map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
                .collect();
            let (pairs, _) = digits.as_chunks::<2>();
            pairs.iter().map(|[high, low]| high << 4 | low).collect()
        })
    }

    /// Nanoseconds since 1970 at which the frame with that index came.
    pub fn nanos(&self, index: usize) -> Option<i64> {
        let second = self.seconds.get(index).copied().or_else(|| i64::try_from(index).ok())?;
        second.checked_mul(1_000_000_000)
    }
}
