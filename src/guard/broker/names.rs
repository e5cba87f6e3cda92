//! Which names files may be made of: never one that leads out of a folder, nor one by which a file
//! would mean something to the system or to a shell.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::base::compression::Compression;

/// Endings of captures, behind which those of a compression may stand.
const CAPTURES: [&str; 2] = ["pcap", "pcapng"];

/// A rule of names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Names {
    /// One name, which the user gave.
    One(OsString),
    /// The names of a series of files: a number between these two, as `a_` and `.pcap`.
    Series(OsString, OsString),
    /// Any name of a capture: it ends in `.pcap` or `.pcapng`, perhaps compressed, and begins with
    /// no dot.  The client may be under the control of an attacker who made a packet, and there are
    /// folders in which a file of any name is run or obeyed.
    Captures,
    /// Files of tables in folders of their own, which are made too: `flows/part-000001.parquet`,
    /// `packets/date=2026-01-31/hour=12/part-000001.parquet`.
    Tables,
}

impl Names {
    /// The words of a command line for it.
    pub(super) fn words(&self) -> Vec<OsString> {
        match self {
            Self::One(name) => vec!["one".into(), name.clone()],
            Self::Series(head, ending) => vec!["series".into(), head.clone(), ending.clone()],
            Self::Captures => vec!["captures".into()],
            Self::Tables => vec!["tables".into()],
        }
    }

    /// The rule in those words.
    pub(super) fn of(words: &[OsString]) -> Option<Self> {
        match words {
            [kind, name] if kind == "one" => Some(Self::One(name.clone())),
            [kind, head, ending] if kind == "series" => {
                Some(Self::Series(head.clone(), ending.clone()))
            }
            [kind] if kind == "captures" => Some(Self::Captures),
            [kind] if kind == "tables" => Some(Self::Tables),
            _ => None,
        }
    }

    /// Whether a file may have this name in the end.
    pub fn have(&self, name: &OsStr) -> bool {
        match self {
            Self::One(only) => is_plain(name) && name == only,
            Self::Series(head, ending) => is_plain(name) && is_of_series(name, head, ending),
            Self::Captures => is_plain(name) && is_capture(name),
            Self::Tables => is_of_table(name),
        }
    }

    /// Whether a file may have this name in the end, or until it takes its place:
    /// `out.pcap.1234.0.new`.
    pub fn have_for_now(&self, name: &OsStr) -> bool {
        let parts = name.as_bytes().strip_suffix(b".new").and_then(|rest| {
            let (rest, number) = split_last(rest)?;
            let (rest, process) = split_last(rest)?;
            [number, process].iter().all(|part| is_number(part)).then_some(rest)
        });
        self.have(name) || parts.is_some_and(|rest| self.have(OsStr::from_bytes(rest)))
    }
}

fn split_last(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let dot = octets.iter().rposition(|&octet| octet == b'.')?;
    Some((octets.get(..dot)?, octets.get(dot + 1..)?))
}

fn is_number(octets: &[u8]) -> bool {
    !octets.is_empty() && octets.iter().all(u8::is_ascii_digit)
}

/// Whether it names a file of the folder itself.
fn is_plain(name: &OsStr) -> bool {
    let octets = name.as_bytes();
    !octets.is_empty() && octets != b"." && octets != b".." && !octets.contains(&b'/')
}

fn is_of_series(name: &OsStr, head: &OsStr, ending: &OsStr) -> bool {
    let rest = name.as_bytes().strip_prefix(head.as_bytes());
    rest.and_then(|rest| rest.strip_suffix(ending.as_bytes())).is_some_and(is_number)
}

/// Whether it names a part of a table: a folder of letters, at most two of a partition, a number.
fn is_of_table(name: &OsStr) -> bool {
    let mut parts: Vec<&[u8]> = name.as_bytes().split(|&octet| octet == b'/').collect();
    let Some(file) = parts.pop().filter(|_| (1..=3).contains(&parts.len())) else { return false };
    let is_word = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_lowercase);
    let is_partition = |part: &&[u8]| {
        let mut words = part.splitn(2, |&octet| octet == b'=');
        let (key, value) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let is_of_value = |octet: &u8| octet.is_ascii_alphanumeric() || b"-_".contains(octet);
        is_word(key) && !value.is_empty() && value.iter().all(is_of_value)
    };
    let is_part =
        is_of_series(OsStr::from_bytes(file), OsStr::new("part-"), OsStr::new(".parquet"));
    parts.split_first().is_some_and(|(table, rest)| is_word(table) && rest.iter().all(is_partition))
        && is_part
}

