//! Answers of a look-up as JSON, CSV and lines; [`report`] writes them out for people.
//!
//! Everything is appended to a buffer that the caller writes out, so a million answers need no
//! allocation each.  Nothing from the input reaches the buffer unescaped.

pub mod report;
pub mod tables;

use crate::address::column::{COLUMNS, Column, Form};
use crate::address::describe::Answer;
use crate::address::plan::SubnetPlan;
use crate::address::prefix::{Count, Family, Prefix};
use crate::address::refusal::Refusal;
use crate::address::text;
use crate::base::columns;
use crate::base::text::{Safe, is_unsafe};

/// Appends an answer as a JSON object without its end, so that a list may follow.
pub fn json(out: &mut Vec<u8>, answer: &Answer<'_>, columns: &[&Column]) {
    out.push(b'{');
    let start = out.len();
    for column in columns {
        let before = out.len();
        if before > start {
            out.push(b',');
        }
        key(out, column.name);
        if column.form == Form::Text {
            out.push(b'"');
        }
        let value = out.len();
        (column.write)(answer, out);
        if out.len() == value {
            out.truncate(before);
        } else if column.form == Form::Text {
            escape(out, value);
            out.push(b'"');
        } else if !column.form.is_number(answer.family(), &out[value..]) {
            out.insert(value, b'"');
            out.push(b'"');
        }
    }
}

/// Appends a refused item as a whole JSON object.
pub fn json_refusal(out: &mut Vec<u8>, input: &str, refusal: &Refusal) {
    out.push(b'{');
    json_text(out, "input", input);
    out.push(b',');
    json_text(out, "verdict", &format!("refuse: {refusal}"));
    out.extend_from_slice(b"}\n");
}

/// Appends a key and a text.
pub fn json_text(out: &mut Vec<u8>, name: &str, value: &str) {
    key(out, name);
    out.push(b'"');
    let start = out.len();
    out.extend_from_slice(value.as_bytes());
    escape(out, start);
    out.push(b'"');
}

/// Appends a key and a count: a number up to 2^53, beyond a string.
pub fn json_count(out: &mut Vec<u8>, name: &str, value: Count) {
    key(out, name);
    let start = out.len();
    text::count(out, value);
    if !Form::Count.is_number(Family::V4, &out[start..]) {
        out.insert(start, b'"');
        out.push(b'"');
    }
}

/// Appends a comma, a key and a list of texts.
pub fn json_list(out: &mut Vec<u8>, name: &str, texts: &[String]) {
    out.push(b',');
    key(out, name);
    out.push(b'[');
    for (at, text) in texts.iter().enumerate() {
        out.extend_from_slice(if at > 0 { b",\"" } else { b"\"" });
        let start = out.len();
        out.extend_from_slice(text.as_bytes());
        escape(out, start);
        out.push(b'"');
    }
    out.push(b']');
}

/// Appends a prefix as a JSON string.
pub fn json_prefix(out: &mut Vec<u8>, prefix: Prefix) {
    out.push(b'"');
    text::prefix(out, prefix);
    out.push(b'"');
}

/// Appends `"name":`.
pub fn key(out: &mut Vec<u8>, name: &str) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Escapes what was appended from `start` on: quotes and backslashes, and whatever a terminal
/// would act on.
fn escape(out: &mut Vec<u8>, start: usize) {
    let plain = |c: &u8| matches!(c, b' '..=b'~') && !matches!(c, b'"' | b'\\');
    if out[start..].iter().all(plain) {
        return;
    }
    let tail = out.split_off(start);
    for c in String::from_utf8_lossy(&tail).chars() {
        match c {
            '"' | '\\' => out.extend_from_slice(&[b'\\', c as u8]),
            _ if is_unsafe(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                }
            }
            _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Appends the heading of a CSV table.
pub fn csv_heading(out: &mut Vec<u8>, columns: &[&Column]) {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(column.name.as_bytes());
    }
    out.push(b'\n');
}

/// Appends an answer as a CSV row.
pub fn csv(out: &mut Vec<u8>, answer: &Answer<'_>, columns: &[&Column]) {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let start = out.len();
        (column.write)(answer, out);
        quote(out, start);
    }
    out.push(b'\n');
}

/// Appends a refused item as a CSV row: its input and verdict, the other columns empty.
pub fn csv_refusal(out: &mut Vec<u8>, input: &str, refusal: &Refusal, columns: &[&Column]) {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let start = out.len();
        match column.name {
            "input" => out.extend_from_slice(input.as_bytes()),
            "verdict" => out.extend_from_slice(format!("refuse: {refusal}").as_bytes()),
            _ => {}
        }
        quote(out, start);
    }
    out.push(b'\n');
}

/// Quotes a CSV cell that was appended from `start` on, where it needs it (RFC 4180).
pub fn quote(out: &mut Vec<u8>, start: usize) {
    let plain = |c: &u8| matches!(c, b' '..=b'~') && !matches!(c, b'"' | b',');
    if out[start..].iter().all(plain) {
        return;
    }
    let tail = out.split_off(start);
    let cell = Safe(&String::from_utf8_lossy(&tail)).to_string();
    out.extend_from_slice(super::csv::cell(&cell).as_bytes());
}

