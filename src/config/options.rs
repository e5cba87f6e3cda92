//! The options: one row each.

use toml_edit::Item;

use super::decode_as;
use super::error::Wrong;
use super::settings::{AUTO, Config};
use crate::dashboard::model::panel_id::PanelId;
use crate::dashboard::model::theme::{self, PALETTES, Palette};
use crate::dashboard::model::{filter_expr, keymap};
use crate::dashboard::update::command::{self, COMMANDS};
use crate::dashboard::view::panel::PANELS;
use crate::dashboard::view::panel::packets::columns;
use crate::filter::error::nearest;
use crate::filter::template::has_values;
use crate::report::time::TIME_FORMATS;

/// One option.
pub struct Opt {
    /// Its name.
    pub name: &'static str,
    /// Its default, as the file writes it; of a table, examples.
    pub default: &'static str,
    /// What it is for, in lines.
    pub help: &'static str,
    /// How it is read.
    pub set: Set,
}

/// Where an entry of a table is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In its key.
    Key,
    /// In its value.
    Value,
    /// In a part of its value: the octets of the file, where they are known.
    At(Option<std::ops::Range<usize>>),
}

/// Where an entry of a table is wrong, what is, and a hint.
pub(super) type EntryWrong = (Place, Wrong);

/// How an option is read.
#[derive(Clone, Copy)]
pub enum Set {
    /// From a value.
    Value(fn(&mut Config, &Item) -> Result<(), Wrong>),
    /// From every entry of a table.
    Entry(fn(&mut Config, &str, &Item) -> Result<(), EntryWrong>),
}

/// Every option, in the order of the file: values before tables.
pub const OPTIONS: &[Opt] = &[
    Opt {
        name: "time",
        default: "\"relative\"",
        help: "How times are written: relative, utc, local, epoch.  --time goes before.",
        set: Set::Value(|config, item| {
            let rows = TIME_FORMATS.map(|row| (row.name, row.format));
            config.time = chosen(text_of(item)?, &rows)?;
            Ok(())
        }),
    },
    Opt {
        name: "theme",
        default: "\"auto\"",
        help: "Colours: auto, dark, light, high-contrast, colour-blind, none, or your own of the table\nthemes.",
        // Looked up when all tables are read.
        set: Set::Value(|_, _| Ok(())),
    },
    Opt {
        name: "view",
        default: "\"overview\"",
        help: "The view that is open at first.",
        set: Set::Value(|config, item| {
            let name = text_of(item)?;
            let titles: Vec<String> =
                PANELS.iter().map(|panel| panel.title.to_ascii_lowercase()).collect();
            let ids = PANELS.iter().map(|panel| panel.id);
            let rows: Vec<(&str, PanelId)> = titles.iter().map(String::as_str).zip(ids).collect();
            config.view = chosen(name, &rows)?;
            Ok(())
        }),
    },
    Opt {
        name: "columns",
        default: "[\"no.\", \"time\", \"source\", \"destination\", \"proto\", \"ttl\", \"len\", \"info\"]",
        help: "Columns of the packets, in order: these, and any field, such as \"ip.dsfield.dscp:6\"\nwith a width of 6.",
        set: Set::Value(|config, item| {
            let list = item.as_array().ok_or_else(|| {
                (
                    "a list belongs here".to_owned(),
                    Some("columns = [\"no.\", \"ip.ttl\"]".to_owned()),
                )
            })?;
            config.columns.clear();
            for value in list {
                let word = value
                    .as_str()
                    .ok_or_else(|| ("a list of texts in quotes belongs here".to_owned(), None))?;
                config.columns.push(columns::one(word).map_err(parted)?);
            }
            if config.columns == columns::usual() {
                config.columns.clear();
            }
            Ok(())
        }),
    },
    Opt {
        name: "history",
        default: "true",
        help: "Whether filters are remembered from run to run.",
        set: Set::Value(|config, item| {
            let wrong = || ("true or false belongs here".to_owned(), None);
            config.history = item.as_bool().ok_or_else(wrong)?;
            Ok(())
        }),
    },
    Opt {
        name: "filters",
        default: "dying = \"ip.ttl < 5 || ipv6.hlim < 5\"",
        help: "Filters with names: @dying stands for it in the filter bar and behind -Y.  $1, $2 … are values:\n@host(10.0.0.1) with host = \"ip.addr == $1\".",
        set: Set::Entry(|config, name, item| {
            let text = text_of(item).map_err(|wrong| (Place::Value, wrong))?;
            // What waits for values is read where it is used.
            if !has_values(text) {
                filter_expr::check(text)
                    .map_err(|wrong| (Place::Value, (wrong.message, wrong.hint)))?;
            }
            config.filters.push((name.to_owned(), text.to_owned()));
            Ok(())
        }),
    },
    Opt {
        name: "decode-as",
        default: "\"udp.port==8472\" = \"vxlan\"\n\"ethertype==0x9999\" = \"vlan\"",
        help: "What is decoded as what, in all formats, by udp.port, ethertype, gre.proto, ip.proto and\nppp.protocol.  --decode-as goes before.",
        set: Set::Entry(|config, left, item| {
            let header = text_of(item).map_err(|wrong| (Place::Value, wrong))?;
            let choice = decode_as::entry(left, header).map_err(|wrong| (Place::Key, wrong))?;
            config.decode_as.push(choice);
            Ok(())
        }),
    },
    Opt {
        name: "keys",
        default: "freeze = [\"p\", \"space\"]\nnext-of-flow = [\"ctrl-n\"]",
        help: "Keys of actions, in place of the usual ones.  The actions are the commands without an\nargument, as the help lists them; keys are x, ctrl-x, f5, space, tab, pageup, …",
        set: Set::Entry(key),
    },
    Opt {
        name: "themes",
        default: "mine = { base = \"light\", bar = \"#d55e00\", selected = \"black on 214 bold\" }",
        help: "Colours of your own, over those of base (dark).  A colour is a name, a number of 0 to 255,\nor #rrggbb; FG on BG; words are bold, dim, italic, underlined, reversed.",
        set: Set::Entry(palette),
    },
];

