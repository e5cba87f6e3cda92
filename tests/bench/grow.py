#!/usr/bin/env python3
"""Grow a big capture from the bundled ones: the same frames, with other addresses, ports, identifications and TTLs.

  grow.py big.pcap --octets 1G               about 3.75 M packets of 60 to 1,514 octets, records 285 on average
  grow.py cut.pcap --octets 512M --snaplen 96
  grow.py - --packets 100000000 | ipeek read - -T summary

Frames recorded by captures/record.sh are the templates: TCP, UDP and ICMP over both families, VLAN and QinQ, fragments,
tunnels.  TCP and UDP ones are lengthened and shortened too, until the mean fits.  Every packet belongs to a flow, whose
addresses, ports and TTLs are its own; flows are drawn so that the n-th is as frequent as 1/n.  IPv4, TCP, UDP and
ICMPv6 checksums stay valid (RFC 1624).  The same arguments give the same octets.  Standard library only.

How it is fast: a block is STRIDE records, laid out once and repeated REPEAT times; whatever differs between the
repeats is a column of octets, computed for the block at once and written with one strided assignment."""
import argparse
import bisect
import os
import random
import struct
import sys
from array import array

START = 1_700_000_000
STRIDE, REPEAT = 1024, 64
BLOCK = STRIDE * REPEAT
TICK_US = 15  # 65,536 packets a second, so that a block is a second
FILES = ["http.pcap", "dns.pcap", "ping.pcap", "traceroute.pcap", "pmtu.pcap", "marks.pcap", "scan.pcap", "office.pcapng",
         "vlan.pcap", "qinq.pcap", "fragments.pcap", "gre.pcap", "vxlan.pcap", "6in4.pcap", "ipip.pcap", "ip6tnl.pcap"]
SIZES = [60, 66, 74, 90, 120, 160, 220, 300, 420, 576, 700, 900, 1100, 1300, 1400, 1514]
MIX = {  # kind: share of the packets; IPv6 is 12 % of them, tagged ones and fragments included
    "tcp4": 0.600, "udp4": 0.180, "icmp4": 0.040, "tcp6": 0.075, "udp6": 0.027, "icmp6": 0.008,
    "tagged": 0.050, "fragments": 0.012, "tunnel": 0.008,
}
# Of servers, with their weight: ports behind which tshark does not search payloads that were only stretched.
SERVICES = {443: 50, 80: 25, 8080: 10, 5001: 6, 10001: 5, 20001: 4}
FIXED4 = {True: b"\x0a\0\0\0", False: b"\xc6\0\0\0"}  # clients in 10/8, servers in 198.18/19 (RFC 2544's block)
FIXED6 = {True: bytes.fromhex("20010db8000a") + bytes(10), False: bytes.fromhex("20010db8000b") + bytes(10)}


# ---- reading ----

