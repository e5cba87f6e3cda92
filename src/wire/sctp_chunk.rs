//! Chunks of SCTP packets (RFC 9260, section 3.2): what all begin with, and the fixed fields of those
//! that most packets have.

use super::field::{Field, fields};
use super::option::{Extent, Layout, Opt, OptionPart, OptionRow, OptionSet};

fields! {
    /// What each chunk begins with.
    FIELDS, Sctp, "RFC 9260, section 3.2";
    TYPE "sctp.chunk_type" 0, 8, Number, "Chunk", "Which chunk.", names TYPES;
    BIT_1 "sctp.chunk_bit_1" 0, 1, Flag, "If unknown, go on", "Who does not know the chunk goes on with the next." @view;
    BIT_2 "sctp.chunk_bit_2" 1, 1, Flag, "If unknown, report", "Who does not know the chunk reports it." @view;
    FLAGS "sctp.chunk_flags" 8, 8, Hex, "Flags", "What the type says.";
    LENGTH "sctp.chunk_length" 16, 16, Number, "Chunk length", "Octets of the chunk, these four included and padding left out.";
}

/// Chunk types (IANA sctp-parameters).
const TYPES: &[(u16, &str, &str)] = &[
    (0, "DATA", "payload data"),
    (1, "INIT", "opens an association"),
    (2, "INIT ACK", "answers INIT"),
    (3, "SACK", "acknowledges data"),
    (4, "HEARTBEAT", "asks whether a path works"),
    (5, "HEARTBEAT ACK", "answers HEARTBEAT"),
    (6, "ABORT", "ends the association at once"),
    (7, "SHUTDOWN", "ends the association"),
    (8, "SHUTDOWN ACK", "answers SHUTDOWN"),
    (9, "ERROR", "reports errors"),
    (10, "COOKIE ECHO", "answers INIT ACK"),
    (11, "COOKIE ACK", "answers COOKIE ECHO"),
    (12, "ECNE", "tells of marked congestion"),
    (13, "CWR", "answers ECNE"),
    (14, "SHUTDOWN COMPLETE", "answers SHUTDOWN ACK"),
    (15, "AUTH", "authenticates the chunks behind it, RFC 4895"),
    (16, "NR-SACK", "acknowledges data for good"),
    (64, "I-DATA", "payload data that may be interleaved, RFC 8260"),
    (128, "ASCONF ACK", "answers ASCONF, RFC 5061"),
    (129, "PKTDROP", "tells of a dropped packet"),
    (130, "RE-CONFIG", "resets streams, RFC 6525"),
    (132, "PAD", "padding, RFC 4820"),
    (192, "FORWARD TSN", "gives data up, RFC 3758"),
    (193, "ASCONF", "changes addresses, RFC 5061"),
    (194, "I-FORWARD-TSN", "gives data up, RFC 8260"),
];

fields! {
    /// The flags of data.
    DATA_FLAGS, Sctp, "RFC 9260, section 3.3.1";
    DATA_RESERVED "sctp.data_flags_reserved" 0, 4, Hex, "Reserved", "Zero.";
    I "sctp.data_i_bit" 4, 1, Flag, "Immediate", "To be acknowledged at once.";
    U "sctp.data_u_bit" 5, 1, Flag, "Unordered", "Delivered as it comes.";
    B "sctp.data_b_bit" 6, 1, Flag, "Beginning", "First fragment of a message.";
    E "sctp.data_e_bit" 7, 1, Flag, "Ending", "Last fragment of a message.";
}

fields! {
    /// Payload data.
    DATA, Sctp, "RFC 9260, section 3.3.1";
    TSN "sctp.data_tsn_raw" 0, 32, Number, "TSN", "Transmission sequence number.";
    SID "sctp.data_sid" 32, 16, Number, "Stream", "Which stream.";
    SSN "sctp.data_ssn" 48, 16, Number, "Stream sequence", "Order within the stream.";
    PPID "sctp.data_payload_proto_id" 64, 32, Number, "Payload protocol", "What the data are, as both ends agree.", names PAYLOADS;
}

fields! {
    /// Payload data that may be interleaved.
    I_DATA, Sctp, "RFC 8260, section 2.1";
    I_TSN "sctp.data_tsn_raw" 0, 32, Number, "TSN", "Transmission sequence number.";
    I_SID "sctp.data_sid" 32, 16, Number, "Stream", "Which stream.";
    I_RESERVED "sctp.data_reserved" 48, 16, Hex, "Reserved", "Zero.";
    MID "sctp.data_mid" 64, 32, Number, "Message", "Which message of the stream.";
}

fields! {
    /// What the first fragment of such a message has.
    I_FIRST, Sctp, "RFC 8260, section 2.1";
    I_PPID "sctp.data_payload_proto_id" 0, 32, Number, "Payload protocol", "What the data are, as both ends agree.", names PAYLOADS;
}

