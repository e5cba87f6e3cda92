//! Extension headers of IPv6: order, repetition, and what stands in them.

use super::ip::{is_tiny, is_unassigned};
use super::row::{At, Mark, table};
use crate::decode::layers::Span;
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;
use crate::wire::header::Extension;
use crate::wire::option::Opt;

/// The extension headers before this one, back to the IP header they belong to.
fn earlier<'a>(a: &At<'a>) -> impl Iterator<Item = Span> + 'a {
    let spans = a.layers().spans().get(..usize::from(a.index)).unwrap_or_default();
    spans.iter().rev().copied().take_while(|span| extension(span.layer).is_some())
}

/// What an extension header is among others; none of other headers.
fn extension(layer: Layer) -> Option<Extension> {
    layer.header().extension
}

/// All extension headers.
#[expect(clippy::indexing_slicing, reason = "runs in const evaluation, where it stops the build")]
pub(super) const ALL: &[Layer] = {
    const ALL: ([Layer; HEADERS.len()], usize) = {
        let (mut all, mut count, mut rest) = ([Layer::Ipv6; HEADERS.len()], 0_usize, HEADERS);
        while let [header, more @ ..] = rest {
            if header.extension.is_some() {
                all[count] = header.layer;
                count = count.saturating_add(1);
            }
            rest = more;
        }
        (all, count)
    };
    ALL.0.split_at(ALL.1).0
};

/// Whether the headers belong to IPv6: AH and others stand behind IPv4 too.
fn is_v6(a: &At<'_>) -> bool {
    a.ip().is_some_and(|ip| ip.span.layer == Layer::Ipv6)
}

/// The mark of a header of which there were `most` before.
fn repeated(a: &At<'_>, layer: Layer, most: usize) -> Option<Mark> {
    let is_over = a.span.layer == layer
        && is_v6(a)
        && earlier(a).filter(|span| span.layer == layer).count() >= most;
    is_over.then(|| a.mark(0, a.span.len.into(), most.saturating_add(1) as u64).should(most as u64))
}

table! {
    /// About any extension header.
    ANY;
    "ipv6.hop_by_hop.not_first" Error, "Hop-by-hop options stand elsewhere than right behind the IPv6 header.",
        "RFC 8200, section 4.1", "ipv6.hopopts_not_first", "ipv6.hopopts.not_first", |a| {
            let is_late = a.span.layer == Layer::HopByHop && a.before()?.span.layer != Layer::Ipv6;
            (is_late && is_v6(a)).then(|| a.mark(0, a.span.len.into(), 0_u8))
        };
    "ipv6.extension.order" Note, "Extension headers stand in another order than recommended.",
        "RFC 8200, section 4.1", "", "", |a| {
            let (own, before) = (extension(a.span.layer)?.place, a.before()?.span.layer);
            // Destination options before a routing header are for each node on its list.
            let is_before_routing = before == Layer::Destination && a.span.layer == Layer::Routing;
            let is_late = extension(before)?.place > own && !is_before_routing;
            (is_late && a.span.layer != Layer::HopByHop && is_v6(a)).then(|| a.mark(0, a.span.len.into(), own))
        };
    "ipv6.hop_by_hop.repeated" Error, "Hop-by-hop options occur again.",
        "RFC 8200, section 4.1", "ipv6.exthdr_dupl_hh", "", |a| repeated(a, Layer::HopByHop, 1);
    "ipv6.routing.repeated" Warning, "A routing header occurs again.",
        "RFC 8200, section 4.1", "ipv6.exthdr_dupl_rh", "", |a| repeated(a, Layer::Routing, 1);
    "ipv6.fragment.repeated" Warning, "A fragment header occurs again.",
        "RFC 8200, section 4.1", "ipv6.exthdr_dupl_fh", "", |a| repeated(a, Layer::Fragment, 1);
    "ipv6.destination.repeated" Warning, "Destination options occur more than twice.",
        "RFC 8200, section 4.1", "ipv6.exthdr_dupl_dh", "", |a| repeated(a, Layer::Destination, 2);
    "ipv6.ah.repeated" Warning, "An authentication header occurs again.",
        "RFC 8200, section 4.1", "ipv6.exthdr_dupl_ah", "", |a| repeated(a, Layer::Ah, 1);
    "ipv6.extension.next_unassigned" Warning, "An extension header leads to a number that nobody was given.",
        "IANA protocol-numbers", "ipv6.unknown_next_header", "", |a| {
            let next_at = extension(a.span.layer)?.next_at?;
            a.octet(next_at.into(), |next| is_v6(a) && is_unassigned(next))
        };
    "ipv6.extension.no_next_data" Note, "Octets follow where an extension header says that nothing does.",
        "RFC 8200, section 4.7", "ipv6.data_after_none_header", "", |a| {
            let behind = a.rest().len().saturating_sub(a.header.len());
            let own = extension(a.span.layer).filter(|own| !own.is_upper_layer())?;
            a.octet(own.next_at?.into(), |next| next == 59 && behind > 0 && is_v6(a))
        };
}

