//! The rarer link types and tags: each header laid out as its specification has it.

use ipeek::decode::Reason;
use ipeek::wire::Layer;

use crate::packets::decode;

const V4: &str = "4500001c 00000000 40110000 c0000201 c0000202 1234003500080000";
const V6: &str = "60000000 0008 11 40
    20010db8000000000000000000000001 20010db8000000000000000000000002 1234003500080000";
const MACS: &str = "02 00 00 00 00 02  02 00 00 00 00 01";
const SNAP: &str = "aa aa 03 000000 0800";

/// The chain of every row: link type, octets, headers.
fn holds(rows: &[(u16, &str, &str)]) {
    for (link, octets, chain) in rows {
        let frame = decode(*link, octets);
        assert_eq!(frame.chain(), *chain, "{link}: {octets}");
        assert_eq!(frame.stop(), None, "{link}: {octets}");
    }
}

#[test]
fn tags_behind_ethernet_give_way_to_ip() {
    let tagged = [
        ("8926 c001 2003 0800", "vntag"),
        ("893f 1000 00d3 0000 0800", "etag"),
        ("88e7 00 123456 020000000003 020000000004 0800", "ieee8021ah"),
        ("d28b 0001 0010 5ceeed57 384f59c8 0800", "avsp"),
        ("d28b 0001 0120 ed57 384f59c8 0800", "avsp"),
        ("894f 0fc6 0101 00000102 00000001 00000002 00000003 00000004", "nsh"),
        ("894f 0fc2 0201 00000102", "nsh"),
    ];
    for (tag, name) in tagged {
        let frame = decode(1, &format!("{MACS} {tag} {V4}"));
        assert_eq!(frame.chain(), format!("eth {name} ip udp"), "{tag}");
    }
    let frame = decode(1, &format!("{MACS} 88e7 70 123456 020000000003 020000000004 86dd {V6}"));
    frame.has(&[
        ("ieee8021ah.priority", "3"),
        ("ieee8021ah.drop", "1"),
        ("ieee8021ah.isid", "1193046"),
        ("ieee8021ah.cdst", "02:00:00:00:00:03"),
    ]);
    let frame = decode(1, &format!("{MACS} 8926 c001 2003 0800 {V4}"));
    frame.has(&[
        ("vntag.dir", "true"),
        ("vntag.ptr", "true"),
        ("vntag.dst", "1"),
        ("vntag.version", "2"),
        ("vntag.src", "3"),
    ]);
    // Suricata's decode-etag: priority 0, drop eligible, channel 0xd3.
    let frame = decode(1, &format!("{MACS} 893f 1000 00d3 0000 0800 {V4}"));
    frame.has(&[("etag.dei", "true"), ("etag.ecid_base", "211"), ("etag.iecid_base", "0")]);
}

#[test]
fn whole_frames_behind_a_tag_are_decoded() {
    holds(&[
        (1, &format!("{MACS} 8903 0060 {MACS} 0800 {V4}"), "eth cfp eth ip udp"),
        // RFC 6325, section 3.2: one word of options.
        (
            1,
            &format!("{MACS} 22f3 0041 0001 0002 00000000 {MACS} 0800 {V4}"),
            "eth trill eth ip udp",
        ),
        (1, &format!("{MACS} 894f 0fc2 0203 00000102 {MACS} 0800 {V4}"), "eth nsh eth ip udp"),
        (
            1,
            &format!(
                "01000c0000 00 020000000001 0042 aaaa03 00000c 0054 0001 0000 {MACS} 0800 {V4}
                 00000000"
            ),
            "isl eth ip udp",
        ),
    ]);
}

/// IEEE 802.1AE, clause 9.3: SC, then E and C; the last 16 octets are the check value.
#[test]
fn macsec_is_decoded_where_it_only_authenticates() {
    let icv = "ee".repeat(16);
    let frame = decode(1, &format!("{MACS} 88e5 20 00 00000044 2eb73f3995c3 0001 0800 {V4} {icv}"));
    assert_eq!(frame.chain(), "eth macsec ip udp");
    assert_eq!(frame.range_of(Layer::Macsec), (14, 16));
    assert_eq!(frame.layers.end, 14 + 16 + 28);
    frame.has(&[
        ("macsec.TCI.SC", "true"),
        ("macsec.PN", "68"),
        ("macsec.SCI.system_identifier", "2e:b7:3f:39:95:c3"),
        ("macsec.SCI.port_identifier", "1"),
    ]);
    let short = decode(1, &format!("{MACS} 88e5 00 1e 00000044 0800 {V4} {icv} 0000"));
    assert_eq!(short.chain(), "eth macsec ip udp");
    assert_eq!(short.layers.end, 14 + 6 + 30);
    let closed =
        decode(1, &format!("{MACS} 88e5 2c 00 00000044 2eb73f3995c3 0001 0800 {V4} {icv}"));
    assert_eq!(closed.chain(), "eth macsec");
}