fields! {
    /// What its other fragments have.
    I_LATER, Sctp, "RFC 8260, section 2.1";
    FSN "sctp.data_fsn" 0, 32, Number, "Fragment", "Order within the message.";
}

/// Payload protocols (IANA sctp-parameters): those of mobile cores, signalling and the web.
const PAYLOADS: &[(u16, &str, &str)] = &[
    (1, "IUA", "RFC 4233"),
    (2, "M2UA", "RFC 3331"),
    (3, "M3UA", "RFC 4666"),
    (4, "SUA", "RFC 3868"),
    (5, "M2PA", "RFC 4165"),
    (7, "H.248", "media gateway control"),
    (8, "BICC", "Q.2150.3"),
    (18, "S1AP", "TS 36.413"),
    (19, "RUA", "TS 25.468"),
    (20, "HNBAP", "TS 25.469"),
    (24, "SBc-AP", "TS 29.168"),
    (25, "NBAP", "TS 25.433"),
    (27, "X2AP", "TS 36.423"),
    (31, "LCS-AP", "TS 29.171"),
    (43, "M2AP", "TS 36.443"),
    (44, "M3AP", "TS 36.444"),
    (46, "Diameter", "RFC 6733"),
    (47, "Diameter over DTLS", "RFC 6733"),
    (50, "WebRTC control", "RFC 8832"),
    (51, "WebRTC string", "RFC 8831"),
    (53, "WebRTC binary", "RFC 8831"),
    (56, "WebRTC empty string", "RFC 8831"),
    (57, "WebRTC empty binary", "RFC 8831"),
    (58, "XwAP", "TS 36.463"),
    (60, "NGAP", "TS 38.413"),
    (61, "XnAP", "TS 38.423"),
    (62, "F1AP", "TS 38.473"),
    (63, "HTTP", "draft"),
    (64, "E1AP", "TS 38.463"),
    (66, "NGAP over DTLS", "TS 38.413"),
    (67, "XnAP over DTLS", "TS 38.423"),
    (68, "F1AP over DTLS", "TS 38.473"),
    (69, "E1AP over DTLS", "TS 38.463"),
    (70, "E2-CP", "O-RAN"),
    (71, "E2-UP", "O-RAN"),
    (72, "E2-DU", "O-RAN"),
    (73, "W1AP", "TS 37.473"),
];

fields! {
    /// INIT.
    INIT, Sctp, "RFC 9260, section 3.3.2";
    INIT_TAG "sctp.init_initiate_tag" 0, 32, Hex, "Initiate tag", "Verification tag of all that is sent back.";
    INIT_CREDIT "sctp.init_credit" 32, 32, Number, "Receiver window", "Octets that the sender will take.";
    INIT_OUT "sctp.init_nr_out_streams" 64, 16, Number, "Outbound streams", "Streams that the sender wants.";
    INIT_IN "sctp.init_nr_in_streams" 80, 16, Number, "Inbound streams", "Streams that it allows at most.";
    INIT_TSN "sctp.init_initial_tsn" 96, 32, Number, "Initial TSN", "Of its first data.";
}

fields! {
    /// INIT ACK.
    INIT_ACK, Sctp, "RFC 9260, section 3.3.3";
    ACK_TAG "sctp.initack_initiate_tag" 0, 32, Hex, "Initiate tag", "Verification tag of all that is sent back.";
    ACK_CREDIT "sctp.initack_credit" 32, 32, Number, "Receiver window", "Octets that the sender will take.";
    ACK_OUT "sctp.initack_nr_out_streams" 64, 16, Number, "Outbound streams", "Streams that the sender wants.";
    ACK_IN "sctp.initack_nr_in_streams" 80, 16, Number, "Inbound streams", "Streams that it allows at most.";
    ACK_TSN "sctp.initack_initial_tsn" 96, 32, Number, "Initial TSN", "Of its first data.";
}

fields! {
    /// SACK.
    SACK, Sctp, "RFC 9260, section 3.3.4";
    CUMULATIVE "sctp.sack_cumulative_tsn_ack_raw" 0, 32, Number, "Cumulative TSN", "Last of what came without a gap.";
    SACK_WINDOW "sctp.sack_a_rwnd" 32, 32, Number, "Receiver window", "Octets that the sender will take.";
    GAPS "sctp.sack_number_of_gap_blocks" 64, 16, Number, "Gap blocks", "How many follow.";
    DUPLICATES "sctp.sack_number_of_duplicated_tsns" 80, 16, Number, "Duplicate TSNs", "How many follow these.";
}

