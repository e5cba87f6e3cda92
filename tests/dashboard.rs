//! The dashboard: screens of every panel, keys, what actions do, and the real thing in a terminal.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod block_grid;
mod configuration;
mod fuzz;
mod jobs;
mod keys;
mod layers;
mod live;
mod pick;
pub(crate) mod pty;
mod rescue;
mod rows;
mod scenarios;
mod screens;
mod sorting;
mod state;
mod times;
mod tools;
mod update;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ipeek::analyze::Settings;
use ipeek::capture::file::open_all;
use ipeek::dashboard::engine::app::App;
use ipeek::dashboard::model::action::{Action, Effect};
use ipeek::dashboard::model::line_editor::LineEditor;
use ipeek::dashboard::model::state::State;
use ipeek::dashboard::model::theme::{Palette, Theme};
use ipeek::dashboard::view::screen::view;
use ipeek::report::time::TimeFormat;
use ipeek::session::Plan;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn capture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("captures").join(name)
}

const THEME: Theme = Theme { palette: Palette::Mono, is_unicode: true };

/// A dashboard without a terminal, and the screen it draws on.
struct Bench {
    app: App,
    size: (u16, u16),
}

impl Bench {
    /// The dashboard on a bundled capture, all of which has been read.
    fn open(name: &str, size: (u16, u16)) -> Self {
        let mut bench = Self::unread(name, size);
        bench.wait();
        bench
    }

    /// The dashboard on a bundled capture that is still being read.
    fn unread(name: &str, size: (u16, u16)) -> Self {
        Self::of(name, size, THEME)
    }

    /// The dashboard on a bundled capture that is still being read, with those colours and
    /// characters.
    fn of(name: &str, size: (u16, u16), theme: Theme) -> Self {
        let plan = Plan {
            source: open_all(&[capture(name)]).unwrap(),
            threads: 2,
            settings: Settings::default(),
            pass: None,
            count: None,
            sinks: Vec::new(),
            snapshots: true,
        };
        let state = State::new(name.to_owned(), theme, TimeFormat::Relative, false);
        let mut bench = Self { app: App::open(plan, state, None), size };
        bench.app.resize(size);
        bench
    }

    /// Waits until all that was asked for is shown.
    fn wait(&mut self) {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            self.app.refresh();
            if self.app.is_at_rest() {
                return;
            }
            let run_status = &self.app.data.run_status;
            assert!(Instant::now() < until, "nothing came to rest: {run_status:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn act(&mut self, action: Action) -> Option<Effect> {
        let effect = self.app.act(action);
        if let Some(effect @ (Effect::Filter(_) | Effect::Seek(_))) = &effect {
            self.app.effect(effect);
        }
        self.wait();
        effect
    }

    /// The filter being written.
    fn draft(&self) -> Option<&str> {
        self.app.state.filter.draft.as_ref().map(LineEditor::text)
    }

    fn write(&mut self, text: &str) {
        for c in text.chars() {
            self.act(Action::Type(c));
        }
    }

    fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
        self.app.resize(size);
        self.wait();
    }

    /// The screen as text, without blanks at the ends of lines.
    fn screen(&self) -> String {
        let area = Rect::new(0, 0, self.size.0, self.size.1);
        let mut buffer = Buffer::empty(area);
        view(&self.app.state, &self.app.data, &mut buffer);
        let mut text = String::new();
        for y in 0..area.height {
            let line: String = (0..area.width).map(|x| buffer[(x, y)].symbol()).collect();
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}