def frames(path):
    """The whole Ethernet frames of a pcap or pcapng file of this machine's byte order."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        at, links = 0, []
        while at < len(data):
            kind, length = struct.unpack_from("<II", data, at)
            if kind == 1:
                links.append(struct.unpack_from("<H", data, at + 8)[0])
            elif kind == 6:
                number, _, _, kept, whole = struct.unpack_from("<IIIII", data, at + 8)
                if links[number] == 1 and kept == whole:
                    yield data[at + 28:at + 28 + kept]
            at += length
        return
    magic, link = struct.unpack_from("<I16xI", data)
    if magic not in (0xA1B2C3D4, 0xA1B23C4D) or link != 1:
        return
    at = 24
    while at < len(data):
        kept, whole = struct.unpack_from("<II", data, at + 8)
        if kept == whole:
            yield data[at + 16:at + 16 + kept]
        at += 16 + kept


# ---- templates ----

def words(data):
    return sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))


def fold(total):
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


class Template:
    """A frame, and where in it lies what a flow changes."""

    def __init__(self, frame):
        self.frame = bytearray(frame)
        self.kind = None
        at, tags = 12, 0
        while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
            at, tags = at + 4, tags + 1
        ethertype, self.ip = frame[at:at + 2], at + 2
        self.four = ethertype == b"\x08\x00"
        if not self.four and ethertype != b"\x86\xdd":
            return
        self.later, self.fragment = False, None
        ip = self.ip
        if self.four:
            self.source, self.target, self.protocol = ip + 12, ip + 16, frame[ip + 9]
            self.l4 = ip + (frame[ip] & 15) * 4
            part = struct.unpack_from(">H", frame, ip + 6)[0]
            if part & 0x3FFF:
                self.fragment, self.later = bytes(frame[ip + 4:ip + 6]), bool(part & 0x1FFF)
            self.end = ip + struct.unpack_from(">H", frame, ip + 2)[0]
        else:
            self.source, self.target, self.protocol = ip + 8, ip + 24, frame[ip + 6]
            self.l4 = ip + 40
            if self.protocol == 44:
                part = struct.unpack_from(">H", frame, self.l4 + 2)[0]
                self.fragment, self.later = bytes(frame[self.l4 + 4:self.l4 + 8]), part >> 3 != 0
                self.protocol, self.l4 = frame[self.l4], self.l4 + 8
            self.end = ip + 40 + struct.unpack_from(">H", frame, ip + 4)[0]
        if frame[0] & 1 or frame[self.target] in (0xE0, 0xFF, 0xEF) or frame[self.source] == 0xFE:
            return  # multicast and link-local: no flow of ours
        first = frame[self.l4] if self.l4 < len(frame) else 0
        udp_port = struct.unpack_from(">H", frame, self.l4 + 2)[0] if self.protocol == 17 else 0
        self.check = None  # where the checksum lies that covers the addresses
        self.ports = self.protocol in (6, 17) and not self.later
        if self.protocol == 17 and udp_port == 4789 or self.protocol in (4, 41, 47, 60):
            kind, self.ports = "tunnel", False
            self.from_client = True
            self.check = self.l4 + 6 if self.protocol == 17 else None
        elif self.protocol == 6:
            kind, self.check = "tcp", self.l4 + 16
        elif self.protocol == 17:
            kind, self.check = "udp", self.l4 + 6
        elif self.protocol == 1:
            kind, self.from_client = "icmp", first == 8
        elif self.protocol == 58 and (self.later or first not in range(130, 138)):
            kind, self.from_client = "icmp", first == 128
            self.check = self.l4 + 2
        else:
            return
        if kind in ("tcp", "udp"):
            near, far = struct.unpack_from(">HH", frame, self.l4)
            self.from_client = near > far
        if self.later:
            self.check = None
        if self.fragment and kind != "tunnel":
            self.kind = "fragments"
        elif tags and kind != "tunnel":
            self.kind = "tagged"
        else:
            self.kind = kind if kind == "tunnel" else kind + ("4" if self.four else "6")
        # Segments that carry data or only acknowledge; not SYN, FIN or RST.
        self.resizable = self.ports and not self.fragment and not (self.protocol == 6 and frame[self.l4 + 13] & 7)

    def resized(self, size):
        """The same frame, `size` octets long, its lengths and checksum right again; None where headers do not fit."""
        head = self.l4 + ((self.frame[self.l4 + 12] >> 4) * 4 if self.protocol == 6 else 8)
        if size < head:
            return None
        payload = b"stretched " if self.protocol == 17 else bytes(self.frame[head:self.end]) or b"\0"
        frame = self.frame[:head] + (payload * (size // len(payload) + 1))[:size - head]
        if self.four:
            struct.pack_into(">H", frame, self.ip + 2, size - self.ip)
            struct.pack_into(">H", frame, self.ip + 10, 0)
            struct.pack_into(">H", frame, self.ip + 10, ~fold(words(frame[self.ip:self.l4])) & 0xFFFF)
        else:
            struct.pack_into(">H", frame, self.ip + 4, size - self.ip - 40)
        if self.protocol == 17:
            struct.pack_into(">H", frame, self.l4 + 4, size - self.l4)
        struct.pack_into(">H", frame, self.check, 0)
        total = words(frame[self.source:self.source + (8 if self.four else 32)]) + self.protocol + size - self.l4
        struct.pack_into(">H", frame, self.check, ~fold(total + words(frame[self.l4:])) & 0xFFFF or 0xFFFF)
        return Template(bytes(frame))

    def settle(self, snaplen):
        """Zero what flows fill in; keep the checksums' sums without it."""
        frame, ip = self.frame, self.ip
        wide = 4 if self.four else 16
        fixed = FIXED4 if self.four else FIXED6
        pairs = ((self.source, fixed[self.from_client]), (self.target, fixed[not self.from_client]))
        self.ip_base = self.l4_base = 0
        l4_old = l4_new = 0
        for at, new in pairs:
            l4_old += words(frame[at:at + wide])
            l4_new += words(new)
            frame[at:at + wide] = new
        self.sequence = self.l4 + 6 if self.protocol == 6 and self.ports else None
        if self.four:
            old = l4_old + words(frame[ip + 4:ip + 6]) + (frame[ip + 8] << 8)
            self.ip_base = fold((~words(frame[ip + 10:ip + 12]) & 0xFFFF) + (~fold(old) & 0xFFFF) + l4_new)
            frame[ip + 4:ip + 6] = frame[ip + 10:ip + 12] = bytes(2)
        if self.ports:
            l4_old += words(frame[self.l4:self.l4 + 4])
            frame[self.l4:self.l4 + 4] = bytes(4)
        if self.sequence:
            l4_old += words(frame[self.sequence:self.sequence + 2])
            frame[self.sequence:self.sequence + 2] = bytes(2)
        if self.check:
            if self.protocol == 17 and words(frame[self.check:self.check + 2]) == 0:
                self.check = None  # UDP without a checksum stays so
            else:
                self.l4_base = fold((~words(frame[self.check:self.check + 2]) & 0xFFFF) + (~fold(l4_old) & 0xFFFF) + l4_new)
        frame += bytes(max(0, 60 - len(frame)))  # Ethernet's least
        self.whole = len(frame)
        self.kept = bytes(frame[:snaplen])
        low = wide - 3  # the three octets of an address that are the flow's
        ident = ip + 4 if self.four else self.l4 - 2 if self.fragment else None
        self.columns = [(self.source + low + n, f"s{n}") for n in range(3)]
        self.columns += [(self.target + low + n, f"d{n}") for n in range(3)]
        self.columns += [(ip + (8 if self.four else 7), "ttl")]
        for at, name in ((self.l4 if self.ports else None, "p"), (self.l4 + 2 if self.ports else None, "q"),
                         (ident, "id"), (self.sequence, "id"), (ip + 10 if self.four else None, "ipsum"),
                         (self.check, "l4sum")):
            if at is not None:
                self.columns += [(at, name + "0"), (at + 1, name + "1")]
        self.columns = [(at, name) for at, name in self.columns if at < len(self.kept)]
        return self