/// RFC 8300, section 2.2: the length counts words and is at least two.
#[test]
fn nsh_shorter_than_itself_is_malformed() {
    let frame = decode(1, &format!("{MACS} 894f 0fc1 0201 00000102 {V4}"));
    assert_eq!(frame.stop(), Some((Reason::Malformed, 15, 8, 4)));
}

/// ITU-T Q.922, section 3.2; RFC 2427, sections 3 and 4; Cisco's EtherType.
#[test]
fn frame_relay_has_addresses_of_two_to_four_octets() {
    let bridged = format!("1841 03 00 80 0080c2 0007 {MACS} 0800 {V4}");
    holds(&[
        (107, &format!("1841 03 cc {V4}"), "fr ip udp"),
        (107, &format!("1841 03 00 cc {V4}"), "fr ip udp"),
        (107, &format!("1841 03 8e {V6}"), "fr ipv6 udp"),
        (107, &format!("184003 03 cc {V4}"), "fr ip udp"),
        (107, &format!("18400001 03 cc {V4}"), "fr ip udp"),
        (107, &format!("1841 03 00 80 000000 0800 {V4}"), "fr ip udp"),
        (107, &bridged, "fr eth ip udp"),
        (107, &format!("1841 03 cf 0021 {V4}"), "fr ppp ip udp"),
        (107, &format!("48e1 86dd {V6}"), "fr ipv6 udp"),
        (107, "0001 0308 0075 9501", "fr"),
    ]);
    let frame = decode(107, &format!("48eb 0800 {V4}"));
    frame.has(&[
        ("fr.upper_dlci", "18"),
        ("fr.second_dlci", "14"),
        ("fr.fecn", "true"),
        ("fr.becn", "false"),
        ("fr.de", "true"),
        ("fr.chdlctype", "2048"),
    ]);
}

#[test]
fn direction_goes_before_frames_that_have_no_place_for_it() {
    holds(&[
        (204, &format!("01 ff03 0021 {V4}"), "direction ppp ip udp"),
        (205, &format!("00 0f00 0800 {V4}"), "direction chdlc ip udp"),
        (206, &format!("00 1841 03 cc {V4}"), "direction fr ip udp"),
    ]);
}

/// RFC 1990, section 3: only a packet that begins and ends in one fragment is whole.
#[test]
fn multilink_shows_what_is_whole() {
    holds(&[
        (9, &format!("ff03 003d c0 000001 0021 {V4}"), "ppp mp ppp ip udp"),
        (9, &format!("ff03 003d 80 000001 0021 {V4}"), "ppp mp"),
    ]);
}

const DATA: &str = "0000 ffffffffffff 020000000001 020000000002 1000";
const LATER: &str = "0000 ffffffffffff 020000000001 020000000002 1100";

