//! How a run's end becomes messages and an exit code.

use super::early_exit::{EarlyExit, status_of};
use super::message::complain;
use crate::capture::save::Shutdown;
use crate::capture::{CaptureError, Ledger};
use crate::exit::Exit;
use crate::export::output::Output;
use crate::export::summary;
use crate::report::summary::{Origin, Summary};
use crate::session::Outcome;

/// Says what went wrong with a source or output, and gives the status that it ends a run with.
fn fail(error: &CaptureError) -> Exit {
    if error.is_closed_pipe() {
        return Exit::Done;
    }
    complain(error);
    status_of(error)
}

/// Prints what was made whole.
///
/// # Errors
/// Standard output takes no more.
pub fn print(text: &[u8]) -> Result<Exit, EarlyExit> {
    Output::standard(&Shutdown::default())?.write(text)?;
    Ok(Exit::Done)
}

/// Prints the summary of a run that ended.
pub fn summarise(
    write: fn(&mut String, &Summary, summary::Look),
    outcome: &mut Outcome,
    inputs: &[String],
    losses: Option<Ledger>,
    look: summary::Look,
    threads: usize,
    shutdown: &Shutdown,
) {
    let origin = Origin {
        inputs,
        interfaces: &outcome.interfaces,
        facts: Some(&outcome.facts),
        damage: &outcome.damage,
        losses,
    };
    let mut text = String::new();
    write(&mut text, &Summary::of(&outcome.analysis, &origin, threads), look);
    let output = Output::standard(&shutdown.after_outputs());
    let written = output.and_then(|mut output| output.write(text.as_bytes()));
    if let Err(error) = written {
        outcome.output_errors.push(error);
    }
}

/// Reports on a run that has ended, and returns its exit code: `asked` if the user ended it and
/// nothing is wrong.
pub fn conclude(outcome: &Outcome, asked: Option<Exit>) -> Exit {
    let mut exits = Vec::new();
    let mut has_seen_enough = false;
    let is_short = |error: &&CaptureError| matches!(error, CaptureError::Short { .. });
    for error in outcome.output_errors.iter().filter(|error| !is_short(error)) {
        has_seen_enough |= error.is_closed_pipe();
        match asked {
            Some(asked) if error.is_late() => {
                // A status that is no success tells enough, but for how much of a capture there is.
                let is_counted = matches!(error, CaptureError::Unsaved { .. });
                if is_counted || asked == Exit::Done {
                    complain(error);
                }
            }
            _ => exits.push(fail(error)),
        }
    }
    // What the run came to first, then what comes of that.
    let short = outcome.output_errors.iter().filter(is_short);
    exits.extend(outcome.error.iter().chain(short).map(fail));
    exits.retain(|exit| *exit != Exit::Done);
    if has_seen_enough && exits.is_empty() {
        return Exit::Done;
    }
    if outcome.left_out > 0 {
        let blocks = outcome.left_out;
        complain(&format!("-w: {blocks} blocks or comments could not be copied, and are left out"));
    }
    if let Some(fewer) = &outcome.fewer {
        complain(fewer);
    }
    for damage in &outcome.damage {
        // Those of this input, whatever came of others.
        let kept = damage.record.saturating_sub(1);
        let packets = if kept == 1 { "packet" } else { "packets" };
        complain(&format!("{damage}; {kept} {packets} kept"));
        exits.push(Exit::Damaged);
    }
    let worst = [Exit::Output, Exit::CaptureLost].into_iter().find(|worst| exits.contains(worst));
    worst.or(exits.first().copied()).or(asked).unwrap_or(Exit::Done)
}
