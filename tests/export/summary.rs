//! The summary of a capture.

use ipeek::analyze::{Analysis, Briefs, Limits};
use ipeek::capture::{Batch, Damage, Fill, Interface};
use ipeek::decode::{Layers, Packet, walk};
use ipeek::export::clock::Clock;
use ipeek::export::page::Look;
use ipeek::export::summary;
use ipeek::report::summary::{Drops, Intake, Origin, Summary};

use super::{CAPTURES, open, snapshot};

/// What a capture adds up to.
struct Read {
    analysis: Analysis,
    interfaces: Vec<Interface>,
    damage: Option<Damage>,
}

fn read(capture: &str, limits: Limits) -> Read {
    let mut analysis = Analysis::new(limits, foldhash::quality::RandomState::default());
    let (mut batch, mut layers, mut briefs) = (Batch::new(), Layers::new(), Briefs::default());
    let mut source = open(capture);
    let damage = loop {
        match source.fill(&mut batch).expect("a readable capture") {
            Fill::End(damage) => break damage,
            Fill::Quiet => {}
            Fill::Records => {
                for frame in batch.frames() {
                    walk::walk(&frame, &mut layers);
                    briefs.push(&Packet { frame, layers: &layers });
                }
                analysis.fold(&mut briefs, |_, _| ());
                briefs.clear();
            }
        }
    };
    Read { analysis, interfaces: batch.interfaces.to_vec(), damage }
}

fn summary_of(capture: &str, limits: Limits) -> Summary {
    let read = read(capture, limits);
    let sources = [capture.to_owned()];
    let origin = Origin {
        sources: &sources,
        interfaces: &read.interfaces,
        // The file's place on this machine is no part of what is compared.
        damage: None,
        ..Origin::default()
    };
    let mut summary = Summary::new(&read.analysis, &origin);
    summary.damage = read.damage.map(|damage| damage.reason);
    summary
}

fn text(summary: &Summary, look: Look) -> String {
    let mut out = Vec::new();
    summary::write(&mut out, summary, look, &Clock::Utc).expect("a vector takes all");
    String::from_utf8(out).expect("text")
}

fn last_line(summary: &Summary) -> String {
    text(summary, Look::PLAIN).lines().last().unwrap_or_default().to_owned()
}

#[test]
fn look() {
    let Ok(name) = std::env::var("LOOK") else { return };
    println!("{}", text(&summary_of(&name, Limits::default()), Look::PLAIN));
}
