//! The checksums of a packet: a row a kind of header, where each stands, and how it is.
//!
//! All that RFC 1071 sums up are ones' complement sums of 16-bit words; SCTP has a CRC-32C.  Over
//! which octets, and with which pseudo-header, is a row's; where in the packets of a header stack
//! they stand is found out once ([`SumAt`]).

mod message;

use std::sync::atomic::{AtomicBool, Ordering};

use arrayvec::ArrayVec;

use self::message::Judged;
use super::check::{ChecksumStatus, add, native_sum, ones_complement_sum};
use super::fixed::{Ipv4, Udp};
use super::header_at::IpAt;
use super::layers::{Layers, Span, is_ip};
use crate::wire::ipv6_option::destination;
use crate::wire::words::fold;
use crate::wire::{Layer, ipv4_option};

/// Checksums of one packet that are looked at.
pub const MOST_SUMS: usize = 8;

/// One kind of header with a checksum.
#[derive(Debug)]
pub struct Row {
    /// Which.
    pub layer: Layer,
    /// The key in JSON.
    pub key: &'static str,
    /// What such a header is called, in short.
    pub title: &'static str,
    /// Octet of the header at which it stands.
    at: usize,
    over: Over,
    /// IP protocol of the pseudo-header, where there is one.
    pseudo: Option<u8>,
    /// Whether 0 says that there is none.
    is_optional: bool,
}

impl Row {
    /// Octet of the header at which it begins, and its octets.
    pub fn place(&self) -> (usize, u32) {
        (self.at, if self.over == Over::Crc { 4 } else { 2 })
    }
}

/// The octets that a checksum covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    /// The header.
    Header,
    /// From the header to the end of its packet.
    Packet,
    /// As many from the header as the two octets there say; 0 is all.
    Length(usize),
    /// From the header to the end of its packet, by CRC-32C.
    Crc,
    /// What the version of the protocol says, see [`message`].
    Message,
}

const fn row(
    layer: Layer,
    (key, title): (&'static str, &'static str),
    at: usize,
    over: Over,
    pseudo: Option<u8>,
) -> Row {
    Row { layer, key, title, at, over, pseudo, is_optional: false }
}

/// The first kind.
const IPV4: Row = row(Layer::Ipv4, ("ipv4", "IPv4"), 10, Over::Header, None);

/// The kinds.
pub const ROWS: &[Row] = &[
    IPV4,
    row(Layer::Tcp, ("tcp", "TCP"), 16, Over::Packet, Some(6)),
    // RFC 768: zero says that none was made, which a sum of zero is sent as all ones for.
    Row { is_optional: true, ..row(Layer::Udp, ("udp", "UDP"), 6, Over::Length(4), Some(17)) },
    row(Layer::UdpLite, ("udplite", "UDP-Lite"), 6, Over::Length(4), Some(136)),
    row(Layer::Icmp, ("icmp", "ICMP"), 2, Over::Packet, None),
    row(Layer::Icmpv6, ("icmpv6", "ICMPv6"), 2, Over::Packet, Some(58)),
    row(Layer::Igmp, ("igmp", "IGMP"), 2, Over::Packet, None),
    row(Layer::Gre, ("gre", "GRE"), 4, Over::Packet, None),
    row(Layer::Sctp, ("sctp", "SCTP"), 8, Over::Crc, None),
    row(Layer::Ospf, ("ospf", "OSPF"), 12, Over::Message, Some(89)),
    row(Layer::Vrrp, ("vrrp", "VRRP"), 6, Over::Message, Some(112)),
    row(Layer::Pim, ("pim", "PIM"), 2, Over::Message, Some(103)),
];

/// Whether none but those of IPv4 headers are looked at.
static ARE_LEFT_OUT: AtomicBool = AtomicBool::new(false);

/// From now on this process looks at no checksums but those of IPv4 headers, which are over few
/// octets where others are over all that a packet carries.  Called before packets are read, or
/// never.
pub fn leave_out() {
    ARE_LEFT_OUT.store(true, Ordering::Relaxed);
}

/// Whether it does not.
#[inline]
pub fn are_left_out() -> bool {
    ARE_LEFT_OUT.load(Ordering::Relaxed)
}

/// How a checksum stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It is right.
    Good,
    /// It is not.
    Bad,
    /// It is left to the sender's network card: none, or the pseudo-header's alone.
    Offloaded,
    /// There is none, as the protocol allows.
    Absent,
    /// Not all octets that it covers are there: captured, or in this fragment.
    Unverified,
}

