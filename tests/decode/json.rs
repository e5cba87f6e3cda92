//! Packet events of the bundled captures: each a JSON object in which no key occurs twice.

use std::collections::HashSet;
use std::fmt;

use ipeek::export::json::packet::PacketWriter;
use ipeek::export::json::text::Text;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::packets::{Decoded, Owned, bundled, oracle};
use crate::skip::skip;

/// Any JSON value, refused where a key occurs twice; strings are the names of its keys.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Once)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Once>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some((key, _)) = entries.next_entry::<String, Once>()? {
            if let Some(twice) = keys.replace(key) {
                return Err(serde::de::Error::custom(format!("'{twice}' occurs twice")));
            }
        }
        Ok(self)
    }
}

fn assert_once(writer: &PacketWriter, text: &mut Text, owned: &Owned) {
    let decoded = Decoded::of(owned.clone());
    text.buffer.clear();
    writer.write(text, &decoded.packet(), Some(1));
    let line = String::from_utf8_lossy(&text.buffer);
    assert_eq!(line.matches('\n').count(), 1, "{line}");
    if let Err(error) = serde_json::from_slice::<Once>(&text.buffer) {
        panic!("{error}: {line}");
    }
}

#[test]
fn the_reader_refuses_a_key_that_occurs_twice() {
    assert!(serde_json::from_str::<Once>(r#"{"a":1,"b":[{"a":true}]}"#).is_ok());
    assert!(serde_json::from_str::<Once>(r#"{"b":[{"a":1,"a":2}]}"#).is_err());
}

#[test]
fn no_key_occurs_twice_in_a_packet_of_the_bundled_captures() {
    let (writer, mut text) = (PacketWriter::new(), Text::default());
    for owned in bundled() {
        assert_once(&writer, &mut text, owned);
    }
}

#[test]
fn no_key_occurs_twice_in_any_event_of_the_bundled_captures() {
    let mut lines = 0;
    for path in crate::packets::captures() {
        let output = crate::outputs::ipeek()
            .args(["read", "-T", "json", "--reassemble"])
            .args(["--events", "packet,flow,anomaly,stats,summary"])
            .arg(&path)
            .stdout(std::process::Stdio::piped())
            .output()
            .unwrap();
        for line in output.stdout.split(|octet| *octet == b'\n').filter(|line| !line.is_empty()) {
            lines += 1;
            if let Err(error) = serde_json::from_slice::<Once>(line) {
                panic!("{}: {error}: {}", path.display(), String::from_utf8_lossy(line));
            }
        }
    }
    assert!(lines > 1000, "{lines}");
}

/// IEEE 802.5: a source route of two octets of control and one segment.
#[test]
fn a_token_ring_frame_with_a_source_route_is_an_object() {
    let frame = "10 40 ffffffffffff 820202020202 0430 1234 aaaa03000000 0800
        45000014 00000000 40110000 0a000001 0a000002";
    let bytes = crate::packets::hex(frame);
    assert_once(&PacketWriter::new(), &mut Text::default(), &Owned::new(6, bytes));
}

#[test]
fn no_key_occurs_twice_in_a_packet_of_the_reference_set() {
    let Some(folder) = oracle() else { skip!(Oracle) };
    let (writer, mut text) = (PacketWriter::new(), Text::default());
    for entry in std::fs::read_dir(folder.join("captures")).unwrap() {
        for owned in crate::packets::frames(&entry.unwrap().path()) {
            assert_once(&writer, &mut text, &owned);
        }
    }
}
