//! A summary as text: what is wrong first, then what there is, tables of which empty ones are left
//! out, and the ledger as the last line.

mod number;
mod page;
mod tables;

use crate::analyze::statistic::Entry;
use crate::analyze::{Tally, statistic};
use crate::base::text::Safe;
use crate::base::units;
use crate::capture::{Ledger, Recorded};
use crate::decode::checksum::Status;
use crate::export::text::Ink;
use crate::report::summary::{Statistics, Summary};
use crate::report::words::append;

use self::number::{number, percent, rate, rate_unit};
pub use self::page::Look;
use self::page::{Cell, Page, Table, sparkline};

/// Appends the summary; every line ends with a line break and none is wider than the look's.
pub fn write(out: &mut String, summary: &Summary, look: Look) {
    let mut page = Page { out, look };
    headline(&mut page, summary);
    page.table(&told(summary));
    page.table(&trouble(summary));
    for table in tables::all(summary, look) {
        page.table(&table);
    }
    page.end();
    if let Some(recorded) = &summary.recorded {
        page.put(Ink::Plain, &dropped(recorded));
        page.end();
    }
    page.put(Ink::Plain, &ledger(summary));
    page.end();
}

/// What became of every packet, as one line without its end.
pub fn ledger(summary: &Summary) -> String {
    ledger_of(summary.losses, &summary.statistics)
}

/// The same, of what a live capture lost and of the statistics.
pub fn ledger_of(losses: Option<Ledger>, statistics: &Statistics) -> String {
    if let Some(losses) = losses {
        return format!(
            "ledger: received {} = delivered {} + kernel {} + interface {} + application {} + unread {}",
            known(losses.received),
            losses.delivered,
            known(losses.kernel),
            known(losses.interface),
            losses.application,
            known(losses.unread),
        );
    }
    let places = statistics.get(&statistic::ledger::ROW);
    let of = |key: &str| places.tally(key).packets;
    let (ip, non_ip, undecoded) = (of("ip_outer"), of("non_ip"), of("undecoded"));
    let packets = statistics.total().packets;
    format!("ledger: packets {packets} = ip {ip} + non-ip {non_ip} + undecoded {undecoded}")
}

/// What a file says was dropped when it was captured, as one line without its end.
fn dropped(recorded: &Recorded) -> String {
    let (kernel, interface) = (known(recorded.kernel), known(recorded.interface));
    let mut line = format!("dropped: kernel {kernel}, interface {interface}");
    if let Some(between) = recorded.between {
        append(&mut line, format_args!(", between packets {between}"));
    }
    if let Some(accepted) = recorded.accepted {
        append(&mut line, format_args!("; {accepted} passed the capture filter"));
    }
    line
}

/// A counter, or that it is not known.
fn known(count: Option<u64>) -> String {
    count.map_or_else(|| "?".to_owned(), |count| count.to_string())
}

