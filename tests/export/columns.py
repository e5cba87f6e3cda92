"""Reads every table of every bundled capture with pyarrow, DuckDB and Polars, and holds it against
JSON's events and against what `ipeek fields --table` says.

    columns.py IPEEK CAPTURE…
"""

import io
import json
import pathlib
import subprocess
import sys
import tempfile

import duckdb
import polars
import pyarrow
import pyarrow.ipc
import pyarrow.parquet

TABLES = ["packets", "flows", "endpoints", "anomalies"]


def run(*args):
    """Standard output; a damaged capture gives what it holds."""
    done = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode in (0, 3), (args, done.returncode, done.stderr)
    return done.stdout


def schema(ipeek, table):
    """Names and types, as the program lists them."""
    lines = run(ipeek, "fields", "--table", table, "--markdown").decode().splitlines()[2:]
    rows = [[cell.strip().strip("`") for cell in line.split(" | ")] for line in lines]
    return [(row[0].removeprefix("| ").strip("`"), row[1]) for row in rows]


def word(kind):
    """A type in the words of the program's list."""
    if pyarrow.types.is_list(kind):
        return f"list<{word(kind.value_type)}>"
    if pyarrow.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name} {word(field.type)}' for field in kind)}>"
    names = {"string": "utf8", "timestamp[us, tz=UTC]": "timestamp[us, UTC]"}
    return names.get(str(kind), str(kind))


def nanos(time):
    """Nanoseconds since 1970 of a time as JSON writes it."""
    if time is None:
        return None
    whole, digits = time.rstrip("Z").split(".")
    day, clock = whole.split("T")
    year, month, date = (int(part) for part in day.rsplit("-", 2))
    hour, minute, second = (int(part) for part in clock.split(":"))
    # Days since 1970, after Howard Hinnant: years may be negative.
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + date - 1
    days = era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
    return ((days * 24 + hour) * 60 + minute) * 60 * 10**9 + second * 10**9 + int(digits)


def number(text):
    return None if text is None or ":" in text else int.from_bytes(bytes(map(int, text.split("."))))


def of(found, *path):
    for key in path:
        if found is None:
            return None
        found = found.get(key)
    return found


def headers(event):
    """The headers of the row: its outermost Ethernet and VLAN, its innermost IP and what that carries."""
    found, ip = {}, False
    for layer in event["layers"]:
        if layer.get("_role") in ("quoted", "copy"):
            break
        for name, header in layer.items():
            if name.startswith("_"):
                continue
            if name in ("ip", "ipv6"):
                if not ("src" in header and "dst" in header):
                    return found
                for key in ("ip", "ipv6", "ipv6.fraghdr", "tcp"):
                    found.pop(key, None)
                found[name] = header
            elif name in ("eth", "vlan"):
                found.setdefault(name, header)
            elif name == "ipv6.fraghdr" and "ipv6" not in found:
                pass
            elif name in ("ipv6.fraghdr", "tcp"):
                found.setdefault(name, header)
    return found


