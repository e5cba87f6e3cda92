//! Times at the ends of what can be said: every panel draws them, and the graph takes every key.

use super::Bench;
use crate::laws::times::{EXTREMES, capture};

use ipeek::dashboard::model::action::Action;
use ipeek::dashboard::view::panel::PANELS;

/// What is done to the graph, in an order that zooms far in, out, and to both sides.
const STEPS: &[Action] = &[
    Action::TimeRight,
    Action::Span,
    Action::TimeRight,
    Action::TimeRight,
    Action::Span,
    Action::ZoomIn,
    Action::ZoomIn,
    Action::PanLeft,
    Action::PanRight,
    Action::PanRight,
    Action::ZoomOut,
    Action::ZoomOut,
    Action::ZoomOut,
    Action::AllTime,
    Action::TimeLeft,
    Action::Click(40, 8),
    Action::Drag(70, 8),
    Action::Release(70, 8),
    Action::AllTime,
];

#[test]
fn every_panel_and_the_graph_take_the_ends_of_time() {
    let folder = tempfile::tempdir().unwrap();
    for (number, stamps) in EXTREMES.iter().enumerate() {
        let path = folder.path().join(format!("{number}.pcapng"));
        std::fs::write(&path, capture(stamps)).unwrap();
        let mut bench = Bench::open(&path.to_string_lossy(), (120, 40));
        for panel in PANELS {
            press(&mut bench, Action::View(panel.id));
            // Relative, UTC, local, epoch, and relative again.
            for _ in 0..4 {
                press(&mut bench, Action::Time);
            }
        }
        press(&mut bench, Action::View(PANELS[0].id));
        for step in STEPS {
            press(&mut bench, *step);
        }
        for command in [
            "span +0 +1",
            "span +9223372036 +9223372037",
            "span 1677-09-21T00:12:44Z 2262-04-11T23:47:16Z",
            "span 00:00 23:59:59.999999999",
            "goto 23:59:9223372036",
            "goto +9223372036",
            "span",
        ] {
            press(&mut bench, Action::Command);
            bench.write(command);
            press(&mut bench, Action::Apply);
        }
    }
}

/// Does what a key does, with all that comes of it, and draws.
fn press(bench: &mut Bench, action: Action) {
    if let Some(effect) = bench.app.act(action) {
        bench.app.effect(&effect);
    }
    bench.wait();
    bench.screen();
}
