#!/usr/bin/env python3
"""Build the captures of rare headers byte by byte.  Standard library only; the same bytes on every run.

  build.py [FOLDER]      write them all (default: beside this script)
  build.py --table       what every packet of them shows, as Markdown: the README's second table

Every packet carries what it shows as its comment (in pcapng files).  A field is written where its RFC draws it, with
the section beside it.  What is meant to be wrong says WRONG in its comment; checksums of all else are right."""
import os
import struct
import sys
from ipaddress import ip_address

START = 1_704_067_200  # 2024-01-01T00:00:00Z; a packet each millisecond
ETHERNET, NULL, PPP, RAW, LOOP, SLL, IPV4, IPV6 = 1, 0, 9, 101, 108, 113, 228, 229

A, B, C, D = "10.0.0.1", "192.0.2.80", "198.51.100.7", "203.0.113.9"
A6, B6, C6, D6 = "2001:db8:1::a", "2001:db8:2::b", "2001:db8:3::c", "2001:db8:4::d"


# ---- small tools ----

def addr(text):
    return ip_address(text).packed


def u8(*values):
    return bytes(values)


def u16(*values):
    return struct.pack(f">{len(values)}H", *values)


def u32(*values):
    return struct.pack(f">{len(values)}I", *values)


def ones(data):
    """The Internet checksum (RFC 1071)."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def crc32c(data):
    """CRC-32C as SCTP needs it (RFC 9260, appendix A)."""
    crc = 0xFFFFFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return ~crc & 0xFFFFFFFF


def pseudo(source, target, protocol, length):
    """Pseudo-header: RFC 9293, section 3.1 for IPv4; RFC 8200, section 8.1 for IPv6."""
    ends = addr(source) + addr(target)
    return ends + (u8(0, protocol) + u16(length) if len(ends) == 8 else u32(length) + bytes(3) + u8(protocol))


def summed(data, at, source, target, protocol):
    """`data` with its checksum filled in at `at`."""
    value = ones(pseudo(source, target, protocol, len(data)) + data)
    return data[:at] + u16(value or 0xFFFF) + data[at + 2:]


# ---- headers ----

def eth(payload, kind=None):
    if kind is None:
        kind = 0x86DD if payload[0] >> 4 == 6 else 0x0800
    return bytes.fromhex("020000000002" "020000000001") + u16(kind) + payload


def ip4(payload, protocol, source=A, target=B, *, options=b"", tos=0, ident=1, flags=0x4000, ttl=64,
        total=None, ihl=None, check=None, version=4):
    """RFC 791, section 3.1.  `flags` are the 16 bits of flags and fragment offset."""
    options += bytes(-len(options) % 4)  # end of option list
    ihl = 5 + len(options) // 4 if ihl is None else ihl
    total = 20 + len(options) + len(payload) if total is None else total
    head = (u8(version << 4 | ihl, tos) + u16(total, ident, flags) + u8(ttl, protocol) + u16(0)
            + addr(source) + addr(target) + options)
    check = ones(head) if check is None else check
    return head[:10] + u16(check) + head[12:] + payload


def ip6(payload, following, source=A6, target=B6, *, traffic_class=0, label=0, hops=64, length=None):
    """RFC 8200, section 3."""
    length = len(payload) if length is None else length
    return (u32(6 << 28 | traffic_class << 20 | label) + u16(length) + u8(following, hops)
            + addr(source) + addr(target) + payload)


def udp(data, source, target, sport=40000, dport=7):
    head = u16(sport, dport, 8 + len(data), 0)  # RFC 768
    return summed(head + data, 6, source, target, 17)


def tcp(source, target, sport=40000, dport=80, flags=0x02, options=b"", seq=1000, data=b""):
    options += bytes(-len(options) % 4)
    head = (u16(sport, dport) + u32(seq, 0) + u8((5 + len(options) // 4) << 4, flags)
            + u16(64240, 0, 0) + options)  # RFC 9293, section 3.1
    return summed(head + data, 16, source, target, 6)


def echo(kind=8, ident=7, seq=1, data=b"abcdefghijklmnop"):
    body = u8(kind, 0) + u16(0, ident, seq) + data  # RFC 792
    return body[:2] + u16(ones(body)) + body[4:]


def echo6(source, target, seq=1, data=b"abcdefghijklmnop"):
    return summed(u8(128, 0) + u16(0, 7, seq) + data, 2, source, target, 58)  # RFC 4443, section 4.1


def padded(body):
    """Options up to a multiple of 8 octets less the two in front: Pad1 or PadN (RFC 8200, section 4.2)."""
    short = -(len(body) + 2) % 8
    return body + (u8(0) if short == 1 else u8(1, short - 2) + bytes(short - 2) if short else b"")


def options6(following, *opts):
    """Hop-by-hop or destination options (RFC 8200, sections 4.3 and 4.6)."""
    body = padded(b"".join(opts))
    return u8(following, (len(body) + 2) // 8 - 1) + body


def opt(kind, data):
    return u8(kind, len(data)) + data


def fragment6(following, offset, more, ident):
    return u8(following, 0) + u16(offset // 8 << 3 | more) + u32(ident)  # RFC 8200, section 4.5


def routing(following, kind, left, data):
    assert len(data) % 8 == 4
    return u8(following, (len(data) - 4) // 8, kind, left) + data  # RFC 8200, section 4.4


ROUTER_ALERT6 = opt(5, u16(0))  # RFC 2711, section 2.1: 0 is MLD


# ---- the captures: name → (note, frame[, original length]) ----

def ipv4_options():
    def one(note, options, target=B):
        return note, eth(ip4(echo(), 1, target=target, options=options))

    yield one("Record Route, three slots, one of them filled (RFC 791, 3.1: type 7, pointer 8)",
              u8(7, 15, 8) + addr("10.0.0.254") + bytes(8))
    yield one("Record Route that is full: nine slots, pointer past the end",
              u8(7, 39, 40) + b"".join(addr(f"10.0.{n}.254") for n in range(9)))
    yield one("Timestamp, times only (RFC 791, 3.1: type 68, flag 0), two overflowed hops",
              u8(68, 12, 13, 2 << 4 | 0) + u32(43_200_000, 43_200_007))
    yield one("Timestamp with addresses (flag 1), one pair filled",
              u8(68, 20, 13, 1) + addr("10.0.0.254") + u32(43_200_000) + bytes(8))
    yield one("Timestamp with addresses given beforehand (flag 3), and a non-standard time (top bit)",
              u8(68, 20, 13, 3) + addr("10.0.0.254") + u32(0x8000_0001) + addr("10.0.1.254") + bytes(4))
    yield one("Loose source route: destination is the next hop, the route holds the rest (type 131)",
              u8(1) + u8(131, 11, 4) + addr(C) + addr(B), "10.0.0.254")
    yield one("Strict source route, finished: pointer past the end (type 137)",
              u8(137, 11, 12) + addr("10.0.0.254") + addr(C) + u8(0))
    yield one("Router Alert (RFC 2113: type 148, value 0)", u8(148, 4) + u16(0))
    yield one("Basic security: Secret, GENSER (RFC 1108, 2: type 130)", u8(130, 4, 0x5A, 0x80))
    yield one("Security as RFC 791 had it: eleven octets, level, compartments, handling, group",
              u8(130, 11) + u16(0xD788, 0, 0) + b"TCC" + u8(0))
    yield one("Extended security (RFC 1108, 3: type 133)", u8(133, 6, 1, 0xAB, 0xCD, 0xEF) + u8(1, 0))
    yield one("CIPSO, tag type 1: domain 3, level 5, categories 0 and 9 (FIPS 188: type 134)",
              u8(134, 12) + u32(3) + u8(1, 6, 0, 5, 0x80, 0x40))
    yield one("Stream identifier (RFC 791; deprecated by RFC 6814: type 136)", u8(136, 4) + u16(0x1234))
    yield one("Quick-Start rate request (RFC 4782, 3.1: type 25)", u8(25, 8, 0x08, 64) + u32(0x12345678 << 2 & 0xFFFFFFFF))
    yield one("Traceroute (RFC 1393, 2.2: type 82)", u8(82, 12) + u16(0x4242, 3, 0xFFFF) + addr(A))
    yield one("An experiment (RFC 4727: type 158, copied to fragments), and NOPs between options",
              u8(1, 1, 158, 6) + u16(0xBEEF, 0xCAFE) + u8(1, 1, 148, 4) + u16(0))
    yield one("WRONG: an option whose length is 1", u8(7, 1, 4, 0))
    yield one("WRONG: an option that runs past the header", u8(148, 9) + u16(0))
    yield one("WRONG: Record Route with pointer 3, before its first slot", u8(7, 7, 3) + bytes(4) + u8(0))
    yield one("End of list, then octets that are not zero", u8(0, 0xDE, 0xAD, 0xBE))


def ipv6_extensions():
    ping = echo6(A6, B6)
    yield "Hop-by-hop with Router Alert (RFC 2711), then ICMPv6", eth(ip6(options6(58, ROUTER_ALERT6) + ping, 0))

    # RFC 2675, section 2: payload length 0, the length in the option; kept to 128 octets as a snaplen would.
    size = 70_000
    jumbo = options6(17, opt(0xC2, u32(size)))
    frame = eth(ip6(jumbo + u16(40000, 7, 0, 0) + bytes(120), 0, length=0))[:128]
    yield "Jumbo payload of 70,000 octets (RFC 2675), UDP length 0, captured to 128", frame, 14 + 40 + size

    yield ("Routing type 0, one of two addresses left (RFC 2460, 4.4; deprecated by RFC 5095)",
           eth(ip6(routing(58, 0, 1, bytes(4) + addr(C6) + addr(B6)) + echo6(A6, B6), 43, target=C6)))
    yield ("Routing type 2: a mobile node's home address (RFC 6275, 6.4)",
           eth(ip6(routing(58, 2, 1, bytes(4) + addr(D6)) + echo6(A6, D6), 43)))
    # RFC 6554, section 3: CmprI 15, CmprE 15, Pad 6: two addresses of one octet each.
    rpl = u32(15 << 28 | 15 << 24 | 6 << 20) + u8(0x0C, 0x0D) + bytes(6)
    yield ("Routing type 3, RPL source route: two addresses of which only the last octet is carried (RFC 6554)",
           eth(ip6(routing(58, 3, 2, rpl) + echo6(A6, "2001:db8:2::d"), 43, target="2001:db8:2::b")))
    # RFC 8754, section 2: Last Entry, Flags, Tag, list backwards, then TLVs (2.1): HMAC is type 5, PadN type 4.
    segments = addr(B6) + addr(D6) + addr(C6)
    hmac = u8(5, 38) + u16(0) + u32(0x1001) + bytes(range(32))
    srh = u8(2, 0) + u16(0x0042) + segments + hmac
    yield ("Segment routing header: three segments, two left, tag 0x42, HMAC TLV (RFC 8754)",
           eth(ip6(routing(58, 4, 2, srh) + echo6(A6, B6), 43, target=C6)))
    srh = u8(1, 0) + u16(0) + addr(B6) + addr(C6) + u8(4, 6) + bytes(6)
    yield ("Segment routing with a PadN TLV, no segment left, an IPv4 packet inside (RFC 8986, 4.4)",
           eth(ip6(routing(4, 4, 0, srh) + ip4(echo(), 1), 43)))
    yield ("CRH-16, compact routing: identifiers, not addresses (RFC 9631: type 5)",
           eth(ip6(routing(58, 5, 2, u16(21, 22, 23, 0, 0, 0)) + ping, 43)))
    yield "Unknown routing type 254, none left: to be skipped (RFC 8200, 4.4)", eth(ip6(routing(58, 254, 0, bytes(4)) + ping, 43))

    whole = echo6(A6, B6, 2, bytes(range(256)) * 8)
    for at in range(0, len(whole), 1024):
        part = whole[at:at + 1024]
        more = at + 1024 < len(whole)
        yield (f"Fragment at offset {at}, {'more to come' if more else 'the last'} (RFC 8200, 4.5)",
               eth(ip6(fragment6(58, at, more, 0xF00D) + part, 44)))

    home = opt(0xC9, addr(D6))  # RFC 6275, section 6.3; at 8n+6
    yield ("Destination options with a home address: the checksum is of the home address (RFC 6275, 6.3)",
           eth(ip6(options6(58, u8(1, 2, 0, 0), home) + echo6(D6, B6), 60)))
    inner = ip6(echo6(C6, D6), 58, C6, D6)
    yield ("Tunnel encapsulation limit 4, IPv6 in IPv6 (RFC 2473, 4.1.1)",
           eth(ip6(options6(41, opt(4, u8(4))) + inner, 60)))
    yield ("RPL option: down, rank 768 (RFC 6553, 3: type 0x63, as it was before RFC 9008)",
           eth(ip6(options6(58, opt(0x63, u8(0x80, 30) + u16(768))) + ping, 0)))
    yield ("CALIPSO: domain 3, level 5 (RFC 5570, 5.1)",
           eth(ip6(options6(58, opt(7, u32(3) + u8(0, 5) + u16(0x1234))) + ping, 0)))
    yield ("Performance and diagnostic metrics (RFC 8250, 3.2)",
           eth(ip6(options6(58, opt(0x0F, u8(21, 22) + u16(100, 99, 0x1234, 0x0567))) + ping, 60)))
    yield ("Minimum path MTU record (RFC 9268, 5): 1400, reported 1280",
           eth(ip6(options6(58, opt(0x30, u16(1400, 1280))) + ping, 0)))
    yield ("MPL: a seed of 16 bits, the last message (RFC 7731, 6.1)",
           eth(ip6(options6(58, opt(0x6D, u8(0x60, 9) + u16(0x0102))) + echo6(A6, "ff03::fc"), 0, target="ff03::fc")))
    yield ("Alternate marking (RFC 9343, 3.1: type 0x12)",
           eth(ip6(options6(58, opt(0x12, u32(0xABCDE << 12 | 1 << 11))) + ping, 60)))
    yield ("An unknown option that asks for an ICMPv6 error (action bits 10) and may change on the way (RFC 8200, 4.2)",
           eth(ip6(options6(58, opt(0xBE, b"\x01\x02\x03\x04")) + ping, 60)))
    yield "Pad1 and PadN only (RFC 8200, 4.2)", eth(ip6(options6(58, u8(0), u8(1, 3) + bytes(3)) + ping, 60))

    data = tcp(A6, B6)
    chain = (options6(60, ROUTER_ALERT6) + options6(43, opt(4, u8(3)))
             + routing(44, 4, 0, u8(0, 0) + u16(0) + addr(B6)) + fragment6(51, 0, 0, 0x51)
             + ah(60) + options6(6, u8(0), u8(0)) + data)
    yield ("The recommended order in full: hop-by-hop, destination, routing, fragment (atomic), AH, destination, TCP (RFC 8200, 4.1)",
           eth(ip6(chain, 0)))
    yield "No next header, with data behind it to be ignored (RFC 8200, 4.7)", eth(ip6(options6(59) + b"ignore me", 60))
    yield "ICMPv6 error that quotes a chain: packet too big, MTU 1280", eth(quote6(chain))


def quote6(chain):
    quoted = ip6(chain, 0)
    body = u8(2, 0) + u16(0) + u32(1280) + quoted  # RFC 4443, section 3.2
    return ip6(summed(body, 2, C6, A6, 58), 58, C6, A6)


def ah(following, spi=0x1000, seq=1):
    """RFC 4302, section 2: length in 32-bit words less 2; a check value of 96 bits (HMAC-SHA-1-96)."""
    return u8(following, 4) + u16(0) + u32(spi, seq) + bytes(range(0xA0, 0xAC))


def esp(spi=0x2000, seq=1, octets=40):
    return u32(spi, seq) + bytes((7 * n + 3) & 255 for n in range(octets))  # RFC 4303, section 2: the rest is secret


def ipsec():
    yield "AH in transport mode over TCP (RFC 4302)", eth(ip4(ah(6) + tcp(A, B), 51))
    yield "AH over IPv6, then ICMPv6", eth(ip6(ah(58) + echo6(A6, B6), 51))
    yield "AH in tunnel mode: an IPv4 packet inside", eth(ip4(ah(4, seq=2) + ip4(echo(), 1, C, D), 51))
    yield "ESP: nothing behind the sequence number can be read (RFC 4303)", eth(ip4(esp(), 50))
    yield "ESP over IPv6 behind destination options", eth(ip6(options6(50, opt(4, u8(4))) + esp(seq=9), 60))
    yield "AH, then ESP", eth(ip6(ah(50) + esp(), 51))
    yield "ESP in UDP, port 4500 (RFC 3948, 2.1)", eth(ip4(udp(esp(), A, B, 4500, 4500), 17))
    yield "IKE behind a non-ESP marker on port 4500 (RFC 3948, 2.2; RFC 7296, 3.1)", eth(ip4(udp(
        u32(0) + bytes(range(1, 9)) + bytes(8) + u8(33, 0x20, 34, 0x08) + u32(0, 28), A, B, 4500, 4500), 17))
    yield "NAT keep-alive: one octet FF (RFC 3948, 2.3)", eth(ip4(udp(b"\xff", A, B, 4500, 4500), 17))
    yield "IPComp: DEFLATE, next header TCP (RFC 3173, 3.3)", eth(ip4(u8(6, 0) + u16(2) + bytes(range(24)), 108))
    yield "WRONG: AH whose length says 1, less than its fixed part", eth(ip4(u8(6, 0) + ah(6)[2:] + tcp(A, B), 51))


def mobility():
    def mh(kind, data, source, target):
        body = u8(59, 0, kind, 0) + u16(0) + data  # RFC 6275, section 6.1.1
        body += (u8(1, -len(body) % 8 - 2) + bytes(-len(body) % 8 - 2)) if -len(body) % 8 >= 2 else bytes(-len(body) % 8)
        body = body[:1] + u8(len(body) // 8 - 1) + body[2:]
        return summed(body, 4, source, target, 135)

    agent, home, care = "2001:db8:a::1", "2001:db8:a::66", "2001:db8:c::66"
    # Sequence 5, A and H and L bits, 600 s (units of 4 s); alternate care-of address (6.2.5) at 8n+6.
    update = u16(5, 0xE000, 150) + u8(1, 0) + opt(3, addr(care))
    hao = options6(135, u8(1, 2, 0, 0), opt(0xC9, addr(home)))
    yield ("Binding update with alternate care-of address, behind a home address option (RFC 6275, 6.1.7)",
           eth(ip6(hao + mh(5, update, home, agent), 60, care, agent)))
    ack = u8(0, 0x80) + u16(5, 150)
    yield ("Binding acknowledgement, accepted, behind routing type 2 (RFC 6275, 6.1.8)",
           eth(ip6(routing(135, 2, 1, bytes(4) + addr(home)) + mh(6, ack, agent, home), 43, agent, care)))
    yield "Home test init (RFC 6275, 6.1.3)", eth(ip6(mh(1, u16(0) + bytes(range(8)), home, B6), 135, home, B6))
    yield "Care-of test (RFC 6275, 6.1.6)", eth(ip6(mh(4, u16(3) + bytes(range(8)) + bytes(range(8, 16)), B6, care), 135, B6, care))
    yield "Binding error: unknown binding (RFC 6275, 6.1.9)", eth(ip6(mh(7, u8(1, 0) + addr(home), B6, care), 135, B6, care))

    # RFC 7401, section 5.1: next header, length, type, version 2 with the fixed 1 bit, checksum, controls, two HITs (RFC 7343).
    hit1, hit2 = addr("2001:20:1:2:3:4:5:6"), addr("2001:20:6:5:4:3:2:1")
    groups = u16(511, 3) + u8(3, 4, 9) + bytes(1)  # DH_GROUP_LIST (5.2.6)

    def hip(kind, params, source, target):
        body = u8(59, (32 + len(params)) // 8, kind, 0x21) + u16(0, 0) + hit1 + hit2 + params
        return summed(body, 4, source, target, 139)

    yield "HIP I1 with its list of groups, over IPv6 (RFC 7401, 5.3.1)", eth(ip6(hip(1, groups, A6, B6), 139))
    yield "HIP I1 over IPv4", eth(ip4(hip(1, groups, A, B), 139))
    yield "HIP CLOSE with a nonce to be echoed", eth(ip6(hip(18, u16(897, 4) + b"echo", A6, B6), 139))

    # RFC 5533, section 5.1: P bit set, 47 bits of context tag, then the packet goes on.
    tag = 0x1234_5678_9ABC
    yield ("Shim6 payload header with its context tag, then UDP (RFC 5533, 5.1)",
           eth(ip6(u8(17, 0) + (1 << 47 | tag).to_bytes(6, "big") + udp(b"shim", A6, B6), 140)))
    # RFC 5533, section 5.4: I1; its checksum has no pseudo-header (5.3).
    i1 = u8(59, 1, 1, 0) + u16(0) + tag.to_bytes(6, "big") + u32(0xCAFEF00D)
    yield "Shim6 I1: the first control message (RFC 5533, 5.4)", eth(ip6(i1[:4] + u16(ones(i1)) + i1[6:], 140))


def transports():
    # RFC 3828, section 3.1: the length field is the checksum's coverage.
    lite = u16(40000, 5004, 12, 0) + b"head" + b"this part may arrive damaged"
    covered = ones(pseudo(A, B, 136, len(lite)) + lite[:12])
    yield "UDP-Lite covering twelve octets (RFC 3828)", eth(ip4(lite[:6] + u16(covered) + lite[8:], 136))
    lite = u16(40000, 5004, 0, 0) + b"all of it"
    yield "UDP-Lite over IPv6, coverage 0: the whole", eth(ip6(summed(lite, 6, A6, B6, 136), 136))

    def sctp(tag, *chunks):
        body = u16(5000, 9899) + u32(tag, 0) + b"".join(chunks)  # RFC 9260, section 3.1
        return body[:8] + struct.pack("<I", crc32c(body)) + body[12:]

    def chunk(kind, flags, data):
        return u8(kind, flags) + u16(4 + len(data)) + data + bytes(-len(data) % 4)

    init = u32(0xA1A2A3A4, 65536) + u16(10, 10) + u32(1)  # section 3.3.2
    yield "SCTP INIT (RFC 9260, 3.3.2)", eth(ip4(sctp(0, chunk(1, 0, init)), 132))
    data = u32(1) + u16(0, 0) + u32(0) + b"hello"
    yield "SCTP DATA and SACK in one packet, over IPv6", eth(ip6(
        sctp(0xA1A2A3A4, chunk(3, 0, u32(7, 65536) + u16(0, 0)), chunk(0, 3, data)), 132))
    bad = sctp(0xA1A2A3A4, chunk(7, 0, u32(7)))
    yield "WRONG: SCTP SHUTDOWN whose CRC-32C is not right", eth(ip4(bad[:8] + u32(0xDEADBEEF) + bad[12:], 132))

    # RFC 4340, section 5.1: X set, so 48 bits of sequence number; request (5.1, type 0) with its service code.
    request = u16(40001, 5001) + u8(5, 0) + u16(0) + u8(0 << 1 | 1, 0) + u16(0) + u32(1000) + b"TEST"
    yield "DCCP request, service code 'TEST' (RFC 4340, 5.1)", eth(ip4(summed(request, 6, A, B, 33), 33))
    response = u16(5001, 40001) + u8(7, 0) + u16(0) + u8(1 << 1 | 1, 0) + u16(0) + u32(5000) + u16(0, 0) + u32(1000) + b"TEST"
    yield "DCCP response over IPv6", eth(ip6(summed(response, 6, A6, B6, 33), 33))
    short = u16(40001, 5001) + u8(4, 0) + u16(0) + u8(3 << 1 | 0) + (0x0003E9).to_bytes(3, "big") + u8(0) + (0x001388).to_bytes(3, "big")
    yield "DCCP acknowledgement with 24-bit numbers", eth(ip4(summed(short, 6, A, B, 33), 33))

    syn = (u8(2, 4) + u16(1460) + u8(4, 2) + u8(8, 10) + u32(1, 0) + u8(1) + u8(3, 3, 7))
    yield "TCP SYN with MSS, SACK, timestamps, window scale (RFC 9293, RFC 7323)", eth(ip4(tcp(A, B, options=syn), 6))
    yield "TCP with every flag set, CWR and ECE too ('Christmas tree')", eth(ip4(tcp(A, B, flags=0xFF), 6))
    yield "TCP with no flag at all", eth(ip6(tcp(A6, B6, flags=0), 6))
    yield "UDP without a checksum: allowed over IPv4", eth(ip4(u16(40000, 7, 12, 0) + b"echo", 17))
    yield "WRONG: UDP without a checksum over IPv6 (RFC 8200, 8.1)", eth(ip6(u16(40000, 7, 12, 0) + b"echo", 17))
    yield "WRONG: UDP length 200, more than the packet", eth(ip4(u16(40000, 7, 200, 0) + b"echo", 17))
    yield "WRONG: TCP data offset 4", eth(ip4(summed(tcp(A, B)[:12] + u8(0x40) + tcp(A, B)[13:16] + u16(0) + tcp(A, B)[18:], 16, A, B, 6), 6))
    yield "Protocol 253, for experiments (RFC 3692)", eth(ip4(b"anything", 253))
    yield "OSPF hello head, to all routers, CS6 (RFC 2328, A.3.1)", eth(ip4(ospf(), 89, target="224.0.0.5", tos=0xC0, ttl=1))
    yield "VRRP version 3 advertisement (RFC 9568, 5.1)", eth(ip4(vrrp(), 112, target="224.0.0.18", ttl=255))


def ospf():
    body = u8(2, 1) + u16(44) + addr(A) + addr("0.0.0.0") + u16(0, 0) + bytes(8) + addr("255.255.255.0") + u16(10) + u8(2, 1) + u32(40) + bytes(8)
    return body[:12] + u16(ones(body)) + body[14:]


def vrrp():
    return summed(u8(0x31, 7, 100, 1) + u16(100, 0) + addr("10.0.0.254"), 6, A, "224.0.0.18", 112)


def nesting():
    def gre(protocol, payload, flags=0, more=b""):
        return u16(flags, protocol) + more + payload  # RFC 2784, section 2; RFC 2890

    inner = ip4(echo(), 1, "10.1.0.1", "10.2.0.1")
    in6 = ip6(inner, 4, C6, D6)
    yield "IPv4 in IPv6 in IPv4 (RFC 2473, RFC 4213)", eth(ip4(in6, 41))
    deep = inner
    for level in range(6):
        deep = ip6(deep, 4 if deep[0] >> 4 == 4 else 41) if level % 2 == 0 else ip4(deep, 41)
    yield "Seven IP headers, one in the other, IPv4 and IPv6 in turn", eth(deep)
    for level in range(30):
        deep = ip4(deep, 4 if deep[0] >> 4 == 4 else 41, ident=level)
    yield "Thirty-seven IP headers: more than any decoder should follow", eth(deep)
    yield "GRE with key and sequence number (RFC 2890)", eth(ip4(gre(0x0800, inner, 0x3000, u32(0xCAFE, 1)), 47))
    yield "GRE carries Ethernet with a VLAN tag, which carries IPv6", eth(ip4(gre(0x6558, eth(
        u16(42, 0x86DD) + ip6(echo6(C6, D6), 58, C6, D6), 0x8100)), 47))
    yield "GRE over IPv6 over GRE over IPv4", eth(ip4(gre(0x86DD, ip6(gre(0x0800, inner), 47)), 47))
    yield "GRE version 1, PPTP: call 5, PPP inside (RFC 2637, 4.1)", eth(ip4(
        u16(0x3081, 0x880B, 4 + len(inner), 5) + u32(1, 0) + u16(0xFF03, 0x0021) + inner, 47))
    yield "ERSPAN type II: a mirrored frame in GRE", eth(ip4(
        gre(0x88BE, u32(1 << 28 | 42 << 16 | 7, 0) + eth(inner), 0x1000, u32(77)), 47))
    vxlan = u32(0x0800_0000, 5000 << 8) + eth(ip6(udp(b"inside", C6, D6), 17, C6, D6))  # RFC 7348, section 5
    yield "VXLAN with IPv6 inside", eth(ip4(udp(vxlan, A, B, 50000, 4789), 17))
    geneve = u8(0x02, 0x40) + u16(0x6558) + u32(5000 << 8) + u16(0x0102) + u8(0x80, 1) + u32(0xABCD) + eth(inner)  # RFC 8926, 3.4
    yield "Geneve with one critical option of four octets of data (RFC 8926)", eth(ip4(udp(geneve, A, B, 50000, 6081), 17))
    yield "GTP-U: a phone's packet (TS 29.281, 5.1)", eth(ip4(udp(
        u8(0x30, 255) + u16(len(inner)) + u32(0x1001) + inner, A, B, 2152, 2152), 17))
    teredo = ip6(b"", 59, "2001:0:c000:250:0:f227:f5ff:fffe", B6)
    yield "Teredo bubble (RFC 4380): no next header", eth(ip4(udp(teredo, A, B, 3544, 3544), 17))
    yield "6to4: addresses that hold the IPv4 ones (RFC 3056)", eth(ip4(
        ip6(echo6("2002:c000:201::1", "2002:c000:202::1"), 58, "2002:c000:201::1", "2002:c000:202::1"), 41, "192.0.2.1", "192.0.2.2"))
    again = u8(3, 4) + u16(0, 0, 1400) + ip4(in6, 41)  # RFC 792; RFC 1191, section 4
    yield "ICMP error that quotes a tunnel within a tunnel", eth(ip4(again[:2] + u16(ones(again)) + again[4:], 1, C, A))


def faults():
    good = echo()
    yield "WRONG: header checksum 0xBEEF", eth(ip4(good, 1, check=0xBEEF))
    yield "WRONG: total length 19, less than the header", eth(ip4(good, 1, total=19))
    yield "WRONG: total length 400, more than was sent", eth(ip4(good, 1, total=400))
    yield "WRONG: total length 0 (what a segmentation offload leaves behind)", eth(ip4(good, 1, total=0))
    yield "Octets behind the total length: padding of a short frame", eth(ip4(u8(8, 0) + u16(0xF7FF, 0, 0), 1) + b"padding that is not part of it")
    yield "WRONG: header length 4 words", eth(ip4(good, 1, ihl=4))
    yield "WRONG: header length 15 words in a packet of 28 octets", eth(ip4(good[:8], 1, ihl=15))
    yield "WRONG: version 5 behind EtherType 0x0800", eth(ip4(good, 1, version=5), 0x0800)
    yield "WRONG: version 6 behind EtherType 0x0800", eth(ip6(echo6(A6, B6), 58), 0x0800)
    yield "The reserved flag is set (RFC 3514 calls it evil)", eth(ip4(good, 1, flags=0x8000))
    yield "Land: source and destination are the same, ports too", eth(ip4(tcp(B, B, 139, 139), 6, B, B))
    yield "Martian: source 127.0.0.1 on a wire", eth(ip4(udp(b"?", "127.0.0.1", B), 17, "127.0.0.1"))
    yield "Source is the limited broadcast", eth(ip4(udp(b"?", "255.255.255.255", B), 17, "255.255.255.255"))
    yield "Source is multicast", eth(ip4(udp(b"?", "224.0.0.9", B), 17, "224.0.0.9"))
    yield "Source 0.0.0.0 to an ordinary address", eth(ip4(udp(b"?", "0.0.0.0", B), 17, "0.0.0.0"))
    yield "TTL 0", eth(ip4(good, 1, ttl=0))
    yield "TTL 1 to a far address", eth(ip4(good, 1, ttl=1))
    yield "DF and MF together", eth(ip4(good, 1, flags=0x6000))
    yield "WRONG: a fragment that ends past 65,535 (ping of death)", eth(ip4(bytes(64), 1, flags=0x1FFF, ident=66))
    yield "WRONG: a middle fragment whose length is not a multiple of 8", eth(ip4(bytes(21), 17, flags=0x2000 | 5, ident=67))
    yield "A first fragment of eight octets: no TCP flags in it", eth(ip4(tcp(A, B)[:8], 6, flags=0x2000, ident=68))
    yield "… and the rest of that TCP header at offset 8", eth(ip4(tcp(A, B)[8:], 6, flags=1, ident=68))
    datagram = udp(bytes(range(64)), A, B)
    yield "Overlap, first: octets 0–31", eth(ip4(datagram[:32], 17, flags=0x2000, ident=69))
    yield "Overlap, second: octets 24–71, with other contents in 24–31", eth(ip4(b"EVILEVIL" + datagram[32:], 17, flags=3, ident=69))

    yield "IPv6 atomic fragment: offset 0, no more (RFC 6946)", eth(ip6(fragment6(58, 0, 0, 0x69) + echo6(A6, B6), 44))
    data = echo6(A6, B6, data=bytes(64))
    yield "IPv6 overlap, first: octets 0–31 (RFC 5722)", eth(ip6(fragment6(58, 0, 1, 0x70) + data[:32], 44))
    yield "IPv6 overlap, second: octets 16–71", eth(ip6(fragment6(58, 16, 0, 0x70) + data[16:], 44))
    yield "WRONG: IPv6 fragment, more to come, length not a multiple of 8", eth(ip6(fragment6(58, 0, 1, 0x71) + data[:37], 44))
    yield "WRONG: IPv6 first fragment without its upper-layer header (RFC 7112)", eth(ip6(
        fragment6(60, 0, 1, 0x72) + options6(58, opt(4, u8(4)))[:8], 44))
    yield "WRONG: hop-by-hop options that come late, behind destination options (RFC 8200, 4.1)", eth(ip6(
        options6(0, opt(4, u8(4))) + options6(58, ROUTER_ALERT6) + echo6(A6, B6), 60))
    yield "Two routing headers and three destination options in one chain", eth(ip6(
        options6(43) + routing(60, 4, 0, u8(0, 0) + u16(0) + addr(B6)) + options6(43)
        + routing(60, 4, 0, u8(0, 0) + u16(0) + addr(B6)) + options6(58) + echo6(A6, B6), 60))
    yield "WRONG: IPv6 payload length 200, more than was sent", eth(ip6(echo6(A6, B6), 58, length=200))
    yield "WRONG: IPv6 payload length 4, inside the ICMPv6 header", eth(ip6(echo6(A6, B6), 58, length=4))
    yield "WRONG: an extension header that runs past the payload", eth(ip6(u8(58, 9) + options6(58)[2:], 60))
    yield "WRONG: an option that runs past its header", eth(ip6(u8(58, 0, 0x3E, 200) + bytes(4) + echo6(A6, B6), 60))
    yield "WRONG: segments left 9 of 2 in routing type 0", eth(ip6(routing(58, 0, 9, bytes(4) + addr(C6) + addr(D6)) + echo6(A6, B6), 43))
    yield "Hop limit 0", eth(ip6(echo6(A6, B6), 58, hops=0))
    yield "Land over IPv6", eth(ip6(tcp(B6, B6, 139, 139), 6, B6, B6))
    yield "Source ::1 on a wire", eth(ip6(echo6("::1", B6), 58, "::1"))
    yield "Source is multicast over IPv6", eth(ip6(echo6("ff02::1", B6), 58, "ff02::1"))
    yield "IPv4-mapped source on a wire", eth(ip6(echo6("::ffff:192.0.2.1", B6), 58, "::ffff:192.0.2.1"))
    yield "Neighbour solicitation with hop limit 64, not 255 (RFC 4861, 7.1.1)", eth(ip6(
        summed(u8(135, 0) + u16(0) + u32(0) + addr(B6), 2, A6, B6, 58), 58, hops=64))
    yield "WRONG: ICMPv6 checksum 0xBEEF", eth(ip6(echo6(A6, B6)[:2] + u16(0xBEEF) + echo6(A6, B6)[4:], 58))
    yield "WRONG: an IPv4 header cut after twelve octets by its frame", eth(ip4(good, 1)[:12])
    yield "An empty frame: fourteen octets of Ethernet and no more", eth(b"", 0x0800)
    yield "WRONG: five octets, not even an Ethernet header", eth(b"", 0x0800)[:5]


def mpls_stack():
    def labels(*rows):
        # RFC 3032, section 2.1: label 20, traffic class 3, bottom of stack 1, TTL 8.
        return b"".join(u32(label << 12 | tc << 9 | (n == len(rows) - 1) << 8 | ttl) for n, (label, tc, ttl) in enumerate(rows))

    inner, inner6 = ip4(echo(), 1), ip6(echo6(A6, B6), 58)
    yield "One label", eth(labels((1000, 0, 64)) + inner, 0x8847)
    yield "Three labels, traffic class 5 on the first", eth(labels((1000, 5, 64), (2000, 0, 63), (3000, 0, 62)) + inner6, 0x8847)
    yield "IPv4 explicit null (RFC 3032, 2.1: label 0)", eth(labels((0, 6, 255)) + inner, 0x8847)
    yield "IPv6 explicit null (label 2)", eth(labels((2, 6, 255)) + inner6, 0x8847)
    yield "Entropy label behind its indicator (RFC 6790, 4.2: label 7)", eth(labels((1000, 0, 64), (7, 0, 0), (654321, 0, 0)) + inner, 0x8847)
    yield "Ethernet pseudowire with a control word (RFC 4448, 4.6)", eth(labels((1000, 0, 64), (4000, 0, 2)) + u32(7) + eth(inner), 0x8847)
    yield "Generic associated channel: BFD behind label 13 (RFC 5586, RFC 5885)", eth(
        labels((1000, 0, 64), (13, 0, 1)) + u32(1 << 28 | 0x0007) + u8(0x20, 0xC0, 3, 24) + u32(1, 2, 1_000_000, 1_000_000, 0), 0x8847)
    yield "Upstream-assigned label (RFC 5332: EtherType 0x8848)", eth(labels((1000, 0, 64)) + inner, 0x8848)
    yield "MPLS in a VLAN", eth(u16(42, 0x8847) + labels((1000, 0, 64)) + inner, 0x8100)
    yield "MPLS in UDP (RFC 7510: port 6635)", eth(ip4(udp(labels((1000, 0, 64)) + inner, A, B, 50000, 6635), 17))
    yield "MPLS in GRE (RFC 4023)", eth(ip4(u16(0, 0x8847) + labels((1000, 0, 64)) + inner, 47))
    yield "WRONG: a stack that never ends: no bottom in four labels, then the frame ends", eth(
        b"".join(u32(n << 12 | 64) for n in range(100, 104)), 0x8847)


def ethernet_kinds():
    inner = ip4(echo(), 1)
    macs = bytes.fromhex("020000000002" "020000000001")
    snap = u8(0xAA, 0xAA, 3) + bytes(3) + u16(0x0800) + inner
    yield "IEEE 802.3 with LLC and SNAP (RFC 1042)", macs + u16(len(snap)) + snap
    llc = u8(0x42, 0x42, 3) + bytes(35)
    yield "IEEE 802.3 with LLC: a spanning tree frame, no IP", macs + u16(len(llc)) + llc + bytes(8)
    llc = u8(6, 6, 3) + inner
    yield "IP right behind LLC, SAP 6 (RFC 948)", macs + u16(len(llc)) + llc
    yield "Three VLAN tags: 0x88A8, 0x8100, 0x8100", macs + u16(0x88A8, 100, 0x8100, 3 << 13 | 42, 0x8100, 7, 0x0800) + inner
    yield "A priority tag: VLAN 0, priority 7, drop eligible", macs + u16(0x8100, 7 << 13 | 1 << 12, 0x0800) + inner
    yield "The old QinQ EtherType 0x9100", macs + u16(0x9100, 100, 0x8100, 42, 0x0800) + inner
    pppoe = u8(0x11, 0) + u16(0x1234, 2 + len(inner), 0x0021) + inner  # RFC 2516, section 4
    yield "PPPoE session (RFC 2516)", macs + u16(0x8864) + pppoe
    pppoe = u8(0x11, 9) + u16(0, 4, 0x0101, 0)
    yield "PPPoE discovery: PADI, no IP", macs + u16(0x8863) + pppoe
    yield "PBB: Ethernet in Ethernet with a service tag (IEEE 802.1ah)", macs + u16(0x88E7) + u32(0x1234) + eth(inner)
    yield "MACsec: a tag, and behind it nothing to read (IEEE 802.1AE)", macs + u16(0x88E5) + u8(0x2C, 0) + u32(1) + bytes(range(40))
    yield "ARP request (RFC 826)", macs + u16(0x0806) + u16(1, 0x0800) + u8(6, 4) + u16(1) + macs[6:] + addr(A) + bytes(6) + addr(B)
    yield "LLDP, no IP", macs + u16(0x88CC) + bytes.fromhex("0207040200000000010403706f72060200780000")
    yield "EtherType 0x1234, unknown", macs + u16(0x1234) + bytes(46)


def link_null():
    # Address family in the byte order of the machine that captured: here little-endian, and once the other.
    yield "AF_INET", struct.pack("<I", 2) + ip4(echo(), 1, "127.0.0.1", "127.0.0.1")
    for family, system in ((24, "NetBSD"), (28, "FreeBSD"), (30, "macOS")):
        yield f"AF_INET6 of {system}: {family}", struct.pack("<I", family) + ip6(echo6("::1", "::1"), 58, "::1", "::1")
    yield "AF_INET from a big-endian machine", u32(2) + ip4(echo(), 1, "127.0.0.1", "127.0.0.1")
    yield "Family 7, which is not IP", struct.pack("<I", 7) + bytes(20)


def link_loop():
    yield "AF_INET, always big-endian", u32(2) + ip4(echo(), 1, "127.0.0.1", "127.0.0.1")
    yield "AF_INET6 of OpenBSD: 24", u32(24) + ip6(echo6("::1", "::1"), 58, "::1", "::1")


def link_raw():
    yield "IPv4, no link header", ip4(udp(b"raw", A, B), 17)
    yield "IPv6, no link header", ip6(udp(b"raw", A6, B6), 17)
    yield "WRONG: version 0", bytes(40)


def link_ipv4():
    yield "IPv4 only", ip4(tcp(A, B), 6)


def link_ipv6():
    yield "IPv6 only", ip6(tcp(A6, B6), 6)


def link_ppp():
    yield "PPP in HDLC-like framing, IPv4 (RFC 1662, 3.1: FF 03; RFC 1332)", u16(0xFF03, 0x0021) + ip4(echo(), 1)
    yield "IPv6 (RFC 5072)", u16(0xFF03, 0x0057) + ip6(echo6(A6, B6), 58)
    yield "Address and control left out", u16(0x0021) + ip4(echo(), 1)
    yield "The protocol in one octet (RFC 1661, 6.5)", u8(0x21) + ip4(echo(), 1)
    yield "LCP echo request, no IP", u16(0xFF03, 0xC021) + u8(9, 1) + u16(8) + u32(0x12345678)
    yield "MPLS in PPP (RFC 3032, 4.1)", u16(0xFF03, 0x0281) + u32(1000 << 12 | 1 << 8 | 64) + ip4(echo(), 1)


def few():
    for seq in range(1, 6):
        yield f"Echo request {seq}", eth(ip4(echo(seq=seq), 1, ident=seq))


# ---- files ----

def pcap(packets, link=ETHERNET, order="<", nanoseconds=False):
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    for n, (_, frame, *original) in enumerate(packets):
        part = n * 1_000_000 + n if nanoseconds else n * 1000
        out += struct.pack(order + "IIII", START, part, len(frame), original[0] if original else len(frame)) + frame
    return out


def option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def block(order, kind, body, options=b""):
    body += options + (bytes(4) if options else b"")
    assert len(body) % 4 == 0
    length = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + length + body + length


def section(order, comment):
    return block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1),
                 option(order, 1, comment.encode()) + option(order, 4, b"captures/build.py"))


def interface(order, link, name, *more, snaplen=262144):
    return block(order, 1, struct.pack(order + "HHI", link, 0, snaplen),
                 option(order, 2, name.encode()) + b"".join(more))


def enhanced(order, number, ticks, frame, original=None, note=None):
    body = struct.pack(order + "IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, len(frame),
                       len(frame) if original is None else original) + frame + bytes(-len(frame) % 4)
    return block(order, 6, body, option(order, 1, note.encode()) if note else b"")


def pcapng(packets, comment):
    out = section("<", comment) + interface("<", ETHERNET, "built0")
    for n, (note, frame, *original) in enumerate(packets):
        out += enhanced("<", 0, START * 10**6 + n * 1000, frame, original[0] if original else None, note)
    return out


def sections():
    """Two sections, the first little-endian and the second big-endian, with what else pcapng has."""
    v4, v6 = ip4(udp(b"one", A, B), 17), ip6(udp(b"two", A6, B6), 17)
    out = section("<", "First section: little-endian, Ethernet and raw IP, microseconds and nanoseconds.")
    out += interface("<", ETHERNET, "eth0", option("<", 3, b"uplink"))
    out += interface("<", RAW, "tun0", option("<", 9, b"\x09"), option("<", 14, struct.pack("<q", START)), snaplen=64)
    out += block("<", 4, struct.pack("<HH", 1, 16) + addr(B) + b"www.example\0" + struct.pack("<HH", 0, 0))  # names
    out += enhanced("<", 0, START * 10**6, eth(v4), note="Section 1, interface 0: Ethernet")
    out += enhanced("<", 1, 1_000_000, v6, note="Section 1, interface 1: raw IP, nanoseconds from an offset")
    out += enhanced("<", 1, 2_000_000, ip4(udp(bytes(192), A, B), 17)[:64], 220, "Section 1, interface 1: cut to its snaplen of 64")
    out += block("<", 0x0BAD, struct.pack("<I", 32473) + b"a custom block, to be skipped   ")
    out += block("<", 0x7FFF_0001, b"a block of unknown type ")
    out += block("<", 5, struct.pack("<III", 0, (START * 10**6) >> 32, (START * 10**6) & 0xFFFFFFFF),
                 option("<", 4, struct.pack("<Q", 3)) + option("<", 5, struct.pack("<Q", 0)))
    out += section(">", "Second section: big-endian, cooked and Ethernet, powers of two.")
    # LINKTYPE_LINUX_SLL: packet type, ARPHRD, address length, address, protocol.
    cooked = u16(0, 1, 6) + bytes.fromhex("0200000000010000") + u16(0x86DD) + v6
    out += interface(">", SLL, "any", option(">", 9, b"\x94"))  # 2^-20 s
    out += interface(">", ETHERNET, "eth1")
    out += enhanced(">", 0, (START + 1) << 20, cooked, note="Section 2, interface 0: cooked, ticks of 2^-20 s")
    out += enhanced(">", 1, (START + 1) * 10**6 + 2000, eth(v4), note="Section 2, interface 1: Ethernet")
    out += block(">", 3, struct.pack(">I", len(cooked)) + cooked + bytes(-len(cooked) % 4))  # simple: interface 0, no time
    # Packet block of old: interface, drops, time, captured, length (draft-ietf-opsawg-pcapng, appendix A).
    old = (START + 1) * 10**6 + 3000
    out += block(">", 2, struct.pack(">HHIIII", 1, 0, old >> 32, old & 0xFFFFFFFF, len(eth(v4)), len(eth(v4)))
                 + eth(v4) + bytes(-len(eth(v4)) % 4))
    return out


def damaged():
    whole = pcap(list(few()))
    return whole[:-18]  # inside the fifth record: 40 of its 58 octets are there


NG = {  # file: (what it is, packets)
    "ipv4-options.pcapng": ("IPv4 options, one or a few a packet", ipv4_options),
    "ipv6-extensions.pcapng": ("IPv6 extension headers and their options", ipv6_extensions),
    "ipsec.pcapng": ("AH, ESP, IPComp, and what goes with them", ipsec),
    "mobility.pcapng": ("Mobile IPv6, HIP and Shim6", mobility),
    "transports.pcapng": ("UDP-Lite, SCTP, DCCP and odd TCP and UDP", transports),
    "nesting.pcapng": ("tunnels within tunnels", nesting),
    "faults.pcapng": ("packets that lie, or should not be", faults),
    "mpls-stack.pcapng": ("MPLS label stacks and what they carry", mpls_stack),
    "ethernet.pcapng": ("kinds of Ethernet frames", ethernet_kinds),
}
CLASSIC = {  # file: (what it is, packets, link type)
    "link-null.pcap": ("BSD loopback, LINKTYPE_NULL", link_null, NULL),
    "link-loop.pcap": ("OpenBSD loopback, LINKTYPE_LOOP", link_loop, LOOP),
    "link-raw.pcap": ("raw IP, LINKTYPE_RAW", link_raw, RAW),
    "link-ipv4.pcap": ("raw IPv4, LINKTYPE_IPV4", link_ipv4, IPV4),
    "link-ipv6.pcap": ("raw IPv6, LINKTYPE_IPV6", link_ipv6, IPV6),
    "link-ppp.pcap": ("PPP, LINKTYPE_PPP", link_ppp, PPP),
}
FORMATS = {  # file: its octets
    "damaged.pcap": damaged,
    "nanoseconds.pcap": lambda: pcap(few(), nanoseconds=True),
    "big-endian.pcap": lambda: pcap(few(), order=">"),
    "sections.pcapng": sections,
}


def files():
    for name, (about, packets) in NG.items():
        yield name, pcapng(packets(), f"Built byte by byte: {about}.")
    for name, (_, packets, link) in CLASSIC.items():
        yield name, pcap(packets(), link)
    for name, make in FORMATS.items():
        yield name, make()


def table():
    print("| file | packet | shows |\n|---|---|---|")
    for name, (_, packets, *_) in (NG | CLASSIC).items():
        for number, (note, *_) in enumerate(packets(), 1):
            print(f"| {name if number == 1 else ''} | {number} | {note} |")


def main():
    if sys.argv[1:] == ["--table"]:
        return table()
    if any(word.startswith("-") for word in sys.argv[1:]):
        sys.exit(__doc__)
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for name, octets in files():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(octets)
        print(f"{name:24} {len(octets):6} octets")


if __name__ == "__main__":
    main()
