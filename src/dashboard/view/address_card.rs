//! The card of an address over the screen: what `ipeek address` says about it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::layout;
use super::table::width;
use super::text::rule;
use crate::address::describe::Answer;
use crate::address::parse::{self};
use crate::dashboard::model::action::{Action, CursorMove, Effect};
use crate::dashboard::model::filter_expr;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::state::{AddressCards, State};
use crate::dashboard::model::theme::{Role, Theme};
use crate::report::lookup::{Line as Entry, LookupReport, Piece, Tone};

/// Where values begin.
const INDENT: u16 = 12;
/// Most columns of a card.
const WIDEST: u16 = 100;
/// Between which a line must not break.
const JOINT: char = '\u{a0}';

/// Opens the cards of `items`; none without any.
pub fn open(state: &mut State, items: Vec<String>) {
    if !items.is_empty() {
        state.address_cards = Some(AddressCards { items, at: 0, top: 0 });
    }
}

/// Performs an action while cards are open.
pub fn handle(state: &mut State, action: Action) -> Option<Effect> {
    let area = place(layout::body(state));
    let page = usize::from(area.height.saturating_sub(1)).max(1);
    let lines =
        state.address_cards.as_ref().map_or(0, |cards| lines(state, cards, area.width).len());
    let cards = state.address_cards.as_mut()?;
    let most = lines.saturating_sub(page);
    match action {
        Action::Back | Action::Quit => state.address_cards = None,
        Action::Click(x, y) if !area.contains((x, y).into()) => state.address_cards = None,
        Action::NextPane | Action::Toggle => {
            cards.at = (cards.at + 1) % cards.items.len().max(1);
            cards.top = 0;
        }
        Action::Drill | Action::Packets => {
            let filter = cards.items.get(cards.at).and_then(|item| filter_expr::of_block(item))?;
            state.address_cards = None;
            state.panel = PanelId::PACKETS;
            return Some(Effect::Filter(Some(filter)));
        }
        Action::Move(CursorMove::Down) | Action::WheelDown(..) => cards.top += 1,
        Action::Move(CursorMove::Up) | Action::WheelUp(..) => {
            cards.top = cards.top.saturating_sub(1);
        }
        Action::Move(CursorMove::PageDown | CursorMove::HalfDown) => cards.top += page,
        Action::Move(CursorMove::PageUp | CursorMove::HalfUp) => {
            cards.top = cards.top.saturating_sub(page);
        }
        Action::Move(CursorMove::First) => cards.top = 0,
        Action::Move(CursorMove::Last) => cards.top = most,
        _ => {}
    }
    if let Some(cards) = state.address_cards.as_mut() {
        cards.top = cards.top.min(most);
    }
    None
}

/// Where a card stands: over the whole panel where that is narrow.
fn place(body: Rect) -> Rect {
    if body.width < WIDEST {
        return body;
    }
    let x = body.x + (body.width - WIDEST) / 2;
    Rect { x, width: WIDEST, ..body }
}

/// Draws the card that is open.
pub fn draw(state: &State, buffer: &mut Buffer, body: Rect) {
    let Some(cards) = &state.address_cards else { return };
    let area = place(body);
    let lines = lines(state, cards, area.width);
    let height = u16::try_from(lines.len() + 1).unwrap_or(u16::MAX).min(area.height);
    let area = Rect { height, ..area };
    Clear.render(area, buffer);
    buffer.set_style(area, state.theme.style(Role::Text));
    let item = cards.items.get(cards.at).map_or("", String::as_str);
    let title = if cards.items.len() > 1 {
        format!("{item}  ({} of {})", cards.at + 1, cards.items.len())
    } else {
        item.to_owned()
    };
    let below = lines.len().saturating_sub(cards.top + usize::from(height - 1));
    let more = format!("{below} lines below");
    rule(state, &title, (below > 0).then_some(&more), true, buffer, Rect { height: 1, ..area });
    for (y, line) in (area.y + 1..area.bottom()).zip(lines.into_iter().skip(cards.top)) {
        line.render(
            Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: 1 },
            buffer,
        );
    }
}

