//! Contexts of keys: a panel or a pane of one, or what covers the panels.

/// What can be done in several contexts, each with the same keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    /// A table is sorted by its columns.
    Table,
    /// What is selected is about addresses, of which there are cards.
    Addresses,
    /// What is selected stands for packets, which the panel of packets can show alone.
    RowPackets,
    /// Lines of blocks are selected.
    Blocks,
    /// A pane shows packets or one of them.
    Packet,
    /// The cursor goes to the left and right.
    Sideways,
}

/// A context that keys act in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// Its name, as tables of keys write it.
    pub name: &'static str,
    kind: ContextKind,
    abilities: &'static [Ability],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ContextKind {
    /// A panel, or a pane of one.
    Panel,
    /// A line that is being written.
    Line,
    /// Anything else over the panels.
    Over,
}

impl Context {
    /// The card of an address.
    pub const CARD: Self = Self::over("card");
    /// A filter being written.
    pub const FILTER: Self = Self { kind: ContextKind::Line, ..Self::over("filter") };
    /// A command or a search being written.
    pub const PROMPT: Self = Self { kind: ContextKind::Line, ..Self::over("prompt") };
    /// The choice of what to copy.
    pub const COPYING: Self = Self::over("copying");
    /// The help.
    pub const HELP: Self = Self::over("help");
    /// All that are not a panel's.
    pub const OVERLAYS: [Self; 5] =
        [Self::CARD, Self::FILTER, Self::PROMPT, Self::COPYING, Self::HELP];

    /// A panel, or a pane of one.
    pub const fn panel(name: &'static str, abilities: &'static [Ability]) -> Self {
        Self { name, kind: ContextKind::Panel, abilities }
    }

    const fn over(name: &'static str) -> Self {
        Self { name, kind: ContextKind::Over, abilities: &[] }
    }

    /// Whether it is a panel or a pane of one: nothing is being written there.
    pub fn is_panel(self) -> bool {
        self.kind == ContextKind::Panel
    }

    /// Whether a line is being written that has a history and completions.
    pub fn is_line(self) -> bool {
        self.kind == ContextKind::Line
    }

    /// Whether characters are text here.
    pub fn is_writing(self) -> bool {
        self.is_line() || self == Self::HELP
    }

    /// Whether that can be done here.
    pub fn can(self, ability: Ability) -> bool {
        self.abilities.contains(&ability)
    }
}
