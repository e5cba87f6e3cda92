//! Which files the outputs of a run will take, known before any of them is made.
//!
//! Two outputs in one file would write over each other, or one would take the other's place when it
//! is put in its own.  A file that is there is known by its device and inode, whatever it is
//! called; one that is not, by its folder and its name; and a series takes every name that it can
//! give.

use std::ffi::OsString;
use std::fs::File;
use std::os::fd::AsFd;
use std::path::Path;

use super::identity::{About, Identity, can_be_overwritten};
use super::numbered::Numbered;
use crate::base::place::folder_of;
use crate::capture::error::CaptureError;

/// What the outputs that were named so far will take.
#[derive(Debug, Default)]
pub struct Claims(Vec<Claim>);

/// What one output will take.
#[derive(Debug)]
struct Claim {
    /// Files that are there.
    files: Vec<Identity>,
    /// The folder, and the names in it.
    place: Option<(Identity, Names)>,
}

#[derive(Debug)]
enum Names {
    One(OsString),
    Series(Numbered),
}

impl Claims {
    /// Standard output and standard error, where they are files or FIFOs.
    pub fn of_standard_streams() -> Self {
        let handles = [
            std::io::stdout().as_fd().try_clone_to_owned(),
            std::io::stderr().as_fd().try_clone_to_owned(),
        ];
        let about = handles
            .into_iter()
            .flatten()
            .filter_map(|handle| File::from(handle).metadata().ok().map(|about| About::of(&about)));
        let files = about.filter(can_be_overwritten).map(|about| about.identity).collect();
        Self(vec![Claim { files, place: None }])
    }

    /// One more output, `-` apart; it may be a series of files.
    ///
    /// # Errors
    /// [`CaptureError::Refused`], where another output will take the same file.
    pub fn add(&mut self, path: &Path, is_series: bool) -> Result<(), CaptureError> {
        if path.as_os_str() == "-" {
            return Ok(());
        }
        let claim = if is_series { Claim::of_series(path) } else { Claim::of_file(path) };
        if self.0.iter().any(|other| claim.meets(other)) {
            let reason = "another output writes there".to_owned();
            return Err(CaptureError::Refused { path: path.to_owned(), reason });
        }
        self.0.push(claim);
        Ok(())
    }
}

impl Claim {
    fn of_file(path: &Path) -> Self {
        let names = path.file_name().map(|name| Names::One(name.to_owned()));
        Self { files: existing(path).into_iter().collect(), place: place(path, names) }
    }

    fn of_series(path: &Path) -> Self {
        let numbered = Numbered::of(path);
        let files = numbered.existing().filter_map(|(path, _)| existing(&path)).collect();
        Self { files, place: place(path, Some(Names::Series(numbered))) }
    }

    fn meets(&self, other: &Self) -> bool {
        if self.files.iter().any(|file| other.files.contains(file)) {
            return true;
        }
        let (Some((folder, names)), Some((other_folder, others))) = (&self.place, &other.place)
        else {
            return false;
        };
        folder == other_folder && names.meet(others)
    }
}

impl Names {
    fn meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::One(name), Self::One(other)) => name == other,
            (Self::Series(numbered), Self::One(name))
            | (Self::One(name), Self::Series(numbered)) => numbered.number(name).is_some(),
            (Self::Series(numbered), Self::Series(other)) => numbered == other,
        }
    }
}

/// The file at `path` that a write could destroy.  A device takes what it is given, as often as it
/// is.
fn existing(path: &Path) -> Option<Identity> {
    let about = std::fs::symlink_metadata(path).ok().map(|about| About::of(&about));
    about.filter(can_be_overwritten).map(|about| about.identity)
}

/// Those names in the folder of `path`, whatever way leads there; nothing for a device.
fn place(path: &Path, names: Option<Names>) -> Option<(Identity, Names)> {
    let is_device =
        std::fs::symlink_metadata(path).is_ok_and(|about| !can_be_overwritten(&About::of(&about)));
    let folder = std::fs::metadata(folder_of(path)).ok().filter(|_| !is_device)?;
    Some((About::of(&folder).identity, names?))
}
