#!/usr/bin/env python3
"""Time ipeek beside the programs that do part of its work, and print the table of ratios.

  table.py                          everything; about ten minutes on two cores, 3 GB of disk
  table.py --only summary,json      some rows;  --list names them
  table.py --growth 100M            time and memory a packet through a pipe, from 1 M packets up

Builds the captures once (grow.py, from captures/) and keeps them in --dir.  Each pair of programs reads one file in turn,
A B A B …, five times after a warm-up; printed are the medians of wall time and the median of the five ratios: times vary
with the machine and its hour, ratios by a half.  What is not installed is skipped and said.  Standard library only."""
import argparse
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
GROW = os.path.join(HERE, "grow.py")

CAPTURES = {  # name: arguments of grow.py
    "1g": ["--octets", "1G"],
    "96": ["--octets", "512M", "--snaplen", "96"],
    "200m": ["--octets", "200M"],
    "14m": ["--octets", "14M"],
    "50k": ["--packets", "50000"],
}

# name, capture, ipeek's arguments, the rival's command, the most that the ratio may be (none: no bar).
# {f} is the capture, {d} an empty folder.
ROWS = [
    ("summary", "1g", "read {f} -T summary", "tcpdump --count -r {f}", 0.67),
    ("summary-96", "96", "read {f} -T summary", "tcpdump --count -r {f}", 0.9),
    ("summary-capinfos", "1g", "read {f} -T summary", "capinfos {f}", None),
    ("summary-tcpstat", "1g", "read {f} -T summary", "tcpstat -r {f} -1", None),
    ("summary-nfpcapd", "1g", "read {f} -T summary", "nfpcapd -r {f} -w {d}", None),
    ("summary-tshark", "14m", "read {f} -T summary", "tshark -r {f} -q -z conv,ip -z endpoints,ip -z io,phs", 1 / 50),
    ("summary-tshark-200m", "200m", "read {f} -T summary", "tshark -r {f} -q -z conv,ip -z endpoints,ip -z io,phs", 1 / 300),
    ("talkers", "14m", "read {f} -T summary", "tshark -r {f} -q -z conv,ip -z conv,ipv6 -z endpoints,ip -z endpoints,ipv6", None),
    ("json", "50k", "read {f} -T json --events packet", "tshark -r {f} -T ek", 1 / 200),
    ("json-pipe", "50k", "read {f} -T json --events packet", "tshark -r {f} -T ek", None),
    ("filter", "50k", "read {f} -Y ip.ttl<10 -T packets", "tshark -r {f} -Y ip.ttl<10", 1 / 50),
    ("lines", "200m", "read {f} -T packets", "tcpdump -nn -r {f}", None),
    ("start", None, "lookup 10.0.0.1", "python3 -c import\tipaddress;print(ipaddress.ip_address('10.0.0.1').is_private)", None),
]
PACKAGES = {"capinfos": "wireshark-common", "nfpcapd": "nfdump"}  # where a rival is in another package than its name
TO_NULL = {"json"}  # what both write goes to the null device, and not through a pipe
PIECE = 1 << 20  # octets that are taken from a pipe at once
LOOK = 0.01  # seconds between two looks at how much memory is in use
SLOW = {"summary-tshark-200m"}  # a warm-up and five runs of a rival that takes ten seconds: two runs say enough


class Late(Exception):
    """A command took longer than it may."""


def high_water(process):
    """The largest resident set in KiB of a program so far, as the kernel tells it; 0 where it is gone.

    What wait4 tells is more for small programs: a child counts the memory of this one, which it was before it became
    another program."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def swallow(pipe, nowhere):
    """Takes what is in a pipe; how much that was."""
    if hasattr(os, "splice"):
        return os.splice(pipe, nowhere, PIECE)
    return len(os.read(pipe, PIECE))


def run(command, limit, to_null):
    """Seconds of wall time and the largest resident set in KiB of a command whose output goes nowhere."""
    started, peak = time.perf_counter(), 0
    stdout = subprocess.DEVNULL if to_null else subprocess.PIPE
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.DEVNULL) as child:
        timer = threading.Timer(limit, child.kill)
        timer.start()
        try:
            # Thrown away, unread where the system can do that: some programs leave the work out when they see
            # /dev/null, and a reader that copies takes half of a machine of two cores.
            with open(os.devnull, "wb") as nowhere:
                looked = 0.0
                while not to_null and swallow(child.stdout.fileno(), nowhere.fileno()):
                    if time.perf_counter() - looked > LOOK:
                        peak, looked = max(peak, high_water(child.pid)), time.perf_counter()
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode == -signal.SIGKILL:
        raise Late(" ".join(command))
    # A program that wrote nothing was never looked at; one that is larger than this is told right.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return time.perf_counter() - started, peak if peak and usage.ru_maxrss <= own else usage.ru_maxrss


def words(line, capture, folder):
    """The words of a row's command; a tab stands for a blank inside one."""
    return [word.replace("\t", " ").replace("{f}", capture or "").replace("{d}", folder) for word in line.split(" ")]