def packet(event, anomalies):
    """The row that a packet event stands for, as far as events tell."""
    all_ = headers(event)
    four, six = all_.get("ip"), all_.get("ipv6")
    fragment, tcp = all_.get("ipv6.fraghdr"), all_.get("tcp")
    tuple_ = "src_ip" in event
    if not tuple_:
        four = six = fragment = tcp = None
    time = nanos(event.get("timestamp"))
    first = lambda a, b: a if a is not None else b
    icmp = "icmp_type" in event
    protos = {"TCP": 6, "UDP": 17, "ICMP": 1, "IPv6-ICMP": 58, "SCTP": 132}
    row = {
        "number": event["pcap_cnt"],
        "ts_ns": time,
        "len": event["frame"]["len"],
        "cap_len": event["frame"]["cap_len"],
        "interface": event["frame"].get("interface_name", str(event["frame"]["interface_id"])),
        "path": event["frame"]["protocols"],
        "vlan_id": of(all_.get("vlan"), "id"),
        "eth_src": of(all_.get("eth"), "src"),
        "eth_dst": of(all_.get("eth"), "dst"),
        "ip_version": event.get("ip_v"),
        "src_ip": event.get("src_ip"),
        "dst_ip": event.get("dest_ip"),
        "src_v4": number(event.get("src_ip")),
        "dst_v4": number(event.get("dest_ip")),
        "ttl": first(of(four, "ttl"), of(six, "hlim")),
        "dscp": first(of(four, "dsfield", "dscp"), of(six, "tclass", "dscp")),
        "ecn": first(of(four, "dsfield", "ecn"), of(six, "tclass", "ecn")),
        "ip_len": first(of(four, "len"), six and six.get("plen") and six["plen"] + 40) or of(four, "len"),
        "ip_id": first(of(four, "id"), of(fragment, "ident")),
        "frag_offset": first(of(four, "frag_offset"), of(fragment, "offset")),
        "df": of(four, "flags", "df"),
        "mf": first(of(four, "flags", "mf"), of(fragment, "more")),
        "flow_label": of(six, "flow"),
        "src_port": event.get("src_port"),
        "dst_port": event.get("dest_port"),
        "tcp_seq": of(tcp, "seq_raw"),
        "tcp_ack": of(tcp, "ack_raw"),
        "icmp_type": event.get("icmp_type"),
        "icmp_code": event.get("icmp_code"),
        "flow_id": event.get("flow_id"),
        "community_id": event.get("community_id"),
        "anomalies": anomalies.get(event["pcap_cnt"]),
    }
    if event.get("proto") in protos:
        row["proto"] = protos[event["proto"]]
    if "tunnel" in event:
        pairs = [(outer["src_ip"], outer["dest_ip"]) for outer in event["tunnel"]]
        row["inner"] = pairs + [(event["src_ip"], event["dest_ip"])]
    else:
        row["inner"] = None
    return row


def flow(event):
    """The row of a flow event."""
    inside = event["flow"]
    tcp = event.get("tcp")
    return {
        "flow_id": event["flow_id"],
        "first_number": event["flow_id"],
        "ip_version": event["ip_v"],
        "src_ip": event["src_ip"],
        "dst_ip": event["dest_ip"],
        "src_v4": number(event["src_ip"]),
        "dst_v4": number(event["dest_ip"]),
        "src_port": event.get("src_port"),
        "dst_port": event.get("dest_port"),
        "icmp_type": event.get("icmp_type"),
        "icmp_code": event.get("icmp_code"),
        "icmp_id": event.get("icmp_id"),
        "depth": event["depth"],
        "start_ns": nanos(inside.get("start")),
        "end_ns": nanos(inside.get("end")),
        "packets_fwd": inside["pkts_toserver"],
        "packets_rev": inside["pkts_toclient"],
        "octets_fwd": inside["bytes_toserver"],
        "octets_rev": inside["bytes_toclient"],
        "tcp_flags_fwd": tcp and int(tcp["tcp_flags_ts"], 16),
        "tcp_flags_rev": tcp and int(tcp["tcp_flags_tc"], 16),
        "community_id": event["community_id"],
        "complete": True,
    }


def anomaly(event):
    """The row of an anomaly event."""
    found = event["anomaly"]
    value = found.get("value")
    return {
        "number": event.get("pcap_cnt"),
        "ts_ns": nanos(event.get("timestamp")),
        "event": found["event"],
        "severity": found["severity"],
        "layer": found.get("ip_layer"),
        "field_offset": found.get("offset"),
        "field_len": found.get("len"),
        "value": None if value is None else str(value),
        "src_ip": event.get("src_ip"),
        "dst_ip": event.get("dest_ip"),
        "flow_id": event.get("flow_id"),
        "spec": found["spec"],
    }


def endpoint(line):
    """The row of a line of CSV's endpoints."""
    names = "address,packets_sent,packets_received,octets_sent,octets_received,class,special,type"
    row = dict(zip(names.split(","), line.split(",")))
    for name in ("packets_sent", "packets_received", "octets_sent", "octets_received"):
        row[name] = int(row[name])
    for name in ("class", "special", "type"):
        row[name] = row[name] or None
    return row | {"v4": number(row["address"])}


def expected(ipeek, capture):
    """The rows of each table, as the other exports tell them."""
    events = [json.loads(line) for line in run(ipeek, "read", capture, "-T", "json").splitlines()]
    named = lambda name: [event for event in events if event["event_type"] == name]
    anomalies, first = {}, named("anomaly")
    # What is found only later stands among the anomalies, and not with its packet.
    late = {"fragment.gap", "fragment.crowded"}
    for event in first:
        if "pcap_cnt" in event and event["anomaly"]["event"] not in late:
            anomalies.setdefault(event["pcap_cnt"], []).append(event["anomaly"]["event"])
    lines = run(ipeek, "read", capture, "-T", "csv", "-e", "endpoints").decode().splitlines()[1:]
    return {
        "packets": [packet(event, anomalies) for event in named("packet")],
        "flows": [flow(event) for event in named("flow")],
        "anomalies": [anomaly(event) for event in first],
        "endpoints": [endpoint(line) for line in lines],
    }