def templates(folder, snaplen):
    """Kind → units; a unit is a list of templates, one but for fragments, which stay together."""
    units = {kind: [] for kind in MIX}
    train = None
    for name in FILES:
        for frame in frames(os.path.join(folder, name)):
            template = Template(frame)
            if template.kind is None:
                continue
            if template.kind == "fragments":
                key = (template.fragment, template.four)
                if train and train[0] == key:
                    template.from_client = train[1][0].from_client
                    train[1].append(template)
                else:
                    train = (key, [template])
                    units["fragments"].append(train[1])
                continue
            units[template.kind].append([template])
            if template.resizable:
                for size in SIZES:
                    other = template.resized(size)
                    if other:
                        units[template.kind].append([other])
    for kind, rows in units.items():
        if not rows:
            sys.exit(f"grow.py: no frame for '{kind}' in '{folder}'")
        for unit in rows:
            for template in unit:
                template.settle(snaplen)
    return units


def weights(units, mean):
    """A weight for every unit: exp(-tilt × octets), the tilt such that a record has `mean` octets before the snaplen."""
    import math

    def average(tilt):
        total = packets = 0.0
        for kind, share in MIX.items():
            heavy = [math.exp(-tilt * (u[0].whole - 300) / 300) for u in units[kind]] if len(units[kind][0]) == 1 \
                else [1.0] * len(units[kind])
            scale = share / sum(w * len(u) for w, u in zip(heavy, units[kind]))
            total += scale * sum(w * (t.whole + 16) for w, u in zip(heavy, units[kind]) for t in u)
            packets += share
            table[kind] = [w * scale for w in heavy]
        return total / packets

    table = {}
    low, high = -20.0, 20.0
    if not average(high) < mean < average(low):
        sys.exit(f"grow.py: a mean of {mean} is out of reach: {average(high):.0f} to {average(low):.0f}")
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if average(middle) > mean else (low, middle)
    return table