/// IEEE 802.11, clause 9.3.2: four addresses, quality of service and HT control are optional.
#[test]
fn data_of_802_11_carries_llc() {
    let fourth = "020000000003";
    holds(&[
        (105, &format!("0801 {DATA} {SNAP} {V4}"), "wlan llc ip udp"),
        (105, &format!("0803 {DATA} {fourth} {SNAP} {V4}"), "wlan llc ip udp"),
        (105, &format!("8801 {DATA} 0600 {SNAP} {V4}"), "wlan llc ip udp"),
        (105, &format!("8881 {DATA} 0600 00000000 {SNAP} {V4}"), "wlan llc ip udp"),
        (105, &format!("8883 {DATA} {fourth} 0600 00000000 {SNAP} {V4}"), "wlan llc ip udp"),
        // Padded to four octets.
        (105, &format!("8801 {DATA} 0600 0000 {SNAP} {V4}"), "wlan llc ip udp"),
        // An aggregate, its first unit of 36 octets, and padding.
        (
            105,
            &format!("8801 {DATA} 8600 {MACS} 0024 {SNAP} {V4} {}", "00".repeat(40)),
            "wlan wlan_aggregate llc ip udp",
        ),
        // Numbered as a later fragment: one, and one that begins as only a whole body does.
        (105, &format!("0801 {LATER} 00 {SNAP} {V4}"), "wlan"),
        (105, &format!("0801 {LATER} {SNAP} {V4}"), "wlan llc ip udp"),
        // Protected, nothing carried, a beacon, an acknowledgement.
        (105, &format!("0841 {DATA} {SNAP} {V4}"), "wlan"),
        (105, &format!("4801 {DATA}"), "wlan"),
        (105, &format!("8000 {DATA} {}", "00".repeat(20)), "wlan"),
        (105, "d400 0000 020000000001", "wlan"),
    ]);
    let frame = decode(105, &format!("8801 {DATA} 0600 {SNAP} {V4}"));
    frame.has(&[
        ("wlan.fc.type", "2"),
        ("wlan.fc.subtype", "8"),
        ("wlan.fc.tods", "true"),
        ("wlan.ra", "ff:ff:ff:ff:ff:ff"),
        ("wlan.ta", "02:00:00:00:00:01"),
        ("wlan.address_3", "02:00:00:00:00:02"),
        ("wlan.frag", "0"),
        ("wlan.qos.tid", "6"),
    ]);
    assert_eq!(frame.range_of(Layer::Wlan), (0, 26));
}

/// radiotap.org: present words chain by bit 31, fields are aligned, flag 0x10 announces a checksum.
#[test]
fn radiotap_ends_before_the_checksum() {
    let wlan = format!("0801 {DATA} {SNAP} {V4}");
    // TSFT, flags, rate and channel; TSFT is aligned to eight octets.
    let head = "00 00 1e00 0f000080 00000000 00000000 8877665544332211 10 02 8509a000";
    let frame = decode(127, &format!("{head} {wlan} eeeeeeee"));
    assert_eq!(frame.chain(), "radiotap wlan llc ip udp");
    frame.has(&[
        ("radiotap.length", "30"),
        ("radiotap.mactime", "1234605616436508552"),
        ("radiotap.flags.fcs", "true"),
        ("radiotap.rate_kbps", "1000"),
        ("radiotap.channel.freq", "2437"),
        ("radiotap.channel.flags", "160"),
    ]);
    assert_eq!(usize::try_from(frame.layers.end).ok(), Some(frame.owned.bytes.len() - 4));
    let bare = decode(127, &format!("00 00 0800 00000000 {wlan}"));
    assert_eq!(bare.chain(), "radiotap wlan llc ip udp");
    assert_eq!(usize::try_from(bare.layers.end).ok(), Some(bare.owned.bytes.len()));
}

#[test]
fn facts_of_the_radio_go_before_802_11() {
    let wlan = format!("0801 {DATA} {SNAP} {V4}");
    let avs = format!("80211001 00000040 {}", "00".repeat(56));
    let prism = format!(
        "44000000 90000000 {} {}",
        "776c616e30".to_owned() + &"00".repeat(11),
        "00".repeat(120)
    );
    holds(&[
        (163, &format!("{avs} {wlan}"), "wlancap wlan llc ip udp"),
        (119, &format!("{prism} {wlan}"), "prism wlan llc ip udp"),
        (119, &format!("{avs} {wlan}"), "wlancap wlan llc ip udp"),
        // 802.11-Common, its flags at octet 8: the checksum was captured.
        (
            192,
            &format!(
                "00 00 2000 69000000 0200 1400 0000000000000000 0100 0000 0000 0000 00000000
                 {wlan} eeeeeeee"
            ),
            "ppi wlan llc ip udp",
        ),
    ]);
}

#[test]
fn facts_of_the_capture_go_before_a_frame_of_any_link_type() {
    let pktap = format!("6c000000 01000000 01000000 656e30{}", "00".repeat(93));
    holds(&[
        (
            192,
            &format!("00 00 1000 01000000 0800 0400 00000000 {MACS} 0800 {V4}"),
            "ppi eth ip udp",
        ),
        (258, &format!("{pktap} {MACS} 0800 {V4}"), "pktap eth ip udp"),
        (149, &format!("{pktap} {MACS} 0800 {V4}"), "pktap eth ip udp"),
    ]);
    assert_eq!(
        decode(192, &format!("00 00 0400 01000000 {V4}")).stop(),
        Some((Reason::Malformed, 2, 8, 4))
    );
}

