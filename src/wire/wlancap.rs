//! AVS: what the radio knew of an 802.11 frame (`LINKTYPE_IEEE802_11_AVS`).

use super::field::fields;
use super::header::{Class, Fault, Header, Next, Reach, Step};
use super::layer::Layer;

fields! {
    /// What both versions have.
    FIELDS, Wlancap, "LINKTYPE_IEEE802_11_AVS";
    MAGIC "wlancap.magic" 0, 28, Hex, "Magic", "0x8021100.";
    VERSION "wlancap.version" 28, 4, Number, "Version", "1 or 2.";
    LENGTH "wlancap.length" 32, 32, Number, "Length", "Octets of this header.";
    MAC_TIME "wlancap.mactime" 64, 64, Number, "MAC time", "Microseconds of the receiver's clock.";
    HOST_TIME "wlancap.hosttime" 128, 64, Number, "Host time", "Time of the host.";
    PHY "wlancap.phytype" 192, 32, Number, "Physical layer", "Kind of modulation.";
    CHANNEL "wlancap.channel" 224, 32, Number, "Channel", "Number or frequency.";
    RATE "wlancap.data_rate" 256, 32, Number, "Rate", "In 100 kilobits a second.";
    ANTENNA "wlancap.antenna" 288, 32, Number, "Antenna", "Which received it.";
    PRIORITY "wlancap.priority" 320, 32, Number, "Priority", "Priority of sending.";
    SSI_TYPE "wlancap.ssi_type" 352, 32, Number, "Signal type", "Unit of signal and noise.";
}

/// The row.
pub const HEADER: Header = Header {
    name: "wlancap",
    short: "AVS",
    title: "AVS",
    source: "LINKTYPE_IEEE802_11_AVS",
    ..Header::of(Layer::Wlancap, Class::Link, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    reach.needs(8)?;
    let len = usize::from(reach.u16(6)?);
    if len < 60 || reach.u16(4)? != 0 {
        return Err(Fault::Malformed { at: 4, needs: 60, has: len });
    }
    reach.needs(len)?;
    Step::then(len, Next::Layer(Layer::Wlan))
}