fields! {
    /// Gap blocks.
    GAP, Sctp, "RFC 9260, section 3.3.4";
    GAP_START "sctp.sack_gap_block_start" 0, 16, Number, "Gap block start", "First that came behind a gap, from the cumulative TSN." @repeats_in_words;
    GAP_END "sctp.sack_gap_block_end" 16, 16, Number, "Gap block end", "Last of these." @repeats_in_words;
}

fields! {
    /// Duplicate TSNs.
    DUPLICATE, Sctp, "RFC 9260, section 3.3.4";
    DUPLICATE_TSN "sctp.sack_duplicate_tsn" 0, 32, Number, "Duplicate TSN", "Came again." @repeats;
}

fields! {
    /// HEARTBEAT and its answer.
    HEARTBEAT, Sctp, "RFC 9260, section 3.3.5";
    PARAMETER_TYPE "sctp.parameter_type" 0, 16, Number, "Parameter", "1, heartbeat information.";
    PARAMETER_LENGTH "sctp.parameter_length" 16, 16, Number, "Parameter length", "Octets of the parameter, these four included.";
    INFORMATION "sctp.parameter_heartbeat_information" 32, 0, Bytes, "Heartbeat information", "Comes back as it was.";
}

fields! {
    /// The flags of ABORT.
    ABORT, Sctp, "RFC 9260, section 3.3.7";
    ABORT_RESERVED "sctp.abort_flags_reserved" 0, 7, Hex, "Reserved", "Zero.";
    ABORT_T "sctp.abort_t_bit" 7, 1, Flag, "T", "The verification tag is the receiver's own.";
}

fields! {
    /// The flags of SHUTDOWN COMPLETE.
    COMPLETE, Sctp, "RFC 9260, section 3.3.13";
    COMPLETE_RESERVED "sctp.shutdown_complete_flags_reserved" 0, 7, Hex, "Reserved", "Zero.";
    COMPLETE_T "sctp.shutdown_complete_t_bit" 7, 1, Flag, "T", "The verification tag is the receiver's own.";
}

fields! {
    /// SHUTDOWN.
    SHUTDOWN, Sctp, "RFC 9260, section 3.3.8";
    SHUTDOWN_TSN "sctp.shutdown_cumulative_tsn_ack" 0, 32, Number, "Cumulative TSN", "Last of what came without a gap.";
}

fields! {
    /// COOKIE ECHO.
    COOKIE, Sctp, "RFC 9260, section 3.3.11";
    STATE_COOKIE "sctp.cookie" 0, 0, Bytes, "Cookie", "From INIT ACK.";
}

fields! {
    /// ECNE.
    ECNE, Sctp, "RFC 9260, appendix A";
    ECNE_TSN "sctp.ecne_lowest_tsn" 0, 32, Number, "Lowest TSN", "Of what came marked.";
}

fields! {
    /// CWR.
    CWR, Sctp, "RFC 9260, appendix A";
    CWR_TSN "sctp.cwr_lowest_tsn" 0, 32, Number, "Lowest TSN", "From the ECNE that is answered.";
}

fields! {
    /// FORWARD TSN.
    FORWARD, Sctp, "RFC 3758, section 3.2";
    FORWARD_TSN "sctp.forward_tsn_tsn" 0, 32, Number, "New cumulative TSN", "The receiver waits for nothing up to here.";
}

fields! {
    /// What each error cause begins with.
    CAUSE, Sctp, "RFC 9260, section 3.3.10";
    CAUSE_CODE "sctp.cause_code" 0, 16, Number, "Cause", "What is wrong.", names CAUSES;
    CAUSE_LENGTH "sctp.cause_length" 16, 16, Number, "Cause length", "Octets of the cause, these four included and padding left out.";
}

fields! {
    /// What is wrong.
    CAUSE_DATA, Sctp, "RFC 9260, section 3.3.10";
    CAUSE_INFORMATION "sctp.cause_information" 0, 0, Bytes, "Cause information", "What the cause says.";
}

/// Error causes (IANA sctp-parameters).
const CAUSES: &[(u16, &str, &str)] = &[
    (1, "invalid stream identifier", "data of a stream that there is not"),
    (2, "missing mandatory parameter", "INIT lacks something"),
    (3, "stale cookie", "the cookie came too late"),
    (4, "out of resource", "no room"),
    (5, "unresolvable address", "a kind of address that is not known"),
    (6, "unrecognized chunk type", "a chunk that is not known"),
    (7, "invalid mandatory parameter", "a value that may not be"),
    (8, "unrecognized parameters", "parameters that are not known"),
    (9, "no user data", "DATA without data"),
    (10, "cookie received while shutting down", "too late to open"),
    (11, "restart with new addresses", "addresses that were not there before"),
    (12, "user-initiated abort", "the application ended it"),
    (13, "protocol violation", "against a rule"),
    (160, "request to delete last address", "RFC 5061"),
    (161, "operation refused: no resources", "RFC 5061"),
    (162, "request to delete source address", "RFC 5061"),
    (163, "aborted: illegal ASCONF ACK", "RFC 5061"),
    (164, "request refused: not authorized", "RFC 5061"),
    (261, "unsupported HMAC identifier", "RFC 4895"),
];

