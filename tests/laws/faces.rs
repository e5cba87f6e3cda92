//! Text, JSON and the screen say the same of every statistic, as each is made for its reader: text
//! by analysts apart, JSON by a sink, the screen's snapshot while the run is still held.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read, Seek};
use std::path::Path;

use ipeek::analyze::statistic::{Detail, Entry, ROWS, Shape, Unit, checksum};
use ipeek::analyze::{Settings, Tally};
use ipeek::base::timestamp::Timestamp;
use ipeek::base::units::grouped;
use ipeek::capture::file::open_all;
use ipeek::capture::save::Stream;
use ipeek::dashboard::engine::snapshot_worker;
use ipeek::dashboard::model::query::{RowsQuery, SnapshotQuery};
use ipeek::dashboard::model::snapshot::Snapshot;
use ipeek::dashboard::view::panel::{anomalies, overview};
use ipeek::decode::checksum::{Row as SumRow, STATUSES, Status};
use ipeek::export::json::event::Meta;
use ipeek::export::json::events::Events;
use ipeek::export::json::sink::JsonSink;
use ipeek::export::json::text::Text;
use ipeek::export::output::Output;
use ipeek::export::summary::{self, Look};
use ipeek::report::summary::talker::AddressKind;
use ipeek::report::summary::{Origin, Statistic, Summary};
use ipeek::session::{Plan, Session, Sink};
use serde_json::Value;

use crate::packets::{captures, oracle};
use crate::skip::skip;

/// Captures of the reference set that are shown on all faces.
const REFERENCES: usize = 200;

/// Rows that text has of a distribution, and of the tree of protocols.
const MOST: (usize, usize) = (10, 40);

/// What one capture is shown as.
struct Faces {
    text: String,
    json: Value,
    overview: Snapshot,
    anomalies: Snapshot,
}

impl Faces {
    /// Those of a capture; none where it is not one.
    fn of(path: &Path) -> Option<Self> {
        let plan = |sinks, snapshots| {
            let source = open_all(&[path.to_path_buf()]).ok()?;
            let (threads, settings) = (2, Settings::default());
            let plan =
                Plan { source, threads, settings, pass: None, count: None, sinks, snapshots };
            Some(ended(plan))
        };
        let outcome = plan(Vec::new(), false)?.finish();
        let origin = Origin {
            interfaces: &outcome.interfaces,
            facts: Some(&outcome.facts),
            ..Origin::default()
        };
        let summary = Summary::of(&outcome.analysis, &origin, 2);
        let mut text = String::new();
        summary::write(&mut text, &summary, Look { width: 300, ..Look::default() });

        let mut file = tempfile::tempfile().unwrap();
        let output = Output::Standard(Stream::regular(file.try_clone().unwrap()));
        let events = Events { packet: false, flow: false, anomaly: false, ..Events::default() };
        let sink = JsonSink::new(output, events, Meta::default(), Box::new(|| None));
        let sinks: Vec<Box<dyn Sink>> = vec![Box::new(sink)];
        plan(sinks, false)?.finish();
        let mut json = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut json).unwrap();

        let session = plan(Vec::new(), true)?;
        let snapshot = |panel| {
            let rows = RowsQuery { panel, ..RowsQuery::default() };
            let query = SnapshotQuery { rows, ..SnapshotQuery::default() };
            let interfaces = session.interfaces();
            session.peek(|analysis| snapshot_worker::snapshot(analysis, &interfaces, query))
        };
        Some(Self {
            text,
            json: serde_json::from_str(json.lines().last().unwrap()).unwrap(),
            overview: snapshot(overview::ID),
            anomalies: snapshot(anomalies::ID),
        })
    }
}

fn ended(plan: Plan) -> Session {
    let session = Session::start(plan);
    while !session.wait(std::time::Duration::from_secs(1)) {}
    session
}

/// A table of a text, as the cells of its rows; none where it has no such table.
fn table(text: &str, title: &str) -> Vec<Vec<String>> {
    let mut blocks = text.split("\n\n");
    let of_title = |block: &&str| {
        let rest = block.trim_start_matches('\n').strip_prefix(title);
        rest.is_some_and(|rest| rest.starts_with(['\n', ' ']) || rest.is_empty())
    };
    let rows = blocks.find(of_title).unwrap_or_default().lines().skip(1);
    let rows = rows.filter(|line| !line.trim_start().starts_with("and "));
    let cells = |line: &str| {
        let cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
        cells.map(str::to_owned).collect()
    };
    rows.map(cells).collect()
}

