//! Tables on a page of some columns: labels at the left, numbers right-aligned, a bar for shares.

use super::text::{Ink, Style, end, pad, width};

/// How pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Colours.
    pub style: Style,
    /// Columns; fewer than 40 are taken as 40.
    pub columns: usize,
    /// Whether other characters than ASCII may be used.
    pub unicode: bool,
}

impl Look {
    /// As for a pipe: no colours, 80 columns.
    pub const PLAIN: Self = Self { style: Style::Plain, columns: 80, unicode: true };
}

/// Least columns.
const LEAST: usize = 40;
/// Columns of the longest bar.
const BAR: usize = 10;
/// Columns between two columns of a table.
const GAP: usize = 2;
/// Least columns of a number, so that tables line up with each other.
const NUMBER: usize = 9;
/// Least columns for labels.
const LABEL: usize = 12;

/// A space at which no line ends.
pub const JOINT: char = '\u{a0}';

/// One row of a table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// What it is about.
    pub label: String,
    /// Numbers, as many as the table has heads.
    pub cells: Vec<String>,
    /// Its share in percent, where the table shows shares.
    pub percent: Option<f64>,
}

/// How a table shows shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shares {
    /// Not at all.
    #[default]
    None,
    /// In percent.
    Percent,
    /// In percent, with a bar.
    Bar,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What it is about.
    pub title: String,
    /// Heads of the numbers.
    pub heads: Vec<&'static str>,
    /// How shares are shown.
    pub shares: Shares,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A page under way.
#[derive(Debug)]
pub struct Page {
    look: Look,
    out: String,
}

impl Page {
    /// An empty page.
    pub fn new(look: Look) -> Self {
        Self { look: Look { columns: look.columns.max(LEAST), ..look }, out: String::new() }
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.out
    }

    /// One of two spellings, by what characters may be used.
    pub fn either<'a>(&self, unicode: &'a str, ascii: &'a str) -> &'a str {
        if self.look.unicode { unicode } else { ascii }
    }

    /// A line.
    pub fn line(&mut self, ink: Ink, text: &str) {
        self.look.style.paint(&mut self.out, ink, text);
        end(&mut self.out);
    }

    /// A name and its value, which goes on below itself where it is too long; no line ends at a
    /// [`JOINT`].
    pub fn fact(&mut self, ink: Ink, name: &str, value: &str) {
        self.look.style.paint(&mut self.out, Ink::Muted, name);
        pad(&mut self.out, LABEL.saturating_sub(width(name)).max(1));
        self.flow(ink, LABEL, value);
    }

    /// A line of a list, with a mark before it.
    pub fn item(&mut self, ink: Ink, mark: &str, value: &str) {
        pad(&mut self.out, 2);
        self.look.style.paint(&mut self.out, ink, mark);
        self.out.push(' ');
        self.flow(ink, 3 + width(mark), value);
    }

