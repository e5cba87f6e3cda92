//! IEEE 802.11 with the first two octets the other way round, as access points send it to their
//! controller: they hand on the frame control field as the number that it is to them.

use super::field::fields;
use super::header::{Class, Fault, Header, Part, Reach, Step};
use super::layer::Layer;
use super::wlan::{TYPES, has_fourth, has_ht, is_qos, octets, parts, step_by};

fields! {
    /// What every frame begins with.
    FIELDS, WlanSwapped, "IEEE 802.11, clause 9.2.4";
    ORDER "wlan.fc.order" 0, 1, Flag, "Order", "HT control follows.";
    PROTECTED "wlan.fc.protected" 1, 1, Flag, "Protected", "The body is encrypted.";
    MORE_DATA "wlan.fc.moredata" 2, 1, Flag, "More data", "More is waiting for the receiver.";
    POWER "wlan.fc.pwrmgt" 3, 1, Flag, "Power management", "The sender goes to sleep.";
    RETRY "wlan.fc.retry" 4, 1, Flag, "Retry", "Sent again.";
    MORE_FRAGMENTS "wlan.fc.frag" 5, 1, Flag, "More fragments", "Not the last fragment.";
    FROM_DS "wlan.fc.fromds" 6, 1, Flag, "From the distribution system", "An access point sent it.";
    TO_DS "wlan.fc.tods" 7, 1, Flag, "To the distribution system", "An access point is to receive it.";
    SUBTYPE "wlan.fc.subtype" 8, 4, Number, "Subtype", "By type; of data: bit 3 quality of service, bit 2 nothing carried.";
    TYPE "wlan.fc.type" 12, 2, Number, "Type", "0 management, 1 control, 2 data.", names TYPES;
    VERSION "wlan.fc.version" 14, 2, Number, "Version", "Zero.";
    DURATION "wlan.duration" 16, 16, Little, "Duration", "Microseconds the medium stays busy.";
    RA "wlan.ra" 32, 48, Mac, "Receiver", "Who receives it over the air.";
}

parts!(WlanSwapped, 1);

/// The row.
pub const HEADER: Header = Header {
    name: "wlan",
    short: "802.11",
    title: "IEEE 802.11, frame control swapped",
    parts: PARTS,
    source: "IEEE 802.11",
    ..Header::of(Layer::WlanSwapped, Class::Link, FIELDS)
};

/// Whether the first two octets read better the other way round: only then is the version 0, or it
/// is in both, and access points that swap are many more than those that do not.
pub(crate) fn is_swapped(frame: &[u8]) -> bool {
    let version = |octet: &u8| octet & 3;
    let [first, second] = [0, 1].map(|at| frame.get(at).map_or(0, version));
    first != 0 || second == 0
}

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    step_by::<CONTROL>(reach)
}
