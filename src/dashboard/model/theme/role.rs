//! What a piece of the screen is, which decides how it is styled.

/// What a piece of the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Text,
    /// What matters least: units, rules, explanations.
    Faint,
    /// Titles of blocks and columns.
    Title,
    /// The title of the pane that has the focus.
    Focus,
    /// The name of the program, and the view that is open.
    Brand,
    /// Sender of a packet or flow.
    Source,
    /// Receiver of a packet or flow.
    Destination,
    /// Names of protocols.
    Protocol,
    /// Figures that are quantities of traffic.
    Number,
    /// Bars and graphs.
    Bar,
    /// A second quantity beside the first.
    BarTwo,
    /// A key that may be pressed.
    Key,
    /// All is well.
    Good,
    /// Needs attention.
    Warn,
    /// Wrong: damage, drops, errors.
    Bad,
    /// The row that is selected, in the pane that has the focus.
    Selected,
    /// The row that is selected, in a pane that has not.
    Marked,
    /// Octets of the selected field.
    Octets,
    /// On a map: less than a thousandth.
    Heat1,
    /// On a map: from a thousandth.
    Heat2,
    /// On a map: from a hundredth.
    Heat3,
    /// On a map: from a tenth.
    Heat4,
}

/// How many roles there are.
pub const ROLES: usize = Role::Heat4 as usize + 1;
