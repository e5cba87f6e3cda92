#!/usr/bin/env python3
"""Helpers of record.sh: the few senders and receivers that no Debian package brings.  Standard library only.

  traffic.py vlan ID[,ID] UNDER DEV PEER_MAC     a TAP device whose frames cross UNDER with 802.1Q tags (two IDs: 802.1ad outside)
  traffic.py mpls LABEL,LABEL UNDER DEV PEER_MAC a TUN device whose packets cross UNDER below a label stack
  traffic.py gre KEY LOCAL REMOTE DEV            a TUN device over GRE with key and checksum (RFC 2784, RFC 2890)
  traffic.py sit|ipip LOCAL REMOTE DEV           a TUN device over IPv4: protocol 41 or 4
  traffic.py ip6tnl LOCAL REMOTE DEV             a TUN device over IPv6, with a tunnel encapsulation limit (RFC 2473)
  traffic.py gtp TEID LOCAL REMOTE DEV           a TUN device over GTP-U (3GPP TS 29.281), port 2152
  traffic.py flood SOURCE TARGET PORT COUNT      SYNs from one address, each with a port and a sequence number of its own
  traffic.py scan TARGET PORT...                 one ordinary connect() a port
  traffic.py marked-serve ADDRESS PORT | marked-get ADDRESS PORT DSCP
                                                 one TCP exchange whose packets carry a DSCP
  traffic.py listen GROUP IFACE SECONDS          join a multicast group, leave it after a while
  traffic.py say GROUP IFACE PORT TEXT COUNT     datagrams to a multicast group
  traffic.py weave OUT.pcapng COMMENT NAME=DESCRIPTION=FILE.pcap...
                                                 classic captures into one pcapng, by time, an interface each

The tunnels live here and not in the kernel so that the captures come out the same whether or not the machine's
kernel was built with sit, ipip, gre, 8021q and mpls.  Each runs until it is ended by TERM."""
import fcntl
import os
import select
import socket
import struct
import sys
import time

ETH_P_ALL, PACKET_AUXDATA, SOL_PACKET = 0x0003, 8, 263
TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0001, 0x0002, 0x1000


def device(name, kind):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), kind | IFF_NO_PI))
    return fd


def carry(fd, sock, wrap, unwrap):
    """Move packets between a device and a socket for ever."""
    while True:
        ready, _, _ = select.select([fd, sock], [], [])
        if fd in ready:
            sock.send(wrap(os.read(fd, 65535)))
        if sock in ready:
            inner = unwrap(sock)
            if inner:
                try:
                    os.write(fd, inner)
                except OSError:  # the device is not up yet
                    pass