/// How chunks and causes are laid out: their length counts all but the padding to a multiple of
/// four.
const PADDED: Layout =
    Layout { extent: Extent::Pair(2), head: 4, align: 4, is_behind: true, ..Layout::ENTRIES };

/// The causes of ABORT and ERROR.  They are told apart by the names of their codes.
static CAUSE_SET: OptionSet = OptionSet {
    key: "causes",
    fields: CAUSE,
    prefix: "sctp.",
    layout: Layout { is_behind: false, ..PADDED },
    start: |data| (!data.is_empty()).then_some(0),
    rows: &[],
    unknown: &OptionRow::new(0, "Error cause", CAUSE_DATA, "RFC 9260"),
};

const fn row(code: u8, label: &'static str, fields: &'static [Field]) -> OptionRow {
    OptionRow::new(code, label, fields, "RFC 9260")
}

/// The flags of a chunk, as a part.
const fn flags(fields: &'static [Field]) -> OptionPart {
    OptionPart { start: |_| Some(1), len: |_| Some(1), fields }
}

/// First octet of a SACK behind its fixed fields.
const SACK_LISTS: usize = 16;

/// How many of a SACK's gap blocks or duplicates there are, by the octet at which that stands.
fn count(sack: &Opt<'_>, at: usize) -> Option<usize> {
    let count = u16::from_be_bytes(*sack.bytes.get(at..)?.first_chunk()?);
    usize::from(count).checked_mul(4)
}

/// Octet of I-DATA at which what its B flag says stands.
fn of_first(data: &Opt<'_>, wanted: bool) -> Option<usize> {
    let is_first = data.bytes.get(1)? & 2 != 0;
    (is_first == wanted).then_some(16)
}

const ROWS: &[OptionRow] = &[
    OptionRow { parts: &[flags(DATA_FLAGS)], ..row(0, "DATA", DATA) },
    row(1, "INIT", INIT),
    row(2, "INIT ACK", INIT_ACK),
    OptionRow {
        parts: &[
            OptionPart { start: |_| Some(SACK_LISTS), len: |sack| count(sack, 12), fields: GAP },
            OptionPart {
                start: |sack| count(sack, 12)?.checked_add(SACK_LISTS),
                len: |sack| count(sack, 14),
                fields: DUPLICATE,
            },
        ],
        ..row(3, "SACK", SACK)
    },
    row(4, "HEARTBEAT", HEARTBEAT),
    row(5, "HEARTBEAT ACK", HEARTBEAT),
    OptionRow { parts: &[flags(ABORT)], list: Some(&CAUSE_SET), ..row(6, "ABORT", &[]) },
    row(7, "SHUTDOWN", SHUTDOWN),
    row(8, "SHUTDOWN ACK", &[]),
    OptionRow { list: Some(&CAUSE_SET), ..row(9, "ERROR", &[]) },
    row(10, "COOKIE ECHO", COOKIE),
    row(11, "COOKIE ACK", &[]),
    row(12, "ECNE", ECNE),
    row(13, "CWR", CWR),
    OptionRow { parts: &[flags(COMPLETE)], ..row(14, "SHUTDOWN COMPLETE", &[]) },
    row(15, "AUTH", OTHER),
    row(16, "NR-SACK", OTHER),
    OptionRow {
        parts: &[
            flags(DATA_FLAGS),
            OptionPart { start: |o| of_first(o, true), len: |_| Some(4), fields: I_FIRST },
            OptionPart { start: |o| of_first(o, false), len: |_| Some(4), fields: I_LATER },
        ],
        ..row(64, "I-DATA", I_DATA)
    },
    row(128, "ASCONF ACK", OTHER),
    row(129, "PKTDROP", OTHER),
    row(130, "RE-CONFIG", OTHER),
    row(132, "PAD", &[]),
    row(192, "FORWARD TSN", FORWARD),
    row(193, "ASCONF", OTHER),
    row(194, "I-FORWARD-TSN", FORWARD),
];

fields! {
    /// Chunks without a table.
    OTHER, Sctp, "RFC 9260, section 3.2";
    VALUE "sctp.chunk_value" 0, 0, Bytes, "Value", "What the type says.";
}

/// The chunks of a packet.
pub static SET: OptionSet = OptionSet {
    key: "chunks",
    fields: FIELDS,
    prefix: "sctp.",
    layout: PADDED,
    start: |packet| (packet.len() > 12).then_some(12),
    rows: ROWS,
    unknown: &row(0, "Unknown chunk", OTHER),
};
