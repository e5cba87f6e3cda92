//! Draws a screen from the state and what is shown; changes neither.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::bar;
use super::command;
use super::keys::{self, Context, KEYS};
use super::layout::{self, screen};
use super::panel::PANELS;
use super::shown::Shown;
use super::state::State;
use super::table::width;
use super::text::{line, rule};
use super::theme::Role;
use crate::base::units;

/// Draws the whole screen.
pub fn view(state: &State, shown: &Shown, buffer: &mut Buffer) {
    let screen = screen(state);
    // What arrived after the size was last seen is drawn where both overlap.
    if screen.top.is_empty() || !buffer.area.contains((state.size.0 - 1, state.size.1 - 1).into()) {
        return;
    }
    top(state, shown, buffer, screen.top);
    bar::draw(state, shown, buffer, screen.filter);
    bar::advice(state, buffer, screen.advice);
    if !screen.body.is_empty() {
        (PANELS[state.panel].draw)(state, shown, buffer, screen.body);
        if state.help.is_some() {
            help(state, buffer, screen.body);
        }
    }
    bottom(state, shown, buffer, screen.hints, screen.truth);
}

/// The tabs: index, first column, width and text.
fn tabs(state: &State) -> Vec<(usize, u16, String)> {
    let brand = width(&brand(state));
    let make = |is_short: bool| {
        let mut x = brand + 1;
        let tabs = PANELS.iter().enumerate().map(|(index, panel)| {
            let title = if is_short { panel.short } else { panel.title };
            let text = format!(" {} {title} ", panel.key);
            let at = x;
            x += width(&text);
            (index, at, text)
        });
        let tabs: Vec<_> = tabs.collect();
        (tabs, x)
    };
    let (long, end) = make(false);
    if end <= state.size.0 {
        return long;
    }
    let (short, end) = make(true);
    if end <= state.size.0 {
        return short;
    }
    // Only the open panel's.
    let panel = &PANELS[state.panel];
    vec![(state.panel, brand + 1, format!(" {} {} ", panel.key, panel.title))]
}

/// Name of the program and of what is looked at, the latter as far as there is room.
fn brand(state: &State) -> String {
    if state.size.0 >= 72 {
        let room = usize::from(state.size.0).saturating_sub(60);
        let title: String = if state.title.chars().count() > room {
            let tail: Vec<char> = state.title.chars().rev().take(room.saturating_sub(1)).collect();
            format!("…{}", tail.into_iter().rev().collect::<String>())
        } else {
            state.title.clone()
        };
        format!(" ipeek  {title} ")
    } else if state.size.0 >= 40 {
        " ipeek".to_owned()
    } else {
        String::new()
    }
}

/// The panel whose tab is at column `x` of the first row.
pub fn tab_at(state: &State, x: u16) -> Option<usize> {
    let tabs = tabs(state);
    let here = tabs.iter().find(|(_, at, text)| x >= *at && x < at + width(text));
    here.map(|(index, _, _)| *index)
}

fn top(state: &State, shown: &Shown, buffer: &mut Buffer, area: Rect) {
    let theme = &state.theme;
    let room = |x: u16| usize::from(area.width.saturating_sub(x));
    let brand = brand(state);
    buffer.set_stringn(0, area.y, &brand, room(0), theme.style(Role::Brand));
    let mut end = width(&brand);
    for (index, x, text) in tabs(state) {
        let role = if index == state.panel { Role::Selected } else { Role::Text };
        if x < area.width {
            buffer.set_stringn(x, area.y, &text, room(x), theme.style(role));
        }
        end = x + width(&text);
    }
    // Badges at the right: frozen, following, loading.
    let mut badges = Vec::new();
    if let Some(frozen) = &state.frozen {
        let new = shown.health.shown.saturating_sub(frozen.packets);
        badges.push((Role::Warn, format!("FROZEN +{}", units::grouped(new))));
    }
    if state.is_following && state.panel == super::panel::PACKETS {
        badges.push((Role::Good, "FOLLOW".to_owned()));
    }
    if let Some(progress) = shown.health.progress.filter(|_| !shown.health.has_ended) {
        let left = progress.seconds_left().map(|seconds| format!(" {seconds} s left"));
        let rate = progress.rate.map(|rate| format!(" {}/s", units::octets(rate)));
        let bar = theme.bar(progress.done as f64 / progress.all.max(1) as f64, 10);
        badges.push((
            Role::Bar,
            format!(
                "{bar} {}%{}{}",
                progress.percent(),
                rate.unwrap_or_default(),
                left.unwrap_or_default()
            ),
        ));
    }
    let mut x = area.width;
    for (role, text) in badges.into_iter().rev() {
        let wide = width(&text) + 1;
        // A shorter form, rather than none, where there is little room.
        let (text, wide) = if end + wide > x {
            let short = text.split_whitespace().next().unwrap_or_default().to_owned();
            let wide = width(&short) + 1;
            (short, wide)
        } else {
            (text, wide)
        };
        if end + wide > x {
            continue;
        }
        x -= wide;
        buffer.set_stringn(x, area.y, &text, usize::from(wide), theme.style(role));
    }
}

