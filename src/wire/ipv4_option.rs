//! IPv4 options (RFC 791, section 3.1; IANA ip-parameters).

use super::field::{Field, fields};
use super::number::{IPV4_OPTIONS, IPV4_ROUTER_ALERT};
use super::option::{Layout, Opt, OptionPart, OptionRow, OptionSet};

fields! {
    /// What each option begins with.
    FIELDS, Ipv4, "RFC 791, section 3.1";
    TYPE "ip.opt.type" 0, 8, Number, "Option", "Which option.", names IPV4_OPTIONS;
    COPY "ip.opt.type_copy" 0, 1, Flag, "Copied", "Copied into every fragment." @view;
    CLASS "ip.opt.type_class" 1, 2, Number, "Class", "0 control, 2 measurement." @view;
    NUMBER "ip.opt.type_number" 3, 5, Number, "Number", "Number within the class." @view;
    LEN "ip.opt.len" 8, 8, Number, "Option length", "Octets of the option, these two included.";
}

fields! {
    /// Record route and both source routes.
    ROUTE, Ipv4, "RFC 791, section 3.1";
    PTR "ip.opt.ptr" 0, 8, Number, "Pointer", "Octet of the option at which the next address is taken or put, from 1.";
    ADDR "ip.opt.addr" 8, 32, Ipv4, "Address", "Routers passed, or still to pass." @repeats;
}

fields! {
    /// Internet timestamp.
    TIMESTAMP, Ipv4, "RFC 791, section 3.1";
    TS_PTR "ip.opt.ptr" 0, 8, Number, "Pointer", "Octet of the option at which the next entry is put, from 1.";
    OVERFLOW "ip.opt.overflow" 8, 4, Number, "Overflow", "Routers that found no room.";
    FLAG "ip.opt.flag" 12, 4, Number, "Flag", "What an entry is.", names TIMESTAMP_FLAGS;
}

fields! {
    /// Times alone.
    TIMES, Ipv4, "RFC 791, section 3.1";
    TIME "ip.opt.time_stamp" 0, 32, Number, "Time", "Milliseconds since midnight UT; with the highest bit set, of another kind." @repeats;
}

fields! {
    /// Times that have addresses.
    TIMES_OF, Ipv4, "RFC 791, section 3.1";
    OF_ADDRESS "ip.opt.time_stamp_addr" 0, 32, Ipv4, "Address", "Who adds, or is to add, the time behind it." @repeats_in_pairs;
    OF_TIME "ip.opt.time_stamp" 32, 32, Number, "Time", "Milliseconds since midnight UT; with the highest bit set, of another kind." @repeats_in_pairs;
}

/// The timestamp option, whose flag says whether addresses stand before the times.
const TIMESTAMPS: OptionRow = OptionRow {
    parts: &[
        OptionPart::to_end(|option| entries(option, false), TIMES),
        OptionPart::to_end(|option| entries(option, true), TIMES_OF),
    ],
    ..row(68, "Timestamp", TIMESTAMP, "RFC 791")
};

/// Where the entries of a timestamp option begin, if they are of that make.
fn entries(option: &Opt<'_>, have_addresses: bool) -> Option<usize> {
    let flag = option.bytes.get(3)? & 0x0f;
    ((flag != 0) == have_addresses).then_some(4)
}

const TIMESTAMP_FLAGS: &[(u16, &str, &str)] = &[
    (0, "times", "times only"),
    (1, "addresses and times", "each router adds both"),
    (3, "prespecified", "only the named routers add a time"),
];

fields! {
    /// Router alert.
    ALERT, Ipv4, "RFC 2113";
    RA "ip.opt.ra" 0, 16, Number, "Router alert", "Why every router is to look at the packet.", names IPV4_ROUTER_ALERT;
}

fields! {
    /// Stream identifier.
    STREAM, Ipv4, "RFC 791, section 3.1";
    SID "ip.opt.sid" 0, 16, Number, "Stream", "SATNET stream; deprecated by RFC 6814.";
}

fields! {
    /// MTU probe and reply.
    MTU, Ipv4, "RFC 1063";
    MTU_VALUE "ip.opt.mtu" 0, 16, Number, "MTU", "Smallest MTU on the path; obsolete.";
}