# ---- flows ----

class Flows:
    """Octet tables, indexed by 2 × flow + direction (0: from the client)."""

    def __init__(self, count, rng):
        def both(client, server):
            table = bytearray(2 * count)
            table[0::2], table[1::2] = client, server
            return bytes(table)

        def column(choices):
            return bytes(rng.choices(choices, k=count))

        c = [rng.randbytes(count) for _ in range(3)]
        s = [bytes([18]) * count, column(range(32)), rng.randbytes(count)]
        p = [bytes(b | 0x80 for b in rng.randbytes(count)), rng.randbytes(count)]  # ports from 32768
        services = rng.choices(list(SERVICES), list(SERVICES.values()), k=count)
        q = [bytes(x >> 8 for x in services), bytes(x & 255 for x in services)]
        hops = rng.choices(range(1, 25), k=count)
        near, far = [rng.choices((64, 128, 255), [6, 3, 1], k=count) for _ in range(2)]
        self.tables = {f"s{n}": both(c[n], s[n]) for n in range(3)} | {f"d{n}": both(s[n], c[n]) for n in range(3)}
        self.tables |= {f"p{n}": both(p[n], q[n]) for n in range(2)} | {f"q{n}": both(q[n], p[n]) for n in range(2)}
        self.tables["ttl"] = both(bytes(a - h for a, h in zip(near, hops)), bytes(a - h for a, h in zip(far, hops)))
        # What a flow adds to the sums: its addresses; its ports.
        self.addresses = array("L", (c0 + (c1 << 8) + c2 + s0 + (s1 << 8) + s2
                                     for c0, c1, c2, s0, s1, s2 in zip(*c, *s)))
        self.ports = array("L", ((a << 8) + b + x for a, b, x in zip(*p, services)))


# ---- blocks ----

def layout(units, table, rng):
    """STRIDE templates in random order, fragments of one datagram together."""
    chosen = []
    left = STRIDE
    for kind, share in MIX.items():
        per_unit = sum(w * len(u) for w, u in zip(table[kind], units[kind])) / sum(table[kind])
        wanted = share * STRIDE / per_unit
        number = int(wanted) + (rng.random() < wanted % 1)
        for unit in rng.choices(units[kind], table[kind], k=number):
            if len(unit) <= left:
                chosen.append((kind, unit))
                left -= len(unit)
    chosen += [("tcp4", unit) for unit in rng.choices(units["tcp4"], table["tcp4"], k=left)]
    rng.shuffle(chosen)
    return [(kind, template, n > 0) for kind, unit in chosen for n, template in enumerate(unit)]


