//! The keys: one table that feeds the handler, the hints at the bottom and the help.

use crossterm::event::KeyCode;

use crate::dashboard::model::action::{Action, Copied, Step};
use crate::dashboard::model::key::Key;

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// The overview.
    Overview,
    /// The list of packets.
    List,
    /// The fields of a packet.
    Tree,
    /// The octets of a packet.
    Hex,
    /// The flows.
    Flows,
    /// The endpoints and conversations.
    Endpoints,
    /// What headers hold.
    Headers,
    /// The map of addresses.
    Map,
    /// The blocks of addresses.
    Blocks,
    /// The hierarchy of headers.
    Protocols,
    /// What is odd.
    Anomalies,
    /// The card of an address.
    Card,
    /// A filter being written.
    Filter,
    /// A command or a search being written.
    Prompt,
    /// The choice of what to copy.
    Copying,
    /// The help.
    Help,
}

impl Context {
    /// Whether characters are text here.
    pub fn is_writing(self) -> bool {
        matches!(self, Self::Filter | Self::Prompt | Self::Help)
    }
}

/// One row: what some keys do somewhere.
#[derive(Debug)]
pub struct Row {
    /// The keys, the usual one first.
    pub keys: &'static [Key],
    /// What they ask for.
    pub action: Action,
    /// Where they do.
    pub contexts: &'static [Context],
    /// A word for the bottom line, with its weight: greater ones stay longer.
    pub hint: Option<(u8, &'static str)>,
    /// What the keys do, in a sentence.
    pub help: &'static str,
}

use Context::{
    Anomalies, Blocks, Card, Copying, Endpoints, Filter, Flows, Headers, Help, Hex, List, Map,
    Overview, Prompt, Protocols, Tree,
};
use Key::{Char, Ctrl, Named};

/// Wherever nothing is being written.
const VIEWS: &[Context] =
    &[Overview, List, Tree, Hex, Flows, Endpoints, Headers, Map, Blocks, Protocols, Anomalies];
/// Wherever `+` is about time; on the map it is about addresses.
const ZOOMS: &[Context] =
    &[Overview, List, Tree, Hex, Flows, Endpoints, Headers, Blocks, Protocols, Anomalies];
/// Wherever there is a cursor.
const MOVES: &[Context] = &[
    Overview, List, Tree, Hex, Flows, Endpoints, Headers, Map, Blocks, Protocols, Anomalies, Card,
];
const SIDEWAYS: &[Context] = &[List, Tree, Hex, Map];
const PANES: &[Context] = &[List, Tree, Hex];
/// Wherever lines of blocks are chosen.
const BLOCKED: &[Context] = &[Overview, Headers];
const TABLES: &[Context] = &[Flows, Endpoints, Blocks, Protocols, Anomalies];
/// Wherever a row or a cell is about addresses.
const ADDRESSED: &[Context] = &[Flows, Endpoints, Map, Blocks];
const ALL: &[Context] = &[
    Overview, List, Tree, Hex, Flows, Endpoints, Headers, Map, Blocks, Protocols, Anomalies, Card,
    Filter, Prompt, Copying, Help,
];
const WRITING: &[Context] = &[Filter, Prompt];

const fn row(
    keys: &'static [Key],
    action: Action,
    contexts: &'static [Context],
    hint: Option<(u8, &'static str)>,
    help: &'static str,
) -> Row {
    Row { keys, action, contexts, hint, help }
}

/// Every key, in the order of the help.
pub static KEYS: &[Row] = &[
    row(&[Char('1')], Action::View(0), VIEWS, None, "Overview: rates, protocols, talkers, ledger."),
    row(&[Char('2')], Action::View(1), VIEWS, None, "Packets: list, fields and octets."),
    row(&[Char('3')], Action::View(2), VIEWS, None, "Flows: who talks with whom, both ways."),
    row(&[Char('4')], Action::View(3), VIEWS, None, "Endpoints and conversations."),
    row(
        &[Char('5')],
        Action::View(4),
        VIEWS,
        None,
        "Headers: hops, DSCP, lengths, flags, options.",
    ),
    row(&[Char('6')], Action::View(5), VIEWS, None, "Addresses: a map of IPv4, blocks, classes."),
    row(&[Char('7')], Action::View(6), VIEWS, None, "Protocols: which header stands in which."),
    row(&[Char('8')], Action::View(7), VIEWS, None, "Anomalies: what is odd, and where first."),
    row(
        &[Char('/')],
        Action::Filter,
        VIEWS,
        Some((9, "filter")),
        "Write a filter: ip.ttl < 5 && tcp.",
    ),
    row(
        &[Named(KeyCode::Enter)],
        Action::Drill,
        &[List],
        Some((8, "fields")),
        "Go into the fields of the packet.",
    ),
    row(
        &[Named(KeyCode::Enter)],
        Action::Drill,
        &[Tree],
        Some((8, "octets")),
        "Fold or unfold; on an address, its card; else the field's octets.",
    ),
    row(
        &[Named(KeyCode::Enter)],
        Action::Drill,
        &[Hex],
        Some((8, "field")),
        "Go to the field that the octet belongs to.",
    ),
    row(
        &[Named(KeyCode::Enter)],
        Action::Drill,
        ADDRESSED,
        Some((8, "card")),
        "All about the address: its class, registry, scope.",
    ),
    row(
        &[Named(KeyCode::Enter), Char('p')],
        Action::Drill,
        &[Protocols],
        Some((8, "packets")),
        "Show only the packets with this header.",
    ),
    row(
        &[Named(KeyCode::Enter)],
        Action::Drill,
        &[Anomalies],
        Some((8, "first")),
        "Go to the first packet with it.",
    ),
    row(
        &[Char('p')],
        Action::Packets,
        &[Flows, Endpoints, Map, Blocks, Anomalies],
        Some((8, "packets")),
        "Show only the packets of this row.",
    ),
    row(
        &[Named(KeyCode::Enter), Char('p')],
        Action::Drill,
        &[Card],
        Some((8, "packets")),
        "Show only the packets of this address.",
    ),
    row(
        &[Named(KeyCode::Esc), Char('q')],
        Action::Back,
        &[Card],
        Some((9, "close")),
        "Close the card.",
    ),
    row(
        &[Named(KeyCode::Tab)],
        Action::Toggle,
        &[Card],
        Some((7, "other end")),
        "The card of the other address.",
    ),
    row(
        &[Named(KeyCode::Tab)],
        Action::Toggle,
        &[Map, Blocks],
        Some((7, "map/blocks")),
        "Switch between the map and the table of blocks.",
    ),
    row(&[Char('+')], Action::Closer, &[Map], Some((6, "closer")), "Look closer at this block."),
    row(&[Char('-')], Action::Wider, &[Map], Some((6, "wider")), "Look at more of the map."),
    row(
        &[Char('b')],
        Action::RollUp,
        &[Endpoints],
        Some((6, "blocks")),
        "Roll up to /24 and /64, /16 and /48, /8 and /32.",
    ),
    row(
        &[Char('i')],
        Action::Scope,
        &[Endpoints],
        Some((4, "inner/outer")),
        "Tell addresses by the innermost headers, by all, or by the outermost again.",
    ),
    row(&[Char('B')], Action::RollDown, &[Endpoints], None, "Roll down to single addresses."),
    row(
        &[Named(KeyCode::Enter), Char('p')],
        Action::Drill,
        BLOCKED,
        Some((5, "packets")),
        "Open the packets; only those of the line, once one is chosen.",
    ),
    row(
        &[Named(KeyCode::Enter)],
        Action::Apply,
        &[Filter],
        Some((9, "apply")),
        "Apply the filter; an empty one shows all.",
    ),
    row(
        &[Named(KeyCode::Esc)],
        Action::Back,
        VIEWS,
        None,
        "Back to the list; there, clear the filter.",
    ),
    row(
        &[Named(KeyCode::Esc)],
        Action::Back,
        &[Filter],
        Some((8, "cancel")),
        "Leave the filter as it was.",
    ),
    row(
        &[Named(KeyCode::Esc), Char('?'), Named(KeyCode::F(1)), Named(KeyCode::Enter)],
        Action::Back,
        &[Help],
        Some((9, "close")),
        "Close the help.",
    ),
    row(
        &[Named(KeyCode::Down)],
        Action::Move(Step::Down),
        &[Help],
        Some((5, "scroll")),
        "One line down.",
    ),
    row(&[Named(KeyCode::Up)], Action::Move(Step::Up), &[Help], None, "One line up."),
    row(
        &[Named(KeyCode::PageDown)],
        Action::Move(Step::PageDown),
        &[Help],
        None,
        "One screen down.",
    ),
    row(&[Named(KeyCode::PageUp)], Action::Move(Step::PageUp), &[Help], None, "One screen up."),
    row(&[Named(KeyCode::Home)], Action::Move(Step::First), &[Help], None, "To the first line."),
    row(&[Named(KeyCode::End)], Action::Move(Step::Last), &[Help], None, "To the last line."),
    row(&[Char('j'), Named(KeyCode::Down)], Action::Move(Step::Down), MOVES, None, "One row down."),
    row(&[Char('k'), Named(KeyCode::Up)], Action::Move(Step::Up), MOVES, None, "One row up."),
    row(
        &[Char('h'), Named(KeyCode::Left)],
        Action::Move(Step::Left),
        SIDEWAYS,
        None,
        "Fold; one octet back.",
    ),
    row(
        &[Char('l'), Named(KeyCode::Right)],
        Action::Move(Step::Right),
        SIDEWAYS,
        None,
        "Unfold; one octet on.",
    ),
    row(
        &[Char('h'), Named(KeyCode::Left)],
        Action::Move(Step::Left),
        &[Headers],
        None,
        "Choose a line of the column to the left.",
    ),
    row(
        &[Char('l'), Named(KeyCode::Right)],
        Action::Move(Step::Right),
        &[Headers],
        None,
        "Choose a line of the column to the right.",
    ),
    row(&[Named(KeyCode::PageDown)], Action::Move(Step::PageDown), MOVES, None, "One screen down."),
    row(&[Named(KeyCode::PageUp)], Action::Move(Step::PageUp), MOVES, None, "One screen up."),
    row(&[Ctrl('d')], Action::Move(Step::HalfDown), MOVES, None, "Half a screen down."),
    row(&[Ctrl('u')], Action::Move(Step::HalfUp), MOVES, None, "Half a screen up."),
    row(
        &[Char('g'), Named(KeyCode::Home)],
        Action::Move(Step::First),
        MOVES,
        None,
        "To the first row.",
    ),
    row(
        &[Char('G'), Named(KeyCode::End)],
        Action::Move(Step::Last),
        MOVES,
        None,
        "To the last row.",
    ),
    row(
        &[Named(KeyCode::Tab)],
        Action::NextPane,
        PANES,
        Some((6, "pane")),
        "Next pane: list, fields, octets.",
    ),
    row(&[Named(KeyCode::BackTab)], Action::PreviousPane, PANES, None, "Pane before."),
    row(
        &[Named(KeyCode::Tab)],
        Action::NextPane,
        BLOCKED,
        Some((5, "block")),
        "Choose the first line of the next block.",
    ),
    row(&[Named(KeyCode::BackTab)], Action::PreviousPane, BLOCKED, None, "Of the block before."),
    row(
        &[Named(KeyCode::Tab)],
        Action::Toggle,
        &[Endpoints],
        Some((7, "conversations")),
        "Switch between endpoints and conversations.",
    ),
    row(
        &[Char('s')],
        Action::Sort,
        TABLES,
        Some((7, "sort")),
        "Sort by the next column; or click its title.",
    ),
    row(&[Char('S')], Action::Reverse, TABLES, Some((5, "reverse")), "Sort the other way round."),
    row(
        &[Char('s')],
        Action::Sort,
        &[List],
        Some((2, "sort")),
        "Sort packets by the next column; or click its title.",
    ),
    row(&[Char('S')], Action::Reverse, &[List], None, "Sort packets the other way round."),
    row(
        &[Char(' ')],
        Action::Freeze,
        VIEWS,
        Some((4, "freeze")),
        "Hold the view; reading goes on.",
    ),
    row(
        &[Char('F')],
        Action::Follow,
        &[List, Tree, Hex],
        Some((3, "follow")),
        "Follow the newest packet; moving lets go.",
    ),
    row(
        &[Char('t')],
        Action::Time,
        VIEWS,
        Some((2, "time")),
        "Times: relative, UTC, local, epoch.",
    ),
    row(
        &[Char('T')],
        Action::Colours,
        VIEWS,
        None,
        "Colours: dark, light, high contrast, colour-blind, none.",
    ),
    row(&[Char('?'), Named(KeyCode::F(1))], Action::Help, VIEWS, Some((9, "help")), "This help."),
    row(
        &[Named(KeyCode::Backspace)],
        Action::Erase,
        &[Filter, Prompt, Help],
        None,
        "Remove the character before the cursor.",
    ),
    row(
        &[Ctrl('w')],
        Action::EraseWord,
        &[Filter, Prompt, Help],
        None,
        "Remove the word before the cursor.",
    ),
    row(&[Ctrl('u')], Action::EraseAll, WRITING, None, "Remove all."),
    row(
        &[Named(KeyCode::Tab)],
        Action::Complete,
        WRITING,
        Some((7, "complete")),
        "Take the completion, then the next.",
    ),
    row(
        &[Char(':')],
        Action::Command,
        VIEWS,
        Some((4, "command")),
        "Write a command; Tab completes.",
    ),
    row(
        &[Named(KeyCode::Enter)],
        Action::Apply,
        &[Prompt],
        Some((9, "do it")),
        "Do what is written.",
    ),
    row(
        &[Named(KeyCode::Esc)],
        Action::Back,
        &[Prompt, Copying],
        Some((8, "cancel")),
        "Do nothing.",
    ),
    row(
        &[Named(KeyCode::Up)],
        Action::Older,
        WRITING,
        Some((5, "history")),
        "What was written before.",
    ),
    row(&[Named(KeyCode::Down)], Action::Newer, WRITING, None, "What was written after."),
    row(&[Named(KeyCode::Left)], Action::TextLeft, &[Filter], None, "One character to the left."),
    row(
        &[Named(KeyCode::Right)],
        Action::TextRight,
        &[Filter],
        None,
        "One character to the right.",
    ),
    row(
        &[Ctrl('f')],
        Action::Search,
        PANES,
        Some((3, "search")),
        "Search in the pane: text, 0x4500, or /regex/.",
    ),
    row(&[Char('n')], Action::SearchNext, PANES, None, "Next place where it is."),
    row(&[Char('N')], Action::SearchPrevious, PANES, None, "Place before where it is."),
    row(
        &[Char('=')],
        Action::Keep,
        VIEWS,
        Some((4, "keep")),
        "Write the filter that keeps what is selected.",
    ),
    row(
        &[Char('!')],
        Action::Exclude,
        VIEWS,
        Some((3, "exclude")),
        "Write the filter that excludes what is selected.",
    ),
    row(
        &[Char('d')],
        Action::Diagram,
        PANES,
        Some((4, "diagram")),
        "Draw the header as in its RFC, with these values.",
    ),
    row(&[Char('m')], Action::Mark, PANES, None, "Mark the packet, or take the mark off."),
    row(&[Char('\'')], Action::NextMark, PANES, None, "Next marked packet."),
    row(&[Char('"')], Action::PreviousMark, PANES, None, "Marked packet before."),
    row(&[Char('}')], Action::NextOfFlow, PANES, None, "Next packet of the same flow."),
    row(&[Char('{')], Action::PreviousOfFlow, PANES, None, "Packet of the same flow before."),
    row(
        &[Char('e')],
        Action::NextOdd,
        PANES,
        None,
        "Next odd packet: damaged, an error message, a warning.",
    ),
    row(&[Char('E')], Action::PreviousOdd, PANES, None, "Odd packet before."),
    row(&[Char('[')], Action::JumpBack, PANES, None, "Back to where the last jump came from."),
    row(&[Char(']')], Action::JumpForward, PANES, None, "Forward again."),
    row(&[Char('c')], Action::Columns, PANES, None, "Choose columns: any field may be one."),
    row(&[Char('y')], Action::CopyMenu, PANES, Some((3, "copy")), "Copy: then a key says what."),
    row(
        &[Char('v')],
        Action::Copy(Copied::Value),
        &[Copying],
        Some((9, "value")),
        "The field's value.",
    ),
    row(
        &[Char('f')],
        Action::Copy(Copied::Filter),
        &[Copying],
        Some((8, "filter")),
        "A filter for it.",
    ),
    row(
        &[Char('r')],
        Action::Copy(Copied::Row),
        &[Copying],
        Some((7, "row")),
        "The row of the list.",
    ),
    row(
        &[Char('h')],
        Action::Copy(Copied::Hex),
        &[Copying],
        Some((6, "hex")),
        "Its octets as digits.",
    ),
    row(
        &[Char('j')],
        Action::Copy(Copied::Json),
        &[Copying],
        Some((5, "JSON")),
        "All fields as JSON.",
    ),
    row(
        &[Char('R')],
        Action::Copy(Copied::Rust),
        &[Copying],
        Some((4, "Rust")),
        "An array in Rust.",
    ),
    row(&[Char('C')], Action::Copy(Copied::C), &[Copying], Some((3, "C")), "An array in C."),
    row(&[Char('w')], Action::Save, VIEWS, None, "Save packets: shown, marked, or a flow."),
    row(
        &[Char('h'), Named(KeyCode::Left)],
        Action::TimeLeft,
        &[Overview],
        Some((6, "time")),
        "Move the cursor of the graph back.",
    ),
    row(
        &[Char('l'), Named(KeyCode::Right)],
        Action::TimeRight,
        &[Overview],
        None,
        "Move the cursor of the graph on.",
    ),
    row(
        &[Char('v')],
        Action::Span,
        &[Overview],
        Some((7, "span")),
        "Begin a span of time, or show only that span.",
    ),
    row(&[Char('+')], Action::ZoomIn, ZOOMS, None, "Show the middle half of the time."),
    row(&[Char('-')], Action::ZoomOut, ZOOMS, None, "Show twice the time."),
    row(&[Char('<')], Action::PanLeft, VIEWS, None, "Show the time before."),
    row(&[Char('>')], Action::PanRight, VIEWS, None, "Show the time after."),
    row(&[Char('0')], Action::AllTime, VIEWS, None, "Show all of the time."),
    row(&[Char('q')], Action::Quit, VIEWS, Some((6, "quit")), "Quit."),
    row(&[Ctrl('c')], Action::Interrupt, ALL, None, "Quit at once, wherever you are."),
    row(&[Ctrl('z')], Action::Suspend, ALL, None, "Suspend; fg brings the view back."),
];

/// The row of `key` in `context`.
pub fn find(key: Key, context: Context) -> Option<&'static Row> {
    KEYS.iter().find(|row| row.contexts.contains(&context) && row.keys.contains(&key))
}

/// The rows with a hint in `context`, weightiest first.
pub fn hints(context: Context) -> Vec<&'static Row> {
    let here = KEYS.iter().filter(|row| row.hint.is_some() && row.contexts.contains(&context));
    let mut rows: Vec<_> = here.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.hint.map_or(0, |(weight, _)| weight)));
    rows
}
