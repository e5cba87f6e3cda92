//! Actions of the user, and the effects that they have outside of the state: keys and mouse become
//! an [`Action`], which changes the state and may leave an [`Effect`] to be done.

use super::panel_id::PanelId;
use crate::base::timestamp::Timestamp;

/// One step of a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CursorMove {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// To the left: fold, or one octet back.
    Left,
    /// To the right: unfold, or one octet on.
    Right,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// Half a screen up.
    HalfUp,
    /// Half a screen down.
    HalfDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

/// What is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyFormat {
    /// The value of the selected field.
    Value,
    /// The filter that the selected field or row makes.
    Filter,
    /// The row of the list.
    Row,
    /// The octets of the selected field, or all, in hexadecimal.
    Hex,
    /// The packet's fields as JSON.
    Json,
    /// The octets as an array in Rust.
    Rust,
    /// The octets as an array in C.
    C,
}

/// An action of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// End the program.
    Quit,
    /// End the program as a signal would.
    Interrupt,
    /// Stop the program until the shell continues it.
    Suspend,
    /// Open that panel.
    View(PanelId),
    /// Give the focus to the next pane.
    NextPane,
    /// Give the focus to the pane before.
    PreviousPane,
    /// Move the cursor.
    Move(CursorMove),
    /// Go into what is selected.
    Drill,
    /// Show the packets of what is selected.
    Packets,
    /// Explain what is selected.
    Explain,
    /// Tell addresses by other headers: outermost, innermost, all.
    Scope,
    /// Put more addresses together in a row.
    RollUp,
    /// Put fewer addresses together in a row.
    RollDown,
    /// Look closer at the map.
    Closer,
    /// Look at more of the map.
    Wider,
    /// Back out: of the pane, the help, the filter.
    Back,
    /// Write a filter.
    Filter,
    /// Take the filter as it is written.
    Apply,
    /// Add a character to the text that is being written.
    Type(char),
    /// Remove the character before the cursor.
    Erase,
    /// Remove all that is written.
    EraseAll,
    /// Remove the character at the cursor.
    EraseNext,
    /// Remove all from the cursor on.
    EraseRest,
    /// Remove the word before the cursor.
    EraseWord,
    /// Take what completes the text.
    Complete,
    /// Put the cursor of the text one character to the left.
    TextLeft,
    /// Put the cursor of the text one character to the right.
    TextRight,
    /// Put the cursor of the text at the beginning of the word before it.
    WordLeft,
    /// Put the cursor of the text at the beginning of the next word.
    WordRight,
    /// Put the cursor at the beginning of the text.
    TextStart,
    /// Put the cursor at the end of the text.
    TextEnd,
    /// Write the line that was written before.
    Older,
    /// Write the line that was written after.
    Newer,
    /// Write a command.
    Command,
    /// Write the command to save packets.
    Save,
    /// Write the command that chooses columns.
    Columns,
    /// Search in the pane.
    Search,
    /// Go to the next place where it is.
    SearchNext,
    /// Go to the place before where it is.
    SearchPrevious,
    /// Mark the packet, or take the mark off.
    Mark,
    /// Go to the next marked packet.
    NextMark,
    /// Go to the marked packet before.
    PreviousMark,
    /// Go back to where the last jump came from.
    JumpBack,
    /// Go forward again.
    JumpForward,
    /// Go to the next packet of the same flow.
    NextOfFlow,
    /// Go to the packet of the same flow before.
    PreviousOfFlow,
    /// Go to the next packet that is damaged or an error message.
    NextAnomaly,
    /// Go to the one before.
    PreviousAnomaly,
    /// Draw the header as in its RFC, or list its fields.
    Diagram,
    /// Show a fragment as the whole datagram that it is part of, or by itself.
    Whole,
    /// Write the filter that keeps what is selected.
    Keep,
    /// Write the filter that excludes what is selected.
    Exclude,
    /// Choose what to copy.
    CopyMenu,
    /// Copy it.
    Copy(CopyFormat),
    /// Move the cursor of the graph one column back.
    TimeLeft,
    /// Move it one column on.
    TimeRight,
    /// Begin a span of time at the cursor of the graph, or end it there.
    Span,
    /// Look at the middle half of the time.
    ZoomIn,
    /// Look at twice the time.
    ZoomOut,
    /// Look at the time before.
    PanLeft,
    /// Look at the time after.
    PanRight,
    /// Look at all of the time.
    AllTime,
    /// Show or hide the help.
    Help,
    /// Hold the view, or let it go on.
    Freeze,
    /// Keep the newest packet selected, or stop to.
    Follow,
    /// Sort by the next column.
    Sort,
    /// Sort the other way round.
    Reverse,
    /// Switch between what the panel can list.
    Toggle,
    /// Show times in the next format.
    Time,
    /// Use the next colours.
    Colours,
    /// The screen has this size now: columns and rows.
    Resize(u16, u16),
    /// The mouse button went down at column and row.
    Click(u16, u16),
    /// The mouse was moved to column and row with its button down.
    Drag(u16, u16),
    /// The mouse button was let go at column and row.
    Release(u16, u16),
    /// The mouse wheel turned up at column and row.
    WheelUp(u16, u16),
    /// The mouse wheel turned down at column and row.
    WheelDown(u16, u16),
}

/// What must be done outside of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// End the program as a signal would.
    Interrupt,
    /// Stop the program until the shell continues it.
    Suspend,
    /// Show what passes this filter; all, without one.
    Filter(Option<String>),
    /// Show only that time, from the first up to the second; all, without one.
    Span(Option<(Timestamp, Timestamp)>),
    /// Go to a packet.
    Seek(SeekTarget),
    /// Go to the next packet like this, or the one before.
    Find(FindTarget, bool),
    /// Save packets to a file.
    Save(String, SaveScope),
    /// Copy a text to the clipboard.
    Copy(String),
}

/// A packet to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeekTarget {
    /// The one with that number, or the next that is shown.
    Number(u64),
    /// The first that is not earlier.
    Time(Timestamp),
    /// The one with that number, and in it the octets of that anomaly.
    Anomaly(u64, &'static str),
}

/// What a packet to go to is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindTarget {
    /// What is searched for is in it.
    Needle,
    /// It passes this filter.
    Matching(String),
    /// It is damaged, an error message, or there is a warning about it.
    Anomalous,
}

/// Which packets are saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveScope {
    /// Those shown.
    Shown,
    /// Those marked.
    Marked,
    /// Those shown that pass this filter.
    Matching(String),
}
