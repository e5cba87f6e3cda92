//! What a capture says about itself beside its records: comments, names, counters.
//!
//! Files are untrusted, so every list has a limit; what goes beyond it is counted in
//! [`Facts::left_out`], where a front end can show it.  All text is untrusted: show it through
//! [`Safe`](crate::base::text::Safe).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// Addresses with names that are kept.
pub const MAX_NAMES: usize = 16_384;
/// Comments on sections and interfaces that are kept.
pub const MAX_COMMENTS: usize = 1_024;
/// Octets of text that are kept, over names and comments.
pub const MAX_TEXT_OCTETS: usize = 1 << 20;
/// Comments on records that one batch keeps.
pub const MAX_RECORD_COMMENTS: usize = 4_096;

/// What an interface counted while the capture was made (pcapng Interface Statistics Block).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Packets the interface received.
    pub received: Option<u64>,
    /// Packets the interface dropped.
    pub dropped: Option<u64>,
    /// Packets that passed the capture filter.
    pub accepted: Option<u64>,
    /// Packets the operating system dropped.
    pub dropped_by_system: Option<u64>,
    /// Packets handed to the program that captured.
    pub delivered: Option<u64>,
}

/// Everything that a capture has said about itself so far.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Capture format, such as `pcapng`; the last input's where there are several.
    pub format: &'static str,
    /// How the input is compressed, such as `gzip`.
    pub compression: Option<&'static str>,
    /// The machine that wrote the capture.
    pub hardware: Option<String>,
    /// The operating system of that machine.
    pub system: Option<String>,
    /// The program that wrote the capture.
    pub application: Option<String>,
    /// Comments on sections and interfaces, in file order.
    pub comments: Vec<String>,
    /// Names of addresses, in file order.
    pub names: Vec<(IpAddr, String)>,
    /// Last counters of each interface, by its index into the batch's interfaces.
    pub counted: BTreeMap<u32, Counted>,
    /// Packets that records say were dropped since the one before of their interface; none where no
    /// record says anything.
    pub dropped_between: Option<u64>,
    /// Comments and names beyond the limits.
    pub left_out: u64,
    /// Octets of text kept so far.
    text_octets: usize,
}

impl Facts {
    /// Keeps a comment on a section or interface, within the limits.
    pub fn comment(&mut self, text: &[u8]) {
        if self.comments.len() < MAX_COMMENTS && self.has_room(text.len()) {
            self.comments.push(String::from_utf8_lossy(text).into_owned());
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Keeps the name of an address, within the limits.
    pub fn name(&mut self, address: IpAddr, name: &[u8]) {
        if self.names.len() < MAX_NAMES && self.has_room(name.len()) {
            self.names.push((address, String::from_utf8_lossy(name).into_owned()));
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// The machine, system and program that wrote the capture, each by a word for it, as far as it
    /// says.
    pub fn told(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("hardware", &self.hardware),
            ("os", &self.system),
            ("application", &self.application),
        ];
        all.into_iter().filter_map(|(word, text)| Some((word, text.as_deref()?)))
    }

    /// Takes over what another input told; `interface` turns its interface numbers into ours.
    pub fn absorb(&mut self, other: &Self, interface: impl Fn(u32) -> Option<u32>) {
        self.format = other.format;
        self.compression = self.compression.or(other.compression);
        for (mine, theirs) in [
            (&mut self.hardware, &other.hardware),
            (&mut self.system, &other.system),
            (&mut self.application, &other.application),
        ] {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
        for text in &other.comments {
            self.comment(text.as_bytes());
        }
        for (address, name) in &other.names {
            self.name(*address, name.as_bytes());
        }
        for (index, counted) in &other.counted {
            if let Some(index) = interface(*index) {
                self.counted.insert(index, *counted);
            }
        }
        if let Some(dropped) = other.dropped_between {
            self.drop_between(dropped);
        }
        self.left_out = self.left_out.saturating_add(other.left_out);
    }

    /// Adds what a record says was dropped before it.
    pub fn drop_between(&mut self, packets: u64) {
        self.dropped_between = Some(self.dropped_between.unwrap_or(0).saturating_add(packets));
    }

    fn has_room(&mut self, octets: usize) -> bool {
        let sum = self.text_octets.saturating_add(octets);
        let fits = sum <= MAX_TEXT_OCTETS;
        if fits {
            self.text_octets = sum;
        }
        fits
    }
}

/// Facts as batches carry them: shared, and copied only when they change.
pub type SharedFacts = Arc<Facts>;