/// How many there are.
pub const STATUSES: usize = 5;

impl Status {
    /// All of them, in the order they are counted.
    pub const ALL: [Self; STATUSES] =
        [Self::Good, Self::Bad, Self::Offloaded, Self::Absent, Self::Unverified];

    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Offloaded => "offloaded",
            Self::Absent => "absent",
            Self::Unverified => "unverified",
        }
    }
}

impl Status {
    /// How a checksum stands that is not right, of a packet whose pseudo-header has the sum `head`:
    /// it is left to the sender's network card where it is zero, or that sum, or of what the card
    /// is to cut into segments that sum `without_len` of the length.
    #[inline]
    pub fn of_wrong(stored: u16, head: u16, without_len: impl FnOnce() -> Option<u16>) -> Self {
        if stored == 0 || stored == head || without_len() == Some(stored) {
            Self::Offloaded
        } else {
            Self::Bad
        }
    }
}

impl From<ChecksumStatus> for Status {
    fn from(status: ChecksumStatus) -> Self {
        match status {
            ChecksumStatus::Good => Self::Good,
            ChecksumStatus::Bad => Self::Bad,
            ChecksumStatus::Unverified => Self::Unverified,
        }
    }
}

/// A checksum of the packets of a header stack, and where what it covers stands.
#[derive(Debug, Clone, Copy)]
pub struct SumAt {
    /// Which row it is of.
    pub row: u8,
    /// Index of the header among the spans.
    pub index: u8,
    at: u16,
    len: u16,
    /// The IP header that it lies in.
    ip: Option<IpAt>,
    /// First octets of the addresses of the pseudo-header.
    source: u16,
    destination: u16,
    /// A routing header before it: while segments are left, its last is the destination (RFC 8200,
    /// section 8.1).
    routing: Option<Part>,
    /// Destination options before it, among which a home address may stand, which is the source.
    options: Option<Part>,
    /// Whether it lies in a fragment, which is not all that is covered.
    is_fragment: bool,
    /// Whether [`SumAt::is_good`] can decide it.
    is_plain: bool,
}

/// Where a header stands.
#[derive(Debug, Clone, Copy)]
struct Part {
    at: u16,
    len: u16,
}

impl Part {
    fn of(span: Span) -> Self {
        Self { at: span.at, len: span.len }
    }

    fn octets(self, bytes: &[u8]) -> Option<&[u8]> {
        bytes.get(usize::from(self.at)..)?.get(..usize::from(self.len))
    }
}

/// The checksums of a packet's own headers, outermost first.
pub fn sums(bytes: &[u8], layers: &Layers) -> ArrayVec<SumAt, MOST_SUMS> {
    let own = layers.spans().get(..usize::from(layers.index.own)).unwrap_or_default();
    let mut found = ArrayVec::new();
    let mut ip: Option<usize> = None;
    for (index, span) in own.iter().enumerate() {
        if let Some(row) = row_of(span.layer)
            && let Some(sum) = sum_at(bytes, own, (ip, index), row)
            && found.try_push(sum).is_err()
        {
            break;
        }
        if is_ip(span.layer) {
            ip = Some(index);
        }
    }
    found
}

/// The row of a kind of header.
fn row_of(layer: Layer) -> Option<usize> {
    ROWS.iter().position(|row| row.layer == layer)
}

/// The checksum of one of a packet's own headers, by its index; none where it has none.
pub fn sum_of(bytes: &[u8], layers: &Layers, index: u8) -> Option<SumAt> {
    let own = layers.spans().get(..usize::from(layers.index.own))?;
    let index = usize::from(index);
    let row = row_of(own.get(index)?.layer)?;
    let ip = own.get(..index)?.iter().rposition(|span| is_ip(span.layer));
    sum_at(bytes, own, (ip, index), row)
}

