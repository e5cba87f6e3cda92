//! Names of the files of a series: `a.pcap` with numbers, `a_000001.pcap`.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::compression::plain;
use crate::base::place::folder_of;

/// Digits of a file's number: names sort for a million files, which is eleven days of one a second.
const DIGITS: usize = 6;

/// Digits of a number that a series can still go on after.
const MOST_DIGITS: usize = 18;

/// What stands before the number in the names of a series, and what behind: `a_` and `.pcap` of
/// `a.pcap`.
pub fn around_number(path: &Path) -> (OsString, OsString) {
    let Numbered { path: _, head, ending } = Numbered::of(path);
    (head, ending)
}

/// A name that numbers are put into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbered {
    path: PathBuf,
    /// What stands before the number.
    head: OsString,
    /// The extension with its dot, or nothing.
    ending: OsString,
}

impl Numbered {
    /// Numbers in the name of `path`, before its extensions: that of the format, and of the
    /// compression behind it.
    pub(super) fn of(path: &Path) -> Self {
        let mut head = plain(path).file_stem().unwrap_or_default().to_owned();
        let name = path.file_name().unwrap_or_default().as_bytes();
        let ending = name.strip_prefix(head.as_bytes()).unwrap_or_default();
        let ending = OsStr::from_bytes(ending).to_owned();
        head.push("_");
        Self { path: path.to_owned(), head, ending }
    }

    /// The file of that number.
    pub(super) fn name(&self, number: u64) -> PathBuf {
        let mut name = self.head.clone();
        name.push(format!("{number:0DIGITS$}"));
        name.push(&self.ending);
        self.path.with_file_name(name)
    }

    /// The number in a name, if it is one of these.
    pub(super) fn number(&self, name: &OsStr) -> Option<u64> {
        let rest = name.as_encoded_bytes().strip_prefix(self.head.as_encoded_bytes())?;
        let digits = rest.strip_suffix(self.ending.as_encoded_bytes())?;
        let is_number = (DIGITS..=MOST_DIGITS).contains(&digits.len());
        let is_number = is_number && digits.iter().all(u8::is_ascii_digit);
        std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
    }

    /// Files of these names that are there, with their numbers.
    pub(super) fn existing(&self) -> impl Iterator<Item = (PathBuf, u64)> + '_ {
        let entries = std::fs::read_dir(folder_of(&self.path));
        let names = entries.into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter_map(|name| Some((self.path.with_file_name(&name), self.number(&name)?)))
    }
}
