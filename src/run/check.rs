//! `ipeek sandbox-check`: each front end is confined as it would be, from several folders, and then
//! tries what must be refused.

#[cfg(not(target_os = "linux"))]
use super::early_exit::EarlyExit;
#[cfg(not(target_os = "linux"))]
use crate::cli::Front;
#[cfg(not(target_os = "linux"))]
use crate::exit::Exit;

#[cfg(target_os = "linux")]
pub use self::linux::check;

/// There is no sandbox to try.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn check(_: Option<Front>) -> Result<Exit, EarlyExit> {
    Err(EarlyExit::cannot("there is a sandbox on Linux only"))
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fmt::Write;
    use std::os::fd::BorrowedFd;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};

    use nix::unistd::{AccessFlags, access};

    use crate::base::text::{Safe, safe_path};
    use crate::capture::save::Folder;
    use crate::cli::Front;
    use crate::exit::Exit;
    use crate::guard::trial::{TRIALS, Witness};
    use crate::guard::{self, Identity, Needs, SandboxMode};
    use crate::run::early_exit::EarlyExit;
    use crate::run::outcome::print;
    use crate::run::sandbox::saves;

    /// Beginnings of the lines that report a trial, and an attempt to save.
    const REFUSED: &str = "refused  ";
    const ALLOWED: &str = "ALLOWED  ";
    const SAVED: &str = "saved    ";

    /// Tries all front ends in processes of their own, or one here.
    ///
    /// # Errors
    /// It could not be tried, or standard output takes no more.
    pub fn check(front: Option<Front>) -> Result<Exit, EarlyExit> {
        match front {
            Some(front) => one(front),
            None => all(),
        }
    }

    /// The folders that it is tried from: those of a system and of a user, and the current one.
    fn folders() -> Vec<PathBuf> {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let all = [Some("/".into()), Some("/root".into()), home, std::env::current_dir().ok()];
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in all.into_iter().flatten() {
            let can_enter = access(&folder.join("."), AccessFlags::X_OK).is_ok();
            if can_enter && !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        folders
    }

    fn all() -> Result<Exit, EarlyExit> {
        let (mut lines, mut refused, mut tried) = (Vec::<(String, Vec<String>)>::new(), 0, 0);
        let mut setups = Vec::new();
        for folder in folders() {
            for (front, word) in
                [(Front::Read, "read"), (Front::Live, "live"), (Front::Dashboard, "dashboard")]
            {
                if front == Front::Live && !cfg!(feature = "live") {
                    continue;
                }
                let mut command = Command::new("/proc/self/exe");
                command.args(["sandbox-check", "--as", word]).current_dir(&folder);
                let setup = format!("{word} from {}", safe_path(&folder));
                let output = command
                    .stdin(Stdio::null())
                    .output()
                    .map_err(|error| EarlyExit::cannot(format_args!("{setup}: {error}")))?;
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                let errors = String::from_utf8_lossy(&output.stderr).into_owned();
                if text.is_empty() {
                    // Who may not sniff gets no packets that way.
                    let is_right = output.status.code() == Some(Exit::Permission.code().into());
                    let what = if is_right { "not tried" } else { "FAILED " };
                    tried += usize::from(!is_right);
                    let why = errors.lines().next().unwrap_or("no output");
                    lines.push((format!("{what} {}", Safe(why)), vec![setup]));
                    continue;
                }
                for line in text.lines() {
                    refused += usize::from(line.starts_with(REFUSED));
                    tried += usize::from(line.starts_with(REFUSED) || line.starts_with(ALLOWED));
                    match lines.iter_mut().find(|(known, _)| known == line) {
                        Some((_, of)) => of.push(setup.clone()),
                        None => lines.push((line.to_owned(), vec![setup.clone()])),
                    }
                }
                setups.push(setup);
            }
        }
        let mut text = String::new();
        for (line, of) in &lines {
            let is_everywhere = *of == setups;
            // What happens in some of them is said of which.
            let of = if is_everywhere { String::new() } else { format!(" ({})", of.join(", ")) };
            let _ = writeln!(text, "{line}{of}");
        }
        let _ = writeln!(text, "tried as {}", setups.join(", "));
        let _ = writeln!(text, "{refused} of {tried} refused");
        print(text.as_bytes())?;
        Ok(if refused < tried || setups.is_empty() { Exit::Cannot } else { Exit::Done })
    }

    /// Confines this process as that front end would be, then tries.
    fn one(front: Front) -> Result<Exit, EarlyExit> {
        match front {
            Front::Read => confined(&Needs::default(), Vec::new(), &Folder::Any),
            Front::Dashboard => confined(&Needs::default(), Vec::new(), &saves(SandboxMode::Best)),
            Front::Live => live(),
        }
    }

    #[cfg(feature = "live")]
    fn live() -> Result<Exit, EarlyExit> {
        use crate::capture::live::{Options, open};

        let options = |name: &str| Options {
            interfaces: vec![name.to_owned()],
            buffer_mib: 1,
            ..Options::default()
        };
        // A namespace of its own may have nothing that is up.
        let opened = open(&options("lo")).or_else(|_| open(&options("any")))?;
        let needs = Needs { interfaces: true, silent: opened.descriptors() };
        confined(&needs, opened.sockets().collect(), &Folder::Any)
    }

    #[cfg(not(feature = "live"))]
    fn live() -> Result<Exit, EarlyExit> {
        Err(EarlyExit::cannot("this ipeek was built without live capture"))
    }

    fn confined(
        needs: &Needs,
        sockets: Vec<BorrowedFd<'_>>,
        saves: &Folder,
    ) -> Result<Exit, EarlyExit> {
        let broker = match saves {
            Folder::Brokered(broker, _) => Some(broker.clone()),
            Folder::Any => None,
        };
        let mut witness = Witness::new(sockets, broker).map_err(EarlyExit::cannot)?;
        let state = guard::engage(SandboxMode::Best, needs, Identity::choose(&[], &[]))
            .map_err(EarlyExit::cannot)?;
        let mut text = format!("sandbox {}\n", state.words);
        let mut is_refused = true;
        for trial in &TRIALS {
            let _ = match trial.run(&mut witness) {
                Some(Ok(error)) => writeln!(text, "{REFUSED}{}: {error}", trial.name),
                Some(Err(outcome)) => {
                    is_refused = false;
                    writeln!(text, "{ALLOWED}{}: {outcome}", trial.name)
                }
                None => Ok(()),
            };
        }
        match witness.save() {
            Some(Ok(())) => {
                let _ = writeln!(text, "{SAVED}a capture in the folder, and removed it");
            }
            Some(Err(error)) => {
                let _ = writeln!(text, "unsaved  a capture in the folder: {error}");
            }
            None => {}
        }
        print(text.as_bytes())?;
        Ok(if is_refused { Exit::Done } else { Exit::Cannot })
    }
}
