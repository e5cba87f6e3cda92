//! What a user does and what the screen then says: keys against the real binary in a terminal.

use std::path::Path;

use super::pty::Terminal;
use super::{capture, pty};

/// One step.
enum Do {
    /// Presses keys.
    Keys(&'static str),
    /// Presses Escape.
    Escape,
    /// The screen comes to have this.
    See(&'static str),
    /// The screen does not have this (after what was seen before).
    Not(&'static str),
    /// The terminal gets another size: columns and rows.
    Size(u16, u16),
    /// What was written to the terminal has this in it: what a screen does not show.
    Sent(&'static str),
}

use Do::{Escape, Keys, Not, See, Sent, Size};

/// A capture, and the steps.
struct Scenario {
    name: &'static str,
    capture: &'static str,
    steps: &'static [Do],
}

const fn scenario(name: &'static str, capture: &'static str, steps: &'static [Do]) -> Scenario {
    Scenario { name, capture, steps }
}

const OFFICE: &str = "office.pcapng";

/// Every scenario, in a directory of its own.
const SCENARIOS: &[Scenario] = &[
    scenario(
        "filter_wrong_then_right",
        OFFICE,
        &[
            Keys("2/ip.tttl"),
            See("^^^^^^^"),
            See("ip.ttl"),
            Keys("\x17ip.ttl == 64\r"),
            See("match"),
            Not("^^^^"),
        ],
    ),
    scenario(
        "filter_without_match_says_what_there_is",
        OFFICE,
        &[
            Keys("2/ip.ttl == 77\r"),
            See("0 of 394 packets match"),
            See("ip.ttl seen "),
            Escape,
            See("shown 394"),
        ],
    ),
    scenario(
        "filter_is_completed",
        OFFICE,
        &[Keys("2/ip.tt\t"), See("ip.ttl"), Keys(" == 64\r"), See("ip.ttl == 64"), See("match")],
    ),
    scenario("values_seen_are_offered", OFFICE, &[Keys("2/ip.src == 10.2"), See("10.20.0.")]),
    scenario(
        "history_brings_filters_back",
        OFFICE,
        &[
            Keys("2/arp\r"),
            See("9 of 394"),
            Keys("/\x15tcp\r"),
            See("tcp"),
            Keys("/\x1b[A\x1b[A\r"),
            See("9 of 394"),
        ],
    ),
    scenario(
        "cursor_moves_in_a_filter",
        OFFICE,
        &[Keys("2/rp"), Keys("\x1b[D\x1b[Da\r"), See("9 of 394 match")],
    ),
    scenario(
        "filter_from_a_field",
        OFFICE,
        &[
            Keys("2:3\r"),
            Keys("\r"),
            Keys("\x06time to live\r"),
            Keys("="),
            See("/ ip.ttl == "),
            Keys("\r"),
            See("match"),
        ],
    ),
    scenario(
        "filter_excludes_a_flow",
        OFFICE,
        &[Keys("3"), See("Duration"), Keys("!"), See("!(ip"), Keys("\r"), See("match")],
    ),
    scenario(
        "filter_gets_a_name",
        OFFICE,
        &[
            Keys("2/arp\r"),
            See("9 of 394"),
            Keys(":name who\r"),
            See("@who"),
            Escape,
            See("shown 394"),
            Keys("/@who\r"),
            See("9 of 394"),
        ],
    ),
    scenario("goto_a_number", OFFICE, &[Keys(":200\r"), See("Packet 200")]),
    scenario("goto_a_time", OFFICE, &[Keys(":goto +1.0\r"), See("Packet "), Not("unknown")]),
    scenario("goto_nonsense", OFFICE, &[Keys(":goto noon\r"), See("'noon' is no time")]),
    scenario("unknown_command", OFFICE, &[Keys(":fliter\r"), See("did you mean 'filter'?")]),
    scenario("command_is_completed", OFFICE, &[Keys(":write-m\t"), See("write-marked"), Escape]),
    scenario(
        "marks_are_visited",
        OFFICE,
        &[
            Keys("2m:100\r"),
            See("Packet 100"),
            Keys("m'"),
            See("Packet 1 "),
            Keys("'"),
            See("Packet 100"),
        ],
    ),
    scenario(
        "jumps_lead_back",
        OFFICE,
        &[
            Keys("2:300\r"),
            See("Packet 300"),
            Keys("["),
            See("Packet 1 "),
            Keys("]"),
            See("Packet 300"),
        ],
    ),
    scenario(
        "column_added",
        OFFICE,
        &[
            Keys("2:columns no. source ip.dsfield.dscp:16 info\r"),
            See("ip.dsfield.dscp"),
            Not("Destination  "),
        ],
    ),
    scenario("column_wrong", OFFICE, &[Keys("2:columns ip.tttl\r"), See("did you mean 'ip.ttl'?")]),
    scenario(
        "diagram_of_a_header",
        OFFICE,
        &[Keys("2:12\r"), Keys("d\x1b[B\x1b[B"), See("+-+-+"), See("0 1 2 3 4 5 6 7 8 9 0 1")],
    ),
    scenario(
        "search_text",
        OFFICE,
        &[Keys("2\x06who has\r"), See("Packet "), Keys("n"), See("Packet ")],
    ),
    scenario(
        "search_octets_nowhere",
        OFFICE,
        &[Keys("2\x060xdeadbeefdeadbeef\r"), See("no other packet like this")],
    ),
    scenario("search_wrong", OFFICE, &[Keys("2\x060xabc\r"), See("even number")]),
    scenario(
        "copy_goes_to_the_terminal",
        OFFICE,
        &[Keys("2y"), See("Rust"), Keys("h"), See("octets copied"), Sent("\x1b]52;c;")],
    ),
    scenario(
        "flow_saved",
        OFFICE,
        &[Keys("2:3\r"), See("Packet 3"), Keys(":write-flow flow.pcapng\r"), See("saved to")],
    ),
    scenario(
        "saved_over_nothing",
        OFFICE,
        &[Keys("2wall.pcapng\r"), See("394 packets saved"), Keys("wall.pcapng\r"), See("exists")],
    ),
    scenario("marked_saved", OFFICE, &[Keys("2mjmwmarked.pcap\r"), See("2 packets saved")]),
    scenario(
        "span_by_keys",
        OFFICE,
        &[Keys("v"), Keys("llllllllvv"), See("match"), See(" – "), Keys("0"), See("shown 394")],
    ),
    scenario(
        "span_zoomed_and_panned",
        OFFICE,
        &[
            Keys("+"),
            See("of 394 match"),
            Keys("<"),
            See("of 394 match"),
            Keys("--"),
            See("shown 394"),
        ],
    ),
    scenario(
        "span_by_mouse",
        OFFICE,
        &[Keys("\x1b[<0;20;6M\x1b[<32;40;6M\x1b[<0;40;6m"), See("of 394 match")],
    ),
    scenario(
        "span_written",
        OFFICE,
        &[Keys(":span +0 +1\r"), See("0.000 – 1.000"), See("of 394 match")],
    ),
    scenario(
        "times_cycle",
        OFFICE,
        &[Keys("2:time epoch\r"), See("17"), Keys(":time noon\r"), See("no times are")],
    ),
    scenario("help_is_searched", OFFICE, &[Keys("?write-flow"), See(":write-flow FILE")]),
    scenario("packets_with_anomalies", "faults.pcapng", &[Keys("2e"), See("Packet ")]),
    scenario(
        "an_anomaly_is_shown_with_its_octets",
        "faults.pcapng",
        &[
            See("anomalies "),
            Keys("8"),
            See("frame.malformed"),
            Keys("/\x15anomaly.event contains \"ttl\"\r"),
            See("match"),
            See("ipv4.ttl.zero"),
            Keys("\r"),
            See("Error: ipv4.ttl.zero"),
            See("octet 22 ─"),
        ],
    ),
    scenario(
        "header_kept_from_the_tree",
        OFFICE,
        &[
            Keys("7"),
            See("Ends here"),
            Keys("jjj="),
            // Those in VXLAN are another row's.
            See("/ frame.protocols matches \"^eth:ip:icmp(:|$)\""),
            Keys("\r"),
            See("37 of 394"),
        ],
    ),
    scenario(
        "block_kept_from_the_map",
        OFFICE,
        &[
            Keys("6"),
            See("Blocks of the registries"),
            Keys("="),
            See("ip.addr in {"),
            Keys("\r"),
            See("match"),
        ],
    ),
    scenario(
        "bar_kept_and_excluded",
        OFFICE,
        &[
            Keys("5"),
            See("IPv4 TTL"),
            Keys("jjj="),
            See("/ ip.ttl#1 == 4"),
            Keys("\r"),
            See("3 of 394 match"),
            Escape,
            See("shown 394"),
            Keys("1\t"),
            Keys("!"),
            See("/ !("),
            Keys("\r"),
            See("of 394 match"),
        ],
    ),
    scenario(
        "bar_leads_to_its_packets",
        OFFICE,
        &[Keys("5"), See("IPv4 TTL"), Keys("jj\r"), See("1 of 394 match"), See("Packet ")],
    ),
    scenario(
        "long_filter_is_left_as_it_was",
        OFFICE,
        &[
            Keys("2/arp\r"),
            See("9 of 394"),
            Keys("/ || ip.ttl == 64 || ipv6.hlim in {1..255} || frame.len in {40..1500}"),
            See("frame.len in {40..1500}"),
            Escape,
            See("9 of 394"),
            See("/ arp "),
            Escape,
            See("shown 394"),
        ],
    ),
    scenario(
        "colours_by_name",
        OFFICE,
        &[
            Keys(":theme puce\r"),
            See("no colours are called 'puce'"),
            Keys("\x15theme light\r"),
            See("captured"),
            Keys("T"),
        ],
    ),
    scenario(
        "what_stands_behind_a_command_is_completed",
        OFFICE,
        &[
            Keys(":th\t"),
            See("Colours: dark"),
            Keys("c"),
            See("colour-blind"),
            Keys("\t\x15time ut\t\r"),
            Keys(":columns ip.tt\t"),
            See("ip.ttl"),
            Keys("\r"),
            Keys("2"),
            See("ip.ttl"),
            Keys(":view anom\t\r"),
            See("Severity"),
        ],
    ),
    scenario(
        "sorted_by_a_click_and_reversed",
        OFFICE,
        &[
            Keys("3"),
            See("Bytes▼"),
            Keys("\x1b[<0;2;2M\x1b[<0;2;2m"),
            See("Proto▲"),
            Keys("S"),
            See("Proto▼"),
        ],
    ),
    scenario(
        "every_view_at_every_size",
        OFFICE,
        // A key and a change of size at the same moment are one event to crossterm, which keeps
        // the key until the next one: each is seen before the other is sent.
        &[
            Keys("8"),
            See("First packet"),
            Size(40, 10),
            See("8 Anomalies"),
            Size(1, 1),
            Size(80, 24),
            See("First packet"),
            Keys("7"),
            See("Ends here"),
            Size(40, 10),
            See("7 Protocols"),
            Size(1, 1),
            Size(80, 24),
            See("Ends here"),
            Keys("6"),
            See("Registered as"),
            Size(40, 10),
            See("6 Addresses"),
            Size(1, 1),
            Size(80, 24),
            See("Registered as"),
            Keys("5"),
            See("TCP connections"),
            Size(40, 10),
            See("5 Headers"),
            Size(1, 1),
            Size(80, 24),
            See("TCP connections"),
            Keys("4\t"),
            See("Address B"),
            Size(40, 10),
            See("4 Endpoints"),
            Size(1, 1),
            Size(80, 24),
            See("Address B"),
        ],
    ),
    scenario("same_flow", OFFICE, &[Keys("2:3\r"), See("Packet 3"), Keys("}"), Not("no other")]),
    scenario("damaged_file", "damaged.pcap", &[See("damaged"), Keys("2"), See("No.")]),
    scenario(
        "sizes",
        OFFICE,
        &[
            Size(1, 1),
            Size(40, 10),
            Keys("2"),
            See("Source"),
            Size(80, 24),
            Keys("3"),
            See("Duration"),
            Size(1, 1),
            Size(160, 45),
            Keys("4"),
            See("Endpoints ("),
            Size(40, 10),
            Keys("1"),
            Size(120, 40),
            See("Top talkers"),
        ],
    ),
];

fn run(scenario: &Scenario) {
    let directory = tempfile::tempdir().unwrap();
    let file = capture(scenario.capture).to_string_lossy().into_owned();
    let mut terminal = Terminal::open_at(&["read", &file], 120, 40, directory.path());
    // Only the ledger of packets that were read says this.
    let mut seen = terminal.until("lasted");
    for step in scenario.steps {
        match step {
            Keys(keys) => terminal.press(keys),
            Escape => terminal.escape(),
            See(text) => seen = terminal.until_in(text, scenario.name),
            Not(text) => assert!(!seen.contains(text), "{}: {text:?} on:\n{seen}", scenario.name),
            Size(columns, rows) => terminal.resize(*columns, *rows),
            Sent(text) => assert!(
                pty::has(&terminal.raw, text.as_bytes()),
                "{}: {text:?} was not sent",
                scenario.name
            ),
        }
    }
    terminal.press("\x03");
    assert_eq!(
        terminal.end().0,
        if scenario.name == "damaged_file" { 3 } else { 130 },
        "{}",
        scenario.name
    );
    saved(scenario.name, directory.path());
}

/// What was saved reads back.
fn saved(name: &str, directory: &Path) {
    let (file, packets) = match name {
        "flow_saved" => ("flow.pcapng", None),
        "marked_saved" => ("marked.pcap", Some(2)),
        "saved_over_nothing" => ("all.pcapng", Some(394)),
        _ => return,
    };
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_ipeek"))
        .args(["read", "-T", "packets"])
        .arg(directory.join(file))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines = String::from_utf8_lossy(&output.stdout).lines().count();
    assert!(packets.map_or(lines > 1, |packets| lines == packets), "{name}: {lines}");
}

#[test]
fn the_screen_says_what_it_must() {
    for names in SCENARIOS.windows(2) {
        assert_ne!(names[0].name, names[1].name);
    }
    // Three at once: most of the time is spent waiting.  All that fail are told.
    let failed = std::sync::Mutex::new(Vec::new());
    let all = &|part: usize| {
        for scenario in SCENARIOS.iter().skip(part).step_by(3) {
            if std::panic::catch_unwind(|| run(scenario)).is_err() {
                failed.lock().unwrap().push(scenario.name);
            }
        }
    };
    std::thread::scope(|scope| {
        for part in 0..3 {
            scope.spawn(move || all(part));
        }
    });
    assert!(failed.lock().unwrap().is_empty(), "{failed:?}");
}

#[test]
fn a_palette_of_the_configuration_is_used() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("own.toml");
    let text = "theme = \"mine\"\n[themes.mine]\nbase = \"light\"\nbrand = \"#010203 bold\"\n";
    std::fs::write(&config, text).unwrap();
    let file = capture(OFFICE).to_string_lossy().into_owned();
    let arguments = ["read", &file, "--config", &config.to_string_lossy()];
    let mut terminal = Terminal::open_at(&arguments, 100, 30, directory.path());
    terminal.until("lasted");
    assert!(pty::has(&terminal.raw, b"38;2;1;2;3"));
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn an_empty_capture_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("empty.pcap");
    // RFC draft pcap header: magic, version 2.4, no zone, no accuracy, snaplen, Ethernet.
    let header = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0";
    std::fs::write(&file, header).unwrap();
    let mut terminal =
        Terminal::open_at(&["read", &file.to_string_lossy()], 80, 24, directory.path());
    terminal.until("No packets in this capture");
    terminal.press("2=!dy[n");
    terminal.press("q");
    terminal.press("\x03");
    terminal.end();
}

#[test]
fn filters_are_remembered_from_run_to_run() {
    let directory = tempfile::tempdir().unwrap();
    let file = capture(OFFICE).to_string_lossy().into_owned();
    let mut terminal = Terminal::open_at(&["read", &file], 100, 30, directory.path());
    terminal.until("captured");
    terminal.press("/arp\r");
    terminal.until("9 of 394 match");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
    let mut terminal = Terminal::open_at(&["read", &file], 100, 30, directory.path());
    terminal.until("captured");
    terminal.press("/\x1b[A\r");
    terminal.until("9 of 394 match");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn the_configuration_is_obeyed() {
    let directory = tempfile::tempdir().unwrap();
    let config = directory.path().join("own.toml");
    let text = "view = \"packets\"\ncolumns = [\"no.\", \"ip.ttl:8\", \"info\"]\n\
                [filters]\nwho = \"arp\"\n[keys]\nquit = [\"f10\"]\nhelp = [\"q\"]\n";
    std::fs::write(&config, text).unwrap();
    let file = capture(OFFICE).to_string_lossy().into_owned();
    let arguments = ["read", &file, "--config", &config.to_string_lossy()];
    let mut terminal = Terminal::open_at(&arguments, 100, 30, directory.path());
    terminal.until("ip.ttl");
    terminal.press("/@who\r");
    terminal.until("9 of 394 match");
    terminal.press("q");
    terminal.until("type to search");
    terminal.escape();
    terminal.press("\x1b[21~");
    assert_eq!(terminal.end().0, 0);
}

#[test]
fn the_configuration_says_where_it_is_wrong() {
    use ipeek::config::{Config, template};
    let path = Path::new("own.toml");
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, example) = readme.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    assert!(Config::parse(example, path).is_ok(), "{example}");
    assert_eq!(Config::parse(&template(), path).unwrap(), Config::default());
    for (text, line, words) in [
        ("tme = \"utc\"", 1, "did you mean 'time'?"),
        ("\ntime = \"noon\"", 2, "relative, utc, local, epoch"),
        ("view = 3", 1, "a text in quotes"),
        ("[filters]\nx = \"ip.tttl\"", 2, "ip.ttl"),
        ("[keys]\nfreze = [\"p\"]", 2, "did you mean 'freeze'?"),
        ("columns = [\"ip.tttl\"]", 1, "ip.ttl"),
        ("time = ", 1, "^"),
        ("theme = \"puce\"", 1, "colour-blind"),
        ("[themes.x]\nbarr = \"red\"", 2, "did you mean 'bar'?"),
        ("[themes.x]\nbar = \"mauve-ish\"", 2, "unknown colour"),
        ("[themes.x]\nbase = \"mauve\"", 2, "high-contrast"),
        ("[themes.dark]\nbar = \"red\"", 1, "name of colours of ipeek's"),
    ] {
        let error = Config::parse(text, path).unwrap_err();
        let told = error.to_string();
        assert_eq!(error.line, line, "{told}");
        assert!(told.starts_with("own.toml: ") && told.contains(words), "{told}");
    }
}
