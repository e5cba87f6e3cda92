//! Packets from octets written down, of which one or few rows are about each.

/// IEEE 802.11 data with quality of service, the bit of aggregates set (clause 9.2.4.5); two units
/// (clause 9.3.2.2): receiver, sender, length, LLC and SNAP, IPv4; the first padded to four octets.
pub(super) const AGGREGATE: &str = "
    8801 0000 020000000001 020000000002 020000000003 1000 8600
    020000000001 020000000002 001c aaaa03000000 0800
    45000014 00010000 40fd0000 c0a80067 08080808 0000
    020000000001 020000000002 001c aaaa03000000 0800
    45000014 00020000 40fd0000 c0a80068 08080808";
/// What is no unit: padding.
pub(super) const UNIT_OF_ZEROS: &str = "
    000000000000 000000000000 0000 000000000000 0000
    00000000 00000000 00000000 00000000 00000000";

/// No MAC addresses, and but one.
pub(super) const NO_MACS: &str = "000000000000 000000000000";
pub(super) const NO_SOURCE: &str = "000000000001 000000000000";
/// The loopback address, and the source of [`UDP6`].
pub(super) const LOOPBACK6: &str = "00000000000000000000000000000001";
pub(super) const SOURCE6: &str = "26001f180000000000000000000000aa";
/// Linux's cooked captures of its loopback interface, of which the hardware type is 772: IPv4 from
/// an address to itself.
pub(super) const SLL: &str = "
    0000 0304 0006 0000000000000000 0800
    45000014 00010000 40fd0000 c0a80067 c0a80067";
pub(super) const SLL2: &str = "
    0800 0000 00000001 0304 00 06 0000000000000000
    45000014 00010000 40fd0000 c0a80067 c0a80067";
/// IPv6, a first fragment of 24 octets, IPv4 that says it has one more.
pub(super) const V4_IN_PIECE: &str = "
    60000000 00202c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    0400 0001 00000001
    45000019 00010000 40fd0000 c0a80067 08080808 00000000";
/// Ethernet, VLAN 1, IPv4 without a payload.
pub(super) const VLAN: &str = "
    001b2ff07eb4 40f308c38ee1 8100 0001 0800
    45000014 00010000 40fd0000 c0a80067 08080808";
/// IPv4 in IPv4.
pub(super) const V4_IN_V4: &str = "
    45000028 00010000 40040000 c0a80067 08080808
    45000014 00010000 40fd0000 c0a80067 08080808";
/// IPv6 in IPv4.
pub(super) const V6_IN_V4: &str = "
    4500003c 00010000 40290000 c0a80067 08080808
    60000000 0000fd40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb";
/// IPv6 and three headers of eight octets that read as options or fragments.
pub(super) const TWICE: &str = "
    60000000 00183c40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3c00 0104 00000000
    3b00 0104 00000000
    3b00 0104 00000000";
/// IPv6, two authentication headers.
pub(super) const TWO_AH: &str = "
    60000000 00203340 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3c02 0000 00001000 00000001 00000000
    3b02 0000 00001000 00000002 00000000";
/// IPv6, hop-by-hop options of sixteen octets: padding of seven and of seven.
pub(super) const LONG_PADDING: &str = "
    60000000 00100040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b01 0105 0000000000 0105 0000000000";
/// IPv4, TCP with a segment size; tcpdump -v calls both sums correct.
pub(super) const SYN: &str = "
    45000030 00010000 4006a9a8 c0a80067 08080808
    dc3e01bb 1e84a9d2 00000000 70022000 eeb00000 020405b4 01010101";
/// IPv4, UDP: "abcd" from port 4660 to 53; tcpdump -v calls both sums correct.
pub(super) const DATAGRAM: &str = "
    45000020 00010000 4011a9ad c0a80067 08080808
    12340035 000c5787 61626364";
/// IPv4, UDP-Lite whose checksum covers its header alone (RFC 3828, section 3.1).
pub(super) const LITE: &str = "
    45000020 00010000 4088a936 c0a80067 08080808
    12340035 00081bdb 61626364";
/// IPv4, GRE with a checksum (RFC 2784, section 2.5), IPv4, UDP without data.
pub(super) const GRE: &str = "
    45000038 00010000 402fa977 c0a80067 08080808
    80000800 658e0000 4500001c 00010000 4011a9b1 c0a80067 08080808
    12340035 00080000";
/// IPv4, an IGMP query of all groups as the test suite of Suricata has it.
pub(super) const IGMP: &str = "
    45c0001c f7700000 0102d6b5 0a3c00bd e0000001
    1164ee9b 00000000";
/// IPv4, an SCTP INIT as the test suite of Arkime has it.
pub(super) const SCTP: &str = "
    45000034 00010000 40845a31 0a090601 0a090602
    94719472 00000000 99549e53 01000014 11110001 0000ffff 00040004 0000000a";