/// Asserts that the rows of a table begin with these cells.
fn assert_rows(about: &str, rows: &[Vec<String>], expected: &[Vec<String>]) {
    let begin = |row: &Vec<String>, len: usize| row.iter().take(len).cloned().collect::<Vec<_>>();
    let rows: Vec<_> = rows.iter().zip(expected).map(|(row, e)| begin(row, e.len())).collect();
    assert_eq!(rows, expected, "{about}");
}

/// The name of an entry and its packets, as text has them.
fn named(entry: &Entry) -> Vec<String> {
    vec![entry.name.trim().to_owned(), grouped(entry.tally.packets)]
}

fn rows<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    row: impl Fn(&Entry) -> Vec<String>,
) -> Vec<Vec<String>> {
    entries.map(row).collect()
}

/// Asserts that the lines above and below all tables say what a statistic does.
fn assert_lines(about: &str, text: &str, snapshot: &Snapshot, statistic: &Statistic) {
    let entries = &statistic.entries;
    match statistic.row.key {
        "total" => {
            let packets = grouped(statistic.sum().packets);
            assert!(text.lines().nth(1).unwrap().starts_with(&packets), "{about}: {text}");
        }
        "captured" => {
            let is_cut = statistic.sum().octets < snapshot.total.octets;
            let line = text.lines().nth(1).unwrap();
            assert_eq!(line.contains(" captured)"), is_cut, "{about}: {text}");
        }
        "period" => {
            if let Some((first, _)) = snapshot.statistics.times() {
                let line = text.lines().nth(2).unwrap();
                assert!(line.contains(&first.brief()), "{about}: {text}");
            }
        }
        "series" => {
            let lines = text.lines().take_while(|line| !line.is_empty()).count();
            let has_times = snapshot.statistics.times().is_some();
            let expected = 2 + usize::from(has_times) + usize::from(entries.len() > 1);
            assert_eq!(lines, expected, "{about}: {text}");
        }
        "ledger" => {
            let counts: Vec<_> = entries.iter().map(|entry| entry.tally.packets).collect();
            let [ip, non_ip, undecoded] = counts.try_into().unwrap();
            let packets = ip + non_ip + undecoded;
            let ledger = format!(
                "ledger: packets {packets} = ip {ip} + non-ip {non_ip} + undecoded {undecoded}"
            );
            assert_eq!(text.lines().last().unwrap(), ledger, "{about}");
        }
        key => panic!("no line says '{key}'"),
    }
}

/// Asserts that these are among what is told as trouble.
fn assert_trouble(about: &str, text: &str, rows: impl Iterator<Item = Vec<String>>) {
    let trouble = table(text, "Trouble");
    for cells in rows {
        assert!(trouble.iter().any(|row| row.starts_with(&cells)), "{about}: {cells:?}\n{text}");
    }
}