fn is_capture(name: &OsStr) -> bool {
    let path = Path::new(name);
    let ends_in = |path: &Path, known: &str| {
        path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(known))
    };
    let is_compressed = Compression::handled_endings().any(|known| ends_in(path, known));
    let plain = path.file_stem().filter(|_| is_compressed).map_or(path, Path::new);
    CAPTURES.iter().any(|known| ends_in(plain, known)) && !name.as_bytes().starts_with(b".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_rule_are_names() {
        let one = Names::One("out.pcap".into());
        let series = Names::Series("out_".into(), ".pcap.gz".into());
        let bare = Names::Series("out_".into(), OsString::new());
        let odd = Names::One("../x".into());
        for (rule, name, finally, for_now) in [
            (&one, "out.pcap", true, true),
            (&one, "out.pcap.12.0.new", false, true),
            (&one, "out.pcap..0.new", false, false),
            (&one, "out.pcap.12.new", false, false),
            (&one, "other.pcap", false, false),
            (&one, "", false, false),
            (&odd, "../x", false, false),
            (&series, "out_000001.pcap.gz", true, true),
            (&series, "out_1.pcap.gz.7.3.new", false, true),
            (&series, "out_000001.pcap", false, false),
            (&series, "out.pcap", false, false),
            (&series, "out_.pcap.gz", false, false),
            (&series, "out_1/../2.pcap.gz", false, false),
            (&bare, "out_12", true, true),
            (&Names::Captures, "a.pcap", true, true),
            (&Names::Captures, "a.PcapNG", true, true),
            (&Names::Captures, "a.pcap.GZ", true, true),
            (&Names::Captures, "a.txt", false, false),
            (&Names::Captures, "a.txt.gz", false, false),
            (&Names::Captures, "a.pcap.sh", false, false),
            (&Names::Captures, ".pcap.gz", false, false),
            (&Names::Captures, "pcap", false, false),
            (&Names::Captures, ".pcap", false, false),
            (&Names::Captures, ".a.pcap", false, false),
            (&Names::Captures, "a/b.pcap", false, false),
            (&Names::Captures, "..", false, false),
            (&Names::Tables, "flows/part-000001.parquet", true, true),
            (&Names::Tables, "flows/part-000001.parquet.7.0.new", false, true),
            (&Names::Tables, "packets/date=2026-01-31/hour=12/part-1.parquet", true, true),
            (&Names::Tables, "packets/date=__HIVE_DEFAULT_PARTITION__/part-1.parquet", true, true),
            (&Names::Tables, "a/b=1/c=2/d=3/part-1.parquet", false, false),
            (&Names::Tables, "part-1.parquet", false, false),
            (&Names::Tables, "../part-1.parquet", false, false),
            (&Names::Tables, "flows/../part-1.parquet", false, false),
            (&Names::Tables, "/flows/part-1.parquet", false, false),
            (&Names::Tables, "flows/date=../part-1.parquet", false, false),
            (&Names::Tables, "flows/part-1.parquet.sh", false, false),
            (&Names::Tables, "flows/part-.parquet", false, false),
            (&Names::Tables, "", false, false),
        ] {
            let name = OsStr::new(name);
            let found = (rule.have(name), rule.have_for_now(name));
            assert_eq!(found, (finally, for_now), "{rule:?} {}", name.display());
        }
    }

    #[test]
    fn a_rule_is_read_as_it_was_written() {
        for rule in [
            Names::One("a b".into()),
            Names::Series("one_".into(), ".pcap".into()),
            Names::Captures,
            Names::Tables,
        ] {
            assert_eq!(Names::of(&rule.words()), Some(rule));
        }
        assert_eq!(Names::of(&["one".into()]), None);
    }
}