fn bottom(state: &State, shown: &Shown, buffer: &mut Buffer, hints_area: Rect, truth_area: Rect) {
    if truth_area.is_empty() {
        return;
    }
    let truth = truth(state, shown, truth_area.width);
    let wide = u16::try_from(truth.width()).unwrap_or(u16::MAX).min(truth_area.width);
    let x = truth_area.right() - wide;
    truth.render(Rect { x, width: wide, ..truth_area }, buffer);
    let area = if hints_area.is_empty() {
        Rect { width: x.saturating_sub(2), ..truth_area }
    } else {
        hints_area
    };
    match &state.tools.notice {
        Some(notice) => {
            let (role, sign) = if notice.is_bad {
                (Role::Bad, state.theme.glyph(" ✗ ", " ! "))
            } else {
                (Role::Good, state.theme.glyph(" ● ", " - "))
            };
            line(&state.theme, &[(role, sign), (Role::Text, &notice.text)]).render(area, buffer);
        }
        None => hints(state, area.width).render(area, buffer),
    }
}

/// The keys that work now, as many as there is room for.
fn hints(state: &State, room: u16) -> Line<'static> {
    let theme = &state.theme;
    let mut spans = Vec::new();
    let mut used = 0;
    for row in keys::hints(state.context()) {
        let (Some((_, word)), Some(key)) = (row.hint, state.tools.keymap.keys(row).first()) else {
            continue;
        };
        let (key, word) = (format!(" {}", key.label(theme.is_unicode)), format!(" {word} "));
        let wide = width(&key) + width(&word);
        if used + wide > room {
            break;
        }
        used += wide;
        spans.push(Span::styled(key, theme.style(Role::Key)));
        spans.push(Span::styled(word, theme.style(Role::Faint)));
    }
    Line::from(spans)
}

/// What became of all packets, in the longest form that fits.
fn truth(state: &State, shown: &Shown, room: u16) -> Line<'static> {
    let theme = &state.theme;
    let health = &shown.health;
    if let Some(error) = &health.error {
        let text = format!("{} capture ended: {error} ", theme.glyph("✗", "!"));
        let kept = format!(" {} captured ", units::grouped(health.captured));
        return line(theme, &[(Role::Bad, &text), (Role::Number, &kept)]);
    }
    let captured = units::grouped(health.captured);
    let shown_count = units::grouped(health.shown);
    let known = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), units::grouped);
    let (kernel, interface) = (known(health.kernel), known(health.interface));
    let application = units::grouped(health.application);
    let dropped = health.kernel.unwrap_or(0) + health.interface.unwrap_or(0) + health.application;
    let drops = units::grouped(dropped);
    let drop_role = if dropped > 0 { Role::Bad } else { Role::Number };
    let evicted = units::grouped(health.evicted);
    let gone = units::grouped(health.gone);
    let damaged = if health.damage.is_some() { "damaged" } else { "" };
    let sign = match (health.damage.is_some(), dropped > 0) {
        (true, _) => (Role::Bad, theme.glyph("✗", "!")),
        (false, true) => (Role::Warn, theme.glyph("▲", "!")),
        (false, false) => (Role::Good, theme.glyph("●", "ok")),
    };
    let mut long = vec![
        (Role::Faint, "captured "),
        (Role::Number, captured.as_str()),
        (Role::Faint, "  shown "),
        (Role::Number, &shown_count),
        (Role::Faint, "  dropped: kernel "),
        (drop_role, &kernel),
        (Role::Faint, " interface "),
        (drop_role, &interface),
        (Role::Faint, " application "),
        (drop_role, &application),
        (Role::Faint, "  evicted "),
        (if health.evicted > 0 { Role::Warn } else { Role::Number }, &evicted),
    ];
    let mut middle = vec![
        (Role::Faint, "cap "),
        (Role::Number, captured.as_str()),
        (Role::Faint, "  shown "),
        (Role::Number, &shown_count),
        (Role::Faint, "  drop k "),
        (drop_role, &kernel),
        (Role::Faint, " i "),
        (drop_role, &interface),
        (Role::Faint, " a "),
        (drop_role, &application),
        (Role::Faint, "  evict "),
        (if health.evicted > 0 { Role::Warn } else { Role::Number }, &evicted),
    ];
    let mut short = vec![
        (Role::Number, captured.as_str()),
        (Role::Faint, " cap  "),
        (Role::Number, &shown_count),
        (Role::Faint, " shown  "),
        (drop_role, &drops),
        (Role::Faint, " drop"),
    ];
    for form in [&mut long, &mut middle, &mut short] {
        if health.gone > 0 {
            form.push((Role::Faint, "  gone "));
            form.push((Role::Warn, &gone));
        }
        form.push((Role::Faint, "  "));
        form.push(sign);
        if !damaged.is_empty() {
            form.push((Role::Bad, " "));
            form.push((Role::Bad, damaged));
        }
        form.push((Role::Faint, " "));
    }
    let minimal = [(Role::Number, captured.as_str()), sign];
    let room = if state.size.0 >= layout::ONE_LINE { room.saturating_sub(30) } else { room };
    for form in [&long, &middle, &short] {
        let text = line(theme, form);
        if text.width() <= usize::from(room) {
            return text;
        }
    }
    line(theme, &minimal)
}

