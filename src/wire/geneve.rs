//! Generic network virtualization encapsulation (RFC 8926) with its options.

use super::field::fields;
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step, number_at};
use super::layer::Layer;
use super::number::ETHERTYPES;
use super::option::{Extent, Layout, OptionRow, OptionSet};

fields! {
    /// Before the options.
    FIELDS, Geneve, "RFC 8926, section 3.4";
    VERSION "geneve.version" 0, 2, Number, "Version", "0.";
    OPTIONS_LENGTH "geneve.options_length" 2, 6, Times(4), "Options length", "Octets of options.";
    FLAGS "geneve.flags" 8, 8, Group, "Flags", "How the packet is to be taken.";
    OAM "geneve.flags.oam" 8, 1, Flag, "Control packet", "Meant for the tunnel's end, not to be sent on.";
    CRITICAL "geneve.flags.critical" 9, 1, Flag, "Critical options", "An option must be understood, or the packet be dropped.";
    RESERVED_BITS "geneve.flags.reserved" 10, 6, Hex, "Reserved", "Zero.";
    PROTO_TYPE "geneve.proto_type" 16, 16, Hex, "Protocol type", "EtherType of what is carried.", names ETHERTYPES;
    VNI "geneve.vni" 32, 24, Number, "Network identifier", "Which virtual network.";
    RESERVED "geneve.reserved" 56, 8, Hex, "Reserved", "Zero.";
}

fields! {
    /// What each option begins with.
    OPTION, Geneve, "RFC 8926, section 3.5";
    CLASS "geneve.option.class" 0, 16, Hex, "Option class", "Who defined the option.", names CLASSES;
    TYPE "geneve.option.type" 16, 8, Hex, "Option type", "Which option of the class.";
    TYPE_CRITICAL "geneve.option.type_critical" 16, 1, Flag, "Critical", "Whoever does not know the option drops the packet." @view;
    OPTION_RESERVED "geneve.option.flags" 24, 3, Hex, "Reserved", "Zero.";
    LENGTH "geneve.option.length" 27, 5, Times(4), "Option length", "Octets of data behind these four.";
}

fields! {
    /// What an option holds.
    DATA_ROWS, Geneve, "RFC 8926, section 3.5";
    DATA "geneve.option.data" 0, 0, Bytes, "Data", "What the option says.";
}

/// Option classes by the organisation that defined them (IANA nvo3, extract).
const CLASSES: &[(u16, &str, &str)] = &[
    (0x0000, "Standard", "defined by the IETF"),
    (0x0100, "Linux", "defined by the Linux kernel"),
    (0x0101, "Open vSwitch", "defined by Open vSwitch"),
    (0x0102, "OVN", "defined by Open Virtual Networking"),
    (0x0103, "In-band telemetry", "defined by P4"),
    (0x0104, "VMware", "defined by VMware"),
    (0x0108, "Amazon", "defined by Amazon"),
    (0x0132, "Google", "defined by Google"),
    (0xffff, "Experimental", "for experiments"),
];

static OPTIONS: OptionSet = OptionSet {
    key: "options",
    fields: OPTION,
    prefix: "geneve.option.",
    layout: Layout {
        code_at: 2,
        extent: Extent::Octet { at: 3, mask: 0x1f },
        head: 4,
        uncounted: 4,
        unit: 4,
        single: None,
        end: None,
        ..Layout::COUNTS_ALL
    },
    start: |header| (header.len() > 8).then_some(8),
    rows: &[],
    unknown: &OptionRow::new(0, "Option", DATA_ROWS, "RFC 8926, section 3.5"),
};

/// The row.
pub const HEADER: Header = Header {
    name: "geneve",
    short: "geneve",
    title: "Generic network virtualization encapsulation",
    options: Some(&OPTIONS),
    inputs: Some(&Inputs::of(&[VERSION.place(0), OPTIONS_LENGTH.place(0), PROTO_TYPE.place(0)])),
    network: Some(|header| Some(number_at(header, 4)? >> 8)),
    source: "RFC 8926",
    ..Header::of(Layer::Geneve, Class::Tunnel, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    let first = reach.u8(0)?;
    if first >> 6 != 0 {
        // Section 3.4: a version that is not known is to be dropped; nothing can be said of it.
        return Step::then(0, Next::Payload);
    }
    let len = usize::from(first & 0x3f).saturating_mul(4).saturating_add(8);
    reach.needs(len)?;
    Step::then(len, Next::EtherType(reach.u16(2)?))
}
