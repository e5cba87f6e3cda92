//! The bar below the tabs: the filter, the span of time, or a line being written; and the advice
//! below it.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::table::width;
use super::text::line;
use super::time_text;
use crate::base::{columns, units};
use crate::dashboard::model::state::{FilterError, State};
use crate::dashboard::model::theme::Role;
use crate::dashboard::model::view_data::ViewData;

/// A line that may be written in.
struct Written<'a> {
    mark: String,
    text: &'a str,
    /// Octet at which the cursor stands, if it is being written in.
    cursor: Option<usize>,
    role: Role,
    sign: &'static str,
    remark: String,
}

/// Draws the bar.
pub fn draw(state: &State, data: &ViewData, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    if let Some(written) = written(state, data) {
        put(state, &written, buffer, area);
    }
}

fn written<'a>(state: &'a State, data: &ViewData) -> Option<Written<'a>> {
    let theme = &state.theme;
    let (good, bad) = (theme.glyph("✔", "/"), theme.glyph("✗", "!"));
    let bar = &state.filter;
    if let Some(prompt) = &state.workspace.prompt {
        let is_wrong = prompt.wrong.is_some();
        return Some(Written {
            mark: format!(" {} ", prompt.mark()),
            text: prompt.line.text(),
            cursor: Some(prompt.line.cursor()),
            role: if is_wrong { Role::Bad } else { Role::Good },
            sign: if is_wrong { bad } else { " " },
            remark: String::new(),
        });
    }
    if let Some(draft) = &bar.draft {
        let is_wrong = bar.wrong.is_some();
        return Some(Written {
            mark: " / ".to_owned(),
            text: draft.text(),
            cursor: Some(draft.cursor()),
            role: if is_wrong { Role::Bad } else { Role::Good },
            sign: if is_wrong { bad } else { good },
            remark: String::new(),
        });
    }
    let (shown_count, captured) = (data.run_status.shown, data.run_status.captured);
    let count = format!("{} of {} match", units::grouped(shown_count), units::grouped(captured));
    let span = state.workspace.span.map(|(from, to)| {
        let time = |time| time_text::short(time, state.time, data.start());
        format!("{} – {}", time(from), time(to))
    });
    let (mark, text, remark) = match (&bar.applied, span) {
        (Some(applied), None) => (" / ", applied.as_str(), count),
        (Some(applied), Some(span)) => (" / ", applied.as_str(), format!("{span}  {count}")),
        (None, Some(span)) => (" ", "", format!("{span}  {count}")),
        (None, None) => return None,
    };
    let mark = mark.to_owned();
    Some(Written { mark, text, cursor: None, role: Role::Warn, sign: good, remark })
}

/// Octet of `text` at which the part of it begins that is drawn in so many columns: its end, or
/// what begins at the cursor where that would be out of sight.
fn shown_from(text: &str, cursor: Option<usize>, columns: usize) -> usize {
    let end = text.len() - columns::ending(text, columns).len();
    end.min(cursor.unwrap_or(end))
}

/// The carets below a draft, of which octets from `from` on are drawn, under what is wrong with it.
fn carets(draft: &str, from: usize, wrong: &FilterError) -> String {
    let octet = |at: usize| draft.char_indices().nth(at).map_or(draft.len(), |(at, _)| at);
    let start = octet(wrong.at).max(from);
    let end = octet(wrong.at.saturating_add(wrong.len)).max(start);
    let wide = |range: Range<usize>| columns::width(draft.get(range).unwrap_or_default());
    format!("{}{}", " ".repeat(wide(from..start)), "^".repeat(wide(start..end).max(1)))
}

/// Columns of a line that are no text: the mark before, the sign behind.
const FRAME: usize = 7;

fn put(state: &State, written: &Written<'_>, buffer: &mut Buffer, area: Rect) {
    let theme = &state.theme;
    let room = usize::from(area.width);
    buffer.set_stringn(area.x, area.y, &written.mark, room, theme.style(Role::Key));
    if area.width < 6 {
        return;
    }
    let columns = room.saturating_sub(FRAME);
    let from = shown_from(written.text, written.cursor, columns);
    let text = written.text.get(from..).unwrap_or_default();
    let x = area.x + width(&written.mark);
    let (end, _) = buffer.set_stringn(x, area.y, text, columns, theme.style(Role::Number));
    if let Some(cursor) = written.cursor {
        let head = written.text.get(from..cursor).unwrap_or_default();
        let at = x.saturating_add(width(head));
        if at < area.right() {
            let cell = Rect { x: at, width: 1, ..area };
            buffer.set_style(cell, theme.style(Role::Selected));
        }
    }
    let tail = if written.remark.is_empty() {
        written.sign.to_owned()
    } else {
        format!("{} {}", written.sign, written.remark)
    };
    let wide = width(&tail);
    let x = area.width.saturating_sub(wide + 1);
    if x > end + 1 || written.text.is_empty() {
        buffer.set_stringn(x, area.y, &tail, usize::from(wide), theme.style(written.role));
    } else {
        buffer.set_stringn(area.width - 2, area.y, written.sign, 1, theme.style(written.role));
    }
}

