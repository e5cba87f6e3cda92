//! `ipeek` alone, on a terminal: what there is to look at, and the start of what is chosen.
//!
//! What is chosen is started as if it had been typed, in place of this program: so it has the
//! rights that it would have had, and the terminal to itself.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime};

use super::arguments;
use super::early_exit::EarlyExit;
use super::signals::{Purpose, Signals};
use crate::base::compression::Compression;
use crate::base::text::safe_path;
use crate::base::units;
use crate::capture::save::Stream;
use crate::config::{self, Config, History};
use crate::dashboard::SignalEvent;
use crate::dashboard::model::theme::Theme;
use crate::dashboard::shell::pick::{Choice, ChoiceKind, PickResult, Picker, Rate, pick};
use crate::dashboard::shell::probe;
use crate::exit::Exit;

/// Captures that are offered, the newest.
const CAPTURES: usize = 40;

/// Entries of a folder that are looked at.
const ENTRIES: usize = 10_000;

/// How the names of captures end.
const ENDINGS: [&str; 5] = [".pcap", ".pcapng", ".cap", ".dmp", ".ntar"];

/// Lets the user choose where there is a terminal, else prints the help.
///
/// # Errors
/// The terminal cannot be used, what was chosen cannot be started, or a signal came.
pub fn start() -> Result<Exit, EarlyExit> {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        return Ok(arguments::help());
    }
    let (signals, signal_events) = Signals::notice(Purpose::Reading, true)?;
    let out = Stream::standard(&signals.shutdown()).map_err(|error| EarlyExit::terminal(&error))?;
    let mut starts = interfaces();
    starts.extend(captures());
    // From here on the terminal is to be given back.
    signals.started()?;
    let theme = Theme::of(true, |name| std::env::var(name).ok(), probe::background);
    let choices = starts.iter().map(|start| start.choice.clone()).collect();
    let names: Vec<Option<String>> = starts.iter().map(Start::interface).collect();
    let mut meter = Meter::default();
    let signal_events =
        Some(Box::new(signal_events) as Box<dyn Iterator<Item = SignalEvent> + Send>);
    let mut rates = || meter.rates(&names);
    let answer =
        pick(Picker::new(choices, theme), &mut rates, &|| signals.last(), signal_events, out);
    match answer.map_err(|error| EarlyExit::terminal(&error))? {
        PickResult::Chosen(index) => Err(become_it(starts.get(index).ok_or(Exit::Done)?)),
        PickResult::Nothing => Ok(Exit::Done),
        PickResult::Signal(number) => Ok(Exit::Signal(number)),
    }
}

/// A choice, and what is to be started for it.
struct Start {
    choice: Choice,
    words: [OsString; 3],
}

impl Start {
    fn interface(&self) -> Option<String> {
        let is_interface = self.choice.kind == ChoiceKind::Interface;
        is_interface.then(|| self.words[2].to_string_lossy().into_owned())
    }
}

/// Starts what was chosen in place of this program.
fn become_it(start: &Start) -> EarlyExit {
    let error = match std::env::current_exe() {
        Ok(program) => Command::new(program).arg0("ipeek").args(&start.words).exec(),
        Err(error) => error,
    };
    EarlyExit::cannot(format_args!("ipeek could not be started again: {error}"))
}

/// Interfaces, those that can be sniffed first.
#[cfg(feature = "live")]
fn interfaces() -> Vec<Start> {
    use super::interfaces::about;
    use crate::base::text::Safe;
    use crate::capture::live::devices;

    let devices = devices().unwrap_or_default();
    let mut all: Vec<_> = devices
        .into_iter()
        .map(|device| (device.obstacle(), device))
        // A bus that this machine has not is no choice; an interface that may not be sniffed is
        // one.
        .filter(|(obstacle, device)| obstacle.is_none() || !device.is_pseudo)
        .map(|(obstacle, device)| {
            let order = (obstacle.is_some(), device.is_pseudo, device.is_loopback, !device.is_up);
            let words = match &obstacle {
                None => about(&device),
                Some(error) => error.reason(),
            };
            let choice = Choice {
                kind: ChoiceKind::Interface,
                name: Safe(&device.name).to_string(),
                about: words,
                is_ready: obstacle.is_none(),
                rate: None,
            };
            let words = ["live".into(), "-i".into(), device.name.into()];
            (order, Start { choice, words })
        })
        .collect();
    all.sort_by_key(|(order, _)| *order);
    all.into_iter().map(|(_, start)| start).collect()
}

#[cfg(not(feature = "live"))]
fn interfaces() -> Vec<Start> {
    Vec::new()
}

