//! What to look at: interfaces with what goes through them, and captures, to choose one from.
//!
//! Shown before there is anything else to show.  A [`Picker`] is drawn and takes keys without a
//! terminal; [`pick`] puts it on one.

use std::io::IsTerminal;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEventKind, MouseButton, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::input::{Input, SignalEvent};
use super::probe::ReplyFilter;
use super::terminal::Screen;
use crate::base::units;
use crate::capture::save::Stream;
use crate::dashboard::model::key::Key;
use crate::dashboard::model::theme::{Role, Theme};
use crate::dashboard::view::table::width;

/// How often rates are measured.
const BEAT: Duration = Duration::from_secs(1);

/// How long a key may wait for a look at the signals.
const TICK: Duration = Duration::from_millis(40);

/// Columns of a rate: `999.9 k packets/s, 999.9 Mbit/s`.
const RATE: u16 = 31;

/// What a choice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceKind {
    /// An interface to sniff.
    Interface,
    /// A capture to open.
    Capture,
}

impl ChoiceKind {
    /// What stands above the choices of this kind, and where there are none of it.
    fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Interface => ("Interfaces", "none that this ipeek knows"),
            Self::Capture => ("Captures", "none here, and none looked at before"),
        }
    }
}

/// What goes through an interface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Packets a second, both ways.
    pub packets: f64,
    /// Bits a second, both ways.
    pub bits: f64,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What it is.
    pub kind: ChoiceKind,
    /// Its name, safe to show.
    pub name: String,
    /// What else there is to say of it, safe to show.
    pub about: String,
    /// Whether nothing is known that hinders.
    pub is_ready: bool,
    /// What goes through it, where that is counted.
    pub rate: Option<Rate>,
}

/// What the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickResult {
    /// The choice of that index.
    Chosen(usize),
    /// None.
    Nothing,
    /// None, by the interrupt key or a signal of that number.
    Signal(u8),
}

/// Choices, and the one that is selected.
#[derive(Debug)]
pub struct Picker {
    /// Interfaces, then captures.
    pub choices: Vec<Choice>,
    selected: usize,
    /// Rows on screen: to move by a page.
    rows: usize,
    theme: Theme,
}

/// A line of the screen.
enum Line {
    Title(ChoiceKind),
    Choice(usize),
    Remark(&'static str),
    Blank,
}

impl Picker {
    /// Selects the first choice that is ready, of which those are tried first that are best.
    pub fn new(choices: Vec<Choice>, theme: Theme) -> Self {
        let selected = choices.iter().position(|choice| choice.is_ready).unwrap_or(0);
        Self { choices, selected, rows: 10, theme }
    }

    /// What a key does, if that ends the choosing.
    pub fn key(&mut self, key: Key) -> Option<PickResult> {
        let last = self.choices.len().saturating_sub(1);
        self.selected = match key {
            Key::Char('q') | Key::Named(KeyCode::Esc) => return Some(PickResult::Nothing),
            Key::Ctrl('c') => {
                let number = u8::try_from(signal_hook::consts::SIGINT).unwrap_or(2);
                return Some(PickResult::Signal(number));
            }
            Key::Named(KeyCode::Enter) => {
                return (!self.choices.is_empty()).then_some(PickResult::Chosen(self.selected));
            }
            Key::Char('j') | Key::Named(KeyCode::Down) => self.selected.saturating_add(1),
            Key::Char('k') | Key::Named(KeyCode::Up) => self.selected.saturating_sub(1),
            Key::Named(KeyCode::PageDown) => self.selected.saturating_add(self.rows),
            Key::Named(KeyCode::PageUp) => self.selected.saturating_sub(self.rows),
            Key::Char('g') | Key::Named(KeyCode::Home) => 0,
            Key::Char('G') | Key::Named(KeyCode::End) => last,
            // From the interfaces to the captures and back.
            Key::Named(KeyCode::Tab | KeyCode::BackTab) => self.first_of_other(),
            _ => self.selected,
        }
        .min(last);
        None
    }

    /// The first choice of the other kind; the selected one where there is none.
    fn first_of_other(&self) -> usize {
        let kind = self.choices.get(self.selected).map(|choice| choice.kind);
        let other = self.choices.iter().position(|choice| Some(choice.kind) != kind);
        other.unwrap_or(self.selected)
    }

    /// Selects what stands in that row of a screen of `rows`; whether there is anything.
    pub fn click(&mut self, row: u16, rows: u16) -> bool {
        let Some(line) = usize::from(row).checked_sub(1) else { return false };
        let (lines, first) = self.lines(usize::from(rows.saturating_sub(2)));
        if usize::from(row) + 1 >= usize::from(rows) {
            return false;
        }
        match lines.get(first + line) {
            Some(Line::Choice(index)) => {
                self.selected = *index;
                true
            }
            _ => false,
        }
    }