/// IPv6, a first fragment of a neighbour solicitation.
pub(super) const PIECES: &str = "
    60000000 00102cff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
    3a00 0001 00000001
    87000000 00000000";
/// IPv6, echo request without data.
pub(super) const ECHO6: &str = "
    60000000 00083a40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    80000f3d 00010001";
/// IEEE 802.3, a length, LLC, and the configuration of a bridge (IEEE 802.1D, clause 9.3.1).
pub(super) const BRIDGE: &str = "
    0180c2000000 001b2ff07eb4 0026 424203
    0000 00 00 00 8000001b2ff07eb4 00000000 8000001b2ff07eb4 8001 0000 1400 0200 0f00";
/// The same in VLAN 1.
pub(super) const TAGGED_BRIDGE: &str = "
    0180c2000000 001b2ff07eb4 8100 0001 0026 424203
    0000 00 00 00 8000001b2ff07eb4 00000000 8000001b2ff07eb4 8001 0000 1400 0200 0f00";
/// IPv6, a routing header of type 4 with two segments left and room for two, nothing behind.
pub(super) const SEGMENTS: &str = "
    60000000 00282b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b04 0402 01000000 2a0100000000000000000000000000bb 2a0100000000000000000000000000cc";
/// IPv6, hop-by-hop options of 24 octets: nine for experiments (RFC 4727), and padding.
pub(super) const NINE: &str = "
    60000000 00180040 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    3b02 1e00 1e00 1e00 1e00 1e00 1e00 1e00 1e00 1e00 01020000";
/// [`SOLICIT`] with the sender's link-layer address.
pub(super) const SOLICIT_OPTION: &str = "
    60000000 00203aff fe8000000000000000000000000000aa ff0200000000000000000001ff0000bb
    87000000 00000000 fe8000000000000000000000000000bb 0101 020000000001";
/// IPv4, an OSPF hello; tshark's test collection calls its sum correct.
pub(super) const OSPF: &str = "
    45c00044 81480000 01599635 c0ac0072 e0000005
    02010030 c0ac0072 00000000 f7d30000 0000000000000000
    ffffff00 001e0201 00000078 c0ac0072 c0ac0066 c0ac0066";
/// IPv6, an OSPF hello of version 3 from the same collection.
pub(super) const OSPF6: &str = "
    6c01a84e 00245901 fe8000000000000020fcaafffe6e0df4 ff020000000000000000000000000005
    03010024 ac1e0201 00000000 2bfa0000
    00004ab3 01000013 001e0078 00000000 00000000";
/// IPv4, VRRP of version 2, as the test suite of tcpdump has it.
pub(super) const VRRP2: &str = "
    45000030 12340000 ff70bebc 0a00005b e0000012
    212abf03 010af11f 0a042a01 0a042a02 0a042a03 6162636465666768";
/// IPv4, VRRP of version 3 with one address; tshark calls the sum correct.
pub(super) const VRRP: &str = "
    45000020 00010000 ff701a4b c0a80067 e0000012
    31016401 0064bef9 0a000001";
/// IPv6, VRRP of version 3, as the test suite of `PcapPlusPlus` has it.
pub(super) const VRRP6: &str = "
    60000000 003870ff fe800000000000000000000000000001 ff020000000000000000000000000012
    31016403 00011071 fe800000000000000000000000000254
    20010db8000000000000000000000001 20010db8000000000000000000000002";
/// IPv4, a PIM register with IPv4 in it; tshark calls the sum correct.
pub(super) const REGISTER: &str = "
    45000038 00010000 4067af4e c0a80067 0a000001
    2100deff 00000000
    4500001c 00010000 4011c8bc c0a80067 ef010203
    12340035 00080000";
/// IPv6, a PIM hello, and a null register with IPv6 in it; tshark calls the sums correct.
pub(super) const PIM6: &str = "
    60000000 000a6701 fe8000000000000000000000000000aa ff02000000000000000000000000000d
    2000e0e7 0001 0002 0069";
pub(super) const REGISTER6: &str = "
    60000000 00306740 26001f180000000000000000000000aa 2a0100000000000000000000000000bb
    21002e12 40000000
    60000000 00003b40 26001f180000000000000000000000aa 2a0100000000000000000000000000bb";
/// IPv4, ICMP: time exceeded with 128 octets of quote, an extension structure and one label in it
/// (RFC 4950); tshark calls both sums correct.
pub(super) const EXTENDED: &str = "
    450000a8 00010000 4001af44 c0a80067 0a000001
    0b001da4 00200000
    45000020 00010000 01119fbc 0a000001 08080808
    12340035 000c0000 61626364
    000000000000000000000000000000000000000000000000
    000000000000000000000000000000000000000000000000
    000000000000000000000000000000000000000000000000
    000000000000000000000000000000000000000000000000
    20009db0 00080101 00064140";