#[test]
fn rings_and_buses_carry_llc_or_ip() {
    holds(&[
        (10, &format!("50 {MACS} {SNAP} {V4}"), "fddi llc ip udp"),
        (10, &format!("41 {MACS}"), "fddi"),
        (6, &format!("10 40 {MACS} {SNAP} {V4}"), "tr llc ip udp"),
        // A route of four octets: the source's top bit is set.
        (6, &format!("10 40 020000000002 820000000001 0410 0011 {SNAP} {V4}"), "tr llc ip udp"),
        (129, &format!("be 50 ab08 f0 {V4}"), "arcnet ip udp"),
        (129, &format!("be 50 ab08 d4 00 0001 {V4}"), "arcnet ip udp"),
        (129, &format!("be 50 ab08 d4 02 0001 {V4}"), "arcnet"),
        (7, &format!("be 50 f0 {V4}"), "arcnet ip udp"),
        (7, &format!("be 50 d4 00 0001 {V4}"), "arcnet ip udp"),
        (7, &format!("be 50 d4 ff ffff d4 00 0001 {V4}"), "arcnet ip udp"),
        (138, &format!("{} {} 0800 {V4}", "02".repeat(8), "03".repeat(8)), "ap1394 ip udp"),
        (122, &format!("{} {} {SNAP} {V4}", "10".repeat(8), "11".repeat(8)), "ipfc llc ip udp"),
        (143, &format!("00 00 002a 1234 {MACS} 0800 {V4}"), "docsis eth ip udp"),
        (143, &format!("01 02 002c 61 00 1234 {MACS} 0800 {V4}"), "docsis eth ip udp"),
    ]);
}

/// RFC 2684, sections 5.1 and 5.2; RFC 2225 for IP without LLC.
#[test]
fn atm_carries_llc_ip_or_bridged_ethernet() {
    holds(&[
        (123, &format!("02 00 0064 {SNAP} {V4}"), "atm llc ip udp"),
        (123, &format!("81 00 0064 0001 {MACS} 0800 {V4}"), "atm lane eth ip udp"),
        (100, &format!("{SNAP} {V4}"), "llc ip udp"),
        (11, &format!("{SNAP} {V4}"), "llc ip udp"),
        (100, &format!("aaaa03 0080c2 0007 0000 {MACS} 0800 {V4}"), "llc eth ip udp"),
        (106, &format!("{SNAP} {V4}"), "llc ip udp"),
        (106, V4, "ip udp"),
        (19, V6, "ipv6 udp"),
    ]);
}

#[test]
fn logs_and_taps_name_the_family() {
    let pflog = |family: &str| format!("3d {family} 00 00 656d30{}", "00".repeat(57));
    holds(&[
        (117, &format!("{} {V4}", pflog("02")), "pflog ip udp"),
        (117, &format!("{} {V6}", pflog("18")), "pflog ipv6 udp"),
        (109, &format!("02000000 00001000 00000c00 {V4}"), "enc ip udp"),
        (
            226,
            &format!("01 02 0000 0000001c 00000002 00000000 ffffffff 00000000 {V4}"),
            "ipnet ip udp",
        ),
        (
            226,
            &format!("01 1a 0001 00000030 00000002 00000000 ffffffff 00000000 {V6}"),
            "ipnet ipv6 udp",
        ),
        // A prefix of five octets with its padding, then the packet.
        (239, &format!("02 00 0014 0500 0a00 00 000000 2000 0900 {V4}"), "nflog ip udp"),
        (239, &format!("02 00 0014 0005 000a 00 000000 0020 0009 {V4}"), "nflog ip udp"),
        (242, &format!("{} 0800 0000 {V4}", "00".repeat(40)), "ipoib ip udp"),
        (219, &format!("0006417f {V4}"), "mpls ip udp"),
    ]);
}

