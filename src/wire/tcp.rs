//! Transmission control protocol (RFC 9293, section 3.1): header and options.

use etherparse::TcpHeaderSlice;

use super::field::{Field, fields};
use super::header::{Class, Fault, Header, Inputs, Next, Reach, Step};
use super::layer::Layer;
use super::option::{Layout, OptionRow, OptionSet};

fields! {
    /// The first twenty octets.
    FIELDS, Tcp, "RFC 9293, section 3.1";
    SRCPORT "tcp.srcport" 0, 16, Number, "Source port", "Port of the sender.";
    DSTPORT "tcp.dstport" 16, 16, Number, "Destination port", "Port of the receiver.";
    SEQ "tcp.seq_raw" 32, 32, Number, "Sequence number", "Number of the first octet of data, or of the SYN.";
    ACK_RAW "tcp.ack_raw" 64, 32, Number, "Acknowledgement number", "Next octet expected, when ACK is set.";
    HDR_LEN "tcp.hdr_len" 96, 4, Times(4), "Header length", "Octets of header, options included: 20 to 60.";
    FLAGS "tcp.flags" 100, 12, Group, "Flags", "Control of the connection.";
    RES "tcp.flags.res" 100, 3, Number, "Reserved", "Must be zero.";
    AE "tcp.flags.ae" 103, 1, Flag, "Accurate ECN", "Part of the congestion counter.", source "RFC 9768";
    CWR "tcp.flags.cwr" 104, 1, Flag, "Congestion window reduced", "The sender slowed down.", source "RFC 3168, section 6.1";
    ECE "tcp.flags.ece" 105, 1, Flag, "ECN echo", "The receiver saw congestion marked.", source "RFC 3168, section 6.1";
    URG "tcp.flags.urg" 106, 1, Flag, "Urgent", "The urgent pointer counts.";
    ACK "tcp.flags.ack" 107, 1, Flag, "Acknowledgement", "The acknowledgement number counts.";
    PUSH "tcp.flags.push" 108, 1, Flag, "Push", "Deliver to the application now.";
    RESET "tcp.flags.reset" 109, 1, Flag, "Reset", "Ends the connection at once.";
    SYN "tcp.flags.syn" 110, 1, Flag, "Syn", "Opens a connection.";
    FIN "tcp.flags.fin" 111, 1, Flag, "Fin", "No more data from the sender.";
    WINDOW "tcp.window_size_value" 112, 16, Number, "Window", "Octets the sender will take, before scaling.";
    CHECKSUM "tcp.checksum" 128, 16, Hex, "Checksum", "Over the segment and a pseudo-header.";
    URGENT_POINTER "tcp.urgent_pointer" 144, 16, Number, "Urgent pointer", "Where urgent data ends.";
}

fields! {
    /// What each option begins with.
    OPTION, Tcp, "RFC 9293, section 3.2";
    KIND "tcp.opt.kind" 0, 8, Number, "Option", "Which option.", names KINDS;
    LEN "tcp.opt.len" 8, 8, Number, "Option length", "Octets of the option, these two included.";
}

fields! {
    /// Maximum segment size.
    MSS, Tcp, "RFC 9293, section 3.7.1";
    MSS_VAL "tcp.opt.mss_val" 0, 16, Number, "MSS", "Largest segment the sender will take.";
}

fields! {
    /// Window scale.
    WSCALE, Tcp, "RFC 7323, section 2";
    SHIFT "tcp.opt.wscale_shift" 0, 8, Number, "Window scale", "Windows are shifted left by so much.";
}

fields! {
    /// Selective acknowledgement.
    SACK, Tcp, "RFC 2018, section 3";
    SACK_EDGE "tcp.opt.sack_edge" 0, 32, Number, "Block edge", "Left and right edges of blocks received, in turn." @repeats;
}

fields! {
    /// Timestamps.
    TIMESTAMPS, Tcp, "RFC 7323, section 3";
    TSVAL "tcp.opt.timestamp_tsval" 0, 32, Number, "Timestamp", "The sender's clock.";
    TSECR "tcp.opt.timestamp_tsecr" 32, 32, Number, "Timestamp echo", "The other side's clock as last seen.";
}

fields! {
    /// Options without a table.
    OTHER, Tcp, "RFC 9293, section 3.2";
    DATA "tcp.opt.data" 0, 0, Bytes, "Data", "Octets behind kind and length.";
}

/// IANA tcp-parameters.
const KINDS: &[(u16, &str, &str)] = &[
    (0, "EOL", "end of options"),
    (1, "NOP", "no operation"),
    (2, "MSS", "maximum segment size"),
    (3, "WScale", "window scale"),
    (4, "SACK permitted", "selective acknowledgement may be used"),
    (5, "SACK", "selective acknowledgement"),
    (8, "Timestamps", "round trip measurement"),
    (19, "MD5", "signature, RFC 2385"),
    (28, "User timeout", "RFC 5482"),
    (29, "TCP-AO", "authentication, RFC 5925"),
    (30, "MPTCP", "multipath, RFC 8684"),
    (34, "Fast open", "RFC 7413"),
    (69, "Encryption", "RFC 8547"),
    (172, "AccECN 0", "RFC 9768"),
    (174, "AccECN 1", "RFC 9768"),
    (253, "Experiment", "RFC 6994"),
    (254, "Experiment", "RFC 6994"),
];

const fn row(code: u8, label: &'static str, fields: &'static [Field]) -> OptionRow {
    OptionRow::new(code, label, fields, "IANA tcp-parameters")
}

/// Known options, sorted.
const ROWS: &[OptionRow] = &[
    row(0, "End of options", &[]),
    row(1, "No operation", &[]),
    row(2, "Maximum segment size", MSS),
    row(3, "Window scale", WSCALE),
    row(4, "SACK permitted", &[]),
    row(5, "Selective acknowledgement", SACK),
    row(8, "Timestamps", TIMESTAMPS),
    row(19, "MD5 signature", OTHER),
    row(28, "User timeout", OTHER),
    row(29, "Authentication", OTHER),
    row(30, "Multipath", OTHER),
    row(34, "Fast open cookie", OTHER),
    row(69, "Encryption negotiation", OTHER),
    row(172, "Accurate ECN 0", OTHER),
    row(174, "Accurate ECN 1", OTHER),
    row(253, "Experiment", OTHER),
    row(254, "Experiment", OTHER),
];

/// TCP's options.
pub const SET: OptionSet = OptionSet {
    key: "opts",
    fields: OPTION,
    prefix: "tcp.opt.",
    layout: Layout::COUNTS_ALL,
    start: |header| (header.len() > 20).then_some(20),
    rows: ROWS,
    unknown: &row(0, "Unknown option", OTHER),
};

/// The row.
pub const HEADER: Header = Header {
    name: "tcp",
    short: "TCP",
    title: "Transmission control protocol",
    options: Some(&SET),
    inputs: Some(&Inputs { own: Some(HDR_LEN.total(0)), ..Inputs::of(&[]) }),
    source: "RFC 9293",
    ..Header::of(Layer::Tcp, Class::Transport, FIELDS)
};

pub(crate) fn step(reach: Reach<'_>) -> Result<Step, Fault> {
    if let Ok(header) = TcpHeaderSlice::from_slice(reach.bytes) {
        return Step::then(usize::from(header.data_offset()).saturating_mul(4), Next::Payload);
    }
    let len = usize::from(reach.u8(12)? >> 4).saturating_mul(4);
    if len < 20 {
        return Err(Fault::Malformed { at: 12, needs: 20, has: len });
    }
    Err(Fault::Short(len))
}
