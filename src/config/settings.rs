//! What a configuration says, once it is read.

use super::error::Wrong;
use crate::dashboard::model::action::Action;
use crate::dashboard::model::key::Key;
use crate::dashboard::model::packet_column::ColumnChoice;
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::theme::{PALETTES, Palette};
use crate::decode::decode_as::Choice;
use crate::report::time::TimeFormat;

/// What leaves the choice of colours to the terminal.
pub(super) const AUTO: &str = "auto";

/// What the configuration says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// How times are written.
    pub time: TimeFormat,
    /// The colours, where they are not chosen by the terminal.
    pub theme: Option<Palette>,
    /// The user's own colours.
    pub palettes: Vec<Palette>,
    /// The panel that is open at first.
    pub view: PanelId,
    /// Columns of the list of packets, where they are not the usual ones.
    pub columns: Vec<ColumnChoice>,
    /// Whether filters are remembered from run to run.
    pub history: bool,
    /// Filters with names.
    pub filters: Vec<(String, String)>,
    /// What is decoded as what.
    pub decode_as: Vec<Choice>,
    /// Actions with other keys.
    pub keys: Vec<(Action, Vec<Key>)>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            time: TimeFormat::Relative,
            theme: None,
            palettes: Vec::new(),
            view: PanelId::OVERVIEW,
            columns: Vec::new(),
            history: true,
            filters: Vec::new(),
            decode_as: Vec::new(),
            keys: Vec::new(),
        }
    }
}

impl Config {
    /// The colours of that name; none, where the terminal is to choose them.
    pub(super) fn palette(&self, name: &str) -> Result<Option<Palette>, Wrong> {
        if name == AUTO {
            return Ok(None);
        }
        let own = self.palettes.iter().map(|palette| (palette.name(), *palette));
        let all = || PALETTES.into_iter().chain(own.clone());
        let found = all().find(|(known, _)| *known == name).map(|(_, palette)| Some(palette));
        found.ok_or_else(|| {
            let names: Vec<_> = [AUTO].into_iter().chain(all().map(|(known, _)| known)).collect();
            (format!("no colours are called '{name}'"), Some(names.join(", ")))
        })
    }
}