/// The checksum of one header, whose IP header has that index; none where the header has none.
fn sum_at(
    bytes: &[u8],
    own: &[Span],
    (ip, index): (Option<usize>, usize),
    row: usize,
) -> Option<SumAt> {
    let span = *own.get(index)?;
    let octets = |span: Span| bytes.get(usize::from(span.at)..span.end());
    let short = |span: Span, at: usize| {
        octets(span)?.get(at..)?.first_chunk().map(|pair| u16::from_be_bytes(*pair))
    };
    let kind = ROWS.get(row)?;
    // RFC 2784: only with the first bit of the header there is one.
    if kind.layer == Layer::Gre && short(span, 0)? & 0x8000 == 0 {
        return None;
    }
    let mut sum = SumAt {
        row: u8::try_from(row).ok()?,
        index: u8::try_from(index).ok()?,
        at: span.at,
        len: span.len,
        ip: None,
        source: 0,
        destination: 0,
        routing: None,
        options: None,
        is_fragment: false,
        is_plain: false,
    };
    if kind.over == Over::Header {
        return Some(sum);
    }
    let ip = ip?;
    let around = *own.get(ip)?;
    sum.ip = Some(IpAt::of(around));
    let behind = own.get(ip.checked_add(1)?..index)?;
    if around.layer == Layer::Ipv4 {
        sum.is_fragment = short(around, 6).is_none_or(|word| word & 0x3fff != 0);
        sum.source = around.at.checked_add(12)?;
        sum.destination = around.at.checked_add(16)?;
        if let Some(last) = source_route(octets(around)?) {
            sum.destination = around.at.checked_add(last)?;
        }
        sum.is_plain = around.len == 20 && is_plain(kind) && !sum.is_fragment;
        return Some(sum);
    }
    sum.source = around.at.checked_add(8)?;
    sum.destination = around.at.checked_add(24)?;
    for span in behind {
        match span.layer {
            Layer::Fragment => sum.is_fragment |= short(*span, 2)? & 0xfff9 != 0,
            Layer::Routing => sum.routing = Some(Part::of(*span)),
            Layer::Destination if usize::from(span.len) > HOME => {
                sum.options = Some(Part::of(*span));
            }
            _ => {}
        }
    }
    let is_between = sum.routing.is_some() || sum.options.is_some();
    sum.is_plain = is_plain(kind) && !sum.is_fragment && !is_between;
    Some(sum)
}

/// Whether a few steps can show that such a checksum is right.
fn is_plain(kind: &Row) -> bool {
    match kind.over {
        Over::Packet => kind.layer != Layer::Gre,
        Over::Length(_) => kind.layer == Layer::Udp,
        Over::Header | Over::Crc | Over::Message => false,
    }
}

/// Where the last address of a source route stands that is not done (RFC 791, section 3.1).
fn source_route(header: &[u8]) -> Option<u16> {
    let mut options = ipv4_option::SET.of(header);
    let route = options.find(|option| matches!(option.code, 131 | 137) && !option.broken)?;
    let pointer = usize::from(*route.data.first()?);
    let last = route.bytes.len().checked_sub(4)?;
    // The pointer counts from 1, from the option's first octet.
    let is_left = pointer <= route.bytes.len();
    u16::try_from(route.at.checked_add(last)?).ok().filter(|_| is_left)
}

/// Where the last address stands in a routing header, and how many of its first octets are the
/// destination's and do not stand there; none where the type of the header is not known to have
/// one.
fn last_segment(header: &[u8]) -> Option<(usize, u8)> {
    let &[_, _, kind, _] = header.first_chunk()?;
    let last = match kind {
        // RFC 2460, section 4.4: in their order.
        0 => header.len().checked_sub(16).map(|last| (last, 0)),
        // RFC 6275, section 6.4; RFC 8754, section 2: the first of the list is the last of the way.
        2 | 4 => Some((8, 0)),
        // RFC 6554, section 3: the low nibble of the fifth octet is of the last address, the high
        // nibble of the sixth octets of padding behind it.
        3 => {
            let &[_, _, _, _, elided, padding] = header.first_chunk()?;
            let (elided, padding) = (elided & 0xf, usize::from(padding >> 4));
            let octets = padding.checked_add(16)?.checked_sub(elided.into())?;
            header.len().checked_sub(octets).map(|last| (last, elided))
        }
        _ => None,
    };
    last.filter(|(last, _)| (8..header.len()).contains(last))
}

/// Octets of a home address option: type, length, and the address.
const HOME: usize = 18;

/// A home address among destination options (RFC 6275, section 6.3).
fn home(header: &[u8]) -> Option<&[u8]> {
    let mut options = destination::SET.of(header);
    let home = options.find(|option| option.code == 0xc9 && option.bytes.len() == HOME)?;
    home.bytes.get(2..)
}