/// What tcpdump's print-juniper reads: magic, flags, extensions, then what the link type says.
#[test]
fn juniper_goes_on_as_the_link_type_says() {
    let bare = "4d4743 00";
    let extended = "4d4743 81 0006 010100 020100";
    holds(&[
        (178, &format!("{bare} {MACS} 0800 {V4}"), "juniper eth ip udp"),
        (178, &format!("{extended} {MACS} 0800 {V4}"), "juniper eth ip udp"),
        (178, &format!("4d4743 02 02000000 {V4}"), "juniper ip udp"),
        (179, &format!("{bare} ff03 0021 {V4}"), "juniper ppp ip udp"),
        (180, &format!("{bare} 1841 03 cc {V4}"), "juniper fr ip udp"),
        (181, &format!("{bare} 0f00 0800 {V4}"), "juniper chdlc ip udp"),
        (137, &format!("{bare} 00000000 {SNAP} {V4}"), "juniper juniper llc ip udp"),
        (135, &format!("{bare} 0000000000000000 {V4}"), "juniper juniper ip udp"),
    ]);
    let frame = decode(178, &format!("000000 00 {MACS} 0800 {V4}"));
    assert_eq!(frame.stop(), Some((Reason::Malformed, 0, 0x4d, 0)));
}

/// Frame 315 of arkime's tests: group 0, then IPv4.
#[test]
fn metadata_of_cisco_is_a_tag() {
    let frame = decode(
        1,
        "001122334443 001122334442 8909 0000 0000 0000 0800
        4500001c 00010000 4001e58c c0a80a01 c0a80a02 0800f7ff00000000",
    );
    assert_eq!(frame.chain(), "eth cmd ip icmp");
    let frame = decode(1, &format!("{MACS} 8909 01 01 0001 0bad 86dd {V6}"));
    assert_eq!(frame.chain(), "eth cmd ipv6 udp");
    frame.has(&[
        ("cmd.version", "1"),
        ("cmd.length", "1"),
        ("cmd.options", "1"),
        ("cmd.sgt", "2989"),
        ("cmd.type", "34525"),
    ]);
}

/// IEEE 802.11, clause 9.2.4.8.3; the first is laid out as ns-3 sends it.
#[test]
fn frames_of_a_mesh_have_a_control_of_their_own() {
    let data = "02000000000a 02000000000b 02000000000c 0000 02000000000d";
    let head = |flags: &str| format!("{flags} 0000 {data}");
    let mesh = format!("{} 2001 00 20 01000000 {SNAP} {V4}", head("8803"));
    let frame = decode(105, &mesh);
    assert_eq!(frame.chain(), "wlan wlan_mesh llc ip udp");
    assert_eq!(frame.range_of(Layer::MeshControl), (32, 6));
    frame.has(&[
        ("wlan.fixed.mesh_flags.address_extension", "0"),
        ("wlan.fixed.mesh_ttl", "32"),
        ("wlan.fixed.mesh_sequence", "1"),
        ("wlan.fixed.mesh_addr5", "-"),
    ]);
    let (fifth, sixth) = ("020000000005", "020000000006");
    let outside = format!("{} 2001 02 1f 02000000 {fifth} {sixth} {SNAP} {V4}", head("8803"));
    let frame = decode(105, &outside);
    assert_eq!(frame.range_of(Layer::MeshControl), (32, 18));
    frame.has(&[
        ("wlan.fixed.mesh_addr5", "02:00:00:00:00:05"),
        ("wlan.fixed.mesh_addr6", "02:00:00:00:00:06"),
    ]);
    holds(&[
        // Without the bit, and with a body that begins with LLC all the same.
        (105, &format!("{} 2000 {SNAP} {V4}", head("8803")), "wlan llc ip udp"),
        (105, &format!("{} 2001 {SNAP} {V4}", head("8803")), "wlan llc ip udp"),
        // To a group, from a station of the mesh: three addresses, and the first sender's.
        (
            105,
            &format!("8802 {DATA} 2001 01 1f 02000000 {sixth} {SNAP} {V4}"),
            "wlan wlan_mesh llc ip udp",
        ),
        // To an access point the bit is part of a number.
        (105, &format!("8801 {DATA} 2001 {SNAP} {V4}"), "wlan llc ip udp"),
    ]);
}

