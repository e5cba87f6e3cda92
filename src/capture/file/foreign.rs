//! Files that are no capture ipeek reads: what they are instead, and what converts them.

use std::path::Path;

/// Octets by which they are recognised.
pub(super) const OCTETS: usize = 32;

/// What turns a file into a capture.
#[derive(Clone, Copy)]
enum Remedy {
    /// A command that writes a pcapng beside it.
    Convert,
    /// A command that unpacks it.
    Unpack(&'static str),
}

/// Formats of other programs: first octets, name, what turns them into a capture.
const FOREIGN: [(&[u8], &str, Remedy); 26] = {
    use Remedy::{Convert, Unpack};
    [
        (b"snoop\0\0\0", "a snoop capture", Convert),
        (b"GMBU", "a Microsoft Network Monitor capture", Convert),
        (b"RTSS", "a Microsoft Network Monitor capture", Convert),
        (b"TRSNIFF ", "a Network General Sniffer capture", Convert),
        (b"XCP\0", "a NetXRay or Sniffer capture", Convert),
        (b"\x7fver", "a Savvius OmniPeek capture", Convert),
        (b"\x55\xaa\x01\x00", "an iSeries or NetScaler trace", Convert),
        (b"btsnoop\0", "a Bluetooth snoop log", Convert),
        (b"\x1c\x00\x01\xac", "an IXIA capture", Convert),
        (b"\x1c\x00\x01\xab", "an IXIA capture", Convert),
        (b"\xac\x01\x00\x1c", "an IXIA capture", Convert),
        (b"\xab\x01\x00\x1c", "an IXIA capture", Convert),
        (b"TR\x00\x64", "an HP-UX nettl trace", Convert),
        (b"\x05VNF", "a Visual Networks capture", Convert),
        (b"ObserverPktBuf", "a Network Instruments Observer capture", Convert),
        (b"\xaa\xaa\xaa\xaa", "an InfoVista 5View capture", Convert),
        (b"\x01\x10\x4c\x00\x01\x05Trace Disp", "a Novell LANalyzer capture", Convert),
        (b"+---------+---------------+", "a K12 text capture", Convert),
        (b"\x00\x00\x02\x00\x12\x05\x00\x10", "a Tektronix K12 capture", Convert),
        (b"iptrace 1.0", "an AIX iptrace capture", Convert),
        (b"iptrace 2.0", "an AIX iptrace capture", Convert),
        (b"\x42\xd2\x00\x34\x12\x66\x22\x88", "a RADCOM capture", Convert),
        (b"PK\x03\x04", "a zip archive", Unpack("unzip")),
        (b"7z\xbc\xaf\x27\x1c", "a 7-zip archive", Unpack("7z x")),
        (b"Rar!\x1a\x07", "a RAR archive", Unpack("unrar x")),
        (b"\x1f\x9d", "a compress (.Z) file", Unpack("uncompress")),
    ]
};

/// What octets that begin no capture may be instead, and what to do about it.
pub(super) fn describe(path: &Path, start: &[u8], is_short: bool) -> String {
    if start.is_empty() {
        return "empty, not a capture".into();
    }
    let row = FOREIGN.iter().find(|(magic, ..)| start.starts_with(magic));
    let found = row.map(|(_, name, remedy)| (*name, *remedy));
    let is_named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("erf"));
    let found = found.or((is_erf(start, is_named)).then_some(("an ERF capture", Remedy::Convert)));
    match found {
        Some((name, Remedy::Unpack(tool))) => {
            return format!("{name}, not a capture: unpack it first, `{tool} FILE`");
        }
        Some((name, Remedy::Convert)) => {
            return format!(
                "{name}, which ipeek does not read: convert it with `editcap -F pcapng FILE new.pcapng`"
            );
        }
        None => {}
    }
    let mut shown = String::new();
    for octet in start.iter().take(4) {
        use std::fmt::Write;
        let _ = write!(shown, "{octet:02x}");
    }
    let short = if is_short { ", too short" } else { "" };
    format!(
        "not a capture: begins with 0x{shown}{short}; what Wireshark opens, `editcap -F pcapng FILE new.pcapng` converts"
    )
}

/// Whether a file may begin with a record of Endace's ERF, which has no magic: a type that exists,
/// and lengths that fit one another, the record's with its 16 octets of header.
fn is_erf(start: &[u8], is_named: bool) -> bool {
    let Some(&[kind, flags, high, low, _, _, wire_high, wire_low]) =
        start.get(8..).and_then(<[u8]>::first_chunk)
    else {
        return false;
    };
    let len = u16::from_be_bytes([high, low]);
    let wire = u16::from_be_bytes([wire_high, wire_low]);
    let fits = len >= 16 && len <= wire.saturating_add(64);
    // Any prose has lengths that fit, where the flags are a letter; times and lengths are no prose.
    let is_prose = start.iter().take(64).all(|octet| matches!(octet, b'\t'..=b'\r' | b' '..));
    // Bit 7 of the type tells of extension headers; bits 6 and 7 of the flags are reserved.
    let is_likely = wire > 0 && flags & 0xc0 == 0 && !is_prose;
    matches!(kind & 0x7f, 1..=48) && fits && (is_named || is_likely)
}
