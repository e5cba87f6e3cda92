//! Flows and addresses as CSV (RFC 4180): a first line with the names of the columns, named as in
//! the JSON events.

use std::io::Write;
use std::net::IpAddr;

use crate::address::describe::label;
use crate::analyze::flow::FlowView;
use crate::analyze::talk::{self, Address, Scope};
use crate::analyze::{Analysis, Tally};
use crate::base::timestamp::Timestamp;
use crate::decode::tuple::Pair;
use crate::report::words;

const FLOWS: &str = "flow_id,src_ip,src_port,dest_ip,dest_port,proto,depth,pkts_toserver,\
    pkts_toclient,bytes_toserver,bytes_toclient,start,end,min_ttl,max_ttl,tcp_flags_ts,tcp_flags_tc";

const ENDPOINTS: &str =
    "address,class,type,special,pkts_sent,bytes_sent,pkts_received,bytes_received";

/// Writes a row a flow, in the order of their first packets.
pub fn flows(out: &mut dyn Write, analysis: &Analysis) -> std::io::Result<()> {
    writeln!(out, "{FLOWS}")?;
    let mut flows: Vec<FlowView> = analysis.flows().collect();
    flows.sort_unstable_by_key(|flow| (flow.number, flow.path));
    let mut row = String::new();
    for flow in &flows {
        row.clear();
        let depth = analysis.paths.chain(flow.path).len() + 1;
        flow_row(&mut row, flow, depth);
        writeln!(out, "{row}")?;
    }
    Ok(())
}

/// Writes a row an address, most packets first, over every header but quotes and copies.
pub fn endpoints(out: &mut dyn Write, analysis: &Analysis) -> std::io::Result<()> {
    writeln!(out, "{ENDPOINTS}")?;
    let mut row = String::new();
    for talk in talk::endpoints(analysis, Scope::All) {
        row.clear();
        let label = label(talk.who.into());
        words::address(&mut row, talk.who.into());
        for text in [label.class, label.kind, label.special] {
            row.push(',');
            cell(&mut row, text);
        }
        for Tally { packets, octets } in [talk.forth, talk.back] {
            words::append(&mut row, format_args!(",{packets},{octets}"));
        }
        writeln!(out, "{row}")?;
    }
    Ok(())
}

fn flow_row(row: &mut String, flow: &FlowView, depth: usize) {
    let (source, destination): (IpAddr, IpAddr) = match flow.pair {
        Pair::V4(from, to) => (Address::V4(from).into(), Address::V4(to).into()),
        Pair::V6(from, to) => (Address::V6(from).into(), Address::V6(to).into()),
    };
    let has_ports = matches!(flow.proto, 6 | 17 | 33 | 132 | 136) && flow.ports != (0, 0);
    words::number(row, flow.number);
    for (address, port) in [(source, flow.ports.0), (destination, flow.ports.1)] {
        row.push(',');
        words::address(row, address);
        row.push(',');
        if has_ports {
            words::number(row, port);
        }
    }
    row.push(',');
    let mut proto = String::new();
    words::protocol(&mut proto, flow.proto);
    cell(row, &proto);
    let [to, back] = flow.tallies;
    words::append(
        row,
        format_args!(",{depth},{},{},{},{}", to.packets, back.packets, to.octets, back.octets),
    );
    match flow.times {
        Some((first, last)) => {
            words::append(row, format_args!(",{},{}", Timestamp(first), Timestamp(last)));
        }
        None => row.push_str(",,"),
    }
    let [[low, high], [back_low, back_high]] = flow.ttl;
    words::append(row, format_args!(",{},{}", low.min(back_low), high.max(back_high)));
    if flow.proto == 6 {
        words::append(row, format_args!(",{:02x},{:02x}", flow.tcp[0], flow.tcp[1]));
    } else {
        row.push_str(",,");
    }
}

/// Appends a cell, in quotes where it needs them.
fn cell(row: &mut String, text: &str) {
    if text.contains(['"', ',']) {
        words::append(row, format_args!("\"{}\"", text.replace('"', "\"\"")));
    } else {
        row.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_commas_and_quotes_are_quoted() {
        for (text, written) in
            [("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\"")]
        {
            let mut row = String::new();
            cell(&mut row, text);
            assert_eq!(row, written);
        }
    }
}