    /// All lines, and which comes first on a screen with so much room for them.
    fn lines(&self, room: usize) -> (Vec<Line>, usize) {
        let mut lines = Vec::new();
        for kind in [ChoiceKind::Interface, ChoiceKind::Capture] {
            if kind == ChoiceKind::Capture {
                lines.push(Line::Blank);
            }
            lines.push(Line::Title(kind));
            let before = lines.len();
            let choices = self.choices.iter().zip(0..);
            lines.extend(
                choices
                    .filter(|(choice, _)| choice.kind == kind)
                    .map(|(_, index)| Line::Choice(index)),
            );
            if lines.len() == before {
                lines.push(Line::Remark(kind.titles().1));
            }
        }
        let is_selected =
            |line: &Line| matches!(line, Line::Choice(index) if *index == self.selected);
        let at = lines.iter().position(is_selected).unwrap_or(0);
        let most = lines.len().saturating_sub(room);
        // What is selected has something below it, as long as there is anything.
        let first = if at + 2 < room { 0 } else { (at + 2).saturating_sub(room) };
        (lines, first.min(most))
    }

    /// Draws the choices.
    pub fn draw(&mut self, buffer: &mut Buffer) {
        let area = buffer.area;
        if area.is_empty() {
            return;
        }
        let style = |role| self.theme.style(role);
        let columns = usize::from(area.width);
        let (x, _) = buffer.set_stringn(0, 0, " ipeek ", columns, style(Role::Brand));
        let room = usize::from(area.width.saturating_sub(x));
        buffer.set_stringn(x, 0, " what to look at?", room, style(Role::Faint));
        self.rows = usize::from(area.height.saturating_sub(2));
        let (lines, first) = self.lines(self.rows);
        let names = |kind| {
            let of_kind = self.choices.iter().filter(|choice| choice.kind == kind);
            of_kind.map(|choice| width(&choice.name)).max().unwrap_or(0).min(area.width / 2)
        };
        let names = [names(ChoiceKind::Interface), names(ChoiceKind::Capture)];
        for (line, y) in lines.iter().skip(first).zip(1..area.height.saturating_sub(1)) {
            let row = Rect::new(0, y, area.width, 1);
            match line {
                Line::Title(kind) => self.title(kind.titles().0, row, buffer),
                Line::Choice(index) => self.choice(*index, names, row, buffer),
                Line::Remark(text) => {
                    buffer.set_stringn(3, y, text, columns.saturating_sub(3), style(Role::Faint));
                }
                Line::Blank => {}
            }
        }
        if area.height > 1 {
            self.hints(area, buffer);
        }
    }

    fn title(&self, title: &str, row: Rect, buffer: &mut Buffer) {
        let columns = usize::from(row.width);
        let dashes = self.theme.glyph("─", "-").repeat(columns);
        buffer.set_stringn(0, row.y, dashes, columns, self.theme.style(Role::Faint));
        let room = columns.saturating_sub(1);
        if room > 0 {
            let title = format!(" {title} ");
            buffer.set_stringn(1, row.y, title, room, self.theme.style(Role::Title));
        }
    }

    fn choice(&self, index: usize, names: [u16; 2], row: Rect, buffer: &mut Buffer) {
        let Some(choice) = self.choices.get(index) else { return };
        let names = names[usize::from(choice.kind == ChoiceKind::Capture)];
        let style = |role| self.theme.style(role);
        let columns = usize::from(row.width);
        let (mark, role) = match (choice.kind, choice.is_ready) {
            (ChoiceKind::Interface, true) => (self.theme.glyph("●", "*"), Role::Good),
            (ChoiceKind::Capture, true) => (" ", Role::Text),
            (_, false) => (self.theme.glyph("✗", "!"), Role::Bad),
        };
        buffer.set_stringn(1, row.y, mark, columns.saturating_sub(1), style(role));
        let mut x = 3;
        let mut put = |text: &str, room: u16, role| {
            let left = row.width.saturating_sub(x).min(room);
            if left > 0 {
                buffer.set_stringn(x, row.y, text, usize::from(left), style(role));
            }
            x = x.saturating_add(room).saturating_add(2);
        };
        put(&choice.name, names, Role::Text);
        if choice.kind == ChoiceKind::Interface {
            let rate = choice.rate.map_or_else(String::new, shown);
            // Where there is no room for both, what it is comes before how much goes through it.
            if row.width >= names.saturating_add(2 * RATE) {
                put(&format!("{rate:>width$}", width = usize::from(RATE)), RATE, Role::Number);
            }
        }
        put(&choice.about, u16::MAX, if choice.is_ready { Role::Text } else { Role::Faint });
        if index == self.selected {
            buffer.set_style(row, style(Role::Selected));
            if self.theme.style(Role::Selected) == ratatui::style::Style::new() {
                buffer.set_stringn(0, row.y, ">", columns, style(Role::Text));
            }
        }
    }