fields! {
    /// Traceroute.
    TRACEROUTE, Ipv4, "RFC 1393";
    ID_NUMBER "ip.opt.id_number" 0, 16, Number, "ID number", "Tells which traceroute the answers belong to.";
    OHC "ip.opt.ohc" 16, 16, Number, "Outbound hops", "Routers passed on the way out.";
    RHC "ip.opt.rhc" 32, 16, Number, "Return hops", "Routers passed on the way back.";
    ORIGINATOR "ip.opt.originator" 48, 32, Ipv4, "Originator", "Who asked.";
}

fields! {
    /// Basic security.
    SECURITY, Ipv4, "RFC 1108, section 2";
    SEC_CL "ip.opt.sec_cl" 0, 8, Hex, "Classification", "Level of protection.", names CLASSIFICATIONS;
    SEC_PRT "ip.opt.sec_prot_auth_flags" 8, 0, Bytes, "Protection authorities", "Whose rules apply; seven bits an octet." @view;
}

fields! {
    /// The first octet of protection authorities.
    AUTHORITIES, Ipv4, "RFC 1108, section 2.4";
    GENSER "ip.opt.sec_prot_auth_genser" 0, 1, Flag, "GENSER", "Designated approving authority of the Department of Defense.";
    SIOP_ESI "ip.opt.sec_prot_auth_siop_esi" 1, 1, Flag, "SIOP-ESI", "Department of Defense, Joint Chiefs of Staff.";
    SCI "ip.opt.sec_prot_auth_sci" 2, 1, Flag, "SCI", "Director of Central Intelligence.";
    NSA "ip.opt.sec_prot_auth_nsa" 3, 1, Flag, "NSA", "National Security Agency.";
    DOE "ip.opt.sec_prot_auth_doe" 4, 1, Flag, "DOE", "Department of Energy.";
    UNASSIGNED "ip.opt.sec_prot_auth_unassigned" 5, 2, Number, "Unassigned", "Zero.";
    FTI "ip.opt.sec_prot_auth_fti" 7, 1, Flag, "More octets", "Another octet of authorities follows.";
}

fields! {
    /// Security before RFC 1108.
    SECURITY_791, Ipv4, "RFC 791, section 3.1";
    SEC_791 "ip.opt.sec_rfc791_sec" 0, 16, Hex, "Security", "Level of protection.", names LEVELS;
    COMP_791 "ip.opt.sec_rfc791_comp" 16, 16, Number, "Compartments", "0 where the data are not of one.";
    HR_791 "ip.opt.sec_rfc791_hr" 32, 16, Text, "Handling restrictions", "Two letters.";
    TCC_791 "ip.opt.sec_rfc791_tcc" 48, 24, Text, "Transmission control code", "Three letters.";
}

/// RFC 791, section 3.1.
const LEVELS: &[(u16, &str, &str)] = &[
    (0x0000, "unclassified", "unclassified"),
    (0x1af1, "reserved 5", "reserved"),
    (0x4d78, "reserved 2", "reserved"),
    (0x5e26, "PROG", "PROG"),
    (0x6bc5, "top secret", "top secret"),
    (0x789a, "MMMM", "MMMM"),
    (0x89af, "reserved 4", "reserved"),
    (0xaf13, "restricted", "restricted"),
    (0xbc4d, "EFTO", "encrypted for transmission only"),
    (0xc4d6, "reserved 3", "reserved"),
    (0xd788, "secret", "secret"),
    (0xe26b, "reserved 1", "reserved"),
    (0xf135, "confidential", "confidential"),
];

/// Octets of a security option as RFC 791 has it.
const OCTETS_791: usize = 11;

/// Where the data of a security option begin, if it is of that make.
fn security(option: &Opt<'_>, is_old: bool, at: usize) -> Option<usize> {
    ((option.bytes.len() == OCTETS_791) == is_old).then_some(at)
}

