//! The summary, its text, and columns as text.

use std::path::Path;

use ipeek::analyze::Limits;
use ipeek::export::summary::{self, Look};
use ipeek::report::summary::{Origin, Summary};
use ipeek::session::{Outcome, Plan, Session, Sink};

fn run(name: &str, sinks: Vec<Box<dyn Sink>>) -> Outcome {
    let path = Path::new("captures").join(name);
    let session = Session::start(Plan {
        source: ipeek::capture::file::open_all(&[path]).unwrap(),
        threads: 2,
        limits: Limits::default(),
        pass: None,
        count: None,
        sinks,
        snapshots: false,
    });
    while !session.wait(std::time::Duration::from_secs(1)) {}
    session.finish()
}

fn text(name: &str, look: Look) -> String {
    let outcome = run(name, Vec::new());
    let inputs = [format!("captures/{name}")];
    let origin = Origin {
        inputs: &inputs,
        interfaces: &outcome.interfaces,
        facts: Some(&outcome.facts),
        damage: outcome.damage.as_ref(),
        losses: None,
    };
    let mut out = String::new();
    summary::write(&mut out, &Summary::of(&outcome.analysis, &origin), look);
    out
}

#[test]
fn show() {
    for name in std::env::var("SHOW").unwrap_or_default().split(',').filter(|s| !s.is_empty()) {
        eprintln!("{}\n{}", "=".repeat(80), text(name, Look::default()));
    }
}