impl SumAt {
    /// Its row.
    pub fn row(self) -> &'static Row {
        ROWS.get(usize::from(self.row)).unwrap_or(&IPV4)
    }

    /// Whether it is looked at, see [`leave_out`].
    #[inline]
    pub fn is_asked(&self) -> bool {
        self.is_ipv4() || !are_left_out()
    }

    /// Whether it is that of an IPv4 header.
    #[inline]
    pub fn is_ipv4(&self) -> bool {
        self.row == 0
    }

    /// Whether the checksum of a packet is right, as far as a few steps can show; if not,
    /// [`Self::status`] decides.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is asked of every packet, in one place")]
    pub fn is_good(&self, bytes: &[u8]) -> bool {
        if self.is_ipv4() {
            let ip = Ipv4::read(bytes, self.at.into());
            return ip.is_some_and(|ip| ip.version_len() == 0x45 && ip.is_sum_good());
        }
        let Some(around) = self.ip.filter(|_| self.is_plain) else { return false };
        let (Some(ip), at) = (around.read(bytes), usize::from(self.at)) else { return false };
        let end = ip.octets().map(|octets| octets.wrapping_add(around.at.into()));
        let Some(covered) = end.and_then(|end| bytes.get(at..end)) else { return false };
        let row = self.row();
        if row.layer == Layer::Udp {
            let udp = Udp::read(covered, 0);
            let is_whole =
                |udp: Udp| usize::from(udp.octets()) == covered.len() && udp.checksum() > 0;
            if !udp.is_some_and(is_whole) {
                return false;
            }
        }
        let head = row.pseudo.map_or(0, |proto| fold(ip.pseudo_header(proto, covered.len())));
        fold(native_sum(covered).wrapping_add(head.to_be().into())) == 0xffff
    }

    /// Whether there is none in a packet, as the protocol allows and as most tunnels over UDP have
    /// it.
    #[inline]
    pub fn is_absent(&self, bytes: &[u8]) -> bool {
        let row = self.row();
        let at = usize::from(self.at).wrapping_add(row.at);
        row.is_optional
            && !self.is_fragment
            && bytes.get(at..).and_then(<[u8]>::first_chunk) == Some(&[0, 0])
    }

    /// How the checksum of a packet stands; one that is not looked at is unverified.
    pub fn status(&self, bytes: &[u8]) -> Status {
        if !self.is_asked() {
            return Status::Unverified;
        }
        self.judge(bytes).map_or(Status::Unverified, |(status, _)| status)
    }

    /// What it is, and what it should be where it is not right.
    pub fn should(&self, bytes: &[u8]) -> Option<(u32, u32)> {
        let row = self.row();
        let start = usize::from(self.at);
        let (_, sum) = self.judge(bytes)?;
        if row.over == Over::Crc {
            let octets = bytes.get(start..)?.get(row.at..)?.first_chunk()?;
            return Some((u32::from_be_bytes(*octets), sum));
        }
        let stored = u16::from_be_bytes(*bytes.get(start..)?.get(row.at..)?.first_chunk()?);
        Some((stored.into(), sum))
    }

    /// How it stands, and what it should be; none where not all it covers is there.
    #[inline(never)]
    fn judge(&self, bytes: &[u8]) -> Option<(Status, u32)> {
        let row = self.row();
        if self.is_fragment {
            return None;
        }
        let start = usize::from(self.at);
        let own = bytes.get(start..)?;
        if row.over == Over::Header {
            let header = own.get(..usize::from(self.len))?;
            let len = usize::from(*header.first()? & 0xf).wrapping_mul(4);
            let header = header.get(..len).filter(|header| header.len() >= 20)?;
            let stored = u16::from_be_bytes(*header.get(row.at..)?.first_chunk()?);
            let sum = ones_complement_sum(header);
            let status = match sum {
                0xffff => Status::Good,
                _ if stored == 0 => Status::Offloaded,
                _ => Status::Bad,
            };
            return Some((status, u32::from(!add(sum, !stored))));
        }
        let stored = *own.get(row.at..)?.first_chunk()?;
        let stored = u16::from_be_bytes(stored);
        if row.is_optional && stored == 0 {
            return Some((Status::Absent, 0));
        }
        let len = self.octets(bytes)?.checked_sub(start)?;
        let mut covered = len;
        if let Over::Length(at) = row.over {
            let claimed = u16::from_be_bytes(*own.get(at..)?.first_chunk()?);
            covered = match usize::from(claimed) {
                0 => len,
                claimed if claimed < 8 => return None,
                claimed => claimed,
            };
            // What it claims beyond its packet is not there to sum up.
            if covered > len {
                return None;
            }
        }
        let octets = own.get(..covered)?;
        if row.over == Over::Message {
            let head = |len| self.pseudo(bytes, row.pseudo?, len);
            let judged = message::judge((row.layer, octets, row.at), self.ip?.is_v6, head)?;
            return Some(match judged {
                Judged::Good => (Status::Good, stored.into()),
                Judged::Absent => (Status::Absent, 0),
                Judged::Wrong(right) => (Status::Bad, right.into()),
            });
        }
        if row.over == Over::Crc {
            return crc(octets, row.at);
        }
        // The length is the datagram's, of UDP-Lite its packet's (RFC 3828, section 3.2).
        let whole = if row.layer == Layer::Udp { covered } else { len };
        let head = row.pseudo.map_or(Some(0), |proto| self.pseudo(bytes, proto, whole))?;
        let sum = add(ones_complement_sum(octets), head);
        if sum == 0xffff || (sum == 0 && stored == 0) {
            return Some((Status::Good, stored.into()));
        }
        let right = !add(sum, !stored);
        // A sum of zero is sent as all ones where zero means none.
        let right = if right == 0 && row.is_optional { 0xffff } else { right };
        let status = row.pseudo.map_or(Status::Bad, |proto| {
            Status::of_wrong(stored, head, || self.pseudo(bytes, proto, 0))
        });
        Some((status, right.into()))
    }

    /// First octet behind the packet that it lies in.
    #[inline]
    fn octets(&self, bytes: &[u8]) -> Option<usize> {
        let ip = self.ip?;
        let at = usize::from(ip.at);
        let short = |from: usize| {
            let pair = bytes.get(at.checked_add(from)?..)?.first_chunk()?;
            // None: captured before the sender's network card cut it, or a jumbo payload.
            Some(usize::from(u16::from_be_bytes(*pair))).filter(|octets| *octets > 0)
        };
        if ip.is_v6 {
            at.checked_add(40)?.checked_add(short(4)?)
        } else {
            at.checked_add(short(2)?)
        }
    }

    /// Sum of the pseudo-header of `len` octets of `proto`.
    #[inline]
    fn pseudo(&self, bytes: &[u8], proto: u8, len: usize) -> Option<u16> {
        let is_v6 = self.ip?.is_v6;
        let octets = if is_v6 { 16 } else { 4 };
        let address = |at: u16| {
            let at = usize::from(at);
            bytes.get(at..at.checked_add(octets)?)
        };
        let mut destination = ones_complement_sum(address(self.destination)?);
        if let Some(routing) = self.routing
            && let header = routing.octets(bytes)?
            && *header.get(3)? > 0
        {
            let (last, kept) = last_segment(header)?;
            let mut whole = [0; 16];
            whole.copy_from_slice(address(self.destination)?);
            let behind = whole.get_mut(usize::from(kept)..)?;
            behind.copy_from_slice(header.get(last..last.checked_add(behind.len())?)?);
            destination = ones_complement_sum(&whole);
        }
        let mut source = address(self.source)?;
        if let Some(options) = self.options
            && let Some(home) = home(options.octets(bytes)?)
        {
            source = home;
        }
        let addresses = add(ones_complement_sum(source), destination);
        let len = u32::try_from(len).ok()?;
        let [high, low] = [len >> 16, len & 0xffff].map(|half| u16::try_from(half).unwrap_or(0));
        Some(add(addresses, add(add(high, low), u16::from(proto))))
    }
}

/// How the CRC-32C of an SCTP packet stands (RFC 9260, section 6.8), and what it should be.
fn crc(packet: &[u8], at: usize) -> Option<(Status, u32)> {
    let (before, rest) = packet.split_at_checked(at)?;
    let (stored, behind) = rest.split_first_chunk::<4>()?;
    let sum = crc32c::crc32c_append(crc32c::crc32c(before), &[0; 4]);
    let right = crc32c::crc32c_append(sum, behind).swap_bytes();
    let stored = u32::from_be_bytes(*stored);
    let status = match stored {
        _ if stored == right => Status::Good,
        0 => Status::Offloaded,
        _ => Status::Bad,
    };
    Some((status, right))
}