/// The security option: eleven octets by RFC 791, mostly four by RFC 1108.
const BASIC_SECURITY: OptionRow = OptionRow {
    parts: &[
        OptionPart::to_end(|option| security(option, false, 2), SECURITY),
        OptionPart { start: |o| security(o, false, 3), len: |_| Some(1), fields: AUTHORITIES },
        OptionPart::to_end(|option| security(option, true, 2), SECURITY_791),
    ],
    ..row(130, "Security", &[], "RFC 1108")
};

fields! {
    /// Extended security.
    EXTENDED_SECURITY, Ipv4, "RFC 1108, section 3";
    FORMAT "ip.opt.ext_sec_add_sec_info_format_code" 0, 8, Number, "Format", "How the rest is to be read: whose rules apply.";
    EXTENDED "ip.opt.ext_sec_add_sec_info" 8, 0, Bytes, "Additional information", "What the format says.";
}

/// RFC 1108, section 2.3.
const CLASSIFICATIONS: &[(u16, &str, &str)] = &[
    (0x01, "reserved 4", "reserved"),
    (0x3d, "top secret", "top secret"),
    (0x5a, "secret", "secret"),
    (0x66, "reserved 3", "reserved"),
    (0x96, "confidential", "confidential"),
    (0xab, "unclassified", "unclassified"),
    (0xcc, "reserved 2", "reserved"),
    (0xf1, "reserved 1", "reserved"),
];

fields! {
    /// Commercial security (CIPSO), before its tags.
    CIPSO, Ipv4, "FIPS 188";
    DOI "ip.opt.cipso_doi" 0, 32, Number, "Domain", "Domain of interpretation of the tags.";
}

fields! {
    /// What each tag of CIPSO begins with.
    TAG, Ipv4, "FIPS 188";
    TAG_TYPE "ip.opt.cipso_tag_type" 0, 8, Number, "Tag type", "How the tag says its categories.", names TAG_TYPES;
    TAG_LEN "ip.opt.cipso_tag_len" 8, 8, Number, "Tag length", "Octets of the tag, these two included.";
}

fields! {
    /// Tag type 1.
    BIT_MAP, Ipv4, "FIPS 188";
    MAP_ALIGN "ip.opt.cipso_tag_align" 0, 8, Hex, "Alignment", "Zero.";
    MAP_LEVEL "ip.opt.cipso_level" 8, 8, Number, "Level", "How sensitive.";
    MAP "ip.opt.cipso_bitmap" 16, 0, Bytes, "Categories", "A bit a category, the first highest.";
}

fields! {
    /// Tag type 2.
    CATEGORIES, Ipv4, "FIPS 188";
    LIST_ALIGN "ip.opt.cipso_tag_align" 0, 8, Hex, "Alignment", "Zero.";
    LIST_LEVEL "ip.opt.cipso_level" 8, 8, Number, "Level", "How sensitive.";
    CATEGORY "ip.opt.cipso_category" 16, 16, Number, "Category", "Categories, one by one." @repeats;
}

fields! {
    /// Tag type 5.
    RANGES, Ipv4, "FIPS 188";
    RANGE_ALIGN "ip.opt.cipso_tag_align" 0, 8, Hex, "Alignment", "Zero.";
    RANGE_LEVEL "ip.opt.cipso_level" 8, 8, Number, "Level", "How sensitive.";
    RANGE_END "ip.opt.cipso_range_end" 16, 16, Number, "End of a range", "Highest and lowest category of each range, in turn; a last lowest of 0 may be left out." @repeats;
}

fields! {
    /// Other tags.
    FREE, Ipv4, "FIPS 188";
    TAG_DATA "ip.opt.cipso_tag_data" 0, 0, Bytes, "Tag", "What the domain says.";
}

const TAG_TYPES: &[(u16, &str, &str)] = &[
    (1, "bit map", "a bit a category"),
    (2, "enumerated", "categories one by one"),
    (5, "ranges", "categories from and to"),
    (6, "permissive", "release markings as a bit map"),
    (7, "free", "as the domain says"),
];

