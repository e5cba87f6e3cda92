//! What the user works with in all panels: marks, jumps, a search, a span of time, columns, keys, a
//! prompt, and the last notice.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::keymap::Keymap;
use super::packet_column::ColumnChoice;
use super::prompt::{History, Prompt};
use super::search::Needle;
use super::theme::Palette;
use crate::base::timestamp::Timestamp;

/// What the user works with, and has configured.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    /// A line being written.
    pub prompt: Option<Prompt>,
    /// Whether the next key says what to copy.
    pub is_copying: bool,
    /// The last notice, until the next key.
    pub notice: Option<Notice>,
    /// Whether fields are drawn as in the RFCs.
    pub is_diagram: bool,
    /// Whether a fragment is shown as the whole datagram that it is part of.
    pub is_whole: bool,
    /// What is searched for.
    pub needle: Option<Needle>,
    /// Numbers of the packets that are marked.
    pub marks: BTreeSet<u64>,
    /// Where the user jumped from and to.
    pub jumps: Jumps,
    /// The time that is looked at: from the first up to the second.
    pub span: Option<(Timestamp, Timestamp)>,
    /// The time on the graph that is being chosen.
    pub time_selection: Option<TimeSelection>,
    /// Columns of the list of packets, where they are not the usual ones.
    pub columns: Option<Arc<Vec<ColumnChoice>>>,
    /// Filters that were used.
    pub filters: History,
    /// Commands that were used.
    pub commands: History,
    /// Filters with names.
    pub named: Arc<Vec<(String, String)>>,
    /// The user's own colours.
    pub palettes: Arc<Vec<Palette>>,
    /// Keys that the user changed.
    pub keymap: Arc<Keymap>,
}

/// A message to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The text.
    pub text: String,
    /// Whether something could not be done.
    pub is_bad: bool,
}

/// A time on the graph, and where the choice of a span began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSelection {
    /// Where it began; none while only the cursor moves.
    pub anchor: Option<Timestamp>,
    /// The cursor.
    pub at: Timestamp,
}

impl TimeSelection {
    /// From the earlier to the later end, where there are two.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let anchor = self.anchor?;
        (anchor != self.at).then(|| (anchor.min(self.at), anchor.max(self.at)))
    }
}

/// Jumps that are remembered.
const JUMPS: usize = 100;

/// Packets that were jumped from, to go back to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Jumps {
    back: Vec<u64>,
    forward: Vec<u64>,
}

impl Jumps {
    /// Takes note of a jump away from packet `number`.
    pub fn leave(&mut self, number: u64) {
        self.forward.clear();
        if self.back.last() != Some(&number) {
            self.back.push(number);
        }
        let surplus = self.back.len().saturating_sub(JUMPS);
        self.back.drain(..surplus);
    }

    /// The packet before, coming from `number`.
    pub fn back(&mut self, number: u64) -> Option<u64> {
        let to = self.back.pop()?;
        self.forward.push(number);
        Some(to)
    }

    /// The packet that `back` came from.
    pub fn forward(&mut self, number: u64) -> Option<u64> {
        let to = self.forward.pop()?;
        self.back.push(number);
        Some(to)
    }
}

impl Workspace {
    /// Shows a notice that something is done.
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), is_bad: false });
    }

    /// Shows a notice why something cannot be done.
    pub fn refuse(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice { text: text.into(), is_bad: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_lead_back_and_forward() {
        let mut jumps = Jumps::default();
        jumps.leave(1);
        jumps.leave(20);
        assert_eq!(jumps.back(300), Some(20));
        assert_eq!(jumps.back(20), Some(1));
        assert_eq!(jumps.back(1), None);
        assert_eq!(jumps.forward(1), Some(20));
        assert_eq!(jumps.forward(20), Some(300));
        assert_eq!(jumps.forward(300), None);
        jumps.back(300);
        jumps.leave(5);
        assert_eq!(jumps.forward(5), None);
    }

    #[test]
    fn a_choice_is_a_span_whichever_way_it_is_made() {
        let (five, seven) = (Timestamp::clamped(5), Timestamp::clamped(7));
        assert_eq!(TimeSelection { anchor: None, at: five }.span(), None);
        assert_eq!(TimeSelection { anchor: Some(five), at: five }.span(), None);
        assert_eq!(TimeSelection { anchor: Some(seven), at: five }.span(), Some((five, seven)));
    }
}
