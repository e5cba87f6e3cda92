//! Draws a screen from the state and what is shown; changes neither.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::bar;
use super::keys::{self, Context, KEYS};
use super::layout::{self, screen};
use super::panel::PANELS;
use super::table::width;
use super::text::{line, rule};
use crate::base::units;
use crate::dashboard::model::shown::{Progress, Shown};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::{Role, Theme};
use crate::dashboard::update::command;

/// Draws the whole screen.
pub fn view(state: &State, shown: &Shown, buffer: &mut Buffer) {
    let screen = screen(state);
    // What arrived after the size was last seen is drawn where both overlap.
    if screen.top.is_empty() || !buffer.area.contains((state.size.0 - 1, state.size.1 - 1).into()) {
        return;
    }
    // A palette with a background of its own has it everywhere.
    buffer.set_style(state.area(), state.theme.style(Role::Text));
    top(state, shown, buffer, screen.top);
    bar::draw(state, shown, buffer, screen.filter);
    bar::advice(state, buffer, screen.advice);
    if !screen.body.is_empty() {
        (PANELS[state.panel].draw)(state, shown, buffer, screen.body);
        super::cards::draw(state, buffer, screen.body);
        if state.help.is_some() {
            help(state, buffer, screen.body);
        }
    }
    bottom(state, shown, buffer, screen.hints, screen.truth);
    if !state.theme.is_unicode {
        to_ascii(buffer);
    }
}

/// ASCII for what stands in texts that know nothing of the terminal, such as those of the reports.
const ASCII: [(&str, &str); 14] = [
    ("–", "-"),
    ("—", "-"),
    ("…", "~"),
    ("→", ">"),
    ("←", "<"),
    ("↔", "-"),
    ("·", "."),
    ("µ", "u"),
    ("×", "x"),
    ("≥", ">"),
    ("≤", "<"),
    ("─", "-"),
    ("│", "|"),
    ("−", "-"),
];

fn to_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let row = ASCII.iter().find(|row| row.0 == cell.symbol());
            cell.set_symbol(row.map_or("?", |row| row.1));
        }
    }
}

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
fn words(state: &State, form: Tabs) -> impl Iterator<Item = (usize, String)> {
    let open = state.panel;
    let panels = PANELS.iter().enumerate();
    panels.filter(move |(index, _)| form != Tabs::Open || *index == open).map(
        move |(index, panel)| {
            let title = if form == Tabs::Short { panel.short } else { panel.title };
            (index, format!(" {} {title} ", panel.key))
        },
    )
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

/// The tabs: index, first column and text.
fn tabs(state: &State) -> Vec<(usize, u16, String)> {
    let mut x = width(&brand(state)) + 1;
    let tabs = words(state, form(state).0).map(|(index, text)| {
        let at = x;
        x += width(&text);
        (index, at, text)
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
    let count = state.title.chars().count();
    if room < 12 || count == 0 {
        return NAME.to_owned();
    }
    if count <= room - 2 {
        return format!("{NAME}  {} ", state.title);
    }
    // The end of a path says most.
    let tail: String = state.title.chars().skip(count - (room - 3)).collect();
    format!("{NAME}  {}{tail} ", state.theme.glyph("…", "~"))
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
    // Badges at the right: frozen, following, loading; each in the longest form that fits.
    let mut badges = Vec::new();
    if let Some(frozen) = &state.frozen {
        let new = shown.health.shown.saturating_sub(frozen.packets);
        let new = format!("FROZEN +{}", units::grouped(new));
        badges.push((Role::Warn, vec![new, "FROZEN".to_owned()]));
    }
    if state.is_following && state.frozen.is_none() && state.panel == super::panel::PACKETS {
        badges.push((Role::Good, vec!["FOLLOW".to_owned()]));
    }
    if let Some(progress) = shown.health.progress.filter(|_| !shown.health.has_ended) {
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
    let dropped = [health.kernel, health.interface, health.between]
        .into_iter()
        .flatten()
        .fold(health.application, u64::saturating_add);
    let drops = units::grouped(dropped);
    let drop_role = if dropped > 0 { Role::Bad } else { Role::Number };
    let evicted = units::grouped(health.evicted);
    let gone = units::grouped(health.gone);
    let left_out = units::grouped(health.left_out);
    let damaged = if health.damage.is_some() { "damaged" } else { "" };
    let is_lossy = dropped + health.left_out > 0 || !health.down.is_empty();
    let sign = match (health.damage.is_some(), is_lossy) {
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
    if !state.sandbox.is_empty() {
        long.push((Role::Faint, "  "));
        let is_whole = state.sandbox == crate::guard::State::WHOLE;
        long.push((if is_whole { Role::Faint } else { Role::Warn }, &state.sandbox));
    }
    let down = health.down.join(" ");
    for (form, has_words) in [(&mut long, true), (&mut middle, true), (&mut short, false)] {
        if !down.is_empty() {
            form.insert(0, (Role::Bad, &down));
            form.insert(1, (Role::Bad, " is down  "));
        }
        if health.left_out > 0 {
            form.push((Role::Faint, "  unwritten "));
            form.push((Role::Bad, &left_out));
        }
        if health.gone > 0 {
            form.push((Role::Faint, "  gone "));
            form.push((Role::Warn, &gone));
        }
        form.push((Role::Faint, "  "));
        form.push(sign);
        // Where there is little room the sign says it alone.
        if !damaged.is_empty() && has_words {
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
