//! Commands: one table that feeds the command line, its completion, and the names of actions in the
//! configuration.

use super::search;
use crate::base::timestamp::{TimeDelta, Timestamp};
use crate::dashboard::model::action::{Action, CursorMove, Effect, SaveScope, SeekTarget};
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::PALETTES;
use crate::dashboard::model::view_data::ViewData;
use crate::dashboard::model::{filter_expr, selection};
use crate::dashboard::view::panel::PANELS;
use crate::dashboard::view::panel::packets::columns;
use crate::filter::template::expand;
use crate::report::time::{TIME_FORMATS, TimeFormat};

/// One command.
#[derive(Clone, Copy)]
pub struct Command {
    /// What is written.
    pub name: &'static str,
    /// What stands behind it; empty where nothing does.
    pub argument: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// Words that may stand behind it, where they are known.
    words: fn(&State) -> Vec<String>,
    /// How.
    pub run: CommandRun,
}

type Done = Result<Option<Effect>, String>;

/// How a command is done.
#[derive(Clone, Copy)]
pub enum CommandRun {
    /// As the action of a key.
    Act(Action),
    /// With what stands behind it.
    With(fn(&mut State, &str, &ViewData) -> Done),
}

const fn act(name: &'static str, action: Action, help: &'static str) -> Command {
    Command { name, argument: "", help, words: |_| Vec::new(), run: CommandRun::Act(action) }
}

const fn with(
    name: &'static str,
    argument: &'static str,
    help: &'static str,
    run: fn(&mut State, &str, &ViewData) -> Done,
) -> Command {
    Command { name, argument, help, words: |_| Vec::new(), run: CommandRun::With(run) }
}

/// A command with the words that may stand behind it.
const fn of(command: Command, words: fn(&State) -> Vec<String>) -> Command {
    Command { words, ..command }
}

/// Every command, by name.
pub static COMMANDS: &[Command] = &[
    act("all-time", Action::AllTime, "Show all of the time."),
    act("back", Action::Back, "Back out of the pane or the filter."),
    act("colours", Action::Colours, "Use the next colours."),
    of(
        with("columns", "NAME…", "Columns of the list; none for the usual ones.", set_columns),
        |_| columns::all(),
    ),
    act("copy", Action::CopyMenu, "Choose what to copy."),
    act("diagram", Action::Diagram, "Draw the header as in its RFC."),
    act("down", Action::Move(CursorMove::Down), "One row down."),
    act("drill", Action::Drill, "Go into what is selected."),
    act("exclude", Action::Exclude, "Write the filter that excludes what is selected."),
    act("explain", Action::Explain, "Explain the selected anomaly."),
    with("filter", "EXPR", "Show what matches; all, without an expression.", set_filter),
    act("first", Action::Move(CursorMove::First), "To the first row."),
    act("follow", Action::Follow, "Follow the newest packet, or stop to."),
    act("freeze", Action::Freeze, "Hold the view, or let it go on."),
    with("goto", "NUMBER|TIME", "Go to a packet: 12, +3.5, 17:08:18.35, or date and time.", goto),
    act("help", Action::Help, "Show the help."),
    act("jump-back", Action::JumpBack, "Back to where the last jump came from."),
    act("jump-forward", Action::JumpForward, "Forward again."),
    act("keep", Action::Keep, "Write the filter that keeps what is selected."),
    act("last", Action::Move(CursorMove::Last), "To the last row."),
    act("mark", Action::Mark, "Mark the packet, or take the mark off."),
    with("name", "NAME", "Give the filter a name; @NAME stands for it.", name_filter),
    act(
        "next-anomaly",
        Action::NextAnomaly,
        "Next packet with an anomaly: damaged, an error message, a warning.",
    ),
    act("next-mark", Action::NextMark, "Next marked packet."),
    act("next-of-flow", Action::NextOfFlow, "Next packet of the same flow."),
    act("next-pane", Action::NextPane, "Next pane."),
    act("pan-left", Action::PanLeft, "Show the time before."),
    act("pan-right", Action::PanRight, "Show the time after."),
    act("previous-anomaly", Action::PreviousAnomaly, "Packet with an anomaly before."),
    act("previous-mark", Action::PreviousMark, "Marked packet before."),
    act("previous-of-flow", Action::PreviousOfFlow, "Packet of the same flow before."),
    act("previous-pane", Action::PreviousPane, "Pane before."),
    act("quit", Action::Quit, "Quit."),
    act("reverse", Action::Reverse, "Sort the other way round."),
    with("search", "TEXT", "Search in the pane: text, 0x4500, or /regex/.", search_for),
    act("search-next", Action::SearchNext, "Next place where it is."),
    act("search-previous", Action::SearchPrevious, "Place before where it is."),
    act("sort", Action::Sort, "Sort by the next column."),
    with("span", "FROM TO", "Show only that time: :span +1.5 +3; all, without times.", set_span),
    of(
        with(
            "theme",
            "NAME",
            "Colours: dark, light, high-contrast, colour-blind, none, or your own.",
            set_theme,
        ),
        themes,
    ),
    of(with("time", "HOW", "Times: relative, utc, local or epoch.", set_time), |_| {
        TIME_FORMATS.map(|row| row.name.to_owned()).to_vec()
    }),
    act("toggle", Action::Toggle, "Switch between what the panel can list."),
    with("unmark", "", "Take off all marks.", unmark),
    act("up", Action::Move(CursorMove::Up), "One row up."),
    of(with("view", "NAME", "Open a view by its title.", view), |_| {
        PANELS.iter().map(|panel| panel.title.to_ascii_lowercase()).collect()
    }),
    act("whole", Action::Whole, "Show a fragment as its whole datagram, or by itself."),
    with("write", "FILE", "Save the packets shown.", |_, path, _| save(path, SaveScope::Shown)),
    with("write-flow", "FILE", "Save the flow of the selected packet.", write_flow),
    with("write-marked", "FILE", "Save the marked packets.", write_marked),
    act("zoom-in", Action::ZoomIn, "Show the middle half of the time."),
    act("zoom-out", Action::ZoomOut, "Show twice the time."),
];