/// Asserts that text says what a statistic does.
fn assert_text(about: &str, text: &str, snapshot: &Snapshot, statistic: &Statistic) {
    let entries = &statistic.entries;
    let assert_table = |title: &str, most: usize, expected: Vec<Vec<String>>| {
        let table = table(text, title);
        let told = expected.len().min(most);
        assert_eq!(table.len(), told, "{about}: {title}\n{text}");
        assert_rows(about, &table, &expected[..told]);
    };
    let other = |key: &str| {
        let mut all = snapshot.statistics.iter();
        all.find(|other| other.row.key == key).unwrap()
    };
    match statistic.row.key {
        "total" | "captured" | "period" | "series" | "ledger" => {
            assert_lines(about, text, snapshot, statistic);
        }
        "stops" => assert_trouble(about, text, statistic.unusual().map(named)),
        "checksums" => {
            let by_row = checksum::by_row(entries);
            let count = |count: u64| if count == 0 { "-".to_owned() } else { grouped(count) };
            let row = |(row, counts): &(&SumRow, [u64; STATUSES])| {
                let title = std::iter::once(row.title.to_owned());
                title.chain(counts.iter().map(|&packets| count(packets))).collect()
            };
            assert_table("Checksums", usize::MAX, by_row.iter().map(row).collect());
            let bad = by_row.iter().filter(|(_, counts)| counts[Status::Bad as usize] > 0);
            let bad = bad.map(|(row, counts)| {
                let name = format!("bad {} checksums", row.title);
                vec![name, grouped(counts[Status::Bad as usize])]
            });
            assert_trouble(about, text, bad);
        }
        "hierarchy" => {
            let mut first: Vec<_> = entries.iter().enumerate().collect();
            first.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.tally.packets));
            first.truncate(MOST.1);
            first.sort_by_key(|(at, _)| *at);
            assert_table("Protocols", MOST.1, rows(first.into_iter().map(|(_, e)| e), named));
        }
        "protocols" => {
            let row = |e: &Entry| vec![format!("{} {}", e.value, e.name), grouped(e.tally.packets)];
            assert_table("Other IP protocols", MOST.0, rows(statistic.unusual(), row));
        }
        "ttl" | "hop_limit" => {
            let row = |entry: &Entry| {
                let guess = match entry.detail {
                    Some(Detail::Hops { passed: 0, .. }) => Some("~0 hops, as sent".to_owned()),
                    Some(Detail::Hops { passed: 1, initial }) => {
                        Some(format!("~1 hop from {initial}"))
                    }
                    Some(Detail::Hops { passed, initial }) => {
                        Some(format!("~{passed} hops from {initial}"))
                    }
                    _ => None,
                };
                let mut cells = named(entry);
                cells.splice(1..1, guess);
                cells
            };
            assert_table(statistic.row.title, MOST.0, rows(entries.iter(), row));
        }
        "dscp" => {
            let row = |entry: &Entry| {
                let cells =
                    [format!("{} {}", entry.value, entry.name), grouped(entry.tally.packets)];
                cells.map(|cell| cell.trim().to_owned()).to_vec()
            };
            assert_table(statistic.row.title, MOST.0, rows(entries.iter(), row));
        }
        "ecn" => {
            let table = table(text, "DSCP and ECN");
            let is_whole = other("dscp").entries.len() <= MOST.0;
            // Its columns stand behind the name, the packets and the share.
            let order = ["Not-ECT", "ECT(0)", "ECT(1)", "CE"];
            for (key, column) in order.into_iter().zip(3..).filter(|_| is_whole) {
                let number = |row: &Vec<String>| row[column].replace(',', "").parse().unwrap_or(0);
                let sum: u64 = table.iter().map(number).sum();
                assert_eq!(statistic.tally(key).packets, sum, "{about}: {key}\n{text}");
            }
        }
        "fragments" => {
            let keys = ["fragments", "options", "option_types", "extensions"];
            let all = keys.into_iter().flat_map(|key| other(key).unusual());
            assert_table("Fragments, options, extensions", usize::MAX, rows(all, named));
        }
        // With the fragments.
        "options" | "option_types" | "extensions" => {}
        _ => assert_table(statistic.row.title, MOST.0, rows(statistic.unusual(), named)),
    }
}

fn tally(tally: Tally) -> Value {
    serde_json::json!({"packets": tally.packets, "bytes": tally.octets})
}

fn time(time: Timestamp) -> Value {
    let mut text = Text::default();
    text.time(time);
    serde_json::from_slice(&text.buffer).unwrap()
}

/// Asserts that JSON says what a statistic does, and nothing else.
fn assert_json(about: &str, json: &Value, Statistic { row, entries }: &Statistic) {
    let object = &json[row.key];
    match (&row.shape, row.unit) {
        (Shape::Period(_), _) => {
            for entry in entries {
                let Some(Detail::Moment(moment)) = entry.detail else { panic!("{entry:?}") };
                assert_eq!(json[&*entry.key], time(moment), "{about}");
            }
            assert_eq!(json["first"].is_null(), entries.is_empty(), "{about}");
        }
        (Shape::Series(_), _) => {
            let list = |of: fn(Tally) -> u64| -> Vec<u64> {
                entries.iter().map(|entry| of(entry.tally)).collect()
            };
            let Some((begin, width)) = entries.first().and_then(Entry::step) else {
                assert!(object.is_null(), "{about}");
                return;
            };
            let expected = serde_json::json!({
                "first": time(begin),
                "width_ms": u64::try_from(width.nanos() / 1_000_000).unwrap(),
                "packets": list(|tally| tally.packets),
                "bytes": list(|tally| tally.octets),
            });
            assert_eq!(*object, expected, "{about}");
        }
        (Shape::Counter(_), Unit::Octets) => {
            assert_eq!(json[&*entries[0].key], entries[0].tally.octets, "{about}");
        }
        (Shape::Counter(_), _) if row.key == "total" => {
            let Tally { packets, octets } = entries[0].tally;
            assert_eq!((&json["packets"], &json["bytes"]), (&packets.into(), &octets.into()));
        }
        (Shape::Counter(_), _) => {
            let expected = entries.first().map_or(Value::Null, |entry| tally(entry.tally));
            assert_eq!(*object, expected, "{about}: {}", row.key);
        }
        (Shape::Distribution(..) | Shape::Tree(_), unit) => {
            let mut expected = serde_json::Map::new();
            for entry in entries {
                let mut value = tally(entry.tally);
                if matches!(unit, Unit::PacketsOnly | Unit::Headers) {
                    value = entry.tally.packets.into();
                } else {
                    let is_named = matches!(row.shape, Shape::Distribution(..));
                    if is_named && entry.name != entry.key && !entry.name.is_empty() {
                        value["name"] = entry.name.to_string().into();
                    }
                    if let Some(passed) = entry.passed() {
                        value["hops"] = passed.into();
                    }
                }
                assert!(expected.insert(entry.key.to_string(), value).is_none(), "{}", entry.key);
            }
            assert_eq!(*object, Value::Object(expected), "{about}: {}", row.key);
        }
    }
}