/// The tags of CIPSO, which fill the option behind its domain.
const TAGS: OptionSet = OptionSet {
    key: "cipso_tags",
    fields: TAG,
    prefix: "ip.opt.",
    layout: Layout { single: None, end: None, ..Layout::COUNTS_ALL },
    start: |data| (data.len() > 4).then_some(4),
    rows: &[
        row(1, "Bit map of categories", BIT_MAP, "FIPS 188"),
        row(2, "Categories", CATEGORIES, "FIPS 188"),
        row(5, "Ranges of categories", RANGES, "FIPS 188"),
    ],
    unknown: &row(0, "Tag", FREE, "FIPS 188"),
};

/// Commercial security, with its tags.
const COMMERCIAL: OptionRow =
    OptionRow { list: Some(&TAGS), ..row(134, "Commercial security", CIPSO, "FIPS 188") };

fields! {
    /// Quick-start.
    QUICK_START, Ipv4, "RFC 4782, section 3.1";
    QS_FUNC "ip.opt.qs_func" 0, 4, Number, "Function", "0 a request, 8 a report of the approved rate.";
    QS_RATE "ip.opt.qs_rate" 4, 4, Number, "Rate", "40 kbit/s doubled so many times less one; 0 is none.";
    QS_TTL "ip.opt.qs_ttl" 8, 8, Number, "QS TTL", "Counted down with the TTL by routers that agree.";
    QS_NONCE "ip.opt.qs_nonce" 16, 30, Hex, "Nonce", "Guards against a rate that was raised.";
    QS_RESERVED "ip.opt.qs_reserved" 46, 2, Number, "Reserved", "Zero.";
}

fields! {
    /// Extended IP address (SIPP), and whatever else has no table.
    OTHER, Ipv4, "RFC 791, section 3.1";
    DATA "ip.opt.data" 0, 0, Bytes, "Data", "Octets behind type and length.";
}

const fn row(
    code: u8,
    label: &'static str,
    fields: &'static [Field],
    source: &'static str,
) -> OptionRow {
    OptionRow::new(code, label, fields, source)
}

/// All that IANA lists, sorted.
const ROWS: &[OptionRow] = &[
    row(0, "End of options", &[], "RFC 791"),
    row(1, "No operation", &[], "RFC 791"),
    row(7, "Record route", ROUTE, "RFC 791"),
    row(10, "Experimental measurement", OTHER, "IANA ip-parameters"),
    row(11, "MTU probe", MTU, "RFC 1063"),
    row(12, "MTU reply", MTU, "RFC 1063"),
    row(15, "Encode", OTHER, "RFC 6814"),
    row(25, "Quick-start", QUICK_START, "RFC 4782"),
    row(30, "Experiment", OTHER, "RFC 4727"),
    TIMESTAMPS,
    row(82, "Traceroute", TRACEROUTE, "RFC 1393"),
    row(94, "Experiment", OTHER, "RFC 4727"),
    BASIC_SECURITY,
    row(131, "Loose source route", ROUTE, "RFC 791"),
    row(133, "Extended security", EXTENDED_SECURITY, "RFC 1108"),
    COMMERCIAL,
    row(136, "Stream identifier", STREAM, "RFC 791"),
    row(137, "Strict source route", ROUTE, "RFC 791"),
    row(142, "Experimental access control", OTHER, "RFC 6814"),
    row(144, "IMI traffic descriptor", OTHER, "IANA ip-parameters"),
    row(145, "Extended internet protocol", OTHER, "RFC 1385"),
    row(147, "Address extension", OTHER, "RFC 6814"),
    row(148, "Router alert", ALERT, "RFC 2113"),
    row(149, "Selective directed broadcast", OTHER, "RFC 6814"),
    row(151, "Dynamic packet state", OTHER, "RFC 6814"),
    row(152, "Upstream multicast packet", OTHER, "RFC 6814"),
    row(158, "Experiment", OTHER, "RFC 4727"),
    row(205, "Experimental flow control", OTHER, "IANA ip-parameters"),
    row(222, "Experiment", OTHER, "RFC 4727"),
];

/// IPv4's options.
pub const SET: OptionSet = OptionSet {
    key: "opts",
    fields: FIELDS,
    prefix: "ip.opt.",
    layout: Layout::COUNTS_ALL,
    start: |header| (header.len() > 20).then_some(20),
    rows: ROWS,
    unknown: &row(0, "Unknown option", OTHER, ""),
};