fn lines(state: &State, cards: &AddressCards, columns: u16) -> Vec<Line<'static>> {
    let item = cards.items.get(cards.at).map_or("", String::as_str);
    match parse::item(item) {
        Ok(parsed) => {
            let card = LookupReport::new(&Answer::new(item, parsed));
            page(&card, &state.theme, columns.saturating_sub(2))
        }
        Err(refusal) => vec![Line::from(refusal.to_string())],
    }
}

fn page(card: &LookupReport, theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let mut page = CardPage { theme, columns, lines: Vec::new(), used: 0 };
    page.start();
    page.put(&card.subtitle, Tone::Muted);
    for entry in &card.lines {
        match entry {
            Entry::Gap => {}
            Entry::Prose(pieces) => {
                page.start();
                page.flow(pieces, 0);
            }
            Entry::Fact(name, pieces) => {
                // Beside its name a value needs half of the line at least.
                let indent = if columns >= 3 * INDENT { INDENT } else { 2 };
                page.name(name, indent);
                page.flow(pieces, indent);
            }
            Entry::Drawing(name, pieces) => {
                let wide: u16 = pieces.iter().map(|piece| width(&piece.text)).sum();
                let indent = if INDENT + wide <= columns { INDENT } else { 0 };
                page.name(name, indent);
                for piece in pieces {
                    page.put(&piece.text, piece.tone);
                }
            }
        }
    }
    page.lines
}

struct CardPage<'t> {
    theme: &'t Theme,
    columns: u16,
    lines: Vec<Line<'static>>,
    used: u16,
}

impl CardPage<'_> {
    fn start(&mut self) {
        self.lines.push(Line::default());
        self.used = 0;
    }

    fn put(&mut self, text: &str, tone: Tone) {
        let role = match tone {
            Tone::Plain => Role::Text,
            Tone::Strong => Role::Title,
            Tone::Muted => Role::Faint,
            Tone::Class => Role::Protocol,
            Tone::Network => Role::Source,
            Tone::Subnet => Role::Warn,
            Tone::Host => Role::Destination,
            Tone::Good => Role::Good,
            Tone::Bad => Role::Bad,
        };
        self.used += width(text);
        let span = Span::styled(text.replace(JOINT, " "), self.theme.style(role));
        if let Some(line) = self.lines.last_mut() {
            line.push_span(span);
        }
    }

    /// Begins an entry; its value follows at `indent`, on a line of its own where the name is
    /// longer.
    fn name(&mut self, name: &str, indent: u16) {
        self.start();
        self.put(name, Tone::Muted);
        if self.used >= indent && !name.is_empty() {
            self.start();
        }
        self.put(&" ".repeat(usize::from(indent.saturating_sub(self.used))), Tone::Plain);
    }

    /// Puts words, breaking lines between them; a word longer than a line is broken nowhere.
    fn flow(&mut self, pieces: &[Piece], indent: u16) {
        let is_gap = |c: char| c == ' ';
        // A word may have several tones: pieces that no space parts belong together.
        let mut words: Vec<Vec<(String, Tone)>> = vec![Vec::new()];
        for piece in pieces {
            for (at, part) in piece.text.split(is_gap).enumerate() {
                if at > 0 {
                    words.push(Vec::new());
                }
                if let Some(word) = words.last_mut().filter(|_| !part.is_empty()) {
                    word.push((part.to_owned(), piece.tone));
                }
            }
        }
        for word in words.iter().filter(|word| !word.is_empty()) {
            let wide: u16 = word.iter().map(|(text, _)| width(text)).sum();
            if self.used > indent {
                if self.used + 1 + wide > self.columns {
                    self.start();
                    self.put(&" ".repeat(usize::from(indent)), Tone::Plain);
                } else {
                    self.put(" ", Tone::Plain);
                }
            }
            for (text, tone) in word {
                self.put(text, *tone);
            }
        }
    }
}