def below(under):
    """A packet socket on `under`, which tells the tag that the kernel took off."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.bind((under, ETH_P_ALL))
    sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    return sock


def whole(sock):
    """The next frame that came from the wire, its outer tag put back; None for our own."""
    frame, extra, _, sender = sock.recvmsg(65535, 256)
    if sender[2] == socket.PACKET_OUTGOING:
        return None
    for level, kind, data in extra:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tci, tpid = struct.unpack("IIIHHHH", data[:20])
            if status & 0x10:  # TP_STATUS_VLAN_VALID
                tpid = tpid if status & 0x40 else 0x8100
                frame = frame[:12] + struct.pack(">HH", tpid, tci) + frame[12:]
    return frame


def vlan(ids, under, dev, _peer):
    ids = [int(i) for i in ids.split(",")]
    tpids = [0x88A8, 0x8100] if len(ids) == 2 else [0x8100]
    # PCP 5 on the outermost tag, 0 within (IEEE 802.1Q, 9.6).
    tags = b"".join(struct.pack(">HH", t, i | (0xA000 if n == 0 else 0))
                    for n, (t, i) in enumerate(zip(tpids, ids)))

    def unwrap(sock):
        frame = whole(sock)
        if frame and frame[12:12 + len(tags)] == tags:
            return frame[:12] + frame[12 + len(tags):]
        return None

    carry(device(dev, IFF_TAP), below(under), lambda f: f[:12] + tags + f[12:], unwrap)


def mpls(labels, under, dev, peer):
    labels = [int(i) for i in labels.split(",")]
    # Label, traffic class, bottom of stack, TTL (RFC 3032, section 2.1; RFC 5462).
    stack = b"".join(struct.pack(">I", label << 12 | (n == len(labels) - 1) << 8 | 64)
                     for n, label in enumerate(labels))
    with open(f"/sys/class/net/{under}/address") as own:
        mine = bytes.fromhex(own.read().strip().replace(":", ""))
    head = bytes.fromhex(peer.replace(":", "")) + mine + b"\x88\x47"

    def unwrap(sock):
        frame = whole(sock)
        return frame[14 + len(stack):] if frame and frame[12:14] == b"\x88\x47" else None

    carry(device(dev, IFF_TUN), below(under), lambda p: head + stack + p, unwrap)


def internet_sum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data[:len(data) & ~1]))
    total += data[-1] << 8 if len(data) & 1 else 0
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def over_ip(protocol, local, remote, dev, wrap, unwrap):
    family = socket.AF_INET6 if ":" in local else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_RAW, protocol)
    if family == socket.AF_INET6:
        # Destination options: tunnel encapsulation limit 4, then PadN (RFC 2473, section 4.1.1).
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, bytes([0, 0, 4, 1, 4, 1, 1, 0]))
    sock.bind((local, 0))
    sock.connect((remote, 0))

    def arrived(sock):
        packet = sock.recv(65535)
        return unwrap(packet[(packet[0] & 15) * 4:] if family == socket.AF_INET else packet)

    carry(device(dev, IFF_TUN), sock, wrap, arrived)


def gre(key, local, remote, dev):
    def wrap(packet):
        protocol = 0x86DD if packet[0] >> 4 == 6 else 0x0800
        head = struct.pack(">HHHHI", 0xA000, protocol, 0, 0, int(key))  # C and K bits
        return struct.pack(">HHHHI", 0xA000, protocol, internet_sum(head + packet), 0, int(key)) + packet

    over_ip(47, local, remote, dev, wrap, lambda p: p[12:])


def gtp(teid, local, remote, dev):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # Without DF the kernel cuts what does not fit (IP_MTU_DISCOVER, IP_PMTUDISC_DONT).
    sock.setsockopt(socket.IPPROTO_IP, 10, 0)
    sock.bind((local, 2152))
    sock.connect((remote, 2152))
    # Version 1, GTP, no optional octets; a G-PDU; its length; the tunnel (TS 29.281, 5.1).
    carry(device(dev, IFF_TUN), sock, lambda p: struct.pack(">BBHI", 0x30, 255, len(p), int(teid)) + p,
          lambda sock: sock.recv(65535)[8:])


def plain(protocol):
    return lambda local, remote, dev: over_ip(protocol, local, remote, dev, lambda p: p, lambda p: p)


def ip6tnl(local, remote, dev):
    # The next header of a raw socket is fixed, so IPv4 in IPv6 only (RFC 2473).
    over_ip(4, local, remote, dev, lambda p: p if p[0] >> 4 == 4 else b"", lambda p: p)


def flood(source, target, port, count):
    sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    sock.bind((source, 0))
    ends = socket.inet_aton(source) + socket.inet_aton(target)
    for n in range(int(count)):
        head = struct.pack(">HHIIBBHHH", 1024 + n * 397 % 60000, int(port), n * 2654435761 % 2**32, 0,
                           0x50, 0x02, 512, 0, 0)
        check = internet_sum(ends + struct.pack(">HH", 6, 20) + head)
        sock.sendto(head[:16] + struct.pack(">H", check) + head[18:], (target, 0))
        time.sleep(0.02)


def scan(target, *ports):
    for port in ports:
        try:
            socket.create_connection((target, int(port)), 0.3).close()
        except OSError:
            pass


def marked_serve(address, port):
    with socket.create_server((address, int(port)), reuse_port=True) as server:
        peer, _ = server.accept()
        peer.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 10 << 2)  # AF11 back
        peer.recv(4096)
        peer.sendall(bytes(6000))
        peer.close()


def marked_get(address, port, dscp):
    sock = socket.socket()
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, int(dscp) << 2)
    sock.connect((address, int(port)))
    sock.sendall(b"send me something\n")
    while sock.recv(4096):
        pass


def group(name, iface):
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    index = socket.if_nametoindex(iface)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        join = (socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, socket.inet_pton(family, name) + struct.pack("I", index))
    else:
        request = socket.inet_aton(name) + struct.pack("4xi", index)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("8xi", index))
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
        join = (socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
    return sock, join


def listen(name, iface, seconds):
    sock, join = group(name, iface)
    sock.setsockopt(*join)
    time.sleep(float(seconds))


def say(name, iface, port, text, count):
    sock, _ = group(name, iface)
    for n in range(int(count)):
        sock.sendto(f"{text} {n}\n".encode(), (name, int(port)))
        time.sleep(0.05)


def option(code, value):
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def block(kind, body):
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def weave(out, comment, *inputs):
    """pcapng (draft-ietf-opsawg-pcapng): section, interfaces with name, description and nanoseconds, packets."""
    end = bytes(4)
    text = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
                 + option(1, comment.encode()) + option(4, b"captures/record.sh") + end)
    packets = []
    for number, given in enumerate(inputs):
        name, description, path = given.split("=", 2)
        with open(path, "rb") as file:
            data = file.read()
        magic, _, _, _, _, snaplen, link = struct.unpack("<IHHiIII", data[:24])
        scale = {0xA1B2C3D4: 1000, 0xA1B23C4D: 1}[magic]
        text += block(1, struct.pack("<HHI", link, 0, snaplen) + option(2, name.encode())
                      + option(3, description.encode()) + option(9, b"\x09") + end)
        at = 24
        while at + 16 <= len(data):
            sec, part, kept, length = struct.unpack_from("<IIII", data, at)
            packets.append((sec * 10**9 + part * scale, number, length, data[at + 16:at + 16 + kept]))
            at += 16 + kept
    packets.sort(key=lambda p: p[0])
    for stamp, number, length, frame in packets:
        text += block(6, struct.pack("<IIIII", number, stamp >> 32, stamp & 0xFFFFFFFF, len(frame), length)
                      + frame + bytes(-len(frame) % 4))
    with open(out, "wb") as file:
        file.write(text)


COMMANDS = {"vlan": vlan, "mpls": mpls, "gre": gre, "sit": plain(41), "ipip": plain(4), "ip6tnl": ip6tnl, "gtp": gtp,
            "flood": flood, "scan": scan, "marked-serve": marked_serve, "marked-get": marked_get,
            "listen": listen, "say": say, "weave": weave}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](*sys.argv[2:])