/// Other names of commands: short ones as in vi, and synonyms.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("q", "quit"),
    ("w", "write"),
    ("h", "help"),
    ("f", "filter"),
    ("g", "goto"),
    ("s", "search"),
    ("next-odd", "next-anomaly"),
    ("previous-odd", "previous-anomaly"),
];

/// The name under which a command stands in [`COMMANDS`], given that or another of its names.
fn main_name(name: &str) -> &str {
    OTHER_NAMES.iter().find(|(other, _)| *other == name).map_or(name, |(_, main)| main)
}

/// The command of that name: any of its names, or a beginning that no other command's name has.
pub fn find(name: &str) -> Option<&'static Command> {
    let name = main_name(name);
    let exact = COMMANDS.iter().find(|command| command.name == name);
    exact.or_else(|| {
        let mut found = COMMANDS.iter().filter(|command| command.name.starts_with(name));
        found.next().filter(|_| found.next().is_none())
    })
}

/// The action of that name, as the configuration writes it.
pub fn action(name: &str) -> Option<Action> {
    let name = main_name(name);
    let command = COMMANDS.iter().find(|command| command.name == name)?;
    match command.run {
        CommandRun::Act(action) => Some(action),
        CommandRun::With(_) => None,
    }
}

/// How a line may go on: where its last word begins, and the words it may be; names of commands,
/// then what may stand behind one.
pub fn complete(state: &State, line: &str) -> (usize, Vec<String>) {
    let from = line.rfind([' ', ',']).map_or(0, |at| at + 1);
    let words = match line.split_once(' ') {
        None => COMMANDS.iter().map(|command| command.name.to_owned()).collect(),
        Some((name, _)) => find(name).map(|command| (command.words)(state)).unwrap_or_default(),
    };
    let begin = line.get(from..).unwrap_or_default().to_ascii_lowercase();
    (from, words.into_iter().filter(|word| word.starts_with(&begin)).collect())
}

/// What comes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandOutcome {
    /// An action, as of a key.
    Act(Action),
    /// What must be done outside, if anything.
    Effect(Option<Effect>),
}