/// The key of a table of colours that names what they begin from.
const BASE: &str = "base";

fn palette(config: &mut Config, name: &str, item: &Item) -> Result<(), EntryWrong> {
    let hint = || Some(format!("{name} = {{ bar = \"red\", bad = \"white on red bold\" }}"));
    let is_taken = PALETTES.iter().any(|(known, _)| *known == name) || name == AUTO;
    if is_taken {
        return Err((Place::Key, (format!("'{name}' is the name of colours of ipeek's"), None)));
    }
    let table = item
        .as_table_like()
        .ok_or_else(|| (Place::Value, ("a table of colours belongs here".to_owned(), hint())))?;
    let mut base = Palette::Dark;
    let mut entries = Vec::new();
    for (role, value) in table.iter() {
        let text = text_of(value).map_err(|wrong| (Place::At(value.span()), wrong))?;
        if role == BASE {
            base = chosen(text, &PALETTES).map_err(|wrong| (Place::At(value.span()), wrong))?;
        } else {
            entries.push((role, text));
        }
    }
    let own = base.own(name, entries).map_err(|wrong| {
        let (place, hint) = match &wrong {
            theme::PaletteError::Role { role } => {
                let names: Vec<_> = theme::roles().collect();
                let near = nearest(role, names.iter().map(String::as_str));
                let hint =
                    near.map_or_else(|| names.join(", "), |near| format!("did you mean '{near}'?"));
                (table.key(role).and_then(toml_edit::Key::span), Some(hint))
            }
            theme::PaletteError::Colour { role, .. } => (
                table.get(role).and_then(Item::span),
                Some("red, light-blue, 214, #d55e00".to_owned()),
            ),
        };
        (Place::At(place), (wrong.to_string(), hint))
    })?;
    config.palettes.push(own);
    Ok(())
}

fn key(config: &mut Config, name: &str, item: &Item) -> Result<(), EntryWrong> {
    let action = command::action(name).ok_or_else(|| {
        let near = nearest(name, COMMANDS.iter().map(|row| row.name));
        let hint = near.map(|near| format!("did you mean '{near}'?"));
        (Place::Key, (format!("no action is called '{name}'"), hint))
    })?;
    let hint = || Some(format!("{name} = [\"ctrl-x\", \"f5\"]"));
    let list = item.as_array().into_iter().flatten().map(toml_edit::Value::as_str);
    let names: Vec<&str> = match item.as_str() {
        Some(one) => vec![one],
        None => list
            .collect::<Option<_>>()
            .filter(|all: &Vec<&str>| !all.is_empty())
            .ok_or_else(|| (Place::Value, ("a list of keys belongs here".to_owned(), hint())))?,
    };
    let mut keys = Vec::new();
    for name in names {
        let known = keymap::key(name);
        keys.push(
            known.ok_or_else(|| (Place::Value, (format!("no key is called '{name}'"), hint())))?,
        );
    }
    config.keys.push((action, keys));
    Ok(())
}

/// The value of that name among those there are.
fn chosen<T: Copy>(name: &str, rows: &[(&str, T)]) -> Result<T, Wrong> {
    rows.iter().find(|(known, _)| *known == name).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
        (format!("'{name}' is none of its values"), Some(names.join(", ")))
    })
}

/// A message with its hint apart.
fn parted(message: String) -> Wrong {
    match message.split_once("; hint: ") {
        Some((message, hint)) => (message.to_owned(), Some(hint.to_owned())),
        None => (message, None),
    }
}

/// The text of a value.
pub(super) fn text_of(item: &Item) -> Result<&str, Wrong> {
    item.as_str().ok_or_else(|| ("a text in quotes belongs here".to_owned(), None))
}
