//! Files that are no capture ipeek reads: what they are instead, and what converts them.

/// Formats of other programs: first octets, name, what turns them into a capture.
const FOREIGN: [(&[u8], &str, &str); 13] = [
    (b"snoop\0\0\0", "a snoop capture", "editcap"),
    (b"GMBU", "a Microsoft Network Monitor capture", "editcap"),
    (b"RTSS", "a Microsoft Network Monitor capture", "editcap"),
    (b"TRSNIFF ", "a Network General Sniffer capture", "editcap"),
    (b"XCP\0", "a NetXRay or Sniffer capture", "editcap"),
    (b"\x7fver", "a Savvius OmniPeek capture", "editcap"),
    (b"\x55\xaa\x01\x00", "an iSeries or NetScaler trace", "editcap"),
    (b"btsnoop\0", "a Bluetooth snoop log", "editcap"),
    (b"\x1c\x00\x01\xac", "an IXIA capture", "editcap"),
    (b"\x1c\x00\x01\xab", "an IXIA capture", "editcap"),
    (b"\xac\x01\x00\x1c", "an IXIA capture", "editcap"),
    (b"\xab\x01\x00\x1c", "an IXIA capture", "editcap"),
    (b"PK\x03\x04", "a zip archive", "unzip"),
];

/// What octets that begin no capture may be instead, and what to do about it.
pub(super) fn describe(start: &[u8], is_short: bool) -> String {
    if start.is_empty() {
        return "empty, not a capture".into();
    }
    for (magic, name, tool) in FOREIGN {
        if start.starts_with(magic) {
            return match tool {
                "unzip" => format!("{name}, not a capture: unpack it first, `{tool} FILE`"),
                _ => format!(
                    "{name}, which ipeek does not read: convert it with `{tool} -F pcapng FILE new.pcapng`"
                ),
            };
        }
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
