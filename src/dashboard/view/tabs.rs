//! The first line: the name of what is looked at, the tabs of the panels, and badges.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::panel::PANELS;
use super::table::width;
use crate::base::{columns, units};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::{Role, Theme};
use crate::dashboard::model::view_data::{Progress, ViewData};

/// How the tabs are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tabs {
    /// Key and title of every panel.
    Long,
    /// Key and short title of every panel.
    Short,
    /// Only the open panel's.
    Open,
}

/// Columns left at the end of the first line for how far a file is read.
const BADGES: u16 = 8;

/// The words of the tabs.
fn words(state: &State, form: Tabs) -> impl Iterator<Item = (PanelId, String)> {
    let open = state.panel;
    PANELS.iter().filter(move |panel| form != Tabs::Open || panel.id == open).map(move |panel| {
        let title = if form == Tabs::Short { panel.short } else { panel.title };
        (panel.id, format!(" {} {title} ", panel.key.label(true)))
    })
}

/// The longest form of the tabs that leaves room for the name of the program.
fn form(state: &State) -> (Tabs, u16) {
    let wide = |form| words(state, form).map(|(_, text)| width(&text)).sum::<u16>();
    let name = width(NAME) + 1;
    for form in [Tabs::Long, Tabs::Short] {
        let end = wide(form) + name;
        if end + BADGES <= state.size.0 {
            return (form, end);
        }
    }
    (Tabs::Open, wide(Tabs::Open) + name)
}

/// The tabs: panel, first column and text.
fn tabs(state: &State) -> Vec<(PanelId, u16, String)> {
    let mut x = width(&brand(state)) + 1;
    let tabs = words(state, form(state).0).map(|(id, text)| {
        let at = x;
        x += width(&text);
        (id, at, text)
    });
    tabs.collect()
}

/// Name of the program.
const NAME: &str = " ipeek";

/// Columns that the whole of the badges may take.
const ALL_BADGES: u16 = 38;

/// Name of the program and of what is looked at, the latter as far as there is room.
fn brand(state: &State) -> String {
    if state.size.0 < 24 {
        return String::new();
    }
    let (_, end) = form(state);
    let room = usize::from(state.size.0.saturating_sub(end + ALL_BADGES));
    if room < 12 || state.title.is_empty() {
        return NAME.to_owned();
    }
    if columns::width(&state.title) <= room - 2 {
        return format!("{NAME}  {} ", state.title);
    }
    // The end of a path says most.
    let tail = columns::ending(&state.title, room - 3);
    format!("{NAME}  {}{tail} ", state.theme.glyph("…", "~"))
}

/// The panel whose tab is at column `x` of the first row.
pub fn tab_at(state: &State, x: u16) -> Option<PanelId> {
    let tabs = tabs(state);
    let here = tabs.iter().find(|(_, at, text)| x >= *at && x < at + width(text));
    here.map(|(id, _, _)| *id)
}

pub(super) fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    let theme = &state.theme;
    let room = |x: u16| usize::from(area.width.saturating_sub(x));
    let brand = brand(state);
    buffer.set_stringn(0, area.y, &brand, room(0), theme.style(Role::Brand));
    let mut end = width(&brand);
    for (id, x, text) in tabs(state) {
        let role = if id == state.panel { Role::Selected } else { Role::Text };
        if x < area.width {
            buffer.set_stringn(x, area.y, &text, room(x), theme.style(role));
        }
        end = x + width(&text);
    }
    // Badges at the right: frozen, following, loading; each in the longest form that fits.
    let mut badges = Vec::new();
    if let Some(frozen) = &state.frozen {
        let new = data.run_status.shown.saturating_sub(frozen.packets);
        let new = format!("FROZEN +{}", units::grouped(new));
        badges.push((Role::Warn, vec![new, "FROZEN".to_owned()]));
    }
    if state.is_following && state.frozen.is_none() && state.panel == PanelId::PACKETS {
        badges.push((Role::Good, vec!["FOLLOW".to_owned()]));
    }
    if let Some(progress) = data.run_status.progress.filter(|_| !data.run_status.has_ended) {
        badges.push((Role::Bar, loading(theme, &progress)));
    }
    let mut x = area.width;
    for (role, forms) in badges.into_iter().rev() {
        let Some(text) = forms.iter().find(|text| end + width(text) < x) else { continue };
        let wide = width(text) + 1;
        x -= wide;
        buffer.set_stringn(x, area.y, text, usize::from(wide), theme.style(role));
    }
}

/// How far a file is read, the longest form first.
fn loading(theme: &Theme, progress: &Progress) -> Vec<String> {
    let percent = format!("{:>3}%", progress.percent());
    let left = progress.seconds_left().map_or_else(String::new, |seconds| {
        let span = || units::span(std::time::Duration::from_secs(seconds).into());
        let left = if seconds < 60 { format!("{seconds} s") } else { span() };
        format!(" {left} left")
    });
    let rate = progress.rate.map_or_else(String::new, |rate| format!(" {}/s", units::octets(rate)));
    let fraction = progress.done as f64 / progress.all.max(1) as f64;
    let (full, half) = (theme.bar(fraction, 10), theme.bar(fraction, 5));
    let (open, shut) = (theme.glyph("▕", "["), theme.glyph("▏", "]"));
    vec![
        format!("{open}{full}{shut}{percent}{rate}{left}"),
        format!("{open}{half}{shut}{percent}{left}"),
        format!("{percent}{left}"),
        percent,
    ]
}