    /// Words from column `indent` on, and below it.
    fn flow(&mut self, ink: Ink, indent: usize, value: &str) {
        let mut column = indent;
        for (index, word) in value.split(' ').enumerate() {
            if index > 0 && column + 1 + width(word) > self.look.columns {
                end(&mut self.out);
                pad(&mut self.out, indent);
                column = indent;
            } else if index > 0 {
                self.out.push(' ');
                column += 1;
            }
            self.look.style.paint(&mut self.out, ink, &word.replace(JOINT, " "));
            column += width(word);
        }
        end(&mut self.out);
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A table below an empty line; nothing when it has no rows.
    pub fn table(&mut self, table: &Table) {
        if table.rows.is_empty() {
            return;
        }
        self.gap();
        let cell = |row: &Row, at: usize| row.cells.get(at).map_or(0, |cell| width(cell));
        let widths: Vec<usize> = table
            .heads
            .iter()
            .enumerate()
            .map(|(at, head)| {
                table.rows.iter().map(|row| cell(row, at)).fold(width(head).max(NUMBER), usize::max)
            })
            .collect();
        let share = match table.shares {
            Shares::None => 0,
            Shares::Percent => GAP + SHARE,
            Shares::Bar => GAP + SHARE + GAP + BAR,
        };
        let numbers: usize = widths.iter().map(|width| width + GAP).sum::<usize>() + share;
        let label = self.look.columns.saturating_sub(numbers).max(LABEL);
        self.look.style.paint(&mut self.out, Ink::Strong, &table.title);
        pad(&mut self.out, label.saturating_sub(width(&table.title)));
        for (head, column) in table.heads.iter().zip(&widths) {
            pad(&mut self.out, GAP + column - width(head));
            self.look.style.paint(&mut self.out, Ink::Muted, head);
        }
        if table.shares != Shares::None {
            pad(&mut self.out, GAP + SHARE - "share".len());
            self.look.style.paint(&mut self.out, Ink::Muted, "share");
        }
        end(&mut self.out);
        for row in &table.rows {
            self.row(row, label, &widths, table.shares);
        }
    }

    fn row(&mut self, row: &Row, label: usize, widths: &[usize], shares: Shares) {
        self.out.push_str("  ");
        self.out.push_str(&row.label);
        let taken = 2 + width(&row.label);
        if taken > label {
            // A label that is too long, such as two IPv6 addresses, has its numbers below.
            end(&mut self.out);
            pad(&mut self.out, label);
        } else {
            pad(&mut self.out, label - taken);
        }
        for (cell, column) in row.cells.iter().zip(widths) {
            pad(&mut self.out, GAP + column.saturating_sub(width(cell)));
            self.out.push_str(cell);
        }
        if let Some(percent) = row.percent.filter(|_| shares != Shares::None) {
            let text = share(percent);
            pad(&mut self.out, GAP + SHARE.saturating_sub(width(&text)));
            self.out.push_str(&text);
            if shares == Shares::Bar {
                pad(&mut self.out, GAP);
                let bar = bar(percent, self.look.unicode);
                self.look.style.paint(&mut self.out, Ink::Muted, &bar);
            }
        }
        end(&mut self.out);
    }
}

/// Columns of a share: `100.0 %`.
const SHARE: usize = 7;

/// A share in words: `12.3 %`; what is there is never 0.
pub fn share(percent: f64) -> String {
    if percent > 0.0 && percent < 0.05 {
        "< 0.1 %".to_owned()
    } else if percent < 100.0 && percent >= 99.95 {
        "99.9 %".to_owned()
    } else {
        format!("{percent:.1} %")
    }
}

/// A bar for a share: a block for each tenth, eighths of one for the rest; what is there is never
/// empty.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and eighty after clamping"
)]
pub fn bar(percent: f64, unicode: bool) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if percent <= 0.0 {
        return String::new();
    }
    let eighths = (percent.clamp(0.0, 100.0) / 100.0 * (BAR * 8) as f64).round().max(1.0) as usize;
    if unicode {
        let mut bar = "█".repeat(eighths / 8);
        bar.push_str(EIGHTHS[eighths % 8]);
        bar
    } else {
        "#".repeat(((eighths + 4) / 8).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_nothing_nor_all_when_they_are_not() {
        for (percent, text, unicode, ascii) in [
            (0.0, "0.0 %", "", ""),
            (0.001, "< 0.1 %", "▏", "#"),
            (12.5, "12.5 %", "█▎", "#"),
            (50.0, "50.0 %", "█████", "#####"),
            (99.99, "99.9 %", "██████████", "##########"),
            (100.0, "100.0 %", "██████████", "##########"),
        ] {
            assert_eq!(share(percent), text);
            assert_eq!(
                (bar(percent, true).as_str(), bar(percent, false).as_str()),
                (unicode, ascii)
            );
        }
    }

    #[test]
    fn a_label_that_is_too_long_has_its_numbers_below() {
        let mut page = Page::new(Look { columns: 40, ..Look::PLAIN });
        page.table(&Table {
            title: "Pairs".to_owned(),
            heads: vec!["packets"],
            shares: Shares::None,
            rows: vec![
                Row { label: "short".to_owned(), cells: vec!["1".to_owned()], percent: None },
                Row { label: "x".repeat(40), cells: vec!["22".to_owned()], percent: None },
            ],
        });
        let expected = format!(
            "\nPairs{:28}packets\n  short{:32}1\n  {}\n{:38}22\n",
            "",
            "",
            "x".repeat(40),
            ""
        );
        assert_eq!(page.into_text(), expected);
    }
}
