//! The reference set's tables: one row a capture, one row a packet.

use std::path::Path;

use super::lines;

/// A capture of the set.
pub(super) struct File {
    pub(super) name: String,
    /// Conversations and endpoints of IPv4 and IPv6, outermost headers, then all.
    pub(super) talks: [u64; 8],
}

/// The captures that tshark read to their end.
pub(super) fn files(folder: &Path) -> Vec<File> {
    let mut rows = lines(&folder.join("files.tsv")).into_iter();
    let head = rows.next().unwrap();
    let column =
        |name: &str| head.iter().position(|head| head.trim_start_matches('#') == name).unwrap();
    let (file, code) = (column("file"), column("tshark_rc"));
    let talks = [
        "outer_v4conv",
        "outer_v4endp",
        "outer_v6conv",
        "outer_v6endp",
        "v4_conversations",
        "v4_endpoints",
        "v6_conversations",
        "v6_endpoints",
    ]
    .map(column);
    rows.filter(|row| row[code] == "0")
        .map(|row| File {
            name: row[file].clone(),
            talks: talks.map(|at| row[at].parse().unwrap_or(0)),
        })
        .collect()
}

/// What tshark says of one packet; an absent field is `-`.
pub(super) struct Row {
    pub(super) time: String,
    pub(super) captured: String,
    pub(super) original: String,
    pub(super) protocols: String,
    pub(super) layers: Vec<Vec<String>>,
    /// Name and two numbers, outermost first.
    pub(super) transports: Vec<[String; 3]>,
    pub(super) notes: Vec<String>,
}

/// Notes that say that tshark's own row is of no use to compare with.
const UNUSABLE: [&str; 7] = [
    "bad-version",
    "bogus-",
    "ragged",
    "extra",
    "plen-exceeds",
    "ip-ethertype-carries-v6",
    "source-route",
];

impl Row {
    /// Whether the row can be compared with.
    pub(super) fn is_judged(&self) -> bool {
        let unusable = |note: &String| UNUSABLE.iter().any(|start| note.starts_with(start));
        !self.notes.iter().any(unusable) && !self.protocols.contains(":cfp")
    }

    /// Whether the record's own lengths and time are those that tshark shows.
    pub(super) fn has_frame(&self) -> bool {
        self.time != "-" && !self.notes.iter().any(|note| note.starts_with("rec="))
    }
}

/// The packets of a capture, in order.
pub(super) fn rows(folder: &Path, name: &str) -> Vec<Row> {
    let list = |text: &str| -> Vec<Vec<String>> {
        let fields = |item: &str| item.split(',').map(str::to_owned).collect();
        text.split(';').filter(|text| *text != "-").map(fields).collect()
    };
    lines(&folder.join(format!("expected/{name}.tsv")))
        .into_iter()
        .skip(1)
        .map(|row| Row {
            time: row[1].clone(),
            captured: row[2].clone(),
            original: row[3].clone(),
            protocols: row[8].clone(),
            // Copies in samples are compared with nothing.
            layers: list(&row[11]).into_iter().filter(|layer| layer[1] != "a").collect(),
            transports: list(&row[12])
                .into_iter()
                .map(|parts| [0, 1, 2].map(|at| parts[at].clone()))
                .collect(),
            notes: row[13].split(' ').map(str::to_owned).collect(),
        })
        .filter(|row| !row.notes.iter().any(|note| note == "not-a-packet"))
        .collect()
}