/// Does what a line says; a number or time alone is gone to.
///
/// # Errors
/// Why it cannot be done, in words.
pub fn run(state: &mut State, line: &str, data: &ViewData) -> Result<CommandOutcome, String> {
    let line = line.trim();
    if line.is_empty() {
        return Ok(CommandOutcome::Effect(None));
    }
    if line.starts_with(|c: char| c.is_ascii_digit() || c == '+') {
        return goto(state, line, data).map(CommandOutcome::Effect);
    }
    let (name, argument) = line.split_once(' ').unwrap_or((line, ""));
    let command = find(name).ok_or_else(|| {
        let near = crate::filter::error::nearest(name, COMMANDS.iter().map(|row| row.name));
        let hint = near
            .map_or_else(|| "Tab shows all".to_owned(), |near| format!("did you mean '{near}'?"));
        format!("unknown command '{name}'; hint: {hint}")
    })?;
    match command.run {
        CommandRun::Act(action) => Ok(CommandOutcome::Act(action)),
        CommandRun::With(run) => run(state, argument.trim(), data).map(CommandOutcome::Effect),
    }
}

fn set_columns(state: &mut State, list: &str, _: &ViewData) -> Done {
    let chosen = columns::parse(list)?;
    state.workspace.columns = (!chosen.is_empty()).then(|| chosen.into());
    Ok(None)
}

fn set_filter(state: &mut State, text: &str, _: &ViewData) -> Done {
    let text = expand(text, &state.workspace.named)?;
    if text.is_empty() {
        return Ok(Some(Effect::Filter(None)));
    }
    filter_expr::check(&text).map_err(|wrong| wrong.message)?;
    state.workspace.filters.push(&text);
    Ok(Some(Effect::Filter(Some(text))))
}

fn name_filter(state: &mut State, name: &str, _: &ViewData) -> Done {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.is_empty() || !name.chars().all(is_name) {
        return Err("a name has letters, digits, - and _; hint: :name slow-start".to_owned());
    }
    let Some(text) = state.filter.applied.clone() else {
        return Err("no filter to name; hint: / writes one".to_owned());
    };
    let mut named = (*state.workspace.named).clone();
    named.retain(|(old, _)| old != name);
    named.push((name.to_owned(), text));
    state.workspace.named = named.into();
    state.workspace.say(format!("@{name} stands for this filter"));
    Ok(None)
}

fn search_for(state: &mut State, text: &str, data: &ViewData) -> Done {
    search::search(state, text, data)
}

fn set_time(state: &mut State, how: &str, _: &ViewData) -> Done {
    state.time = match TimeFormat::named(how) {
        Some(format) => format,
        None if how.is_empty() => state.time.next(),
        None => return Err(format!("no times are '{how}'; hint: relative, utc, local, epoch")),
    };
    Ok(None)
}

/// Names of themes, those of the configuration too.
fn themes(state: &State) -> Vec<String> {
    let own = state.workspace.palettes.iter().map(|palette| palette.name());
    PALETTES.iter().map(|row| row.0).chain(own).map(str::to_owned).collect()
}

fn set_theme(state: &mut State, name: &str, _: &ViewData) -> Done {
    if name.is_empty() {
        state.theme = state.theme.next(&state.workspace.palettes);
        return Ok(None);
    }
    let named = state.theme.named(name, &state.workspace.palettes);
    state.theme = named.ok_or_else(|| {
        format!("no colours are called '{name}'; hint: {}", themes(state).join(", "))
    })?;
    Ok(None)
}

fn unmark(state: &mut State, _: &str, _: &ViewData) -> Done {
    if state.workspace.marks.is_empty() {
        return Err("no packet is marked".to_owned());
    }
    state.workspace.marks.clear();
    Ok(None)
}

fn view(state: &mut State, name: &str, _: &ViewData) -> Done {
    let name = name.to_ascii_lowercase();
    let begins = |title: &str| !name.is_empty() && title.to_ascii_lowercase().starts_with(&name);
    let found = PANELS.iter().find(|panel| begins(panel.title));
    let found = found.ok_or_else(|| format!("no view is called '{name}'; hint: :view flows"))?;
    state.panel = found.id;
    Ok(None)
}

fn goto(state: &mut State, place: &str, data: &ViewData) -> Done {
    let seek = match place.parse() {
        Ok(number) => SeekTarget::Number(number),
        Err(_) => SeekTarget::Time(moment(place, data)?),
    };
    selection::leave(state, data);
    Ok(Some(Effect::Seek(seek)))
}