/// Appends what a plan says beyond its list: what each block is for, and what is left.
pub fn json_plan(out: &mut Vec<u8>, plan: &SubnetPlan) {
    out.push(b',');
    key(out, "plan");
    out.push(b'[');
    for (at, (hosts, block)) in plan.blocks.iter().enumerate() {
        out.extend_from_slice(if at > 0 { b",{" } else { b"{" });
        json_count(out, "hosts", Count::Number(*hosts));
        out.push(b',');
        key(out, "prefix");
        json_prefix(out, *block);
        out.push(b',');
        json_count(out, "usable", block.usable().total());
        out.push(b'}');
    }
    out.extend_from_slice(b"],");
    key(out, "free");
    out.push(b'[');
    for (at, block) in plan.free.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        json_prefix(out, *block);
    }
    out.push(b']');
}

/// Appends a plan as a table: hosts wanted, block, first and last usable address, how many.
pub fn plan(out: &mut Vec<u8>, plan: &SubnetPlan) {
    let cell = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut cell = Vec::new();
        write(&mut cell);
        String::from_utf8_lossy(&cell).into_owned()
    };
    let mut rows = vec![["hosts", "prefix", "first", "last", "usable"].map(str::to_owned)];
    let blocks = plan.blocks.iter().map(|(hosts, block)| (hosts.to_string(), block));
    let free = plan.free.iter().map(|block| ("free".to_owned(), block));
    for (hosts, block) in blocks.chain(free) {
        let usable = block.usable();
        rows.push([
            hosts,
            cell(&|out| text::prefix(out, *block)),
            cell(&|out| text::address(out, usable.family, usable.first)),
            cell(&|out| text::address(out, usable.family, usable.last)),
            cell(&|out| text::count(out, usable.total())),
        ]);
    }
    let width = |at: usize| rows.iter().map(|row| row[at].len()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2), width(3), width(4)];
    // The ends follow from the prefix; those of IPv6 would not fit on a line.
    let is_wide = widths.iter().sum::<usize>() + 2 * (widths.len() - 1) > 80;
    for row in &rows {
        for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
            if is_wide && matches!(at, 2 | 3) {
                continue;
            }
            // Numbers stand right, addresses left.
            let cell = match at {
                0 => format!("{cell:>width$}"),
                4 => format!("  {cell:>width$}"),
                _ => format!("  {cell:<width$}"),
            };
            out.extend_from_slice(cell.as_bytes());
        }
        out.push(b'\n');
    }
}

/// Appends an answer as one line: input, class, type, and the block or allocation it lies in.
pub fn line(out: &mut Vec<u8>, answer: &Answer<'_>) {
    let start = out.len();
    out.extend_from_slice(Safe(answer.input).to_string().as_bytes());
    pad(out, start, 18);
    for (name, width) in [("class", 3), ("type", 20)] {
        let start = out.len();
        if let Some(column) = COLUMNS.iter().find(|column| column.name == name) {
            (column.write)(answer, out);
        }
        pad(out, start, width);
    }
    let behind = match answer.special {
        Some(_) => ["special", "special_block"].as_slice(),
        None => &["multicast", "allocation"],
    };
    for name in behind {
        let before = out.len();
        if let Some(column) = COLUMNS.iter().find(|column| column.name == *name) {
            (column.write)(answer, out);
        }
        if out.len() > before {
            out.extend_from_slice(b"  ");
        }
    }
    out.truncate(out.trim_ascii_end().len());
    out.push(b'\n');
}

/// Appends a refused item as one line.
pub fn line_refusal(out: &mut Vec<u8>, input: &str, refusal: &Refusal) {
    let start = out.len();
    out.extend_from_slice(Safe(input).to_string().as_bytes());
    pad(out, start, 18);
    out.extend_from_slice(format!("refused: {refusal}\n").as_bytes());
}

/// Fills up to a width, and with one space at least.
fn pad(out: &mut Vec<u8>, start: usize, width: usize) {
    let len = columns::width(&String::from_utf8_lossy(&out[start..]));
    out.resize(out.len() + width.saturating_sub(len).max(1), b' ');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::parse;

    #[test]
    fn nothing_of_the_input_acts_on_a_terminal() {
        let input = "10.0.0.\x1b[31m\u{202e}\"1\\";
        let refusal = parse::item(input).expect_err("refused");
        let mut out = Vec::new();
        json_refusal(&mut out, input, &refusal);
        csv_refusal(&mut out, input, &refusal, &COLUMNS.iter().collect::<Vec<_>>());
        line_refusal(&mut out, input, &refusal);
        let text = String::from_utf8(out).expect("text");
        assert!(text.chars().all(|c| c == '\n' || !is_unsafe(c)), "{text}");
        let object: serde_json::Value =
            serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        assert_eq!(object["input"], input);
    }

    #[test]
    fn numbers_beyond_two_to_the_53_are_strings() {
        for (count, text) in [
            (Count::Number(1 << 53), "\"n\":9007199254740992"),
            (Count::Number((1 << 53) + 1), "\"n\":\"9007199254740993\""),
            (Count::Whole, "\"n\":\"340282366920938463463374607431768211456\""),
        ] {
            let mut out = Vec::new();
            json_count(&mut out, "n", count);
            assert_eq!(String::from_utf8_lossy(&out), text);
        }
    }

    #[test]
    fn the_serializer_and_the_writer_agree() {
        for input in ["10.0.0.1", "10.0.0.0/8", "2001:db8::/32", "ff02::1", "::/0"] {
            let answer = Answer::new(input, parse::item(input).expect("an item"));
            let mut out = Vec::new();
            json(&mut out, &answer, &COLUMNS.iter().collect::<Vec<_>>());
            out.push(b'}');
            let written: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
            assert_eq!(written, serde_json::to_value(answer).expect("JSON"));
        }
    }
}