/// IEEE 802.11, clause 9.3.2.2: all units but the last are padded to four octets.
#[test]
fn units_of_an_aggregate_stand_beside_one_another() {
    use ipeek::decode::Role;
    let unit = format!("{MACS} 0024 {SNAP} {V4}");
    let frame = decode(105, &format!("8801 {DATA} 8600 {unit} 0000 {unit} 0000 {unit}"));
    let units = ["wlan", "wlan_aggregate llc ip udp"];
    assert_eq!(frame.chain(), [units[0], units[1], units[1], units[1]].join(" "));
    assert_eq!(frame.stop(), None);
    let spans = frame.layers.spans().iter();
    let roles: Vec<_> =
        spans.filter(|span| span.layer == Layer::Ipv4).map(|span| span.role).collect();
    assert_eq!(roles, [Role::Outer, Role::Beside, Role::Beside]);
    // The packet is the first: one IP header, which ends where its unit does.
    assert_eq!((frame.layers.index.depth, frame.layers.end), (1, 76));
    // A unit that says it is longer than the frame is none.
    let cut = format!("8801 {DATA} 8600 {unit} 0000 {MACS} 0124 {SNAP} {V4}");
    assert_eq!(decode(105, &cut).chain(), "wlan wlan_aggregate llc ip udp");
}

/// Endace: type 2 is Ethernet behind two octets; bit 7 of the type announces extension headers.
#[test]
fn records_of_a_capture_card_hold_frames() {
    let ts = "0000008078563412";
    let ethernet = format!("{MACS} 0800 {V4}");
    holds(&[
        (197, &format!("{ts} 02 04 0040 0000 002e 0000 {ethernet} eeeeeeee"), "erf eth ip udp"),
        (
            197,
            &format!(
                "{ts} 82 04 0050 0000 002e 83000000 00000001 04000000 00000002 0000 {ethernet}"
            ),
            "erf eth ip udp",
        ),
        (197, &format!("{ts} 01 04 0030 0000 0020 0f000800 {V4}"), "erf chdlc ip udp"),
        (197, &format!("{ts} 05 04 0034 0000 0020 00000007 0f000800 {V4}"), "erf chdlc ip udp"),
        (197, &format!("{ts} 16 04 002c 0000 001c {V4}"), "erf ip udp"),
        (197, &format!("{ts} 17 04 0040 0000 0030 {V6}"), "erf ipv6 udp"),
        (197, &format!("{ts} 15 04 0018 0000 0008 0011223344556677"), "erf"),
    ]);
    let frame = decode(197, &format!("{ts} 02 1d 0040 0001 002e 0000 {ethernet}"));
    frame.has(&[
        ("erf.ts", "1311768467015204864"),
        ("erf.types.type", "2"),
        ("erf.types.ext_header", "false"),
        ("erf.flags.cap", "1"),
        ("erf.flags.vlen", "true"),
        ("erf.flags.trunc", "true"),
        ("erf.flags.rxe", "true"),
        ("erf.rlen", "64"),
        ("erf.lctr", "1"),
        ("erf.wlen", "46"),
        ("erf.eth.off", "0"),
    ]);
    let short = decode(197, &format!("{ts} 16 04 000f 0000 001c {V4}"));
    assert_eq!(short.stop(), Some((Reason::Malformed, 10, 16, 15)));
}

/// Linux, `net/dsa/tag_brcm.c`: opcode 0 is from the switch, its port in the last five bits;
/// opcode 1 is to it, with one bit for every port.
#[test]
fn tags_of_broadcom_stand_before_the_frame_or_behind_its_addresses() {
    let before = decode(282, &format!("00 00 20 03 {MACS} 0800 {V4}"));
    assert_eq!(before.chain(), "brcm_tag eth ip udp");
    before.has(&[
        ("brcm_tag.opcode", "0"),
        ("brcm_tag.eg.rc.exception", "true"),
        ("brcm_tag.eg.rc.mirror", "false"),
        ("brcm_tag.eg.pid", "3"),
        ("brcm_tag.ig.dstmap", "-"),
    ]);
    let behind = decode(281, &format!("{MACS} 2c 00 01 08 86dd {V6}"));
    assert_eq!(behind.chain(), "eth ipv6 udp");
    behind.has(&[
        ("eth.dst", "02:00:00:00:00:02"),
        ("eth.src", "02:00:00:00:00:01"),
        ("brcm_tag.opcode", "1"),
        ("brcm_tag.ig.tc", "3"),
        ("brcm_tag.ig.dstmap", "264"),
        ("eth.type", "34525"),
    ]);
    holds(&[
        (281, &format!("{MACS} 00 00 20 03 8100 0001 0800 {V4}"), "eth vlan ip udp"),
        (281, &format!("{MACS} 00 00 20 03 0024 {SNAP} {V4}"), "eth llc ip udp"),
    ]);
}