/// Most segments that may be left by a routing header; none where its type is not known to list
/// any, or where what tells it was not captured.
pub(super) fn most_left(header: &[u8]) -> Option<usize> {
    let &[_, units, kind, _] = header.first_chunk()?;
    let octets = usize::from(units).saturating_mul(8);
    Some(match kind {
        0 => octets.checked_div(16)?,
        // RFC 6275, section 6.4: the home address alone.
        2 => 1,
        // RFC 6554, section 4.2: the last address elides other octets than those before it.
        3 => {
            let &[.., elided, padding] = header.first_chunk::<6>()?;
            let [each, last] =
                [elided >> 4, elided & 0xf].map(|elided| 16_u8.saturating_sub(elided));
            let beside = usize::from(padding >> 4).saturating_add(last.into());
            let before = octets.checked_sub(beside).map(|octets| octets.checked_div(each.into()));
            before.map_or(0, |before| before.unwrap_or(0).saturating_add(1))
        }
        // RFC 8754, section 4.3.1.1: what follows the list counts in the header's length.
        4 => {
            let &[.., last] = header.first_chunk::<5>()?;
            octets.checked_div(16)?.min(usize::from(last).saturating_add(1))
        }
        _ => return None,
    })
}

table! {
    /// About the routing header.
    ROUTING;
    "ipv6.routing.type_0" Error, "The source route that was forbidden in 2007 for what it amplifies.",
        "RFC 5095, section 3", "ipv6.rh_type_0", "ipv6.routing.deprecated", |a| a.octet(2, |kind| kind == 0);
    "ipv6.routing.type_unknown" Note, "A routing header of a type that nobody registered.",
        "IANA ipv6-parameters", "", "", |a| a.octet(2, |kind| matches!(kind, 7..=252 | 255));
    "ipv6.routing.segments_left" Error, "More segments are left than the list has.",
        "RFC 8200, section 4.4", "", "", |a| {
            let most = most_left(a.header)?;
            Some(a.octet(3, |left| usize::from(left) > most)?.should(most as u64))
        };
    "ipv6.routing.type_0_length" Error, "The list of a source route does not hold whole addresses.",
        "RFC 2460, section 4.4", "", "", |a| {
            let is_source_route = a.u8(2)? == 0;
            a.octet(1, |units| is_source_route && units & 1 == 1).map(|mark| mark.rule("even"))
        };
}

/// Whether a fragment is followed by others, and its offset in octets.
fn piece(a: &At<'_>) -> Option<(bool, usize)> {
    let word = a.u16(2)?;
    Some((word & 1 == 1, usize::from(word & 0xfff8)))
}

/// Octets behind the fragment header, by the length of the IPv6 header.
fn carried(a: &At<'_>) -> Option<usize> {
    let ip = a.ip().filter(|_| !a.is_cut())?;
    let end = usize::from(ip.u16(4)?).checked_add(40)?.checked_add(usize::from(ip.span.at))?;
    end.checked_sub(a.span.end())
}

