//! Frames for tests: from octets written down, and from the captures that come with the program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ipeek::base::timestamp::Timestamp;
use ipeek::capture::{Batch, Fill, Frame, LinkType};
use ipeek::decode::derived;
use ipeek::decode::walk::walk;
use ipeek::decode::{Layers, Packet, Reason, Role};
use ipeek::wire::catalogue::fields;
use ipeek::wire::{Field, Layer, Value};

/// Octets written as hexadecimal digits; what follows `#` on a line is a comment.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .lines()
        .flat_map(|line| line.split('#').next().unwrap_or_default().bytes())
        .filter(|octet| !octet.is_ascii_whitespace())
        .map(|octet| char::from(octet).to_digit(16).unwrap().try_into().unwrap())
        .collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// A frame that a test or a capture holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) number: u64,
    pub(crate) time: Option<i64>,
    pub(crate) link: u16,
    pub(crate) interface: u32,
    pub(crate) original: u32,
    pub(crate) bytes: Vec<u8>,
}

impl Owned {
    pub(crate) fn new(link: u16, bytes: Vec<u8>) -> Self {
        let original = bytes.len().try_into().unwrap();
        Self { number: 1, time: None, link, interface: 0, original, bytes }
    }

    pub(crate) fn frame(&self) -> Frame<'_> {
        Frame {
            number: self.number,
            time: self.time.and_then(Timestamp::from_nanos),
            link: LinkType(self.link),
            interface: self.interface,
            original: self.original,
            bytes: &self.bytes,
            told: ipeek::capture::Told::default(),
        }
    }
}

/// A frame and what the walk made of it.
pub(crate) struct Decoded {
    pub(crate) owned: Owned,
    pub(crate) layers: Layers,
}

/// Decodes a frame of LINKTYPE_ `link`, of which all was captured.
pub(crate) fn decode(link: u16, octets: &str) -> Decoded {
    Decoded::of(Owned::new(link, hex(octets)))
}

/// Decodes an IPv4 or IPv6 packet without a link header.
pub(crate) fn raw(octets: &str) -> Decoded {
    decode(101, octets)
}

impl Decoded {
    pub(crate) fn of(owned: Owned) -> Self {
        let mut layers = Layers::new();
        walk(&owned.frame(), &mut layers);
        Self { owned, layers }
    }

    /// The packet, as the floors above see it.
    pub(crate) fn packet(&self) -> Packet<'_> {
        Packet { frame: self.owned.frame(), layers: &self.layers }
    }

    /// This frame, of which only the first `captured` octets were captured.
    pub(crate) fn cut(&self, captured: usize) -> Self {
        let mut owned = self.owned.clone();
        owned.bytes.truncate(captured);
        Self::of(owned)
    }

    /// The headers' names, outermost first, with a `?` on those that are quoted.
    pub(crate) fn chain(&self) -> String {
        let name = |span: &ipeek::decode::Span| {
            let mark = if span.role == Role::Quoted { "?" } else { "" };
            format!("{}{mark}", span.layer.header().name)
        };
        self.layers.spans().iter().map(name).collect::<Vec<_>>().join(" ")
    }

    /// First octet and length of every header, outermost first.
    pub(crate) fn ranges(&self) -> Vec<(u16, u16)> {
        self.layers.spans().iter().map(|span| (span.at, span.len)).collect()
    }

    /// All values of the rows of that name, outermost header first, as text.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let packet = self.packet();
        let mut values = Vec::new();
        let mut rows: Vec<&Field> = Vec::new();
        for field in fields().filter(|field| field.name == name) {
            // Several options share a table.
            if !rows.iter().any(|row| row.is_same_row(field)) {
                rows.push(field);
                packet.each(field, &mut |value| values.push(text(value)));
            }
        }
        let mut found = !rows.is_empty();
        for row in derived::all().filter(|row| row.name == name) {
            found = true;
            packet.each_derived(row, &mut |value| values.push(text(value)));
        }
        assert!(found, "no row is called {name}");
        values
    }

    /// The only value of the rows of that name, as text; `-` where there is none.
    pub(crate) fn get(&self, name: &str) -> String {
        let mut all = self.all(name);
        assert!(all.len() <= 1, "{name}: {all:?}");
        all.pop().unwrap_or_else(|| "-".into())
    }

    /// Asserts the only value of each of these rows.
    pub(crate) fn has(&self, expected: &[(&str, &str)]) {
        for (name, value) in expected {
            assert_eq!(self.get(name), *value, "{name} of {}", self.chain());
        }
    }

    /// Why the walk ended early: the reason, where, what it needed and what there was.
    pub(crate) fn stop(&self) -> Option<(Reason, u32, u32, u32)> {
        self.layers.stop.map(|stop| (stop.reason, stop.offset, stop.needs, stop.has))
    }

    /// The span of the only header of that kind.
    pub(crate) fn range_of(&self, layer: Layer) -> (u16, u16) {
        let mut spans = self.layers.spans().iter().filter(|span| span.layer == layer);
        let span = spans.next().unwrap();
        assert!(spans.next().is_none(), "{}", self.chain());
        (span.at, span.len)
    }
}

/// A value as these tests write it: numbers in decimal, octets in hexadecimal.
fn text(value: Value<'_>) -> String {
    let joined = |octets: &[u8], by: &str| {
        octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(by)
    };
    match value {
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Ipv4(octets) => std::net::Ipv4Addr::from(octets).to_string(),
        Value::Ipv6(octets) => std::net::Ipv6Addr::from(octets).to_string(),
        Value::Mac(octets) => joined(&octets, ":"),
        Value::Bytes(octets) => joined(octets, ""),
        Value::Text(text) => text.into(),
        Value::Time(time) => time.nanos().to_string(),
        Value::Elapsed(nanos) => nanos.to_string(),
    }
}

/// The captures that come with the program, by name.
pub(crate) fn captures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "pcap" || e == "pcapng"))
        .collect();
    paths.sort();
    assert!(paths.len() > 30, "{paths:?}");
    paths
}

/// Every frame of a capture.
pub(crate) fn frames(path: &Path) -> Vec<Owned> {
    let mut source = ipeek::capture::file::open(path, 0).unwrap();
    let (mut batch, mut all) = (Batch::new(), Vec::new());
    loop {
        match source.fill(&mut batch).unwrap() {
            Fill::End(_) => return all,
            Fill::Quiet => {}
            Fill::Records => all.extend(batch.frames().map(|frame| Owned {
                number: frame.number,
                time: frame.time.map(Timestamp::nanos),
                link: frame.link.0,
                interface: frame.interface,
                original: frame.original,
                bytes: frame.bytes.to_vec(),
            })),
        }
    }
}

/// Every frame of every capture that comes with the program; read once.
pub(crate) fn bundled() -> &'static [Owned] {
    static ALL: OnceLock<Vec<Owned>> = OnceLock::new();
    ALL.get_or_init(|| captures().iter().flat_map(|path| frames(path)).collect())
}

/// The folder of real captures with tshark's answers, where it is present.
pub(crate) fn oracle() -> Option<PathBuf> {
    let folder = std::env::var_os("IPEEK_ORACLE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracle"),
        PathBuf::from,
    );
    folder.join("files.tsv").exists().then_some(folder)
}
