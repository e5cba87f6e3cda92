//! Tag of Broadcom's Ethernet switches, before the frame (`LINKTYPE_DSA_TAG_BRCM_PREPEND`).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Part, Reach, Step};
use super::layer::Layer;

/// Declares the rows of the tag's two directions, the first octet of which is octet `$at` of
/// `$layer`, and a part for each.
macro_rules! tag {
    ($layer:ident, $at:literal) => {
        fields! {
            /// From the switch to its processor.
            EGRESS, $layer, "Linux, net/dsa/tag_brcm.c";
            OPCODE "brcm_tag.opcode" 0, 3, Number, "Opcode", "0 from the switch to its processor, else to the switch.";
            EGRESS_RESERVED "brcm_tag.eg.reserved" 3, 5, Hex, "Reserved", "Zero.";
            CID "brcm_tag.eg.cid" 8, 8, Number, "Classification", "Number that the switch's classifier gave.";
            REASON_RESERVED "brcm_tag.eg.rc.reserved" 16, 2, Hex, "Reserved", "Zero.";
            EXCEPTION "brcm_tag.eg.rc.exception" 18, 1, Flag, "Exception", "Sent for an exception, or by flooding.";
            SNOOP "brcm_tag.eg.rc.prot_snoop" 19, 1, Flag, "Snooping", "A protocol that the processor overhears.";
            TERMINATION "brcm_tag.eg.rc.prot_term" 20, 1, Flag, "Termination", "A protocol that ends at the processor.";
            SWITCH "brcm_tag.eg.rc.switch" 21, 1, Flag, "Switching", "Switched to the processor.";
            LEARN "brcm_tag.eg.rc.mac_learn" 22, 1, Flag, "Learning", "Sender's address to be learned.";
            MIRROR "brcm_tag.eg.rc.mirror" 23, 1, Flag, "Mirror", "A copy of what went elsewhere.";
            EGRESS_TC "brcm_tag.eg.tc" 24, 3, Number, "Traffic class", "Queue of the frame.";
            PORT "brcm_tag.eg.pid" 27, 5, Number, "Port", "Where the frame came in.";
        }

        fields! {
            /// From the processor to the switch.
            INGRESS, $layer, "Linux, net/dsa/tag_brcm.c";
            INGRESS_OPCODE "brcm_tag.opcode" 0, 3, Number, "Opcode", "0 from the switch to its processor, else to the switch.";
            INGRESS_TC "brcm_tag.ig.tc" 3, 3, Number, "Traffic class", "Queue of the frame.";
            INGRESS_RESERVED "brcm_tag.ig.reserved" 6, 2, Hex, "Reserved", "Zero.";
            TS "brcm_tag.ig.ts" 8, 1, Flag, "Time stamp", "The time of sending is to be told.";
            INGRESS_RESERVED_B "brcm_tag.ig.reserved_b" 9, 5, Hex, "Reserved", "Zero.";
            TE "brcm_tag.ig.te" 14, 2, Number, "Tag enforcement", "0 none, 1 without VLAN tag, 2 with it.";
            INGRESS_RESERVED_C "brcm_tag.ig.reserved_c" 16, 7, Hex, "Reserved", "Zero.";
            MAP "brcm_tag.ig.dstmap" 23, 9, Hex, "Ports", "One bit for every port that is to send the frame.";
        }

        /// The tag from the switch.
        const FROM_SWITCH: Part = Part {
            label: "from the switch",
            start: |b| (b.get($at)? >> 5 == 0).then_some($at),
            len: |_| Some(4),
            fields: EGRESS,
        };

        /// The tag to the switch.
        const TO_SWITCH: Part = Part {
            label: "to the switch",
            start: |b| (b.get($at)? >> 5 != 0).then_some($at),
            len: |_| Some(4),
            fields: INGRESS,
        };
    };
}
pub(crate) use tag;

tag!(BrcmTag, 0);

/// The row.
pub const HEADER: Header = Header {
    name: "brcm_tag",
    short: "Broadcom",
    title: "Broadcom switch tag",
    parts: &[FROM_SWITCH, TO_SWITCH],
    source: "LINKTYPE_DSA_TAG_BRCM_PREPEND",
    ..Header::of(Layer::BrcmTag, Class::Link, &[])
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(4)?;
    Step::then(4, Next::Layer(Layer::Ethernet))
}
