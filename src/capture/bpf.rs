//! BPF expressions applied to frames of files, and libpcap's own numbers of link types.

pub(super) mod program;

use std::sync::{Arc, Mutex};

use pcap::{BpfProgram, Capture, Linktype};

use self::program::Program;
use super::error::CaptureError;
use super::frame::Frame;
use super::interface::LinkType;
use crate::base::threads::lock;

/// DLT numbers of this system that differ from LINKTYPE ones (tcpdump.org, link-layer header
/// types).
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

/// Programs by link type.
type Compiled = Vec<(LinkType, Option<Program>)>;

/// An expression such as `ip6 and udp port 53`, compiled once for each link type it meets, however
/// many threads ask: clones share what was compiled.
///
/// What only an interface knows (`inbound`) is refused.
#[derive(Debug, Clone)]
pub struct Bpf {
    expression: Arc<str>,
    /// Compiled by any of the clones; none for a link type that the expression cannot have.
    shared: Arc<Mutex<Compiled>>,
    /// Those of them that this one has met.
    own: Compiled,
}

impl Bpf {
    /// Checks an expression against the link types that are met most, in the order of likelihood;
    /// the first one's error is reported if none takes it.
    ///
    /// # Errors
    /// [`CaptureError::Bpf`]: no link type takes it.
    pub fn new(expression: &str) -> Result<Self, CaptureError> {
        const LIKELY: [LinkType; 4] =
            [LinkType::ETHERNET, LinkType::RAW, LinkType(113), LinkType(127)];
        let mut first = None;
        for link in LIKELY {
            match compile(expression, link) {
                Ok(program) => {
                    let row = vec![(link, Some(program))];
                    let (expression, shared) = (expression.into(), Arc::new(Mutex::new(row)));
                    return Ok(Self { expression, shared, own: Vec::new() });
                }
                Err(error) => _ = first.get_or_insert(error),
            }
        }
        let reason = "no link type takes it".to_owned();
        let unlikely = CaptureError::Bpf { filter: expression.to_owned(), reason };
        Err(first.unwrap_or(unlikely))
    }

    /// Whether a frame passes; none does of a link type that the expression cannot have.
    pub fn matches(&mut self, frame: &Frame<'_>) -> bool {
        let at = self.own.iter().position(|(link, _)| *link == frame.link).unwrap_or_else(|| {
            self.own.push((frame.link, self.program(frame.link)));
            self.own.len() - 1
        });
        let program = self.own.get(at).and_then(|(_, program)| program.as_ref());
        program.is_some_and(|program| program.passes(frame.bytes, frame.original))
    }

    /// The program for a link type; others that ask for it meanwhile wait for this one.
    fn program(&self, link: LinkType) -> Option<Program> {
        let mut shared = lock(&self.shared);
        if let Some((_, program)) = shared.iter().find(|(known, _)| *known == link) {
            return program.clone();
        }
        let program = compile(&self.expression, link).ok();
        shared.push((link, program.clone()));
        program
    }
}

/// An expression's program for a link type, to be run here.
pub(super) fn compile(expression: &str, link: LinkType) -> Result<Program, CaptureError> {
    let compiled = Capture::dead(Linktype(dlt(link)))
        .and_then(|dead| dead.compile(expression, true))
        .map_err(|error| self::error(expression, error))?;
    program(expression, &compiled)
}

/// What libpcap compiled of an expression.
pub(super) fn program(expression: &str, compiled: &BpfProgram) -> Result<Program, CaptureError> {
    Program::of(compiled).ok_or_else(|| CaptureError::Bpf {
        filter: expression.to_owned(),
        reason: "libpcap compiled it to what is no program".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(link: u16, bytes: &[u8]) -> Frame<'_> {
        Frame {
            number: 1,
            time: None,
            link: LinkType(link),
            interface: 0,
            original: 60,
            bytes,
            told: crate::capture::Told::default(),
        }
    }

    #[test]
    fn one_expression_serves_several_link_types() {
        let ip = b"\x45\0\0\x14\0\0\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02";
        let ethernet = [&[0; 12][..], b"\x08\0", ip].concat();
        let mut bpf = Bpf::new("src host 10.0.0.1").unwrap();
        assert!(bpf.matches(&frame(1, &ethernet)));
        assert!(bpf.matches(&frame(101, ip)));
        assert!(!Bpf::new("src host 10.0.0.2").unwrap().matches(&frame(101, ip)));
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