/// The lines of the help: the keys, and what the screen of this context shows.
pub fn help_lines(state: &State) -> Vec<(Option<String>, String)> {
    let Some(help) = &state.help else { return Vec::new() };
    let beneath = State { help: None, ..state.clone() }.context();
    let search = help.search.to_lowercase();
    let matches = |keys: &str, text: &str| {
        search.is_empty()
            || keys.to_lowercase().contains(&search)
            || text.to_lowercase().contains(&search)
    };
    let mut lines = Vec::new();
    for (title, is_here) in [("Here", true), ("Elsewhere", false)] {
        let is_in = |row: &&keys::Row| {
            let here = row.contexts.contains(&beneath);
            here == is_here && (here || !row.contexts.contains(&Context::Help))
        };
        let rows: Vec<_> = KEYS
            .iter()
            .filter(is_in)
            .filter_map(|row| {
                let keys = state.tools.keymap.keys(row).iter();
                let keys: Vec<_> = keys.map(|key| key.label(state.theme.is_unicode)).collect();
                let keys = keys.join(" ");
                matches(&keys, row.help).then(|| (Some(keys), row.help.to_owned()))
            })
            .collect();
        if !rows.is_empty() {
            lines.push((None, title.to_owned()));
            lines.extend(rows);
        }
    }
    let commands: Vec<_> = command::COMMANDS
        .iter()
        .filter(|row| matches!(row.run, command::Run::With(_)))
        .map(|row| (format!(":{} {}", row.name, row.argument), row.help))
        .filter(|(keys, help)| matches(keys, help))
        .map(|(keys, help)| (Some(keys.trim_end().to_owned()), help.to_owned()))
        .collect();
    if !commands.is_empty() {
        lines.push((None, "Commands".to_owned()));
        lines.extend(commands);
    }
    if search.is_empty() {
        lines.push((None, "Marks".to_owned()));
        for (mark, meaning) in [
            ("~", "A guess or a lower bound, not a measurement."),
            ("?", "The capture does not say."),
            ("!", "In the text of a packet: decoding ended there, and why."),
            ("mouse", "Click selects, a click on a title sorts, the wheel scrolls."),
        ] {
            lines.push((Some(mark.to_owned()), meaning.to_owned()));
        }
    }
    lines
}

fn help(state: &State, buffer: &mut Buffer, body: Rect) {
    let Some(help) = &state.help else { return };
    Clear.render(body, buffer);
    let area = body;
    let title = if help.search.is_empty() {
        "Help: type to search".to_owned()
    } else {
        format!("Help: {}", help.search)
    };
    rule(state, &title, Some("Esc closes"), true, buffer, Rect { height: 1, ..area });
    let theme = &state.theme;
    let lines = help_lines(state);
    let rows = area.y + 1..area.bottom();
    for (y, (keys, text)) in rows.zip(lines.into_iter().skip(help.top)) {
        let row = Rect { y, height: 1, ..area };
        match keys {
            None => line(theme, &[(Role::Title, &text)]).render(row, buffer),
            Some(keys) => {
                let keys = format!("  {keys:<11} ");
                line(theme, &[(Role::Key, &keys), (Role::Text, &text)]).render(row, buffer);
            }
        }
    }
}