fn set_span(_: &mut State, times: &str, data: &ViewData) -> Done {
    let words: Vec<&str> = times.split_whitespace().collect();
    let span = match words[..] {
        [] => None,
        [from, to] => Some((moment(from, data)?, moment(to, data)?)),
        _ => return Err("a span has a begin and an end; hint: :span +1.5 +3".to_owned()),
    };
    if span.is_some_and(|(from, to)| from >= to) {
        return Err("the end of a span comes after its begin".to_owned());
    }
    Ok(Some(Effect::Span(span)))
}

/// Reads a time: seconds since the first packet behind `+`, a time of the first packet's day in
/// UTC, or date and time.
fn moment(text: &str, data: &ViewData) -> Result<Timestamp, String> {
    let wrong = || format!("'{text}' is no time; hint: +3.5, 17:08:18.35 or 2015-07-12T17:08:18Z");
    let start = data.start().ok_or("no packet has a time yet")?;
    if let Some(seconds) = text.strip_prefix('+') {
        return start.checked_add(span(seconds).ok_or_else(wrong)?).ok_or_else(wrong);
    }
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Timestamp::from_wide(stamp.as_nanosecond()).ok_or_else(wrong);
    }
    let mut parts = text.split(':');
    let (hours, minutes) = (parts.next(), parts.next());
    let seconds = parts.next().unwrap_or("0");
    let whole = |part: Option<&str>| part.and_then(|part| part.parse::<i64>().ok());
    let (Some(hours), Some(minutes), None) = (whole(hours), whole(minutes), parts.next()) else {
        return Err(wrong());
    };
    if !(0..24).contains(&hours) || !(0..60).contains(&minutes) {
        return Err(wrong());
    }
    let of_day = TimeDelta::from_seconds(hours * 3600 + minutes * 60);
    let of_day = of_day + span(seconds).ok_or_else(wrong)?;
    // Midnight may lie before the beginning of time, and the moment after it.
    start.checked_add(of_day - start.of_day()).ok_or_else(wrong)
}

/// Seconds with up to nine digits of fraction.
fn span(text: &str) -> Option<TimeDelta> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok().filter(|whole| *whole >= 0)?;
    let fraction: i64 = format!("{fraction:0<9}").parse().ok()?;
    Some(TimeDelta::from_seconds(whole) + TimeDelta::from_nanos(fraction))
}

fn save(path: &str, which: SaveScope) -> Done {
    if path.is_empty() {
        return Err("which file? hint: :write kept.pcapng".to_owned());
    }
    Ok(Some(Effect::Save(path.to_owned(), which)))
}

fn write_marked(state: &mut State, path: &str, _: &ViewData) -> Done {
    if state.workspace.marks.is_empty() {
        return Err("no packet is marked; hint: m marks one".to_owned());
    }
    save(path, SaveScope::Marked)
}

fn write_flow(_: &mut State, path: &str, data: &ViewData) -> Done {
    let detail = data.page.detail.as_ref();
    let flow = detail.and_then(filter_expr::of_flow);
    let flow =
        flow.ok_or("this packet has no addresses; hint: 2 opens the packets, to select one")?;
    save(path, SaveScope::Matching(flow))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_sorted_and_told() {
        for pair in COMMANDS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} {}", pair[0].name, pair[1].name);
        }
        for command in COMMANDS {
            assert!(command.help.ends_with('.'), "{}", command.name);
            assert!(std::ptr::eq(find(command.name).unwrap(), command), "{}", command.name);
        }
        for (short, long) in OTHER_NAMES {
            assert_eq!(find(short).unwrap().name, *long);
        }
        assert!(find("next").is_none(), "several begin so");
        assert_eq!(find("free").unwrap().name, "freeze");
        assert_eq!(find("next-odd").unwrap().name, "next-anomaly");
        assert_eq!(action("previous-odd"), Some(Action::PreviousAnomaly));
    }

    #[test]
    fn seconds_have_nine_digits() {
        assert_eq!(span("1.5"), Some(TimeDelta::from_nanos(1_500_000_000)));
        assert_eq!(span("0.000000001"), Some(TimeDelta::from_nanos(1)));
        assert_eq!(span("7"), Some(TimeDelta::from_seconds(7)));
        for wrong in ["", "-1", "1.x", "1.0000000001"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