/// Asserts that all faces say the same of what addresses are.
fn assert_addresses(about: &str, faces: &Faces) {
    let seen = &faces.overview.addresses;
    for (key, title, kinds) in [
        ("classes", "IPv4 classes", &seen.classes),
        ("special", "Special-purpose blocks", &seen.special),
        ("types", "Address types", &seen.types),
    ] {
        let json = |kind: &AddressKind| {
            let mut value = tally(kind.tally);
            value["addresses"] = kind.addresses.into();
            value["sent"] = kind.source.packets.into();
            value["received"] = kind.destination.packets.into();
            (kind.name.to_owned(), value)
        };
        assert_eq!(faces.json[key], Value::Object(kinds.iter().map(json).collect()), "{about}");
        let cells = |kind: &AddressKind| {
            let counts = [kind.addresses, kind.source.packets, kind.destination.packets];
            std::iter::once(kind.name.to_owned()).chain(counts.map(grouped)).collect()
        };
        let expected: Vec<Vec<String>> = kinds.iter().map(cells).take(2 * MOST.0).collect();
        let table = table(&faces.text, title);
        assert_eq!(table.len(), expected.len(), "{about}: {title}\n{}", faces.text);
        assert_rows(about, &table, &expected);
    }
}

/// Asserts that all faces list the same anomalies.
fn assert_anomalies(about: &str, faces: &Faces) {
    let found = &faces.anomalies.anomalies.rows;
    let json = faces.json["anomalies"].as_object().unwrap();
    let mut rows: Vec<_> =
        found.iter().map(|f| (f.id.to_owned(), f.count, f.spread, f.first)).collect();
    rows.sort();
    let number = |value: &Value| value.as_u64().unwrap();
    let in_json = json.iter().map(|(id, row)| {
        let of = |key: &str| number(&row[key]);
        (id.clone(), of("count"), of("spread"), of("first"))
    });
    let mut in_json: Vec<_> = in_json.collect();
    in_json.sort();
    assert_eq!(rows, in_json, "{about}");
    let cells = |row: &Vec<String>| {
        let [id, count, spread, first] = row.first_chunk().unwrap();
        let number = |cell: &str| cell.trim_start_matches('~').replace(',', "").parse().unwrap();
        (id.clone(), number(count), number(spread), number(first))
    };
    let mut in_text: Vec<_> = table(&faces.text, "Anomalies").iter().map(cells).collect();
    in_text.sort();
    assert_eq!(rows, in_text, "{about}\n{}", faces.text);
}

fn assert_alike(path: &Path) -> bool {
    let Some(faces) = Faces::of(path) else { return false };
    let about = &path.display().to_string();
    let mut statistics = faces.overview.statistics.iter();
    for row in ROWS {
        let statistic = statistics.next().unwrap();
        assert_eq!(statistic.row.key, row.key, "{about}");
        assert_json(about, &faces.json, statistic);
        assert_text(about, &faces.text, &faces.overview, statistic);
    }
    assert_addresses(about, &faces);
    assert_anomalies(about, &faces);
    true
}

#[test]
fn all_faces_say_the_same_of_the_bundled_captures() {
    assert!(captures().iter().all(|path| assert_alike(path)));
}

#[test]
fn the_readme_names_every_statistic() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let json = readme.split("\n## ").find(|section| section.starts_with("JSON\n")).unwrap();
    // Those above all tables have keys of their own.
    let heads = ["total", "captured", "period"];
    for row in ROWS.iter().filter(|row| !heads.contains(&row.key)) {
        assert!(json.contains(&format!("`{}`", row.key)), "{}", row.key);
    }
}

#[test]
fn all_faces_say_the_same_of_the_reference_set() {
    let Some(folder) = oracle() else { skip!(Oracle) };
    let captures = std::fs::read_dir(folder.join("captures")).unwrap();
    let mut paths: Vec<_> = captures.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let step = (paths.len() / REFERENCES).max(1);
    let shown = paths.iter().step_by(step).filter(|path| assert_alike(path)).count();
    assert!(shown >= REFERENCES.min(paths.len()), "{shown} of {}", paths.len());
}