def check(table, rows, wanted, place):
    """Every row has the values that are wanted of it."""
    assert len(rows) == len(wanted), (place, len(rows), len(wanted))
    for row, want in zip(rows, wanted):
        for name, value in want.items():
            found = row[name]
            if name == "inner" and found is not None:
                found = [(one["src_ip"], one["dst_ip"]) for one in found]
            assert found == value, (place, row.get("number", row.get("flow_id")), name, found, value)


TIMES = ("ts", "start", "end", "window")


def rows_of(table):
    """The rows without their times: Python has none before year 1 or after 9999, nor nanoseconds."""
    return table.drop_columns([name for name in table.column_names if name in TIMES]).to_pylist()


def parquet(folder, table, streamed, missing, place):
    """A file of Parquet has what the stream has."""
    (path,) = pathlib.Path(folder, table).iterdir()
    with pyarrow.parquet.ParquetFile(path) as file:
        read, notes = file.read(), file.metadata.metadata
        groups = [file.metadata.row_group(group) for group in range(file.num_row_groups)]
    read.validate(full=True)
    assert [(f.name, word(f.type)) for f in read.schema] == [(f.name, word(f.type)) for f in streamed.schema], place
    assert rows_of(read) == rows_of(streamed), place
    for name in TIMES:
        if name in read.column_names:
            whole = [column[name].cast(pyarrow.int64()).to_pylist() for column in (read, streamed)]
            assert whole[0] == whole[1], (place, name)
    assert notes[b"schema"] == b"ipeek/1" and notes[b"ledger"].startswith(b"ledger: "), (place, notes)
    for group in groups:
        for at in range(group.num_columns):
            column = group.column(at)
            assert column.compression == "ZSTD", (place, column)
            assert column.statistics is not None, (place, column)
    frame = polars.read_parquet(path)
    assert frame.height == 0 or list(frame.null_count().row(0)) == missing, place
    quoted = ", ".join(f'count(*) - count("{name}")' for name in read.column_names)
    counts = duckdb.execute(f"SELECT {quoted} FROM read_parquet('{path}')").fetchall()[0]
    assert list(counts) == missing, place


def main(ipeek, *captures):
    count = 0
    for capture in captures:
        wanted = expected(ipeek, capture)
        folder = tempfile.TemporaryDirectory()
        run(ipeek, "read", capture, "-T", "summary", "--parquet", f"{folder.name}/tables")
        for table in TABLES:
            place = f"{capture} {table}"
            octets = run(ipeek, "read", capture, "-T", "arrow", "-e", table)
            with pyarrow.ipc.open_stream(octets) as reader:
                read = reader.read_all()
            read.validate(full=True)
            listed = [(field.name, word(field.type)) for field in read.schema]
            assert listed == schema(ipeek, table), (place, listed, schema(ipeek, table))
            rows = rows_of(read)
            check(table, rows, wanted[table], place)
            for name in ("ts", "start", "end"):
                if name in read.column_names:
                    whole = read[name].cast(pyarrow.int64()).to_pylist()
                    exact = read[name + "_ns"].to_pylist()
                    assert whole == [t if t is None else t // 1000 for t in exact], (place, name)
            assert read.schema.metadata[b"schema"] == b"ipeek/1", place
            # Others count the same rows, and see the same values missing.
            missing = [column.null_count for column in read.columns]
            frame = polars.read_ipc_stream(io.BytesIO(octets))
            assert list(frame.null_count().row(0)) == missing if rows else frame.height == 0, place
            quoted = ", ".join(f'count(*) - count("{name}")' for name in read.column_names)
            database = duckdb.connect()
            database.register("t", read)
            counts = database.execute(f"SELECT {quoted} FROM t").fetchall()[0]
            assert list(counts) == missing, place
            parquet(f"{folder.name}/tables", table, read, missing, place)
            count += len(rows)
        folder.cleanup()
    print(f"{count} rows of {len(captures)} captures")


main(*sys.argv[1:])
