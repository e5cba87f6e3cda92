//! One anomaly as a row, and a header as the row's check sees it.

use std::borrow::Cow;

use crate::decode::layers::{Layers, Reason, Span, is_ip};
use crate::decode::link::is_within_host;
use crate::decode::packet::Packet;
use crate::wire::Layer;
use crate::wire::option::{Opt, OptionSet};

/// How severe an anomaly is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing is wrong with the packet.
    Info,
    /// Unusual, and allowed.
    Note,
    /// Against a rule that receivers forgive, or a sign of an attack.
    Warning,
    /// Against a rule that receivers enforce.
    Error,
}

impl Severity {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What an anomaly is found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One packet.
    Packet,
    /// One packet, every octet of which is read: its checksums.
    Deep,
    /// All packets of a flow.
    Flow,
    /// A packet and the few before it.
    Window,
    /// A packet and what earlier ones told, however many lie between.
    History,
    /// The fragments of one datagram.
    Fragment,
    /// The operating system reports it of an interface; no packet shows it.
    Interface,
}

/// One anomaly.
#[derive(Debug)]
pub struct Row {
    /// Protocol, field and problem: `ipv4.total_length.lt_header`.
    pub id: &'static str,
    /// Its severity.
    pub severity: Severity,
    /// What it is found in.
    pub scope: Scope,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// The rule and its section.
    pub source: &'static str,
    /// The rule for IPv6, where that has one of its own.
    pub source6: Option<&'static str>,
    /// Suricata's name of the event, behind `decoder.` or `stream.`; empty where it has none.
    pub suricata: &'static str,
    /// Wireshark's name of the expert item; empty where it has none.
    pub wireshark: &'static str,
    pub(super) check: Check,
}

impl Row {
    /// The rule for that version of IP.
    pub fn source_of(&self, is_v6: bool) -> &'static str {
        self.source6.filter(|_| is_v6).unwrap_or(self.source)
    }

    /// All the rules there are.
    pub fn sources(&self) -> Cow<'static, str> {
        match self.source6 {
            Some(source6) => Cow::Owned(format!("{}; for IPv6 {source6}", self.source)),
            None => Cow::Borrowed(self.source),
        }
    }
}

/// Finds an anomaly in a header.
pub(super) type Check = for<'a> fn(&At<'a>) -> Option<Mark>;

/// Where in a packet an anomaly lies, and the value there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// First octet, from the start of the frame.
    pub offset: u32,
    /// Octets.
    pub len: u32,
    /// Their value, as a number.
    pub value: u64,
    /// The value that they should have.
    pub expected: Expected,
}

/// A value that would have been right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// No value in particular.
    Nothing,
    /// A rule in a few characters: `>=20`.
    Rule(&'static str),
    /// This number.
    Number(u64),
}

impl Mark {
    pub(super) fn rule(mut self, rule: &'static str) -> Self {
        self.expected = Expected::Rule(rule);
        self
    }

    pub(super) fn should(mut self, number: impl Into<u64>) -> Self {
        self.expected = Expected::Number(number.into());
        self
    }
}

/// No-operations in a row that may align what follows to four octets.
const MOST_NOPS: u32 = 3;

/// A header as the checks see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) packet: Packet<'a>,
    pub(super) span: Span,
    /// Its index among the spans.
    pub(super) index: u8,
    /// Its octets; of the whole frame for rows about frames.
    pub(super) header: &'a [u8],
}

impl<'a> At<'a> {
    pub(super) fn u8(&self, at: usize) -> Option<u8> {
        self.header.get(at).copied()
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        self.header.get(at..)?.first_chunk().copied().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        self.header.get(at..)?.first_chunk().copied().map(u32::from_be_bytes)
    }

    pub(super) fn u128(&self, at: usize) -> Option<u128> {
        self.header.get(at..)?.first_chunk().copied().map(u128::from_be_bytes)
    }

