#!/usr/bin/env python3
"""seed.py [FOLDER]: makes the fuzz targets' first inputs of captures/ and of the source's own tables, in FOLDER
(corpus/ beside this file), a folder a target."""
import gzip, pathlib, re, struct, sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / 'corpus'
# Longer ones teach little and cost time.
MOST, PACKETS = 16384, 40


def keep(target, name, data):
    folder = OUT / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def pcap(data):
    """Offsets behind the header and behind each record, and (link type, octets) of each."""
    order = '<' if data[0] in (0xd4, 0x4d) else '>'
    link = struct.unpack(order + 'I', data[20:24])[0] & 0xffff
    at, ends, frames = 24, [24], []
    while at + 16 <= len(data):
        captured = struct.unpack(order + 'I', data[at + 8:at + 12])[0]
        frames.append((link, data[at + 16:at + 16 + captured]))
        at += 16 + captured
        ends.append(at)
    return ends, frames


def pcapng(data):
    """The same of a pcapng: offsets behind each block."""
    at, ends, frames, links, order = 0, [], [], [], '<'
    while at + 12 <= len(data):
        kind = struct.unpack(order + 'I', data[at:at + 4])[0]
        if kind == 0x0a0d0d0a:
            order = '<' if data[at + 8] == 0x4d else '>'
            links = []
        size = struct.unpack(order + 'I', data[at + 4:at + 8])[0]
        body = data[at + 8:at + size - 4]
        if kind == 1:
            links.append(struct.unpack(order + 'H', body[:2])[0])
        elif kind == 6:
            interface, _, _, captured = struct.unpack(order + '4I', body[:16])
            frames.append((links[interface], body[20:20 + captured]))
        at += size
        ends.append(at)
    return ends, frames


def cut(data, ends):
    """As many whole records as are short enough to be changed often."""
    return data[:max((end for end in ends if end <= MOST), default=MOST)]


def frame(link, octets):
    return struct.pack('<HB', link, 0) + octets


links = [int(number) for number in re.findall(r'\b(?:row|over)\((\d+),', (ROOT / 'src/decode/link.rs').read_text())]
payload = None
for path in sorted((ROOT / 'captures').iterdir()):
    if path.suffix not in ('.pcap', '.pcapng'):
        continue
    data = path.read_bytes()
    kind = path.suffix[1:]
    ends, frames = (pcap if kind == 'pcap' else pcapng)(data)
    small = cut(data, ends)
    keep(kind, path.name, small)
    if len(small) < 4096:
        keep('compressed', path.name + '.gz', gzip.compress(small, mtime=0))
    for number, (link, octets) in enumerate(frames[:PACKETS]):
        keep('decode', f'{path.stem}-{number}', frame(link, octets[:1600]))
    many = b''.join(struct.pack('<HB', len(f), 1) + f for f in (frame(*f) for f in frames))
    keep('analyze', path.stem, (b'\x0f\x08' + many)[:MOST])
    if path.stem == 'ping':
        payload = frames[0][1]
for link in links:
    for name, octets in (('ip', payload[14:]), ('eth', payload), ('zero', bytes(60))):
        keep('decode', f'link-{link}-{name}', frame(link, octets))

text = (ROOT / 'tests/filter.rs').read_text() + (ROOT / 'README.md').read_text()
filters = {m for m in re.findall(r'\("((?:[^"\\]|\\.)+)",\s+(?:SYN|NESTED|PIECE)', text)} | set(re.findall(r"-Y '([^']+)'", text))
for number, expression in enumerate(sorted(filters)):
    keep('filter', str(number), expression.replace('\\"', '"').replace('\\\\', '\\').encode())
items = ['192.168.1.77/26', '10.0.0.5-10.0.0.77', '::ffff:1.2.3.4', '2001:db8::/32', 'fe80::1%eth0', '0x7f.1', '3232235840',
         '1.2.3.4.in-addr.arpa', '64:ff9b::192.0.2.1', '2002:c000:204::1', 'ff02::1:ff00:1', '[::1]:80', '10.0.0.0 - 10.0.0.255',
         '192.0.2.0 255.255.255.0', '10.0.0.0/255.0.0.0', 'http://1.2.3.4/', '00:11:22:33:44:55', '1.2.3.4:80', '::1/128', '256.1.1.1']
for number, item in enumerate(items):
    keep('lookup', str(number), item.encode())
texts = re.findall(r'let text = "((?:[^"\\]|\\.)+)";', (ROOT / 'tests/dashboard/scenarios.rs').read_text())
texts += re.findall(r'\("((?:[^"\\]|\\.)+ = (?:[^"\\]|\\.)+)", \d', (ROOT / 'tests/dashboard/scenarios.rs').read_text())
for number, written in enumerate(texts):
    keep('config', str(number), written.replace('\\n', '\n').replace('\\"', '"').encode())
print(*(f'{folder.name} {len(list(folder.iterdir()))}' for folder in sorted(OUT.iterdir())), sep=', ')
