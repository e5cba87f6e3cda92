//! Fields that no header holds: computed from the packet, and rows like the others.
//!
//! What ipeek adds to a header stands under its `_x`; facts of the frame under `frame`.

mod address;
pub mod embedded;
mod header;
mod lowpan;
mod words;

use self::address::address_field;
use self::words::Words;
use super::anomaly::{self, Anomaly, Row};
use super::check::ipv4_checksum;
use super::history::{Asks, History};
use super::layers::Span;
use super::packet::Packet;
use super::tcp::{self, TcpAnalysis, TcpEvent, tcp_events};
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::capture::Frame;
use crate::wire::field::FieldKind;
use crate::wire::{Layer, Value, ipv4};

/// Calls back with each text that a capture tells of a frame.
pub type Telling = fn(&Frame<'_>, &mut dyn FnMut(&str));

/// What a row is computed from.
#[derive(Clone, Copy)]
pub enum Subject {
    /// The whole packet.
    Frame(for<'a> fn(&Packet<'a>) -> Option<Value<'a>>),
    /// The whole packet: words that are put together only when needed.
    Text(fn(&Packet<'_>) -> Words),
    /// What the capture tells of the frame, as often as it does: untrusted text.
    Told(Telling),
    /// What is wrong with the packet, beside those before it as far as that is known.
    Anomaly(fn(&Row) -> &'static str),
    /// Each header of one layer.
    Header(Layer, for<'a> fn(&Packet<'a>, Span) -> Option<Value<'a>>),
    /// Each header of one layer, which may give several values.
    Each(Layer, EachValue),
    /// The header of its flow, of one layer, and what of the packets before is to be known.
    Flow(Layer, Asks, OfHistory),
    /// When it came, beside other packets.
    Since(fn(Timestamp, History<'_>) -> Option<TimeDelta>),
}

/// Gives what the packets before it say of a packet.
pub type OfHistory = fn(History<'_>) -> Option<Value<'static>>;

/// Whether a header is that of a packet's flow: the innermost of its layer that is its own.
pub fn is_of_flow(packet: &Packet<'_>, span: Span, layer: Layer) -> bool {
    let mut own = packet.layers.spans().iter().take(packet.layers.index.own.into());
    own.rfind(|other| other.layer == layer) == Some(&span)
}

/// Calls with every value that a header of a packet gives.
pub type EachValue = fn(&Packet<'_>, Span, With<'_>);

/// What is called with values.
pub type With<'w> = &'w mut dyn FnMut(Value<'_>);

impl Subject {
    /// The header that it is computed from.
    pub fn layer(&self) -> Option<Layer> {
        match self {
            Self::Header(layer, _) | Self::Each(layer, _) | Self::Flow(layer, ..) => Some(*layer),
            Self::Frame(_) | Self::Text(_) | Self::Told(_) | Self::Anomaly(_) | Self::Since(_) => {
                None
            }
        }
    }

    /// What it has to know of the packets before beside anomalies.
    pub fn asks(&self) -> Asks {
        match self {
            Self::Flow(_, asks, _) => *asks,
            Self::Since(_) => Asks::TIMES,
            _ => Asks::default(),
        }
    }

    /// Whether it has a value in some packets that nobody tells who sees only the packet.
    pub fn needs_history(&self) -> bool {
        self.asks().is_any()
    }

    /// Calls `with` for every value that one header of a packet with that `history` gives.
    pub fn each_in(
        &self,
        (packet, span): (&Packet<'_>, Span),
        history: History<'_>,
        with: &mut dyn FnMut(Value<'_>),
    ) {
        match self {
            Self::Header(_, value) => {
                if let Some(value) = value(packet, span) {
                    with(value);
                }
            }
            Self::Each(_, values) => values(packet, span, with),
            Self::Flow(layer, _, value) => {
                if let Some(value) = value(history).filter(|_| is_of_flow(packet, span, *layer)) {
                    with(value);
                }
            }
            Self::Frame(_) | Self::Text(_) | Self::Told(_) | Self::Anomaly(_) | Self::Since(_) => {}
        }
    }
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Frame(_) => f.write_str("Frame"),
            Self::Text(_) => f.write_str("Text"),
            Self::Told(_) => f.write_str("Told"),
            Self::Anomaly(_) => f.write_str("Anomaly"),
            Self::Header(layer, _) => write!(f, "Header({layer:?})"),
            Self::Each(layer, _) => write!(f, "Each({layer:?})"),
            Self::Flow(layer, ..) => write!(f, "Flow({layer:?})"),
            Self::Since(_) => f.write_str("Since"),
        }
    }
}

/// The row of the comments on a packet.
pub const COMMENT: &str = "frame.comment";

/// A row of the catalogue that is computed.
#[derive(Debug)]
pub struct Derived {
    /// Dotted name.
    pub name: &'static str,
    /// Name in words.
    pub label: &'static str,
    /// How its value is shown.
    pub kind: FieldKind,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Where that is written.
    pub source: &'static str,
    /// What it is computed from, and how.
    pub subject: Subject,
}

impl Derived {
    /// Whether it is the role of a header, which is shown beside the header and not in it.
    pub fn is_role(&self) -> bool {
        self.name.ends_with("._role")
    }
}

impl Packet<'_> {
    /// Calls `with` for every value of a computed `row`, outermost header first.
    pub fn each_derived(&self, row: &Derived, with: &mut dyn FnMut(Value<'_>)) {
        self.each_derived_among(row, History::default(), with);
    }

    /// Calls `with` for each value of a derived field, of a packet with that `history`.
    pub fn each_derived_among(
        &self,
        row: &Derived,
        history: History<'_>,
        with: &mut dyn FnMut(Value<'_>),
    ) {
        match row.subject {
            Subject::Frame(value) => {
                if let Some(value) = value(self) {
                    with(value);
                }
            }
            Subject::Text(words) => with(Value::Text(words(self).text())),
            Subject::Told(each) => each(&self.frame, &mut |text| with(Value::Text(text))),
            Subject::Anomaly(word) => {
                let mut with = |found: Anomaly| with(Value::Text(word(found.row())));
                anomaly::each(self, true, &mut with);
                history.cross_packet.each(self, &mut with);
            }
            Subject::Header(layer, _) | Subject::Each(layer, _) | Subject::Flow(layer, ..) => {
                for &span in self.layers.spans().iter().filter(|span| span.layer == layer) {
                    row.subject.each_in((self, span), history, with);
                }
            }
            Subject::Since(since) => {
                if let Some(since) = self.frame.time.and_then(|time| since(time, history)) {
                    with(elapsed(since));
                }
            }
        }
    }
}

const fn frame(
    name: &'static str,
    label: &'static str,
    kind: FieldKind,
    meaning: &'static str,
    value: for<'a> fn(&Packet<'a>) -> Option<Value<'a>>,
) -> Derived {
    Derived { name, label, kind, meaning, source: "the capture", subject: Subject::Frame(value) }
}

/// A time between two packets, at most as long as the longest.
fn elapsed(delta: TimeDelta) -> Value<'static> {
    let most = if delta.is_negative() { i64::MIN } else { i64::MAX };
    Value::Elapsed(i64::try_from(delta.nanos()).unwrap_or(most))
}

const fn since(
    name: &'static str,
    label: &'static str,
    meaning: &'static str,
    since: fn(Timestamp, History<'_>) -> Option<TimeDelta>,
) -> Derived {
    let (kind, subject) = (FieldKind::Elapsed, Subject::Since(since));
    Derived { name, label, kind, meaning, source: "the capture", subject }
}

/// A row of what the segments before it say of a segment.
macro_rules! of_segment {
    ($name:literal $label:literal $kind:ident $meaning:literal $source:literal, $value:expr) => {
        Derived {
            name: $name,
            label: $label,
            kind: FieldKind::$kind,
            meaning: $meaning,
            source: $source,
            subject: Subject::Flow(Layer::Tcp, Asks::TCP, |history| {
                let value: fn(&TcpAnalysis) -> Option<Value<'static>> = $value;
                history.tcp.filter(|tcp| tcp.is_followed).and_then(value)
            }),
        }
    };
}

/// The row of the number of a packet's stream.
macro_rules! stream {
    ($layer:ident $name:literal $source:literal) => {
        Derived {
            name: $name,
            label: "Stream",
            kind: FieldKind::Number,
            meaning: "Which conversation of its kind it is of, from 0, in the order they began.",
            source: $source,
            subject: Subject::Flow(Layer::$layer, Asks::STREAM, |history| {
                let stream = history.stream.filter(|stream| stream.layer == Layer::$layer);
                stream.map(|stream| Value::Number(stream.number))
            }),
        }
    };
}

const fn told_of_frame(
    name: &'static str,
    label: &'static str,
    meaning: &'static str,
    source: &'static str,
    each: Telling,
) -> Derived {
    Derived { name, label, kind: FieldKind::Text, meaning, source, subject: Subject::Told(each) }
}

/// The row of an IP header's place among the headers of its packet.
macro_rules! role {
    ($layer:ident $name:literal) => {
        Derived {
            name: $name,
            label: "Role",
            kind: FieldKind::Text,
            meaning: "Whether it is the outermost, in a tunnel, quoted by an error message, or in a copy of a frame.",
            source: "the capture",
            subject: Subject::Header(Layer::$layer, |_, span| Some(Value::Text(span.role.word()))),
        }
    };
}

/// All rows.
pub fn all() -> impl Iterator<Item = &'static Derived> {
    DERIVED.iter().chain(EMBEDDED).chain(followed())
}

/// Those of them that have a value in segments that are nothing out of the ordinary.
pub fn followed_values() -> impl Iterator<Item = &'static Derived> {
    FOLLOWED.iter()
}

/// Rows of what the packets before it say of a packet, header by header.
pub fn followed() -> impl Iterator<Item = &'static Derived> {
    FOLLOWED.iter().chain(EVENTS)
}

/// The rows of events: each has a value where a segment is one.
macro_rules! event_rows {
    ($($name:ident $id:literal $label:literal $meaning:literal $source:literal;)*) => {
        const EVENTS: &[Derived] = &[
            $(of_segment!($id $label Flag $meaning $source, |tcp| {
                tcp.events.has(TcpEvent::$name).then_some(Value::Flag(true))
            }),)*
        ];
    };
}
tcp_events!(event_rows);

/// The values among them.
const FOLLOWED: &[Derived] = &[
    stream!(Tcp "tcp.stream" "RFC 9293, section 3.3"),
    stream!(Udp "udp.stream" "RFC 768"),
    of_segment!("tcp.seq" "Relative sequence number" Number
        "Sequence number, counted from the first of its sender: the SYN is 0."
        "RFC 9293, section 3.4", |tcp| Some(Value::Number(tcp.seq.into()))),
    of_segment!("tcp.ack" "Relative acknowledgement number" Number
        "Acknowledgement number, counted from the first of the other side."
        "RFC 9293, section 3.4", |tcp| Some(Value::Number(tcp.ack.into()))),
    of_segment!("tcp.window_size" "Scaled window" Number
        "Octets the sender will take, scaled as far as its SYN was captured."
        "RFC 7323, section 2.3", |tcp| Some(Value::Number(tcp.window.into()))),
    of_segment!("tcp.analysis.bytes_in_flight" "Octets in flight" Number
        "Octets sent and not acknowledged, these included."
        "RFC 5681, section 2", |tcp| tcp.in_flight.map(|octets| Value::Number(octets.into()))),
    of_segment!("tcp.analysis.ack_rtt" "Time to acknowledgement" Elapsed
        "Since the segment that it acknowledges was sent."
        "RFC 6298, section 3", |tcp| tcp.ack_rtt.map(Value::Elapsed)),
    of_segment!("tcp.analysis.initial_rtt" "Initial round trip time" Elapsed
        "From the SYN to the acknowledgement that completed the handshake."
        "RFC 9293, section 3.5", |tcp| tcp.initial_rtt.map(Value::Elapsed)),
    of_segment!("tcp.analysis.duplicate_ack_num" "Duplicate number" Number
        "Which duplicate acknowledgement of the same it is, from 1."
        "RFC 5681, section 3.2",
        |tcp| (tcp.duplicate > 0).then_some(Value::Number(tcp.duplicate.into()))),
];

/// The row of the time since the first packet.
pub const TIME_RELATIVE: Derived = since(
    "frame.time_relative",
    "Time since the first",
    "Since the first packet of the capture.",
    |time, history| history.first.map(|first| time - first),
);

/// The row of the time since the packet before.
pub const TIME_DELTA: Derived = since(
    "frame.time_delta",
    "Time since the last",
    "Since the packet before it.",
    |time, history| {
        let is_first = history.first.is_some().then_some(TimeDelta::ZERO);
        history.previous.map(|previous| time - previous).or(is_first)
    },
);

/// The rows but those in [`EMBEDDED`] and [`followed`]: frame facts first, then by header.
pub const DERIVED: &[Derived] = &[
    frame("frame.number", "Number", FieldKind::Number, "Number in the capture, from 1.", |p| {
        Some(Value::Number(p.frame.number))
    }),
    frame("frame.time_epoch", "Time", FieldKind::Number, "When it was captured.", |p| {
        p.frame.time.map(Value::Time)
    }),
    TIME_RELATIVE,
    TIME_DELTA,
    frame("frame.len", "Length", FieldKind::Number, "Octets on the wire.", |p| {
        Some(Value::Number(u64::from(p.frame.original)))
    }),
    frame("frame.cap_len", "Captured", FieldKind::Number, "Octets in the capture.", |p| {
        Some(Value::Number(p.frame.bytes.len() as u64))
    }),
    frame(
        "frame.interface_id",
        "Interface",
        FieldKind::Number,
        "Which interface of the capture, from 0.",
        |p| Some(Value::Number(u64::from(p.frame.interface))),
    ),
    told_of_frame(
        "frame.interface_name",
        "Interface name",
        "Name of that interface, where its capture tells one.",
        "draft-ietf-opsawg-pcapng, section 4.2",
        |frame, with| {
            frame.origin().and_then(|origin| origin.name()).map(with);
        },
    ),
    told_of_frame(
        "frame.interface_description",
        "Interface description",
        "What its capture says of that interface.",
        "draft-ietf-opsawg-pcapng, section 4.2",
        |frame, with| {
            frame.origin().and_then(|origin| origin.description()).map(with);
        },
    ),
    told_of_frame(
        COMMENT,
        "Comment",
        "A comment on the packet in its capture; there may be several.",
        "draft-ietf-opsawg-pcapng, section 3.5",
        |frame, with| {
            frame.comments().for_each(|comment| with(&String::from_utf8_lossy(comment)));
        },
    ),
    Derived {
        name: "frame.protocols",
        label: "Protocols",
        kind: FieldKind::Text,
        meaning: "Names of all its headers, outermost first, with colons between.",
        source: "the capture",
        subject: Subject::Text(Words::of_headers),
    },
    Derived {
        name: "anomaly.event",
        label: "Anomaly",
        kind: FieldKind::Text,
        meaning: "What is wrong with the packet: the name of a row of the anomaly table.",
        source: "the anomaly table",
        subject: Subject::Anomaly(|row| row.id),
    },
    Derived {
        name: "anomaly.severity",
        label: "Severity",
        kind: FieldKind::Text,
        meaning: "How bad that is: info, note, warning or error.",
        source: "the anomaly table",
        subject: Subject::Anomaly(|row| row.severity.word()),
    },
    Derived {
        name: "6lowpan.src",
        label: "Source",
        kind: FieldKind::Ipv6,
        meaning: "The source, with what was left out of it; none where a context has its prefix.",
        source: "RFC 6282, section 3.2.2",
        subject: Subject::Header(Layer::Sixlowpan, lowpan::source),
    },
    Derived {
        name: "6lowpan.dst",
        label: "Destination",
        kind: FieldKind::Ipv6,
        meaning: "The destination, with what was left out of it; none where a context has its prefix.",
        source: "RFC 6282, section 3.2.3",
        subject: Subject::Header(Layer::Sixlowpan, lowpan::destination),
    },
    role!(Ipv4 "ip._role"),
    role!(Ipv6 "ipv6._role"),
    Derived {
        name: "ip.checksum_status",
        label: "Checksum status",
        kind: FieldKind::Text,
        meaning: "Whether the header checksum is right: good, bad, or unverified where it is cut.",
        source: "RFC 1071",
        subject: Subject::Header(Layer::Ipv4, |p, span| {
            // Only a header that reaches its checksum has one to judge.
            let header = p.header(span);
            ipv4::CHECKSUM.bits(header)?;
            Some(Value::Text(ipv4_checksum(header).word()))
        }),
    },
    Derived {
        name: "icmp.ext.checksum_status",
        label: "Checksum status",
        kind: FieldKind::Text,
        meaning: "Whether the structure's checksum is right: good, bad, absent, or unverified where it is cut.",
        source: "RFC 4884, section 7",
        subject: Subject::Header(Layer::IcmpExtension, header::extension_checksum),
    },
    Derived {
        name: "ipv6.routing.rpl.full_address",
        label: "Whole address",
        kind: FieldKind::Ipv6,
        meaning: "Nodes to visit, what was left out of their addresses taken from the destination.",
        source: "RFC 6554, section 3",
        subject: Subject::Each(Layer::Routing, header::rpl_addresses),
    },
    Derived {
        name: "igmp.version",
        label: "Version",
        kind: FieldKind::Number,
        meaning: "Which version of the protocol the message is of, by its type and length.",
        source: "RFC 9776, section 7.1",
        subject: Subject::Header(Layer::Igmp, header::igmp_version),
    },
    Derived {
        name: "tcp.len",
        label: "Data length",
        kind: FieldKind::Number,
        meaning: "Octets of data in the segment.",
        source: "RFC 9293, section 3.3.1",
        subject: Subject::Header(Layer::Tcp, tcp::len),
    },
    address_field!(Ipv4 "ip" "src" 12 "class" "Source class" class_of
        "Class of the source, A to E." "RFC 791, section 3.2"),
    address_field!(Ipv4 "ip" "src" 12 "special" "Source block" special_of
        "Special-purpose block that holds the source; none for ordinary addresses." "IANA special-purpose address registry"),
    address_field!(Ipv4 "ip" "src" 12 "type" "Source type" type_of
        "What the source is, such as private or multicast." "IANA address registries"),
    address_field!(Ipv4 "ip" "src" 12 "scope" "Source scope" scope_of
        "How far the source is valid, where that is not everywhere." "RFC 4007"),
    address_field!(Ipv4 "ip" "dst" 16 "class" "Destination class" class_of
        "Class of the destination, A to E." "RFC 791, section 3.2"),
    address_field!(Ipv4 "ip" "dst" 16 "special" "Destination block" special_of
        "Special-purpose block that holds the destination; none for ordinary addresses." "IANA special-purpose address registry"),
    address_field!(Ipv4 "ip" "dst" 16 "type" "Destination type" type_of
        "What the destination is, such as private or multicast." "IANA address registries"),
    address_field!(Ipv4 "ip" "dst" 16 "scope" "Destination scope" scope_of
        "How far the destination is valid, where that is not everywhere." "RFC 4007"),
    address_field!(Ipv6 "ipv6" "src" 8 "special" "Source block" special_of
        "Special-purpose block that holds the source; none for ordinary addresses." "IANA special-purpose address registry"),
    address_field!(Ipv6 "ipv6" "src" 8 "type" "Source type" type_of
        "What the source is, such as private or multicast." "IANA address registries"),
    address_field!(Ipv6 "ipv6" "src" 8 "scope" "Source scope" scope_of
        "How far the source is valid, where that is not everywhere." "RFC 4007"),
    address_field!(Ipv6 "ipv6" "dst" 24 "special" "Destination block" special_of
        "Special-purpose block that holds the destination; none for ordinary addresses." "IANA special-purpose address registry"),
    address_field!(Ipv6 "ipv6" "dst" 24 "type" "Destination type" type_of
        "What the destination is, such as private or multicast." "IANA address registries"),
    address_field!(Ipv6 "ipv6" "dst" 24 "scope" "Destination scope" scope_of
        "How far the destination is valid, where that is not everywhere." "RFC 4007"),
];

embedded::embedded_rows! {
    "slaac_mac" "SLAAC MAC" Mac mac_of
        "Ethernet address that its interface identifier was made from (modified EUI-64)."
        "RFC 4291, appendix A";
    "isatap_ipv4" "ISATAP IPv4" Ipv4 isatap_of
        "IPv4 address of the ISATAP interface that it belongs to."
        "RFC 5214, section 6.1";
    "6to4_gw_ipv4" "6to4 gateway IPv4" Ipv4 gateway_of
        "IPv4 address of the 6to4 router in front of it."
        "RFC 3056, section 2";
    "6to4_sla_id" "6to4 SLA ID" Number site_of
        "Network behind that 6to4 router."
        "RFC 3056, section 2";
    "ts_ipv4" "Teredo server IPv4" Ipv4 server_of
        "IPv4 address of its Teredo server."
        "RFC 4380, section 4";
    "tc_port" "Teredo client port" Number port_of
        "UDP port of its Teredo client, as mapped by the NAT in front of it."
        "RFC 4380, section 4";
    "tc_ipv4" "Teredo client IPv4" Ipv4 client_of
        "IPv4 address of its Teredo client, as mapped by the NAT in front of it."
        "RFC 4380, section 4";
    "embed_ipv4" "embedded IPv4" Ipv4 translated_of
        "IPv4 address that a translator (NAT64) makes of it."
        "RFC 6052, section 2.2; RFC 8215";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_complete_and_named_once() {
        let mut seen = std::collections::HashSet::new();
        for row in all() {
            assert!(seen.insert(row.name), "{}", row.name);
            assert!(row.meaning.ends_with('.') && !row.label.is_empty(), "{}", row.name);
            assert!(!crate::wire::catalogue::fields().any(|field| field.name == row.name));
        }
    }
}
