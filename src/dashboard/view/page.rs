//! The page of an anomaly: beside or below a table, and over the screen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::text::line;
use crate::base::units;
use crate::dashboard::model::state::{Explained, Help, State};
use crate::dashboard::model::theme::Role;
use crate::report::explain::{AnomalyPage, Line};
use crate::report::summary::Finding;
use crate::report::words::{append, broken};

/// Columns of the words before lines.
const WORDS: usize = 14;

/// A line: the word before it, and text that fits.
type Row = (Option<String>, String);

/// Where an anomaly is, in a line each.
pub(super) fn places(findings: &[Finding], id: &str) -> Vec<String> {
    let of = findings.iter().filter(|finding| finding.id == id);
    of.map(|finding| {
        let packets: Vec<_> = finding.examples.iter().map(|packet| format!("#{packet}")).collect();
        let place = finding.place("→");
        let gap = if place.is_empty() { "" } else { ": " };
        let mut text = format!("{place}{gap}{} times", units::grouped(finding.count));
        if finding.count == 1 {
            text.truncate(text.len() - 1);
        }
        if let Some((first, last)) = finding.times.filter(|_| finding.count > 1) {
            append(&mut text, format_args!(" in {}", units::span(last - first)));
        }
        if let Some(rate) = finding.rate {
            append(&mut text, format_args!(", {rate:.1} a second"));
        }
        format!("{text}, {}", packets.join(" "))
    })
    .collect()
}

/// The page of an anomaly in lines of at most so many columns; none of an unknown one.
pub(super) fn rows(page: &Explained, columns: u16) -> Vec<Row> {
    let Some(anomaly) = AnomalyPage::of(page.id) else { return Vec::new() };
    let room = usize::from(columns).saturating_sub(WORDS).max(8);
    let mut rows = Vec::new();
    let mut put = |word: &str, text: &str, is_broken: bool| {
        let pieces = if is_broken { broken(text, room) } else { vec![text.to_owned()] };
        for (at, piece) in pieces.into_iter().enumerate() {
            rows.push((Some(if at == 0 { word.to_owned() } else { String::new() }), piece));
        }
    };
    let mut lines = anomaly.lines().into_iter().peekable();
    while let Some(line) = lines.next() {
        let (word, text) = line.parts();
        put(word, text, matches!(line, Line::Text(..)));
        // Behind what to do, before what is the same for all captures.
        if lines.peek().is_some_and(|next| next.parts().0 == "severity") {
            for (at, place) in page.places.iter().enumerate() {
                put(if at == 0 { "where" } else { "" }, place, true);
            }
        }
    }
    rows
}

/// Opens the page of the anomaly with that name over the screen.
pub(super) fn open(state: &mut State, id: &'static str, findings: &[Finding]) {
    let page = Explained { id, places: places(findings, id) };
    let lines = rows(&page, state.size.0);
    if !lines.is_empty() {
        state.help = Some(Help { lines, page: Some(page), ..Help::default() });
    }
}

/// What the page of an anomaly is called.
pub(super) fn title(id: &str) -> String {
    let title = AnomalyPage::of(id).map_or("", |page| page.page.title);
    if title.is_empty() { id.to_owned() } else { format!("{id}: {title}") }
}

/// Draws as much of the page as there is room for.
pub(super) fn draw(
    state: &State,
    id: &'static str,
    findings: &[Finding],
    buffer: &mut Buffer,
    area: Rect,
) {
    let page = Explained { id, places: places(findings, id) };
    let theme = &state.theme;
    for (y, (word, text)) in (area.y..area.bottom()).zip(rows(&page, area.width)) {
        let word = format!("  {:<12}", word.unwrap_or_default());
        let parts = [(Role::Faint, word.as_str()), (Role::Text, text.as_str())];
        line(theme, &parts).render(Rect { y, height: 1, ..area }, buffer);
    }
}