/// Captures that were looked at, the last first, then those of this folder, the newest first.
fn captures() -> Vec<Start> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let has_history = Config::read(None).is_ok_and(|config| config.history);
    if let Some(file) = config::recent().filter(|file| has_history && file.exists()) {
        let remembered = History::open(&file).map(|history| history.read()).unwrap_or_default();
        paths.extend(remembered.iter().rev().map(PathBuf::from).filter(|path| path.is_file()));
    }
    let here = std::env::current_dir().unwrap_or_default();
    let entries = std::fs::read_dir(".").into_iter().flatten().flatten().take(ENTRIES);
    let mut nearby: Vec<(SystemTime, PathBuf)> = entries
        .filter(|entry| is_capture(&entry.file_name().to_string_lossy()))
        .filter_map(|entry| {
            let about = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some((about.modified().ok()?, here.join(entry.file_name())))
        })
        .collect();
    nearby.sort_unstable_by(|a, b| b.cmp(a));
    for (_, path) in nearby {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths.truncate(CAPTURES);
    paths.into_iter().map(|path| capture(path, &here)).collect()
}

fn capture(path: PathBuf, here: &Path) -> Start {
    let about = std::fs::metadata(&path).ok();
    let size = about.as_ref().map_or(0, std::fs::Metadata::len);
    let changed = about.and_then(|about| about.modified().ok());
    let age = changed.and_then(|changed| SystemTime::now().duration_since(changed).ok());
    let age = age.map_or_else(String::new, |age| format!(", {} ago", units::span(age.into())));
    let near = path.strip_prefix(here).unwrap_or(&path);
    let choice = Choice {
        kind: ChoiceKind::Capture,
        name: safe_path(near),
        about: format!("{}{age}", units::octets(size)),
        is_ready: true,
        rate: None,
    };
    // A name may begin with a dash.
    Start { choice, words: ["read".into(), "--".into(), path.into_os_string()] }
}

fn is_capture(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let behind = |ending| name.strip_suffix(ending).and_then(|name| name.strip_suffix('.'));
    let bare = Compression::handled_endings().find_map(behind).unwrap_or(&name);
    ENDINGS.iter().any(|ending| bare.ends_with(ending))
}

/// Remembers captures that are looked at, the last of all last.
pub fn remember(paths: &[PathBuf]) {
    let history = config::recent().and_then(|file| History::open(&file).ok());
    let Some(history) = history else { return };
    let mut lines = history.read();
    for path in paths.iter().filter_map(|path| path.canonicalize().ok()) {
        let Some(line) = path.to_str().filter(|line| path.is_file() && !line.contains('\n')) else {
            continue;
        };
        lines.retain(|other| other != line);
        lines.push(line.to_owned());
    }
    let surplus = lines.len().saturating_sub(CAPTURES);
    // What cannot be written is not remembered: no reason not to look at packets.
    let _ = history.write(&lines[surplus..]);
}

/// Packets and octets that the kernel has counted on interfaces, and when.
#[derive(Default)]
struct Meter(Option<(Instant, Vec<Option<[u64; 2]>>)>);

impl Meter {
    /// What has gone through each interface a second since the last time.
    fn rates(&mut self, names: &[Option<String>]) -> Vec<Option<Rate>> {
        let counts = names.iter().map(|name| counted(name.as_deref()?)).collect();
        let now = (Instant::now(), counts);
        let rates = self.0.as_ref().map(|(then, before)| {
            let seconds = now.0.duration_since(*then).as_secs_f64().max(1e-3);
            let pairs = before.iter().zip(&now.1);
            let rate = |(before, after): (&Option<[u64; 2]>, &Option<[u64; 2]>)| {
                let ([packets, octets], [more, more_octets]) = ((*before)?, (*after)?);
                Some(Rate {
                    packets: more.saturating_sub(packets) as f64 / seconds,
                    bits: more_octets.saturating_sub(octets) as f64 * 8.0 / seconds,
                })
            };
            pairs.map(rate).collect()
        });
        self.0 = Some(now);
        rates.unwrap_or_else(|| vec![None; names.len()])
    }
}

/// Packets and octets both ways, as the kernel counts them; only on Linux is there such a place.
fn counted(name: &str) -> Option<[u64; 2]> {
    let folder = Path::new("/sys/class/net").join(name).join("statistics");
    let read = |name: &str| -> Option<u64> {
        std::fs::read_to_string(folder.join(name)).ok()?.trim().parse().ok()
    };
    let packets = read("rx_packets")?.saturating_add(read("tx_packets")?);
    Some([packets, read("rx_bytes")?.saturating_add(read("tx_bytes")?)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_told_by_their_names() {
        for (name, expected) in [
            ("a.pcap", true),
            ("A.PCAPNG", true),
            ("b.pcap.zst", true),
            ("b.pcap.zstd", true),
            ("b.pcapgz", false),
            ("c.cap.gz", true),
            ("notes.txt", false),
            ("a.pcap.txt", false),
            ("x.gz", false),
        ] {
            assert_eq!(is_capture(name), expected, "{name}");
        }
    }
}
