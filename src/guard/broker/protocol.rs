//! The requests to a broker, and its answers.

/// Octets of a request: its kind, and at most two names of 255 octets with a NUL between.
pub(super) const REQUEST: usize = 1 + 255 + 1 + 255;

/// Octets of an answer: error, mode, device, inode.
pub(super) const ANSWER: usize = 4 + 4 + 8 + 8;

/// Kinds of requests, as the first octet of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Make = 1,
    Look = 2,
    Replace = 3,
    Remove = 4,
    Open = 5,
    /// As `Replace`, where nothing has the other name.
    Place = 6,
}

/// What a broker does with names beside making new files; every other thing it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// It makes new files, and removes what it has made.
    Make,
    /// It makes new files, removes what it has made, and puts it in the place of files that are
    /// there.
    Replace,
    /// It opens files to be read, and makes none.
    Read,
}

/// The arguments that say what a broker may do.
pub(super) const MAY: [(&str, May); 3] =
    [("make", May::Make), ("replace", May::Replace), ("read", May::Read)];

/// What is known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// Type and permissions, as stat(2) has them.
    pub mode: u32,
    /// Its device.
    pub device: u64,
    /// Its inode.
    pub inode: u64,
}

pub(super) fn pack(error: i32, about: About) -> [u8; ANSWER] {
    let mut octets = [0; ANSWER];
    let parts = [
        &error.to_ne_bytes()[..],
        &about.mode.to_ne_bytes(),
        &about.device.to_ne_bytes(),
        &about.inode.to_ne_bytes(),
    ];
    for (to, from) in octets.iter_mut().zip(parts.concat()) {
        *to = from;
    }
    octets
}

pub(super) fn unpack(octets: &[u8; ANSWER]) -> (i32, About) {
    let [e0, e1, e2, e3, m0, m1, m2, m3, rest @ ..] = *octets;
    let [d0, d1, d2, d3, d4, d5, d6, d7, inode @ ..] = rest;
    let about = About {
        mode: u32::from_ne_bytes([m0, m1, m2, m3]),
        device: u64::from_ne_bytes([d0, d1, d2, d3, d4, d5, d6, d7]),
        inode: u64::from_ne_bytes(inode),
    };
    (i32::from_ne_bytes([e0, e1, e2, e3]), about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_it_was_written() {
        let about = About { mode: 0o100_600, device: 1 << 40, inode: u64::MAX - 1 };
        assert_eq!(unpack(&pack(-7, about)), (-7, about));
    }
}