table! {
    /// About the fragment header.
    FRAGMENT;
    "ipv6.fragment.atomic" Note, "A whole packet dressed as a fragment.",
        "RFC 8021, section 2", "ipv6.exthdr_useless_fh", "", |a| {
            (piece(a)? == (false, 0)).then(|| a.mark(2, 2, 0_u8))
        };
    "ipv6.fragment.reserved" Warning, "Reserved bits of a fragment header are set.",
        "RFC 8200, section 4.5", "ipv6.fh_non_zero_reserved_field", "", |a| {
            let bits = a.u8(3)? & 6;
            a.octet(1, |octet| octet != 0 || bits != 0).map(|mark| mark.should(0_u8))
        };
    "ipv6.fragment.length" Error, "A fragment that others follow does not end on a multiple of eight octets.",
        "RFC 8200, section 4.5", "ipv6.frag_invalid_length", "", |a| {
            let len = carried(a)?;
            (piece(a)?.0 && len & 7 != 0).then(|| a.mark(0, 8, len as u64).rule("multiple of 8"))
        };
    "ipv6.fragment.empty" Warning, "A fragment carries nothing.",
        "RFC 8200, section 4.5", "", "", |a| {
            (piece(a)? != (false, 0) && carried(a)? == 0).then(|| a.mark(0, 8, 0_u8).rule(">0"))
        };
    "ipv6.fragment.tiny_first" Warning, "The first fragment does not hold all headers, where filters look.",
        "RFC 7112, section 5", "", "", |a| {
            let len = carried(a)?;
            let least = is_tiny(a.u8(0)?, len).filter(|_| piece(a) == Some((true, 0)))?;
            Some(a.mark(0, 8, len as u64).should(least))
        };
    "ipv6.fragment.gt_65535" Error, "A fragment ends behind the largest packet: the ping of death.",
        "RFC 8200, section 4.5", "ipv6.frag_pkt_too_large", "", |a| {
            let (_, offset) = piece(a)?;
            let end = offset.saturating_add(carried(a)?);
            (offset > 0 && end > 65_535).then(|| a.mark(2, 2, end as u64).rule("<=65535"))
        };
}

/// The options of this header.
fn options<'a>(a: &At<'a>) -> Option<impl Iterator<Item = Opt<'a>> + use<'a>> {
    Some(a.options(a.span.layer.header().options?))
}

/// The mark of the first option that `is_wrong`.  Behind IPv4 the header as such is out of place,
/// and that is told.
fn option(a: &At<'_>, is_wrong: impl Fn(&Opt<'_>) -> bool) -> Option<Mark> {
    if !is_v6(a) {
        return None;
    }
    let found = options(a)?.find(is_wrong)?;
    let len = u32::try_from(found.bytes.len()).unwrap_or(1);
    Some(a.mark(found.at, len, found.code))
}

/// The octets that a jumbo payload claims.
fn jumbo(option: &Opt<'_>) -> Option<u32> {
    let is_whole = option.code == 0xc2 && !option.broken;
    let octets = option.data.first_chunk().filter(|_| is_whole)?;
    Some(u32::from_be_bytes(*octets))
}

/// Types that stand only in hop-by-hop options, and only in destination options.
const HOP_BY_HOP_ONLY: [u8; 8] = [0x05, 0x07, 0x08, 0x23, 0x30, 0x63, 0x6d, 0xc2];
const DESTINATION_ONLY: [u8; 5] = [0x04, 0x0f, 0x8b, 0x8c, 0xc9];

/// Options of one header that hosts take (RFC 8504, section 5.3).
const MOST_OPTIONS: usize = 8;

/// The first of several paddings that follow one another, and the octets of all of them, where
/// those are more than seven: one alone is told by its own length.
fn padding_run<'a>(options: impl Iterator<Item = Opt<'a>>) -> Option<(usize, u32)> {
    let (mut first, mut paddings, mut octets) = (0_usize, 0_usize, 0_u32);
    let is_long = |paddings: usize, octets: u32| paddings > 1 && octets > 7;
    for option in options {
        if option.code < 2 && !option.broken {
            first = if paddings == 0 { option.at } else { first };
            paddings = paddings.saturating_add(1);
            octets = octets.saturating_add(u32::try_from(option.bytes.len()).unwrap_or(0));
        } else if is_long(paddings, octets) {
            break;
        } else {
            (paddings, octets) = (0, 0);
        }
    }
    is_long(paddings, octets).then_some((first, octets))
}

