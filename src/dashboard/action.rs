//! What a user can ask for: keys and mouse become one of these, and nothing else changes the state.

/// One step of a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
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

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// End the program.
    Quit,
    /// End the program as a signal would.
    Interrupt,
    /// Stop the program until the shell continues it.
    Suspend,
    /// Open the panel with that index.
    View(usize),
    /// Give the keys to the next pane.
    NextPane,
    /// Give the keys to the pane before.
    PreviousPane,
    /// Move the cursor.
    Move(Step),
    /// Go into what is selected.
    Drill,
    /// Show the packets of what is selected.
    Packets,
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
    /// Remove the word before the cursor.
    EraseWord,
    /// Take what completes the text.
    Complete,
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
    /// The mouse wheel turned up at column and row.
    WheelUp(u16, u16),
    /// The mouse wheel turned down at column and row.
    WheelDown(u16, u16),
}