def block(number, units, table, flows, ranges, ticks, rng):
    """One block of BLOCK records: its octets, and where each record of the first repeat begins."""
    rows = layout(units, table, rng)
    begins, octets, at = [], [], 0
    for _, template, _ in rows:
        begins.append(at)
        octets.append(struct.pack("<IIII", START + number, 0, len(template.kept), template.whole) + template.kept)
        at += 16 + len(template.kept)
    stride = at
    buffer = bytearray(b"".join(octets) * REPEAT)

    random_ = rng.random
    idents = list(struct.unpack(f"<{BLOCK}H", rng.randbytes(2 * BLOCK)))
    flow, slot, ip_base, l4_base, use_ports, use_ident, for_zero = [], [], [], [], [], [], []
    for j, (kind, template, follows) in enumerate(rows):
        if follows:
            flow += flow[-REPEAT:]
            idents[j * REPEAT:(j + 1) * REPEAT] = idents[(j - 1) * REPEAT:j * REPEAT]
        else:
            first, count = ranges[kind]
            flow += [first + int(count ** random_()) - 1 for _ in range(REPEAT)]  # the n-th as often as 1/n
        back = 0 if template.from_client else 1
        slot += [2 * f + back for f in flow[-REPEAT:]]
        ip_base += [template.ip_base] * REPEAT
        l4_base += [template.l4_base] * REPEAT
        use_ports += [template.ports] * REPEAT
        use_ident += [template.sequence is not None] * REPEAT
        for_zero += [0xFFFF if template.protocol == 17 else 0] * REPEAT  # RFC 768

    columns = {name: bytes(map(values.__getitem__, slot)) for name, values in flows.tables.items()}
    addresses = list(map(flows.addresses.__getitem__, flow))
    ports = map(flows.ports.__getitem__, flow)
    columns["id0"], columns["id1"] = bytes(i >> 8 for i in idents), bytes(i & 255 for i in idents)
    sums = [b + a + (t << 8) + i for b, a, t, i in zip(ip_base, addresses, columns["ttl"], idents)]
    sums = [s % 0xFFFF for s in sums]  # ones' complement: 0 stands for 0xFFFF, and no sum here is really 0
    sums = [0xFFFF - s if s else 0 for s in sums]
    columns["ipsum0"], columns["ipsum1"] = bytes(s >> 8 for s in sums), bytes(s & 255 for s in sums)
    sums = [(b + a + p * up + i * ui) % 0xFFFF
            for b, a, p, up, i, ui in zip(l4_base, addresses, ports, use_ports, idents, use_ident)]
    sums = [0xFFFF - s if s else zero for s, zero in zip(sums, for_zero)]
    columns["l4sum0"], columns["l4sum1"] = bytes(s >> 8 for s in sums), bytes(s & 255 for s in sums)

    for j, (_, template, _) in enumerate(rows):
        begin, lo, hi = begins[j], j * REPEAT, (j + 1) * REPEAT
        for n in range(3):
            buffer[begin + 4 + n::stride] = ticks[j][n]
        begin += 16
        for where, name in template.columns:
            buffer[begin + where::stride] = columns[name][lo:hi]
    return buffer, begins + [stride]


def size(text):
    unit = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(text[-1:].upper())
    return int(float(text[:-1]) * unit) if unit else int(text)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], epilog=__doc__.split("\n\n", 1)[1],
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", metavar="OUT", help="a .pcap to write, or - for standard output")
    parser.add_argument("--octets", type=size, help="end before the file is longer (K, M, G: powers of 1024)")
    parser.add_argument("--packets", type=int, help="end after so many packets")
    parser.add_argument("--mean", type=float, default=285,
                        help="octets a record would have uncut, its header of 16 included (285)")
    parser.add_argument("--snaplen", type=int, default=262144, help="octets kept of a frame (all)")
    parser.add_argument("--flows", type=int, default=400_000, help="flows to draw from; rare ones may not come (400000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--captures", default=os.path.join(here, "..", "..", "captures"), help="where the templates are")
    args = parser.parse_args()
    if args.octets is None and args.packets is None:
        args.octets = 1 << 30
    if args.snaplen < 1:
        parser.error("--snaplen must be at least 1")

    rng = random.Random(args.seed)
    units = templates(args.captures, args.snaplen)
    table = weights(units, args.mean)
    flows = Flows(args.flows, rng)
    ranges, first = {}, 0
    for kind, share in MIX.items():
        count = max(1, int(share * args.flows / sum(MIX.values())))
        ranges[kind] = (first, count)
        first += count
    ticks = []
    for j in range(STRIDE):
        stamps = [(k * STRIDE + j) * TICK_US for k in range(REPEAT)]
        ticks.append([bytes(s >> 8 * n & 255 for s in stamps) for n in range(3)])

    packets, octets, number = 0, 24, 0
    out = sys.stdout.buffer if args.out == "-" else open(args.out, "wb")
    try:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, args.snaplen, 1))
        while True:
            buffer, begins = block(number, units, table, flows, ranges, ticks, rng)
            take = BLOCK if args.packets is None else min(BLOCK, args.packets - packets)
            if args.octets is not None:
                whole, rest = divmod(args.octets - octets, begins[-1])
                take = min(take, whole * STRIDE + bisect.bisect_right(begins, rest) - 1) if whole < REPEAT else take
            end = take // STRIDE * begins[-1] + begins[take % STRIDE]
            out.write(memoryview(buffer)[:end])
            packets, octets, number = packets + take, octets + end, number + 1
            if take < BLOCK:
                break
        out.close() if args.out != "-" else out.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    print(f"{packets} packets, {octets} octets, {(octets - 24) / max(packets, 1):.1f} a record", file=sys.stderr)


if __name__ == "__main__":
    main()