    fn hints(&self, area: Rect, buffer: &mut Buffer) {
        let up = Key::Named(KeyCode::Up).label(self.theme.is_unicode);
        let down = Key::Named(KeyCode::Down).label(self.theme.is_unicode);
        let enter = Key::Named(KeyCode::Enter).label(self.theme.is_unicode);
        let mut x = 1;
        for (key, text) in [
            (enter, "look"),
            (format!("{up} {down}"), "move"),
            ("Tab".to_owned(), "other kind"),
            ("q".to_owned(), "quit"),
            ("ipeek --help".to_owned(), "tells the rest"),
        ] {
            let wide = width(&key).saturating_add(width(text)).saturating_add(1);
            if x + wide > area.width {
                break;
            }
            let y = area.height - 1;
            buffer.set_string(x, y, &key, self.theme.style(Role::Key));
            buffer.set_string(x + width(&key) + 1, y, text, self.theme.style(Role::Faint));
            x += wide + 2;
        }
    }
}

/// A rate in at most [`RATE`] columns.
fn shown(rate: Rate) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate of zero or more, far below 2^63"
    )]
    let count = |rate: f64| units::count(rate.max(0.0).round() as u64);
    // The unit follows the letter that the count ends with, if it does.
    let (packets, bits) = (count(rate.packets), count(rate.bits));
    let gap = if bits.contains(' ') { "" } else { " " };
    format!("{packets} packets/s, {bits}{gap}bit/s")
}

/// Lets the user choose on the terminal.  `rates` is called from time to time for the traffic of
/// each choice, in their order.
///
/// The terminal's thread goes on to read keys: what is chosen is for another program to show.
///
/// # Errors
/// The terminal could not be taken or written.
pub fn pick(
    mut picker: Picker,
    rates: &mut dyn FnMut() -> Vec<Option<Rate>>,
    signal: &dyn Fn() -> Option<u8>,
    signals: Option<Box<dyn Iterator<Item = SignalEvent> + Send>>,
    out: Stream,
) -> std::io::Result<PickResult> {
    let mut screen = Screen::take(out)?;
    let inputs = super::input::inputs(signals)?;
    let mut replies = ReplyFilter::default();
    let mut asked: Option<Instant> = None;
    let mut drawn = (0, 0);
    loop {
        if let Some(number) = signal() {
            return Ok(PickResult::Signal(number));
        }
        if !std::io::stdout().is_terminal() {
            return Ok(PickResult::Nothing);
        }
        let mut is_due = drawn != screen.size();
        if asked.is_none_or(|at| at.elapsed() >= BEAT) {
            asked = Some(Instant::now());
            for (choice, rate) in picker.choices.iter_mut().zip(rates()) {
                is_due |= choice.rate != rate;
                choice.rate = rate;
            }
        }
        if is_due {
            drawn = screen.size();
            screen.draw(|buffer| picker.draw(buffer))?;
        }
        let event = match inputs.recv_timeout(TICK) {
            Ok(Input::Event(event)) => event?,
            Ok(Input::Signal(SignalEvent::End(number) | SignalEvent::Force(number))) => {
                return Ok(PickResult::Signal(number));
            }
            Ok(Input::Signal(SignalEvent::Stop)) => {
                screen.suspend()?;
                continue;
            }
            Ok(Input::Signal(SignalEvent::Continue)) => {
                screen.retake()?;
                drawn = (0, 0);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return Ok(PickResult::Nothing),
        };
        drawn = (0, 0);
        if replies.takes(&event, Instant::now()) {
            continue;
        }
        let answer = match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => {
                Key::of(&key).and_then(|key| picker.key(key))
            }
            Event::Mouse(mouse) => match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => {
                    let was = picker.selected;
                    let rows = screen.size().1;
                    // The first click selects, the second opens.
                    let is_again = picker.click(mouse.row, rows) && was == picker.selected;
                    is_again.then_some(PickResult::Chosen(was))
                }
                MouseEventKind::ScrollUp => picker.key(Key::Char('k')),
                MouseEventKind::ScrollDown => picker.key(Key::Char('j')),
                _ => None,
            },
            _ => None,
        };
        if let Some(answer) = answer {
            return Ok(answer);
        }
    }
}
