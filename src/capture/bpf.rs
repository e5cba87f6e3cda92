//! BPF expressions applied to frames of files, and libpcap's own numbers of link types.

use std::fmt;

use pcap::{BpfProgram, Capture, Linktype};

use super::error::CaptureError;
use super::frame::{Frame, LinkType};

/// DLT numbers of this system that differ from LINKTYPE ones (tcpdump.org, link-layer header types).
const DIFFERENT: [(i32, u16); 6] = [
    (if cfg!(target_os = "openbsd") { 14 } else { 12 }, 101), // RAW
    (11, 100),                                                // ATM_RFC1483
    (15, 102),                                                // SLIP_BSDOS
    (16, 103),                                                // PPP_BSDOS
    (19, 106),                                                // ATM_CLIP
    (if cfg!(target_os = "openbsd") { 12 } else { 108 }, 108), // LOOP
];

/// The LINKTYPE of a DLT number.
pub(super) fn linktype(dlt: i32) -> LinkType {
    let known = DIFFERENT.iter().find(|(number, _)| *number == dlt);
    LinkType(known.map_or(u16::try_from(dlt).unwrap_or(u16::MAX), |(_, link)| *link))
}

/// The DLT number of a LINKTYPE.
fn dlt(link: LinkType) -> i32 {
    let known = DIFFERENT.iter().find(|(_, number)| *number == link.0);
    known.map_or(i32::from(link.0), |(dlt, _)| *dlt)
}

/// What libpcap says of an expression it does not take.
pub(super) fn error(filter: &str, error: pcap::Error) -> CaptureError {
    CaptureError::Bpf {
        filter: filter.to_owned(),
        reason: match error {
            pcap::Error::PcapError(text) => text,
            other => other.to_string(),
        },
    }
}

/// An expression such as `ip6 and udp port 53`, compiled for each link type it meets.
///
/// Two things differ from a filter in the kernel: `len` means what was captured, as compiled
/// programs get no other length here, and what only an interface knows (`inbound`) is refused.
pub struct Bpf {
    expression: String,
    programs: Vec<(LinkType, BpfProgram)>,
}

impl fmt::Debug for Bpf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bpf").field("expression", &self.expression).finish_non_exhaustive()
    }
}

impl Clone for Bpf {
    /// The same expression, to be compiled anew: a program belongs to one thread at a time.
    fn clone(&self) -> Self {
        Self { expression: self.expression.clone(), programs: Vec::new() }
    }
}

impl Bpf {
    /// Checks an expression against the link types that are met most, in the order of likelihood;
    /// the first one's complaint is told when none takes it.
    pub fn new(expression: &str) -> Result<Self, CaptureError> {
        const LIKELY: [LinkType; 4] =
            [LinkType::ETHERNET, LinkType::RAW, LinkType(113), LinkType(127)];
        let bpf = Self { expression: expression.to_owned(), programs: Vec::new() };
        let mut first = None;
        for link in LIKELY {
            match bpf.compile(link) {
                Ok(_) => return Ok(bpf),
                Err(error) => _ = first.get_or_insert(error),
            }
        }
        first.map_or(Ok(bpf), Err)
    }

    /// Whether a frame passes.
    pub fn matches(&mut self, frame: &Frame<'_>) -> Result<bool, CaptureError> {
        let of_link = |(link, _): &(LinkType, BpfProgram)| *link == frame.link;
        if let Some((_, program)) = self.programs.iter().find(|row| of_link(row)) {
            return Ok(program.filter(frame.bytes));
        }
        let program = self.compile(frame.link)?;
        let passes = program.filter(frame.bytes);
        self.programs.push((frame.link, program));
        Ok(passes)
    }

    fn compile(&self, link: LinkType) -> Result<BpfProgram, CaptureError> {
        Capture::dead(Linktype(dlt(link)))
            .and_then(|dead| dead.compile(&self.expression, true))
            .map_err(|error| self::error(&self.expression, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(link: u16, bytes: &[u8]) -> Frame<'_> {
        Frame { number: 1, time: None, link: LinkType(link), interface: 0, original: 60, bytes }
    }

    #[test]
    fn one_expression_serves_several_link_types() {
        let ip = b"\x45\0\0\x14\0\0\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02";
        let ethernet = [&[0; 12][..], b"\x08\0", ip].concat();
        let mut bpf = Bpf::new("src host 10.0.0.1").unwrap();
        assert!(bpf.matches(&frame(1, &ethernet)).unwrap());
        assert!(bpf.matches(&frame(101, ip)).unwrap());
        assert!(!Bpf::new("src host 10.0.0.2").unwrap().matches(&frame(101, ip)).unwrap());
    }

    #[test]
    fn an_expression_that_does_not_parse_is_refused() {
        let error = Bpf::new("hosst 1").unwrap_err().to_string();
        assert!(error.starts_with("capture filter 'hosst 1': "), "{error}");
    }

    #[test]
    fn link_numbers_go_both_ways() {
        for link in [1, 100, 101, 102, 103, 106, 108, 113, 276] {
            assert_eq!(linktype(dlt(LinkType(link))), LinkType(link));
        }
    }
}
