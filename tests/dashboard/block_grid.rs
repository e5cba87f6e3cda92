//! The filter of a line of a block finds as many packets as the line counts.

use ipeek::dashboard::model::action::Action;
use ipeek::dashboard::view::block_grid::{BlockGrid, Content};
use ipeek::dashboard::view::panel::{headers, overview};
use ipeek::filter::Filter;
use ipeek::wire::catalogue;
use ipeek::wire::header::Class;

use super::Bench;
use crate::packets::{Decoded, captures, frames};

/// How many packets a line stands for: its last number, or the sum of those behind a name in a
/// table.
fn count(line: &str, term: &str) -> u64 {
    let number = |word: &str| {
        let digits: String = word.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_table = term.starts_with("(ip.dsfield.dscp#1") && !term.contains("ecn");
    let last = if is_table { 4 } else { 1 };
    words[words.len() - last..].iter().map(|word| number(word)).sum()
}

/// Lines that stand for other things than packets, or for packets that no filter tells apart.
fn is_exempt(line: &str, term: &str) -> bool {
    // Flows with a flag, and addresses, which are also in what an error message quotes.
    term.starts_with("tcp.flags.") || term.contains(".addr == ")
        // Extension headers, which may be quoted too.
        || catalogue::HEADERS
            .iter()
            .any(|row| row.class == Class::Extension && line.starts_with(row.title))
}

#[test]
fn a_line_is_followed_to_as_many_packets_as_it_counts() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for path in captures() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let packets: Vec<_> = frames(&path).into_iter().map(Decoded::of).collect();
        let mut bench = Bench::open(name, (160, 400));
        let mut grids: Vec<(&str, BlockGrid)> = Vec::new();
        for (panel, title) in [(overview::ID, "overview"), (headers::ID, "headers")] {
            bench.act(Action::View(panel));
            bench.wait();
            let (state, data) = (&bench.app.state, &bench.app.data);
            grids.push((
                title,
                if panel == overview::ID {
                    overview::grid(state, data)
                } else {
                    headers::grid(state, data).0
                },
            ));
        }
        for (title, grid) in grids {
            for line in &grid.lines {
                let Content::Line(bar) = &line.content else { continue };
                let Some(term) = &bar.term else { continue };
                let filter = Filter::compile(term).unwrap();
                let found = packets.iter().filter(|d| filter.matches(&d.packet())).count() as u64;
                let line = bar.line.to_string();
                seen += 1;
                if !is_exempt(&line, term) && found != count(&line, term) {
                    wrong.push(format!("{name} {title} {line} | {term}: {found}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
}