fn headline(page: &mut Page<'_>, summary: &Summary) {
    let inputs = match summary.inputs.as_slice() {
        [] => "packets".to_owned(),
        [one] => Safe(one).to_string(),
        [first, others @ ..] => format!("{} and {} more", Safe(first), others.len()),
    };
    page.both((Ink::Strong, &inputs), summary.format);
    let Tally { packets, octets } = summary.statistics.total();
    let noun = if packets == 1 { "packet" } else { "packets" };
    let mut what = format!("{} {noun}, {}", units::grouped(packets), units::octets(octets));
    let captured = summary.statistics.captured();
    if captured < octets {
        what.push_str(&format_args!(" ({} captured)", units::octets(captured)).to_string());
    }
    let Some((first, last)) = summary.statistics.times() else {
        page.both((Ink::Plain, &what), "");
        return;
    };
    if let Some(rates) = summary.rates {
        what.push_str(&format_args!(" in {}", units::span(last - first)).to_string());
        let rates = format!("{} packets/s, {}bit/s", rate(rates.packets), rate_unit(rates.bits));
        page.both((Ink::Plain, &what), &rates);
    } else {
        page.both((Ink::Plain, &what), "");
    }
    let when = if first == last {
        format!("at {} UTC", first.brief())
    } else {
        let (from, to) = (first.brief(), last.brief());
        // The date again only when it is another.
        let to = if from.get(..10) == to.get(..10) { to.get(11..).unwrap_or(&to) } else { &to };
        format!("{from} to {to} UTC")
    };
    let entries = &summary.statistics.get(&statistic::series::ROW).entries;
    let steps: Vec<u64> = entries.iter().map(|entry| entry.tally.packets).collect();
    let width = entries.first().and_then(Entry::step).map(|(_, width)| width);
    let Some(width) = width.filter(|_| steps.len() > 1) else {
        page.both((Ink::Muted, &when), "");
        return;
    };
    let (line, most, columns) = sparkline(&steps, page.look.width, page.look.ascii);
    let width = width * i64::try_from(steps.len()).unwrap_or(1);
    let column = width / i64::try_from(columns).unwrap_or(1);
    let full = if page.look.ascii { '@' } else { '█' };
    let noun = if most < 1.5 { "packet" } else { "packets" };
    let most = format!("{full} {most:.0} {noun} in {}", units::span(column));
    page.both((Ink::Muted, &when), &most);
    page.put(Ink::Layer(0), &line);
    page.end();
}

/// What the capture says of itself.
fn told(summary: &Summary) -> Table {
    let mut table = Table::new("Capture", &[]);
    for (word, text) in &summary.told {
        table.line(Ink::Plain, &format!("{word}: {text}"));
    }
    table.more(summary.more_comments, "comments");
    table
}

/// What an on-call engineer has to know before anything else.
fn trouble(summary: &Summary) -> Table {
    let mut table = Table::new("Trouble", &["", "", ""]);
    let total = summary.statistics.total().packets;
    let mut add = |name: &str, count: u64, whole: u64, note: &str| {
        if count > 0 {
            table.row(vec![
                Cell::Text(Ink::Bad, name.to_owned()),
                Cell::number(number(count)),
                Cell::number(percent(count, whole)),
                Cell::muted(note),
            ]);
        }
    };
    if let Some(losses) = summary.losses {
        let lost = [
            ("lost in the kernel", losses.kernel, "no room in its ring"),
            ("lost at the interface", losses.interface, "dropped by it or its driver"),
            ("lost here", Some(losses.application), "analysis could not keep up"),
            ("left unread", losses.unread, "still on their way at the end"),
        ];
        let all = lost.iter().filter_map(|(_, count, _)| *count).sum::<u64>() + losses.delivered;
        for (name, count, note) in lost {
            add(name, count.unwrap_or(0), all, note);
        }
    }
    if let Some(recorded) = &summary.recorded {
        let lost = [
            ("lost in the kernel", recorded.kernel),
            ("lost at the interface", recorded.interface),
            ("lost between packets", recorded.between),
        ];
        for (name, count) in lost {
            let count = count.unwrap_or(0);
            add(name, count, total.saturating_add(count), "when it was captured, says the file");
        }
    }
    let checksums = &summary.statistics.get(&statistic::checksum::ROW).entries;
    for (row, counts) in statistic::checksum::by_row(checksums) {
        let (bad, title) = (counts[Status::Bad as usize], row.title);
        let name = format!("bad {title} checksums");
        add(&name, bad, counts.iter().sum(), &format!("of {title} headers"));
    }
    for entry in &summary.statistics.get(&statistic::stop::ROW).entries {
        let note = match &*entry.key {
            "truncated" => "cut before the last header's end",
            "malformed" => "a header contradicts itself or what holds it",
            "unknown" => "not decoded",
            _ => "more headers than are followed",
        };
        add(&entry.name, entry.tally.packets, total, note);
    }
    add(
        "flows forgotten",
        summary.flows.evicted,
        summary.flows.seen,
        "to make room: counts of flows are lower bounds",
    );
    for line in summary.events.iter().chain(&summary.damage) {
        table.line(Ink::Bad, line);
    }
    table
}
