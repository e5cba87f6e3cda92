//! The last lines: key hints or a notice, and the counts of packets.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::table::width;
use super::text::line;
use super::{keys, layout};
use crate::base::units;
use crate::dashboard::model::state::State;
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;

pub(super) fn draw(
    state: &State,
    data: &ViewData,
    buffer: &mut Buffer,
    hints_area: Rect,
    status_area: Rect,
) {
    if status_area.is_empty() {
        return;
    }
    let status = status_line(state, data, status_area.width);
    let wide = u16::try_from(status.width()).unwrap_or(u16::MAX).min(status_area.width);
    let x = status_area.right() - wide;
    status.render(Rect { x, width: wide, ..status_area }, buffer);
    let area = if hints_area.is_empty() {
        Rect { width: x.saturating_sub(2), ..status_area }
    } else {
        hints_area
    };
    match &state.workspace.notice {
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
    for row in keys::hints(keys::context(state)) {
        let (Some((_, word)), Some(key)) = (row.hint, state.workspace.keymap.keys(row).first())
        else {
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

/// The counts of packets, in the longest form that fits.
fn status_line(state: &State, data: &ViewData, room: u16) -> Line<'static> {
    let theme = &state.theme;
    let run_status = &data.run_status;
    if let Some(error) = &run_status.error {
        let text = format!("{} capture ended: {error} ", theme.glyph("✗", "!"));
        let kept = format!(" {} captured ", units::grouped(run_status.captured));
        return line(theme, &[(Role::Bad, &text), (Role::Number, &kept)]);
    }
    let captured = units::grouped(run_status.captured);
    let shown_count = units::grouped(run_status.shown);
    let known = |count: Option<u64>| count.map_or_else(|| "?".to_owned(), units::grouped);
    let (kernel, interface) = (known(run_status.kernel), known(run_status.interface));
    let application = units::grouped(run_status.application);
    let dropped = [run_status.kernel, run_status.interface, run_status.between]
        .into_iter()
        .flatten()
        .fold(run_status.application, u64::saturating_add);
    let drops = units::grouped(dropped);
    let drop_role = if dropped > 0 { Role::Bad } else { Role::Number };
    let evicted = units::grouped(run_status.evicted);
    let gone = units::grouped(run_status.gone);
    let left_out = units::grouped(run_status.left_out);
    let damaged = if run_status.damage.is_some() { "damaged" } else { "" };
    let is_lossy = dropped + run_status.left_out > 0 || !run_status.down.is_empty();
    let sign = match (run_status.damage.is_some(), is_lossy) {
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
        (if run_status.evicted > 0 { Role::Warn } else { Role::Number }, &evicted),
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
        (if run_status.evicted > 0 { Role::Warn } else { Role::Number }, &evicted),
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
        let is_whole = state.sandbox == crate::guard::Confinement::WHOLE;
        long.push((if is_whole { Role::Faint } else { Role::Warn }, &state.sandbox));
    }
    let down = run_status.down.join(" ");
    for (form, has_words) in [(&mut long, true), (&mut middle, true), (&mut short, false)] {
        if !down.is_empty() {
            form.insert(0, (Role::Bad, &down));
            form.insert(1, (Role::Bad, " is down  "));
        }
        if run_status.left_out > 0 {
            form.push((Role::Faint, "  unwritten "));
            form.push((Role::Bad, &left_out));
        }
        if run_status.gone > 0 {
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
