//! Files and TCP, given up by Landlock: what is open stays open, and little can be opened anew.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, LandlockStatus, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};

use super::confinement::{Needs, Outcome};

/// The newest version of the rules that is requested; an older kernel applies those that it has.
const NEWEST: ABI = ABI::V6;

/// What may be read beside the inputs: time zones.
const READABLE: [&str; 4] =
    ["/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/localtime", "/etc/zoneinfo"];

/// The interfaces' counters and flags, which libpcap reads while it captures.
const COUNTERS: [&str; 2] = [INTERFACES, "/sys/devices/virtual/net"];

const INTERFACES: &str = "/sys/class/net";

/// What may be read and written: the terminal, and nothing.
const DEVICES: [&str; 2] = ["/dev/tty", "/dev/null"];

/// The rules for `needs`; nothing where the kernel has no Landlock.
pub(super) fn rules(needs: &Needs) -> Option<RulesetCreated> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let device = AccessFs::ReadFile | AccessFs::WriteFile | AccessFs::IoctlDev;
    let mut counters: Vec<PathBuf> = Vec::new();
    if needs.interfaces {
        counters.extend(COUNTERS.map(PathBuf::from));
        // The entries of the list are links to where the devices are.
        counters.extend(interfaces());
    }
    let build = || {
        nothing()?
            .add_rules(path_beneath_rules(READABLE.iter().map(Path::new), read))?
            .add_rules(path_beneath_rules(&counters, read))?
            .add_rules(path_beneath_rules(DEVICES.iter().map(Path::new), device))
    };
    build().ok()
}

/// The rules by which files, or folders too, can be made, and files renamed and removed in a folder,
/// and none be read.
pub(super) fn rules_to_make(folder: &Path, makes_folders: bool) -> Option<RulesetCreated> {
    let mut write: BitFlags<AccessFs> =
        AccessFs::WriteFile | AccessFs::Truncate | AccessFs::MakeReg | AccessFs::RemoveFile;
    if makes_folders {
        write |= AccessFs::MakeDir;
    }
    let build = || nothing()?.add_rules(path_beneath_rules([folder], write));
    build().ok()
}

/// The rules by which files of a folder can be read, and nothing else.
pub(super) fn rules_to_read(folder: &Path) -> Option<RulesetCreated> {
    let build = || nothing()?.add_rules(path_beneath_rules([folder], AccessFs::ReadFile));
    build().ok()
}

/// Rules that allow nothing yet.
fn nothing() -> Result<RulesetCreated, landlock::RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()
}

fn interfaces() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(INTERFACES).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.path().canonicalize().ok()).collect()
}

/// Applies the rules to this thread and those it makes.
pub(super) fn restrict(rules: Option<RulesetCreated>) -> Outcome {
    const LEFT: &str = "no landlock";
    let status = rules.and_then(|rules| rules.restrict_self().ok()).ok_or(LEFT)?;
    match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, _) => Err(LEFT),
        (_, LandlockStatus::Available { effective_abi, .. }) => {
            Ok(format!("landlock {}", effective_abi as u32))
        }
        _ => Err(LEFT),
    }
}
