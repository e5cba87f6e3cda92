//! `ipeek lookup` as a program: golden cases, streams, exit codes, reports.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::skip::skip;

fn ipeek(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .arg("lookup")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ipeek runs");
    let mut stdin = child.stdin.take().expect("standard input");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("ipeek ends");
    writer.join().expect("all was written");
    output
}

fn objects(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().expect("JSON lines")
}

/// `-T json` of the value under a column, as the golden table writes it.
fn cell(object: &Value, column: &str) -> String {
    match object.get(column) {
        None => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Columns whose explanation in parentheses or brackets is free.
const SOFT: [&str; 6] = ["classful", "type", "scope", "iid", "multicast", "reverse"];

fn same(column: &str, wanted: &str, got: &str) -> bool {
    let head = |text: &str| {
        let head = text.split(['(', '[']).next().unwrap_or_default();
        head.trim().to_lowercase()
    };
    wanted == "-"
        || wanted.eq_ignore_ascii_case(got)
        || SOFT.contains(&column) && head(wanted) == head(got)
}

/// Cases that independent tools agree on, or that the RFCs decide where they do not.
#[test]
fn golden_cases_have_the_golden_answers() {
    let path = std::env::var_os("IPEEK_GOLDEN").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/registries/golden.tsv"),
        PathBuf::from,
    );
    let Ok(table) = std::fs::read_to_string(path) else { skip!(Oracle, "golden answers") };
    let mut rows = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let names = rows.next().expect("a heading");
    let column = |row: &[&str], name: &str| {
        let at = names.iter().position(|known| *known == name);
        at.and_then(|at| row.get(at)).map_or("-".to_owned(), |cell| (*cell).to_owned())
    };
    let mut wrong = Vec::new();
    for row in rows {
        let (kind, input) = (column(&row, "kind"), column(&row, "input"));
        let words: Vec<&str> = input.split(' ').collect();
        let args = match (kind.as_str(), words.as_slice()) {
            ("split", [item, _, len]) => vec![*item, "--split", len],
            ("exclude", [item, _, hole]) => vec![*item, "--exclude", hole],
            ("aggregate", items) => [items, &["--aggregate"]].concat(),
            ("supernet", items) => [items, &["--supernet"]].concat(),
            _ => vec![input.as_str()],
        };
        let output = ipeek(&[&args[..], &["-T", "json"]].concat(), "");
        let found = objects(&output);
        let object = found.first().expect("an object");
        if column(&row, "verdict").starts_with("refuse") {
            if output.status.code() != Some(1) || !cell(object, "verdict").starts_with("refuse: ") {
                wrong.push(format!("{input}: not refused"));
            }
            continue;
        }
        if matches!(kind.as_str(), "addr" | "prefix" | "odd") {
            for name in &names[names.iter().position(|n| *n == "canonical").expect("a column")..] {
                if matches!(*name, "list" | "agree" | "disagree") {
                    continue;
                }
                let (wanted, got) = (column(&row, name), cell(object, name));
                if !same(name, &wanted, &got) {
                    wrong.push(format!("{input}: {name} is {got}, not {wanted}"));
                }
            }
        } else if !column(&row, "list").contains("...") {
            let list: Vec<&str> =
                object["list"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if list.join(" ") != column(&row, "list") {
                wrong.push(format!("{input}: {list:?}"));
            }
        }
        if !same("total", &column(&row, "total"), &cell(object, "total")) {
            wrong.push(format!("{input}: total"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn refused_items_are_named_on_standard_error_and_end_with_one() {
    for (item, reason, others) in [
        ("010.0.0.1", "leading zero", "inet_aton reads 8.0.0.1"),
        ("0x7f000001", "hexadecimal", "inet_aton reads 127.0.0.1"),
        ("127.1", "short inet_aton form", "inet_aton reads 127.0.0.1"),
        ("10.0.0.1-20", "short range end", "nmap reads 10.0.0.1 to 10.0.0.20"),
        ("00:1b:21:3c:9a:d2", "MAC", "fe80::21b:21ff:fe3c:9ad2"),
        ("10.0.0.0/0xff000000", "hexadecimal netmask", "ifconfig reads /8"),
        ("2001:db8::/64%eth0", "zone", "before the slash"),
    ] {
        let output = ipeek(&[item], "");
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{item}");
        assert!(message.starts_with(&format!("ipeek: '{item}': ")), "{message}");
        assert!(message.contains(reason) && message.contains(others), "{message}");
    }
}

#[test]
fn three_words_are_one_range() {
    let output = ipeek(&["10.0.0.1", "-", "10.0.0.9", "-T", "json"], "");
    let found = objects(&output);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["total"], 9);
    assert_eq!(ipeek(&["10.0.0.1", "-"], "").status.code(), Some(2));
}

#[test]
fn bad_lines_are_answered_in_their_place() {
    let long = "1".repeat(70_000);
    let input = format!("10.0.0.1\n\nnonsense\r\n{long}\n  ::1  \n\u{7}\n8.8.8.8");
    let output = ipeek(&["-", "-T", "csv"], &input);
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 7, "{text}");
    for (line, start) in lines.iter().zip([
        "input,verdict,class,special,global,type",
        "10.0.0.1,ok,A,Private-Use,false,private",
        "nonsense,\"refuse: letters",
        "1111",
        "::1,ok,,Loopback Address,false,loopback",
        "\\x07,refuse: control character",
        "8.8.8.8,ok,A,,true,global-unicast",
    ]) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 3);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_item() {
    let output = ipeek(&["-", "-T", "json"], "\u{feff}192.0.2.1\r\n192.0.2.2\r\n");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let inputs: Vec<Value> = objects(&output).iter().map(|one| one["input"].clone()).collect();
    assert_eq!(inputs, ["192.0.2.1", "192.0.2.2"]);
}

#[test]
fn an_answer_comes_before_the_next_line_is_there() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .args(["lookup", "-", "-T", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("ipeek runs");
    let mut stdin = child.stdin.take().expect("standard input");
    let mut stdout = BufReader::new(child.stdout.take().expect("standard output"));
    for address in ["10.0.0.1", "2001:db8::1"] {
        writeln!(stdin, "{address}").expect("written");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("an answer");
        assert!(line.contains(address), "{line}");
    }
    drop(stdin);
    assert!(child.wait().expect("ipeek ends").success());
}

#[test]
fn splitting_everything_starts_at_once_and_a_closed_pipe_is_no_error() {
    for (format, start) in
        [("text", "0.0.0.0/32\n0.0.0.1/32\n"), ("json", "{\"input\":\"0.0.0.0/0\"")]
    {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ipeek"))
            .args(["lookup", "0.0.0.0/0", "--split", "/32", "-T", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("ipeek runs");
        let mut begin = vec![0; start.len()];
        let mut stdout = child.stdout.take().expect("standard output");
        stdout.read_exact(&mut begin).expect("a beginning");
        assert_eq!(String::from_utf8_lossy(&begin), start);
        drop(stdout);
        let output = child.wait_with_output().expect("ipeek ends");
        assert!(output.status.success() && output.stderr.is_empty());
    }
}

#[test]
fn arithmetic_over_items() {
    let list = |args: &[&str]| {
        let output = ipeek(args, "");
        assert!(output.status.success(), "{args:?}");
        String::from_utf8_lossy(&output.stdout).replace('\n', " ").trim().to_owned()
    };
    for (args, wanted) in [
        (
            &["10.0.0.0/24", "--split", "x3"][..],
            "10.0.0.0/26 10.0.0.64/26 10.0.0.128/26 10.0.0.192/26",
        ),
        (&["10.0.0.0/30", "--split", "31"], "10.0.0.0/31 10.0.0.2/31"),
        (&["10.0.0.0/25", "10.0.0.128-10.0.0.255", "--aggregate"], "10.0.0.0/24"),
        (&["2001:db8:1::/48", "2001:db8:2::/48", "--supernet"], "2001:db8::/46"),
        (&["10.0.0.0/30", "--exclude", "10.0.0.1"], "10.0.0.0/32 10.0.0.2/31"),
    ] {
        assert_eq!(list(args), wanted, "{args:?}");
    }
    for args in [
        &["10.0.0.0/24", "--split", "/8"][..],
        &["10.0.0.0/24", "--split", "/40"],
        &["10.0.0.0/24", "--split", "hosts:200,100"],
        &["10.0.0.0/24", "::1", "--supernet"],
        &["10.0.0.0/24", "--exclude", "::1"],
    ] {
        assert_eq!(ipeek(args, "").status.code(), Some(1), "{args:?}");
    }
    assert_eq!(ipeek(&["10.0.0.0/24", "--split", "nonsense"], "").status.code(), Some(2));
    assert_eq!(ipeek(&["::1", "--columns", "nonsense"], "").status.code(), Some(2));
}

#[test]
fn items_are_related_to_each_other() {
    let output = ipeek(&["10.0.0.0/8", "10.1.2.3", "11.0.0.0/8", "-T", "json"], "");
    let found = objects(&output);
    assert_eq!(found[0]["relations"][0], "contains 10.1.2.3");
    assert_eq!(found[0]["relations"][1], "just before 11.0.0.0/8");
    assert_eq!(found[1]["relations"][0], "inside 10.0.0.0/8");
}

#[test]
fn a_list_of_prefixes_has_nothing_else_on_standard_output() {
    let input = "# office\n10.0.0.0/25\n010.0.0.1\n\n10.0.0.128/25\n";
    let output = ipeek(&["-", "--aggregate"], input);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "10.0.0.0/24\n");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("line 3") && told.lines().count() == 1, "{told}");
    assert_eq!(output.status.code(), Some(1));
}

/// RFC 4007, section 6: an address counts in its zone only.
#[test]
fn addresses_of_two_links_are_not_joined() {
    let output = ipeek(&["fe80::1%eth0", "fe80::1%eth1", "--aggregate"], "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert_eq!(output.status.code(), Some(1));
    let output = ipeek(&["2001:db8::1%eth0", "2001:db8::", "--aggregate"], "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "2001:db8::/127\n");
}

#[test]
fn more_parts_than_asked_for_are_told() {
    for (parts, lines, told) in [("x5", 8, true), ("x4", 4, false)] {
        let output = ipeek(&["10.0.0.0/24", "--split", parts], "");
        assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), lines, "{parts}");
        let said = String::from_utf8_lossy(&output.stderr).contains("gives 8 of /27");
        assert_eq!(said, told, "{parts}");
        assert!(output.status.success(), "{parts}");
    }
}

/// What stands in a report, and what must not.
#[test]
fn reports_tell_what_the_rfcs_tell() {
    for (item, wanted, unwanted) in [
        // RFC 1112, section 6.4; RFC 2464, section 7; RFC 4291, section 2.7.1.
        ("224.0.0.251", "01:00:5e:00:00:fb", "Hosts"),
        ("ff02::fb", "33:33:00:00:00:fb", "Solicited"),
        ("2001:db8::1:2", "ff02::1:ff01:2", "Ethernet  "),
        // RFC 1122, section 3.2.1.3.
        ("127.0.0.0/8", "Range ", "Broadcast"),
        ("10.0.0.0/8", "Broadcast   10.255.255.255", "Range "),
        ("10.0.0.255/24", "10.0.0.255 is the broadcast of this network.", "host number"),
        ("224.0.0.5/24", "is an address of this network.", "host number"),
        ("192.168.1.0/26", "11111111.11111111.11111111.11000000   0xffffffc0", "RFC2317"),
        ("0.0.0.0/0", "00000000.00000000.00000000.00000000   0x00000000", "n network"),
        ("2001:db8::/44", "Netmask     ffff:ffff:fff0::", "wildcard"),
        // RFC 4291, appendix A; RFC 3056, section 2.
        ("fe80::21b:63ff:fe84:45e6/64", "00:1b:63:84:45:e6", "opaque"),
        ("2002:c000:204::/48", "192.0.2.4", "subnet-router"),
        // RFC 7343, RFC 9374, RFC 7723, RFC 9602: no interface identifiers.
        ("2001:20::1", "c kind of hash", "Interface"),
        ("2001:30::1", "a authorities and suite", "Interface"),
        ("2001:1::1", "Port Control Protocol", "Interface"),
        ("5f00::1", "locator", "Interface"),
        ("233.1.2.3", "GLOP Block, RFC 3180", "[GLOP Block]"),
    ] {
        let output = ipeek(&[item], "");
        let report = String::from_utf8_lossy(&output.stdout);
        let report = report.replace("RFC\n            ", "RFC ");
        assert!(report.contains(wanted), "{item}: no '{wanted}' in\n{report}");
        assert!(!report.contains(unwanted), "{item}: '{unwanted}' in\n{report}");
    }
}

/// 80 columns hold every report but for what is copied whole.
#[test]
fn reports_fit_80_columns_without_colour() {
    for item in [
        "10.0.0.1",
        "192.168.1.0/26",
        "2001:db8::1/64",
        "ff02::1:ff00:1",
        "224.0.0.251",
        "169.254.1.1",
        "2002:c000:204::1",
        "10.0.0.5-10.0.0.77",
        "0.0.0.0/0",
        "::/0",
        "192.0.0.0/24",
        "2001::1",
        "0.0.0.1-255.255.255.254",
        "fd12:3456:789a:1::1/127",
        "172.16.0.0/12",
        "255.255.255.255",
    ] {
        let output = ipeek(&[item], "");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && !text.contains('\x1b'));
        for line in text.lines() {
            let copied = line.contains("ip6.arpa");
            assert!(line.chars().count() <= 80 || copied, "{item}: {line}");
            assert!(!line.ends_with(' '), "{item}: '{line}'");
        }
        let coloured = ipeek(&[item, "--color", "always"], "");
        assert!(String::from_utf8_lossy(&coloured.stdout).contains("\x1b[1m"));
    }
}

#[test]
fn tables_are_printed_in_three_shapes() {
    let classes = ipeek(&["--classes", "-T", "json"], "");
    assert_eq!(objects(&classes)[1]["networks"], 16_384);
    let rows = objects(&ipeek(&["--registry", "192.88.99.2", "-T", "json"], ""));
    let blocks: Vec<&str> = rows.iter().filter_map(|row| row["block"].as_str()).collect();
    assert_eq!(blocks, ["192.88.99.0/24", "192.88.99.2/32", "192.0.0.0/8"]);
    assert_eq!(rows[0]["reachable"], "blank");
    for shape in ["text", "csv"] {
        assert!(ipeek(&["--classes", "-T", shape], "").status.success());
        let all = ipeek(&["--registry", "-T", shape], "");
        assert!(String::from_utf8_lossy(&all.stdout).lines().count() > 1_000);
    }
}