table! {
    /// About hop-by-hop and destination options.
    OPTIONS;
    "ipv6.option.length" Error, "An option's length does not fit its header.",
        "RFC 8200, section 4.2", "ipv6.exthdr_invalid_optlen", "ipv6.opt.invalid_len", |a| option(a, |option| option.broken);
    "ipv6.option.unknown" Note, "An option that nobody registered.",
        "IANA ipv6-parameters", "ipv6.hopopts_unknown_opt", "", |a| option(a, |option| option.row.is_none());
    "ipv6.option.misplaced" Warning, "An option that belongs in another header.",
        "IANA ipv6-parameters", "", "ipv6.opt.header_mismatch", |a| option(a, |option| {
            let only = if a.span.layer == Layer::HopByHop { &DESTINATION_ONLY[..] } else { &HOP_BY_HOP_ONLY };
            only.contains(&option.code)
        });
    "ipv6.option.only_padding" Note, "A header of options that holds none.",
        "RFC 8200, section 4.2", "ipv6.hopopts_only_padding", "", |a| {
            let is_empty = options(a)?.all(|option| option.code < 2 && !option.broken);
            (is_empty && !a.is_cut() && is_v6(a)).then(|| a.mark(2, u32::from(a.span.len).saturating_sub(2), 0_u8))
        };
    "ipv6.option.padding" Note, "Padding that is not zero: room for hidden data.",
        "RFC 8200, section 4.2", "", "", |a| option(a, |option| {
            option.code == 1 && !option.broken && option.data.iter().any(|octet| *octet != 0)
        });
    "ipv6.option.long_padding" Note, "More padding than alignment needs.",
        "RFC 4942, section 2.1.9.5", "", "", |a| option(a, |option| {
            option.code == 1 && !option.broken && option.bytes.len() > 7
        });
    "ipv6.option.padding_run" Note, "Paddings that follow one another, longer together than alignment needs: hosts may drop the packet.",
        "RFC 8504, section 5.3", "", "", |a| {
            let (at, octets) = padding_run(options(a)?).filter(|_| is_v6(a))?;
            Some(a.mark(at, octets, octets).rule("<=7"))
        };
    "ipv6.option.too_many" Warning, "More than eight options in one header: hosts drop the packet unless they are told otherwise.",
        "RFC 8504, section 5.3", "", "", |a| {
            let real = || Some(options(a)?.filter(|option| option.code > 1 && !option.broken));
            let ninth = real()?.nth(MOST_OPTIONS).filter(|_| is_v6(a))?;
            let len = u32::try_from(ninth.bytes.len()).unwrap_or(1);
            Some(a.mark(ninth.at, len, real()?.count() as u64).rule("<=8"))
        };
    "ipv6.jumbo.with_length" Error, "A jumbo payload beside a payload length.",
        "RFC 2675, section 3", "", "ipv6.opt.jumbo.prohibited", |a| {
            let len = a.ip()?.u16(4)?;
            option(a, |option| jumbo(option).is_some() && len != 0)
        };
    "ipv6.jumbo.gt_frame" Error, "A jumbo payload reaches behind the end of the frame.",
        "RFC 2675, section 3", "ipv6.trunc_pkt", "ipv6.plen_exceeds_framing", |a| {
            let ip = a.ip()?;
            let (is_open, room) = (ip.u16(4)? == 0, ip.room().saturating_sub(40));
            let is_long = |len: u32| usize::try_from(len).is_ok_and(|len| len > room);
            let found = options(a)?.find_map(|option| jumbo(&option))?;
            let mark = option(a, |option| jumbo(option).is_some_and(is_long)).filter(|_| is_open)?;
            Some(Mark { value: found.into(), ..mark.should(room as u64) })
        };
    "ipv6.jumbo.small" Error, "A jumbo payload of no more than 65,535 octets.",
        "RFC 2675, section 3", "", "ipv6.opt.jumbo.truncated", |a| {
            let found = options(a)?.find_map(|option| jumbo(&option))?;
            Some(option(a, |option| jumbo(option).is_some_and(|len| len <= 65_535))?.rule(">65535"))
                .map(|mark| Mark { value: found.into(), ..mark })
        };
}

table! {
    /// About the authentication header.
    AH;
    "ah.reserved" Warning, "The reserved octets are not zero.",
        "RFC 4302, section 2.3", "ipv6.exthdr_ah_res_not_null", "", |a| {
            a.short(2, |reserved| reserved != 0).map(|mark| mark.should(0_u8))
        };
    "ah.spi.reserved" Warning, "A security association of the numbers that are reserved.",
        "RFC 4302, section 2.4", "", "", |a| (a.u32(4)? < 256).then(|| a.mark(4, 4, a.u32(4).unwrap_or(0)).rule(">255"));
}

table! {
    /// About encapsulating security payloads.
    ESP;
    "esp.spi.reserved" Warning, "A security association of the numbers that are reserved.",
        "RFC 4303, section 2.1", "", "", |a| (a.u32(0)? < 256).then(|| a.mark(0, 4, a.u32(0).unwrap_or(0)).rule(">255"));
}