/// Says below the bar why it is wrong, or what completes it.
pub fn advice(state: &State, buffer: &mut Buffer, area: Rect) {
    if area.is_empty() {
        return;
    }
    let theme = &state.theme;
    let inside = Rect { x: 3.min(area.right()), width: area.width.saturating_sub(3), ..area };
    let room = usize::from(inside.width);
    if let Some(prompt) = &state.workspace.prompt {
        let (label, rest) = &prompt.advice;
        let text = match &prompt.wrong {
            Some(wrong) => line(theme, &[(Role::Bad, wrong)]),
            None => line(theme, &[(Role::Key, label), (Role::Faint, rest)]),
        };
        text.render(Rect { height: 1, ..inside }, buffer);
        return;
    }
    let bar = &state.filter;
    if let Some(wrong) = &bar.wrong {
        let draft = bar.draft.as_ref();
        let (draft, cursor) = draft.map_or(("", 0), |draft| (draft.text(), draft.cursor()));
        let columns = usize::from(area.width).saturating_sub(FRAME);
        let carets = carets(draft, shown_from(draft, Some(cursor), columns), wrong);
        buffer.set_stringn(inside.x, area.y, carets, room, theme.style(Role::Bad));
        let hint = wrong.hint.as_ref().map_or_else(String::new, |hint| format!("   hint: {hint}"));
        if area.height > 1 {
            let text = line(theme, &[(Role::Bad, &wrong.message), (Role::Faint, &hint)]);
            text.render(Rect { y: area.y + 1, height: 1, ..inside }, buffer);
        }
        return;
    }
    // What Tab takes next, with what it means; then the others.
    let next = bar.choice.unwrap_or(0);
    let mut spans = vec![Span::styled("Tab ".to_owned(), theme.style(Role::Key))];
    let mut used = 4;
    let meaning = bar.completions.get(next).map_or("", |candidate| candidate.meaning);
    let reserve = if room > 70 { columns::width(meaning).min(room / 2) + 3 } else { 0 };
    for (at, candidate) in bar.completions.iter().enumerate().skip(next) {
        let wide = columns::width(&candidate.text) + 2;
        if used + wide + reserve > room && at > next {
            break;
        }
        used += wide;
        let role = if at == next { Role::Number } else { Role::Faint };
        spans.push(Span::styled(format!("{}  ", candidate.text), theme.style(role)));
    }
    if reserve > 0 {
        spans.push(Span::styled(format!(" {meaning}"), theme.style(Role::Faint)));
    }
    Line::from(spans).render(Rect { height: 1, ..inside }, buffer);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_of_a_long_line_stays_in_sight() {
        for (text, cursor, columns, shown) in [
            ("ip.ttl", 6, 10, "ip.ttl"),
            ("ip.ttl", 6, 3, "ttl"),
            ("ip.ttl", 0, 3, "ip.ttl"),
            ("網路介面", 12, 4, "介面"),
            ("網路介面", 12, 5, "介面"),
            ("網路介面", 3, 5, "路介面"),
        ] {
            let from = shown_from(text, Some(cursor), columns);
            assert_eq!(text.get(from..), Some(shown), "{text} {cursor} {columns}");
        }
    }

    #[test]
    fn carets_stand_below_what_is_wrong_in_any_script() {
        let wrong = |at, len| FilterError { at, len, message: String::new(), hint: None };
        for (draft, from, wrong, expected) in [
            ("ip.tttl", 0, wrong(0, 7), "^^^^^^^"),
            ("@網路 && tpc", 0, wrong(7, 3), "         ^^^"),
            ("網路 < 5", 0, wrong(0, 2), "^^^^"),
            ("網路 < 5", 3, wrong(0, 2), "^^"),
            ("ip.ttl <", 0, wrong(8, 1), "        ^"),
        ] {
            assert_eq!(carets(draft, from, &wrong), expected, "{draft}");
        }
    }
}