def built(name, folder):
    """The path of a capture, which is made when it is not there."""
    path = os.path.join(folder, f"{name}.pcap")
    if not os.path.exists(path):
        print(f"building {path}", file=sys.stderr)
        subprocess.run([sys.executable, GROW, path + ".part", *CAPTURES[name]], check=True, timeout=300, stdout=sys.stderr)
        os.rename(path + ".part", path)
    return path


def warm(path):
    """Reads a file once, so that the first run does not wait for the disk."""
    with open(path, "rb") as file:
        while file.read(1 << 20):
            pass


def pair(row, args):
    """One row of the table."""
    name, capture, ours, theirs, bar = row
    rival = theirs.split(" ", 1)[0]
    if not shutil.which(rival):
        package = PACKAGES.get(rival, rival)
        return f"| {name} | {rival} is not installed (Debian: {package}) | | | |"
    path = built(capture, args.dir) if capture else None
    if path:
        warm(path)
    mine, other, ratios, peaks, others = [], [], [], [], []
    runs = min(args.runs, 2) if name in SLOW else args.runs
    try:
        for turn in range(runs + 1):
            a, peak = run([args.ipeek, *words(ours, path, "")], args.limit, name in TO_NULL)
            with tempfile.TemporaryDirectory() as folder:
                b, theirs_peak = run(words(theirs, path, folder), args.limit, name in TO_NULL)
            if turn > 0 or name in SLOW:
                mine.append(a)
                other.append(b)
                ratios.append(a / b)
                peaks.append(peak)
                others.append(theirs_peak)
    except Late as late:
        return f"| {name} | more than {args.limit} s: `{late}` | | | |"
    ratio = statistics.median(ratios)
    shown = f"1/{1 / ratio:.0f}" if ratio < 0.1 else f"{ratio:.2f}"
    judged = "" if bar is None else f" (bar {f'1/{1 / bar:.0f}' if bar < 0.1 else bar}: {'held' if ratio <= bar else 'MISSED'})"
    ours, theirs = (line.replace("{f}", f"{capture}.pcap").replace("\t", " ") for line in (ours, theirs))
    return (f"| {name} | `ipeek {ours}` {statistics.median(mine):.3f} s, {max(peaks) / 1024:.0f} MiB "
            f"| `{theirs}` {statistics.median(other):.3f} s, {max(others) / 1024:.0f} MiB | {shown}{judged} | {min(ratios):.3g} to {max(ratios):.3g} |")


def growth(most, args):
    """Time and memory of captures that come through a pipe, each ten times as long as the one before."""
    print("\n| packets through a pipe | wall s | ipeek's CPU ns a packet | ipeek's peak MiB |\n|---|---|---|---|")
    count = 1_000_000
    while count <= most:
        started = time.perf_counter()
        maker = subprocess.Popen([sys.executable, GROW, "-", "--packets", str(count)], stdout=subprocess.PIPE)
        child = subprocess.Popen([args.ipeek, "read", "-", "-T", "summary"], stdin=maker.stdout, stdout=subprocess.DEVNULL)
        maker.stdout.close()
        timer = threading.Timer(600, lambda: (maker.kill(), child.kill()))
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        maker.wait()
        if child.returncode:
            print(f"| {count:,} | ended with {child.returncode} after {time.perf_counter() - started:.0f} s | | |")
            return
        cpu = (usage.ru_utime + usage.ru_stime) * 1e9 / count
        print(f"| {count:,} | {time.perf_counter() - started:.1f} | {cpu:.0f} | {usage.ru_maxrss / 1024:.0f} |", flush=True)
        count *= 10


def number(text):
    """A count such as 100M."""
    scale = {"k": 10**3, "M": 10**6, "G": 10**9}.get(text[-1])
    return int(text[:-1]) * scale if scale else int(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ipeek", default=os.path.join(ROOT, "target", "release", "ipeek"), help="the program (a release build)")
    parser.add_argument("--dir", default=os.path.join(tempfile.gettempdir(), "ipeek-bench"), help="where the captures are kept")
    parser.add_argument("--only", metavar="NAME,…", help="these rows")
    parser.add_argument("--runs", type=int, default=5, help="pairs that count, after one that does not (5)")
    parser.add_argument("--limit", type=float, default=120, help="seconds one run may take (120)")
    parser.add_argument("--growth", metavar="COUNT", type=number, help="only this: pipes of 1 M packets up to COUNT")
    parser.add_argument("--list", action="store_true", help="name the rows")
    args = parser.parse_args()
    if args.list:
        print("\n".join(row[0] for row in ROWS))
        return 0
    if not os.access(args.ipeek, os.X_OK):
        parser.error(f"{args.ipeek} is not there: cargo build --release")
    if args.growth:
        growth(args.growth, args)
        return 0
    chosen = args.only.split(",") if args.only else [row[0] for row in ROWS]
    unknown = set(chosen) - {row[0] for row in ROWS}
    if unknown:
        parser.error(f"no row is called {', '.join(sorted(unknown))}: see --list")
    os.makedirs(args.dir, exist_ok=True)
    print("| | ipeek | beside | ratio | ratios |\n|---|---|---|---|---|", flush=True)
    missed = False
    for row in ROWS:
        if row[0] in chosen:
            line = pair(row, args)
            missed = missed or "MISSED" in line
            print(line, flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
