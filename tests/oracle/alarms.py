#!/usr/bin/env python3
"""How often ipeek raises an alarm on ordinary captures, row by row.

  alarms.py IPEEK ../shared/oracle ../shared/oracle-wide
  alarms.py IPEEK ../shared/oracle --row packet.duplicate      the captures that a row is told of, most first

Ordinary is a capture in whose headers tshark finds nothing wrong: no expert item of severity warning or error about a
protocol whose header ipeek reads, TCP's sequence of segments apart.  tshark runs once a capture; what it says is kept in
a temporary folder.  Alarms are notes, warnings and errors; --most N fails where there are more to 1,000 packets.
Standard library only."""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

# As tshark's expert items name them.
HEADERS = {"Ethernet", "VLAN", "802.1Q Virtual LAN", "SLL", "IPv4", "IPv6", "TCP", "UDP", "UDPlite", "SCTP", "DCCP",
           "ICMP", "ICMPv6", "IGMP", "GRE", "AH", "ESP", "PPP", "MPLS", "PPPoE", "Frame", "Null/Loopback", "Raw",
           "IEEE 802.11", "IPv6 Hop-by-Hop", "IPv6 Routing", "IPv6 Fragment", "IPv6 Destination"}
ALARMS = ("error", "warning", "note")
SECONDS = 60


def experts(capture, cache):
    """Group, protocol and summary of tshark's warnings and errors."""
    kept = cache / (hashlib.sha256(capture.read_bytes()).hexdigest() + ".txt")
    if not kept.exists():
        command = ["tshark", "-n", "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o",
                   "ip.check_checksum:TRUE", "-q", "-z", "expert,warn", "-r", str(capture)]
        run = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS,
                             env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
        kept.write_text(run.stdout)
    found = []
    for line in kept.read_text().splitlines():
        words = line.split(None, 1)
        if words and words[0].isdigit():
            # Columns of fixed width: frequency 12, group 10, protocol 18, then the summary.
            found.append((line[12:23].strip(), line[23:42].strip(), line[42:].strip()))
    return found


def is_ordinary(capture, cache):
    return not any(protocol in HEADERS and group != "Sequence" for group, protocol, _ in experts(capture, cache))


def summary(ipeek, capture):
    command = [ipeek, "read", str(capture), "-T", "json", "--events", "summary", "--sandbox", "off", "--threads", "1"]
    run = subprocess.run(command, capture_output=True, timeout=SECONDS)
    events = (json.loads(line) for line in run.stdout.splitlines())
    return next((event for event in events if event["event_type"] == "summary"), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ipeek")
    parser.add_argument("folder", nargs="+", type=pathlib.Path)
    parser.add_argument("--row", help="tell the captures of one row")
    parser.add_argument("--most", type=float, help="alarms to 1,000 packets that are allowed")
    parser.add_argument("--all", action="store_true", help="captures with faults too")
    options = parser.parse_args()
    cache = pathlib.Path(tempfile.gettempdir()) / "ipeek-alarms"
    cache.mkdir(exist_ok=True)
    captures = sorted(path for folder in options.folder for path in (folder / "captures").iterdir())

    def judge(capture):
        try:
            if options.all or is_ordinary(capture, cache):
                return capture, summary(options.ipeek, capture)
        except subprocess.TimeoutExpired:
            print(f"{capture.name}: not done in {SECONDS} s", file=sys.stderr)
        return capture, None

    packets, ordinary, rows = 0, 0, collections.defaultdict(list)
    severities = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for capture, seen in pool.map(judge, captures):
            if seen is None:
                continue
            ordinary += 1
            packets += seen["packets"]
            for row, told in seen["anomalies"].items():
                severities[row] = told["severity"]
                rows[row].append((told["count"], capture.name, told["first"]))
    if options.row:
        for count, name, first in sorted(rows[options.row], reverse=True):
            print(f"{count:7}  {name}  first in packet {first}")
        return
    print(f"{ordinary} of {len(captures)} captures are ordinary, with {packets} packets")
    print(f"{'to 1,000':>9} {'count':>7} {'captures':>8}  severity  row")
    total = 0
    for row, told in sorted(rows.items(), key=lambda row: -sum(count for count, *_ in row[1])):
        count = sum(count for count, *_ in told)
        total += count if severities[row] in ALARMS else 0
        print(f"{count * 1000 / packets:9.3f} {count:7} {len(told):8}  {severities[row]:8}  {row}")
    share = total * 1000 / max(packets, 1)
    print(f"{share:9.3f} {total:7}           notes, warnings and errors")
    if options.most is not None and share > options.most:
        sys.exit(f"more than {options.most} to 1,000 packets")


if __name__ == "__main__":
    main()
