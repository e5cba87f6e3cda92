//! What finds and shows a packet among many, as the README says: held to what the capture has.

use serde_json::Value;

use ipeek::dashboard::model::action::Action;
use ipeek::dashboard::view::panel::packets;

use super::pty::{Terminal, office};
use super::{Bench, capture};
use crate::packets::frames;

/// What `ipeek read` of the office prints.
fn read(args: &[&str]) -> String {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_ipeek"));
    let output = program.args(["read", &office()]).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

fn events() -> Vec<Value> {
    let text = read(&["-T", "json"]);
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn list() -> Terminal {
    let mut terminal = Terminal::open(&["read", &office()], 120, 40);
    terminal.until("lasted");
    terminal.press("2");
    terminal.until("Packet 1 ");
    terminal
}

fn end(mut terminal: Terminal) {
    terminal.press("\x03");
    assert_eq!(terminal.end().0, 130);
}

#[test]
fn e_goes_to_the_next_packet_with_an_anomaly() {
    let mut anomalous = Vec::new();
    for event in events() {
        let severity = event["anomaly"]["severity"].as_str();
        let is_error = event["layers"].as_array().is_some_and(|layers| {
            let is = |name: &str, types: &[u64]| {
                let of = layers.iter().find_map(|layer| layer[name]["type"].as_u64());
                of.is_some_and(|of| types.contains(&of))
            };
            is("icmp", &[3, 11, 12]) || is("icmpv6", &[1, 2, 3, 4])
        });
        if is_error || matches!(severity, Some("warning" | "error")) {
            anomalous.extend(event["pcap_cnt"].as_u64());
        }
    }
    anomalous.sort_unstable();
    anomalous.dedup();
    assert!(anomalous.len() > 3 && anomalous[0] > 2, "{anomalous:?}");
    let mut terminal = list();
    for number in anomalous.iter().take(4) {
        terminal.press("e");
        terminal.until(&format!("Packet {number} "));
    }
    terminal.press("E");
    terminal.until(&format!("Packet {} ", anomalous[2]));
    end(terminal);
}

#[test]
fn a_brace_goes_to_the_next_packet_of_the_flow() {
    let all = events();
    let flow = |number: u64| {
        let is_it = |event: &&Value| event["event_type"] == "packet" && event["pcap_cnt"] == number;
        all.iter().find(is_it).and_then(|event| event["flow_id"].as_u64())
    };
    let (from, to) = (20..300)
        .find_map(|from| {
            let own = flow(from)?;
            let next = (from + 1..=394).find(|&number| flow(number) == Some(own))?;
            (next > from + 5).then_some((from, next))
        })
        .unwrap();
    let mut terminal = list();
    terminal.press(&format!(":{from}\r"));
    terminal.until(&format!("Packet {from} "));
    terminal.press("}");
    terminal.until(&format!("Packet {to} "));
    terminal.press("{");
    terminal.until(&format!("Packet {from} "));
    end(terminal);
}

#[test]
fn text_octets_and_expressions_are_searched_for() {
    let lines = read(&["-T", "packets"]);
    let first = |words: &[&str]| {
        let is_it = |line: &str| words.iter().any(|word| line.contains(word));
        lines.lines().position(is_it).unwrap() + 1
    };
    // The ports of a query that comes late: 47743 to 53.
    let octets = [0xba, 0x7f, 0, 0x35];
    let all = frames(&capture("office.pcapng"));
    let with = all.iter().position(|frame| frame.bytes.windows(4).any(|some| some == octets));
    for (what, number) in [
        ("port unreachable", first(&["port unreachable"])),
        ("0xba7f0035", with.unwrap() + 1),
        ("/time.*exceeded|neighbor +advert/", first(&["exceeded", "neighbor advertisement"])),
    ] {
        assert!(number > 2, "{what}");
        let mut terminal = list();
        terminal.press(&format!("\x06{what}\r"));
        terminal.until(&format!("Packet {number} "));
        end(terminal);
    }
}

#[test]
fn any_field_becomes_a_column() {
    let mut terminal = list();
    terminal.press("c");
    terminal.until(": columns no. ");
    terminal.press(" ip.dsfield.dscp:16\r");
    let screen = terminal.until("ip.dsfield.dscp");
    assert!(screen.contains("Destination"), "{screen}");
    end(terminal);
}

/// RFC 791, section 3.1: the header's words, and in them what this packet has.
#[test]
fn packets_with_comments_wear_a_sign() {
    let mut bench = Bench::open("sections.pcapng", (120, 40));
    bench.act(Action::View(packets::ID));
    let screen = bench.screen();
    let rows = |text: &str| text.lines().filter(|line| line.contains('¶')).count();
    let commented = read_columns("sections.pcapng").iter().filter(|it| !it.is_empty()).count();
    assert!(commented > 0);
    assert_eq!(rows(&screen), commented, "{screen}");
    // What they say stands in the fields, below the frame.
    bench.act(Action::Drill);
    bench.act(Action::Drill);
    let screen = bench.screen();
    assert!(screen.contains("Comment"), "{screen}");
    // None of these packets has any.
    let mut bench = Bench::open("office.pcapng", (120, 40));
    bench.act(Action::View(packets::ID));
    assert_eq!(rows(&bench.screen()), 0);
}

/// The comments on the packets of a bundled capture, one by one.
fn read_columns(name: &str) -> Vec<String> {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_ipeek"));
    let program = program.arg("read").arg(capture(name));
    let output = program.args(["-T", "fields", "-e", "frame.comment"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_diagram_has_the_values_of_the_packet() {
    let mut terminal = list();
    terminal.press(":3\r");
    terminal.until("Packet 3 ");
    terminal.press("d");
    terminal.press("\x06Time to live\r");
    terminal.until(" 0 1 2 3 4 5 6 7 8 9 0 1");
    for words in [
        "|Version|Header |   DSCP    |ECN|         Total length          |",
        "|   4   |  20   |  0 (CS0)  | 0 |              84               |",
        "|            0x5296             |0|0|0|            0            |",
        "|      64       |   17 (UDP)    |            0xf37b             |",
        "|                         198.51.100.53                         |",
    ] {
        terminal.until(words);
    }
    end(terminal);
}

/// Fragments in the fragments of a tunnel (GRE), and fragments without one.
#[test]
fn a_fragment_is_shown_as_its_whole_datagram() {
    let path = capture("tunnel-fragments.pcap").to_str().unwrap().to_owned();
    let mut terminal = Terminal::open(&["read", &path], 140, 40);
    terminal.until("lasted");
    terminal.press("2:17\r");
    terminal.until("Packet 17 ");
    terminal.until("1410 octets");
    // As tshark has it: packets 17 to 21, an ICMP message of 3,008 octets.
    terminal.press("D");
    terminal.until("Packet 17: whole datagram of 5 fragments");
    terminal.until("3028 octets");
    terminal.press("d");
    terminal.until("|             3028              |");
    terminal.press("dD");
    terminal.until("1410 octets");
    end(terminal);
    // What is whole already stays as it is, also where all are to be shown whole.
    let mut terminal = Terminal::open(&["read", &path, "--reassemble"], 140, 40);
    terminal.until("lasted");
    terminal.press("2:75\r");
    terminal.until("Packet 75: whole datagram of 3 fragments");
    terminal.press(":1\r");
    terminal.until("Packet 1 ");
    terminal.until("92 octets");
    end(terminal);
}

/// The screens that the README shows, on a terminal of their size.
#[test]
fn the_screens_of_the_readme_are_those_of_the_program() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let pictures =
        readme.split("```").filter_map(|block| block.strip_prefix("text\n ipeek  1 Over"));
    let pictures: Vec<_> = pictures.map(|rest| format!(" ipeek  1 Over{rest}")).collect();
    assert_eq!(pictures.len(), 2);
    for (picture, keys) in pictures.iter().zip(["", "2\x1b[B\x1b[B\x1b[B\x1b[B\r"]) {
        let rows = u16::try_from(picture.lines().count()).unwrap();
        let columns = picture.lines().map(|line| line.chars().count()).max().unwrap();
        assert_eq!(columns, 100);
        let mut terminal = Terminal::open(&["read", &office()], 100, rows);
        terminal.until("lasted");
        terminal.press(keys);
        // Not line by line: while a screen is drawn there are parts of the one before.
        terminal.until_it(&format!("not the README's:\n{picture}"), |screen| {
            screen.lines().map(str::trim_end).eq(picture.lines())
        });
        end(terminal);
    }
}
