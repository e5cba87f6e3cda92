//! Packets made to cost the walk as much as they can.

/// Octets of a bomb.
pub(crate) const SIZE: usize = 65_535;

/// A packet of [`SIZE`] octets or a few less.
pub(crate) struct Bomb {
    pub(crate) name: &'static str,
    /// LINKTYPE_ number.
    pub(crate) link: u16,
    pub(crate) octets: Vec<u8>,
}

/// `head`, then `again` up to the size of a bomb.
fn bomb(name: &'static str, link: u16, head: &str, again: &str) -> Bomb {
    let (mut octets, again) = (hex(head), hex(again));
    while octets.len() + again.len() <= SIZE {
        octets.extend(&again);
    }
    Bomb { name, link, octets }
}

/// Octets written as hexadecimal digits.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).filter_map(|d| u8::try_from(d).ok()).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

const MACS: &str = "020000000001 020000000002";

fn v4(proto: u8) -> String {
    format!("4500ffff 00000000 40{proto:02x}0000 0a000001 0a000002")
}

fn v6(next: u8) -> String {
    format!("60000000 ffff{next:02x}40 {}", "20".repeat(32))
}

fn udp(port: u16) -> String {
    format!("{} c350{port:04x}ffff0000", v4(17))
}

/// Headers that carry one another in any order: octets that begin with IPv4 or IPv6 and end with
/// what announces either.
pub(crate) fn links() -> Vec<Vec<u8>> {
    let pieces = [
        format!("{} 00000800", v4(47)),
        format!("{} 00000800", v6(47)),
        format!("{} 40000800 00000000 {} 00000000", v4(47), "0800000400000000".repeat(63)),
        format!("{} 3000 {MACS} 0800", v4(97)),
        format!("{} 0800000000000100 {MACS} {} 0800", udp(4789), "8100 0001".repeat(3)),
        format!("{} 30ffffff00000001", udp(2152)),
        format!("{} 01000001 {} 01 {MACS} 0800", udp(37008), "00".repeat(63)),
        format!("{} 3f000800000001{}", udp(6081), "00".repeat(253)),
        format!("{} 3c00000000000000 2f00010400000000 00000800", v6(60)),
        format!("{} 000640ff 00064140", udp(6635)),
    ];
    pieces.iter().map(|piece| hex(piece)).collect()
}

/// One bomb a way to nest, repeat or list.
pub(crate) fn bombs() -> Vec<Bomb> {
    let routes = "0800000400000000".repeat(60) + "00000000";
    let radiotap = "ff".repeat(248);
    let quoting = format!("0b000000 00200000 {}", "00".repeat(128));
    vec![
        bomb("tags", 1, MACS, "81000001"),
        bomb("labels", 1, &format!("{MACS} 8847"), "00064000"),
        bomb("IPv4 in IPv4", 101, "", &v4(4)),
        bomb("IPv6 in IPv6", 101, "", &v6(41)),
        bomb("destination options", 101, &v6(60), "3c00000000000000"),
        bomb("fragment headers", 101, &v6(44), "2c00000000000000"),
        bomb("authentication headers", 101, &v6(51), "330100000000000000000000"),
        bomb("GRE in GRE", 101, "", &format!("{} 00000800", v4(47))),
        bomb("GRE routes", 101, &format!("{} 40000800 00000000", v4(47)), "0800000100"),
        bomb("GRE routes in GRE", 101, "", &format!("{} 40000800 00000000 {routes}", v4(47))),
        bomb("EtherIP", 101, "", &format!("{} 3000 {MACS} 0800", v4(97))),
        bomb("VXLAN", 101, "", &format!("{} 0800000000000100 {MACS} 0800", udp(4789))),
        bomb("GTP", 101, "", &format!("{} 30ffffff00000001", udp(2152))),
        bomb(
            "GTP extension headers",
            101,
            &format!("{} 34ffffff00000001 00000085", udp(2152)),
            "01000085",
        ),
        bomb("sniffer's tags", 101, &format!("{} 01000001", udp(37008)), "00"),
        bomb("minimal encapsulation", 101, &v4(55), "3700000000000000"),
        bomb("PPP in GRE", 101, "", &format!("{} 0000880b ff030021", v4(47))),
        bomb("padding before a jumbo payload", 101, &v6(0).replace("ffff00", "000000"), "00ff"),
        bomb("Geneve", 101, "", &format!("{} 3f000800000001{}", udp(6081), "00".repeat(253))),
        bomb("words of a radio", 127, "0000 ffff", "ffffffff"),
        bomb("words of radios", 192, "", &format!("0000 0800 7f000000 0000 0001 {radiotap}")),
        bomb("fields of a packet's information", 192, "0000 ffff 69000000", "03000000"),
        bomb("attributes of a log", 239, "02000000", "04000100"),
        bomb("elements of a cable modem", 143, "01ff fffe", "00"),
        bomb(
            "units of an aggregate",
            105,
            "8801 0000 ffffffffffff 020000000001 020000000002 1000 8600",
            &format!("{MACS} 0003 424203 000000"),
        ),
        bomb("hops of a mesh of sensors", 230, "41d8 3e cdab ffff 0504030000741200", "b500010002"),
        bomb(
            "options of a redirect",
            101,
            &format!("{} 89000000 {}", v6(58), "20".repeat(36)),
            "0101000000000000",
        ),
        bomb(
            "extensions of a record",
            197,
            "0000000000000000 82 04 ffff 0000 ffff",
            "8000000000000000",
        ),
        bomb("facts of a sensor", 283, "0000 ffff", "01000000"),
        bomb("GRE in UDP", 101, "", &format!("{} 00000800", udp(4754))),
        bomb("GUE", 101, "", &format!("{} 00040000", udp(6080))),
        bomb("EoIP", 101, "", &format!("{} 20016400ffff0100 {MACS} 0800", v4(47))),
        bomb("chunks", 101, &format!("{} 00010002 00000003 00000000", v4(132)), "0b000004"),
        bomb("objects behind a quote", 101, &format!("{} {quoting} 2000beef", v4(1)), "00040909"),
        bomb("nothing", 1, MACS, "00"),
    ]
}
