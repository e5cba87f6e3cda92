//! What is odd, as the panel of anomalies lists it: a row a kind of it.

use crate::analyze::Analysis;

/// How bad an anomaly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Unusual, and allowed.
    Note,
    /// Worth a look.
    Warning,
    /// Against a specification.
    Error,
}

impl Severity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One kind of anomaly in what is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its name, as in the events: `ipv4.checksum.bad`.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How often it was found.
    pub count: u64,
    /// Number of the first packet with it, where it is known.
    pub first: Option<u64>,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Where that is written.
    pub spec: &'static str,
    /// The filter that packets with it pass; empty where there is none.
    pub filter: &'static str,
}

/// What the counters of an analysis say: found at least once, worst first.
pub fn findings(analysis: &Analysis) -> Vec<Finding> {
    let [_, bad, _] = analysis.checksums;
    let stop = |reason: usize| analysis.stops.get(reason).packets;
    let all = [
        Finding {
            id: "ipv4.checksum.bad",
            severity: Severity::Error,
            count: bad,
            first: None,
            meaning: "The header's checksum does not fit the header: damaged on the way, or \
                      left to the sender's card",
            spec: "RFC 791 3.1",
            filter: "ip.checksum.status == \"bad\"",
        },
        Finding {
            id: "decode.malformed",
            severity: Severity::Error,
            count: stop(1),
            first: None,
            meaning: "A header contradicts itself or the packet around it; decoding ended there",
            spec: "",
            filter: "frame.stop == \"malformed\"",
        },
        Finding {
            id: "decode.truncated",
            severity: Severity::Warning,
            count: stop(0),
            first: None,
            meaning: "A header goes on where the captured octets end",
            spec: "",
            filter: "frame.stop == \"truncated\"",
        },
        Finding {
            id: "decode.too-deep",
            severity: Severity::Warning,
            count: stop(3),
            first: None,
            meaning: "More headers in headers than are followed",
            spec: "",
            filter: "frame.stop == \"too-deep\"",
        },
    ];
    all.into_iter().filter(|finding| finding.count > 0).collect()
}