    pub(super) fn layers(&self) -> &'a Layers {
        self.packet.layers
    }

    /// A mark on `len` octets of the header.
    pub(super) fn mark(&self, at: usize, len: u32, value: impl Into<u64>) -> Mark {
        let offset = usize::from(self.span.at).saturating_add(at);
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        Mark { offset, len, value: value.into(), expected: Expected::Nothing }
    }

    /// The mark, when the octet at `at` is there and `is_wrong`.
    pub(super) fn octet(&self, at: usize, is_wrong: impl Fn(u8) -> bool) -> Option<Mark> {
        let value = self.u8(at)?;
        is_wrong(value).then(|| self.mark(at, 1, value))
    }

    /// The mark, when the two octets at `at` are there and `is_wrong`.
    pub(super) fn short(&self, at: usize, is_wrong: impl Fn(u16) -> bool) -> Option<Mark> {
        let value = self.u16(at)?;
        is_wrong(value).then(|| self.mark(at, 2, value))
    }

    /// Whether the frame never left its host.
    pub(super) fn is_within_host(&self) -> bool {
        is_within_host(&self.packet.frame)
    }

    /// The innermost IP header before this one, itself left out.
    pub(super) fn ip(&self) -> Option<Self> {
        let spans = self.layers().spans().iter().enumerate().take(usize::from(self.index));
        let (index, span) = spans.rev().find(|(_, span)| is_ip(span.layer))?;
        Some(at(&self.packet, u8::try_from(index).ok()?, *span))
    }

    /// The header right before this one.
    pub(super) fn before(&self) -> Option<Self> {
        let index = self.index.checked_sub(1)?;
        Some(at(&self.packet, index, self.layers().span(index)?))
    }

    /// The header right behind this one.
    pub(super) fn after(&self) -> Option<Self> {
        let index = self.index.checked_add(1)?;
        Some(at(&self.packet, index, self.layers().span(index)?))
    }

    /// Whether the capture ends within this header.
    pub(super) fn is_cut(&self) -> bool {
        let frame = &self.packet.frame;
        let is_last =
            self.span.end() == frame.bytes.len() && frame.bytes.len() < frame.original as usize;
        self.layers().stop.is_some_and(|stop| {
            let is_here = stop.offset == u32::from(self.span.at);
            is_here && (is_last || stop.reason == Reason::Truncated)
        })
    }

    /// The header's options, without one that the capture's end cuts.
    pub(super) fn options(
        &self,
        set: &'static OptionSet,
    ) -> impl Iterator<Item = Opt<'a>> + use<'a> {
        let is_cut = self.is_cut();
        set.of(self.header).filter(move |option| !(is_cut && option.broken))
    }

    /// The mark of the first octet behind the end of the header's options that is not zero.
    pub(super) fn behind_end(&self, set: &'static OptionSet) -> Option<Mark> {
        let end = self.options(set).find(|option| option.code == 0)?;
        let behind = end.at.saturating_add(1);
        let at = self.header.get(behind..)?.iter().position(|octet| *octet != 0)?;
        self.octet(behind.saturating_add(at), |_| true).map(|mark| mark.should(0_u8))
    }

    /// The mark of the first run of no-operations among the header's options that is longer than
    /// aligning to four octets takes.
    pub(super) fn run_of_nops(&self, set: &'static OptionSet) -> Option<Mark> {
        let (mut first, mut run) = (0_usize, 0_u32);
        for option in self.options(set) {
            if option.code == 1 {
                first = if run == 0 { option.at } else { first };
                run = run.saturating_add(1);
            } else if run > MOST_NOPS {
                break;
            } else {
                run = 0;
            }
        }
        (run > MOST_NOPS).then(|| self.mark(first, run, run).rule("<=3"))
    }

    /// Octets from this header's first to the end of what was on the wire and outer headers allow;
    /// in the first piece of a tunnel's datagram there is no end, as the rest is in others.
    pub(super) fn room(&self) -> usize {
        if self.is_in_piece() {
            return usize::MAX;
        }
        let start = usize::from(self.span.at);
        let wire = usize::try_from(self.packet.frame.original).unwrap_or(usize::MAX);
        let spans = self.layers().spans().iter().take(usize::from(self.index));
        let end = spans.fold(wire, |end, span| {
            let total = ip_octets(self.packet.header(*span), *span);
            total.map_or(end, |total| end.min(usize::from(span.at).saturating_add(total)))
        });
        end.saturating_sub(start)
    }

    /// Whether what this header lies in is a fragment that others follow.
    fn is_in_piece(&self) -> bool {
        let mut spans = self.layers().spans().iter().take(usize::from(self.index));
        spans.any(|span| {
            let header = self.packet.header(*span);
            match span.layer {
                Layer::Ipv4 => header.get(6).is_some_and(|flags| flags & 0x20 != 0),
                Layer::Fragment => header.get(3).is_some_and(|flags| flags & 1 != 0),
                _ => false,
            }
        })
    }

    /// The captured octets from this header's first to the end of what it lies in.
    pub(super) fn rest(&self) -> &'a [u8] {
        let end = usize::try_from(self.layers().end).unwrap_or(usize::MAX);
        let bytes = self.packet.frame.bytes;
        bytes.get(usize::from(self.span.at)..end.min(bytes.len())).unwrap_or_default()
    }
}

/// Octets that the IP header at `span` claims, itself and what it carries; none where it leaves it
/// open or is no IP header.
pub(super) fn ip_octets(header: &[u8], span: Span) -> Option<usize> {
    let field = |at: usize| {
        let pair = header.get(at..)?.first_chunk().copied()?;
        Some(usize::from(u16::from_be_bytes(pair))).filter(|&octets| octets > 0)
    };
    match span.layer {
        Layer::Ipv4 => field(2),
        Layer::Ipv6 => Some(field(4)?.saturating_add(40)),
        _ => None,
    }
}

pub(super) fn at<'a>(packet: &Packet<'a>, index: u8, span: Span) -> At<'a> {
    At { packet: *packet, span, index, header: packet.header(span) }
}

/// Declares rows: identifier, severity, scope where it is not one packet, meaning; source, that of
/// IPv6 behind `or` where it is another, the names of Suricata and Wireshark; and the check.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident; $(
        $id:literal $severity:ident $($scope:ident)?, $meaning:literal,
        $source:literal $(or $source6:literal)?, $suricata:literal, $wireshark:literal, $check:expr;
    )*) => {
        $(#[$doc])*
        pub(super) const $name: &[super::row::Row] = &[$(super::row::Row {
            id: $id,
            severity: super::row::Severity::$severity,
            scope: super::row::scope_of!($($scope)?),
            meaning: $meaning,
            source: $source,
            source6: super::row::source6_of!($($source6)?),
            suricata: $suricata,
            wireshark: $wireshark,
            check: $check,
        },)*];
    };
}

macro_rules! scope_of {
    () => {
        super::row::Scope::Packet
    };
    ($scope:ident) => {
        super::row::Scope::$scope
    };
}

macro_rules! source6_of {
    () => {
        None
    };
    ($source6:literal) => {
        Some($source6)
    };
}

pub(super) use {scope_of, source6_of, table};
