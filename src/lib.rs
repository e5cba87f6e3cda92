//! ipeek peeks at IP: frames from an interface or a capture become decoded headers on a dashboard,
//! as text and as JSON; and an address, prefix or range becomes all that is known about it.
//!
//! ```
//! use std::path::Path;
//!
//! use ipeek::address::{describe::Answer, parse};
//! use ipeek::capture::{Batch, Fill, file};
//! use ipeek::decode::{Layers, Packet, walk};
//! use ipeek::wire::{Value, ipv6};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut source = file::open(Path::new("captures/dns.pcap"), 0)?;
//! let (mut batch, mut layers) = (Batch::new(), Layers::new());
//! assert!(matches!(source.fill(&mut batch)?, Fill::Records));
//! let frame = batch.frame(0).ok_or("no frame")?;
//! walk::walk(&frame, &mut layers);
//! let packet = Packet { frame, layers: &layers };
//! assert_eq!(packet.get(&ipv6::HLIM), Some(Value::Number(1)));
//!
//! let answer = Answer::new("192.0.2.1", parse::item("192.0.2.1")?);
//! assert_eq!(answer.text("type"), "documentation");
//! # Ok(())
//! # }
//! ```
//!
//! # The floors
//!
//! Imports go down only; a test reads the `use` lines and fails on an upward one.
//!
//! | floor | module | knows |
//! |---|---|---|
//! | 0 | [`base`] | time, units, safe text |
//! | 1 | [`wire`] | what header bits mean: one table row a field |
//! | 1 | [`address`] | what an address is: class, registries, prefix arithmetic |
//! | 1 | [`guard`] | rights that are given up before packets are read |
//! | 1 | [`capture`] | where frames come from: files, pipes, interfaces |
//! | 2 | [`decode`] | which header follows which, and where each lies in a frame |
//! | 2 | [`store`] | where a packet's octets can be found again |
//! | 3 | [`analyze`] | what many packets add up to; parts merge into the whole |
//! | 3 | [`filter`] | expressions over the field catalogue |
//! | 4 | [`report`] | what is shown, before it is known where |
//! | 4 | [`session`] | threads and snapshots |
//! | 5 | [`export`] | text, JSON and captures |
//! | 5 | [`dashboard`] | the terminal |
//! | 6 | [`cli`], [`config`], [`run`], [`exit`] | options, and what joins sources to front ends |
//!
//! # A packet's way
//!
//! 1. An analyst, one of several threads, locks the source and has it fill a [`capture::Batch`]:
//!    256 KiB of octets and where the records lie in them.  The batch gets its turn, and the next
//!    analyst the lock.
//! 2. The analyst goes through the frames in blocks ([`decode::stack`]).  A frame whose header
//!    stack was met before is known by a few masked words, its lengths and its UDP ports; the
//!    frames of one stack are then taken in one after the other.  Most need one look at the
//!    innermost IP header and the transport behind it ([`decode::anomaly`], checks and tail), which
//!    yields their values and their anomalies.  Any other frame is walked header by header
//!    ([`decode::walk`]), each of which says how long it is and what follows ([`wire`]), and its
//!    stack is learned where few octets decide it.  Where a filter is set, frames are recalled or
//!    walked for it first, one by one.
//! 3. Of each packet it notes what the analysis needs: numbers and the key of its flow
//!    ([`analyze::records`]; the number of its tunnels, and the flow of later fragments, come with
//!    the batch's turn), its anomalies ([`decode::anomaly`]) and its checksums
//!    ([`decode::checksum`]), and what depends on other packets ([`analyze::order`]): its time, a
//!    fingerprint by which a copy of it is recognised, its place in a datagram.
//! 4. The batch goes through the pipeline of [`session`] when its turn has come: first what depends
//!    on the order of all packets, and what is summed up ([`analyze::statistic`]); then the tables
//!    of flows ([`analyze::shard`]), one behind the other, so that several batches are in it at
//!    once and every flow gets its packets in the order of the capture.
//! 5. What is shown packet by packet is rendered side by side again, and written in order
//!    ([`export`]); rows of tables are gathered a batch at a time ([`report::table`]).
//! 6. In the end, or for a snapshot for the [`dashboard`], [`analyze::conversation`] adds flows up
//!    to conversations and endpoints, and [`report::summary`] says what text, JSON and screen show.
//!
//! # To add
//!
//! | what | takes | fails where a part is forgotten |
//! |---|---|---|
//! | a header | a file in `wire/`, two lines in `wire.rs`; the row of the number that announces it | the compiler, for its row is checked while it is compiled |
//! | a header field | a row in its header's file in `wire/` | the compiler, where the rows leave a gap or overlap |
//! | an anomaly of a packet | a row in a table in `decode/anomaly/`, a case in `tests/decode/anomaly.rs`; where the gate rules its header out, a comparison there | `tests/anomaly.rs`, for each row has a case; the law of the gate in `tests/decode/anomaly.rs` |
//! | a cross-packet anomaly | a row in `decode/anomaly/several.rs`, who finds it in `analyze/`, a story in `tests/anomaly.rs` | `tests/anomaly.rs`, for each row has a story, and the program tells it |
//! | a statistic | a file in `analyze/statistic/`, its row in [`analyze::statistic::ROWS`] | the laws of merging and of faces, the README's list of keys |
//! | an export | a file in `export/`, its row in [`export::EXPORTS`] | `tests/export/table.rs` |
//! | a column of a table | a row in `report/table/`, what it reads in the row's file there | its tests of names, types and sources; the README's tables |
//! | a panel | a file in `dashboard/view/panel/`, its row in [`dashboard::view::panel::PANELS`] | `tests/dashboard/layers.rs`, the README's table of views |
//! | a key | a row in `dashboard/view/keys/table.rs`; with an action of its own, that and what it does | the README's table of keys, the compiler |
//!
//! # Words
//!
//! | word | means |
//! |---|---|
//! | layer | a kind of header, such as IPv4 or a VLAN tag |
//! | span | where one header of a packet lies |
//! | header stack | the headers of a packet from the outermost on, as their kinds and places |
//! | walk | finding the headers one by one, when the stack is not known |
//! | stop | where and why a walk ended before the packet did |
//! | outline | where in the packets of a stack things lie that are read of each |
//! | row | one entry of a const table: a field, a statistic, an anomaly, an export, a panel |
//! | derived field | a field that no header holds: computed from the packet |
//! | occurrence | an anomaly of a packet, by the number of either |
//! | cross-packet anomaly | one that only several packets show: a duplicate, an overlap, a gap |
//! | finding | an anomaly between two addresses on one interface, with how often and since when |
//! | fingerprint | what a packet is known by when it comes again |
//! | packet record | what the analysis keeps of a packet from decoding to folding |
//! | batch | records that are read, decoded and folded together |
//! | chain | the tunnels and VLANs that encapsulate a flow, outermost first |
//! | shard | one of the tables that flows are spread over by hash |
//! | departed | flows that ended or were evicted, and what is kept of them |
//! | scope | by which IP headers endpoints and conversations count: outer, inner, all |
//! | ledger | the count of every packet by what became of it, from the wire to the screen |

pub mod address;
pub mod analyze;
pub mod base;
pub mod capture;
pub mod cli;
pub mod config;
pub mod dashboard;
pub mod decode;
pub mod exit;
pub mod export;
pub mod filter;
pub mod guard;
pub mod report;
pub mod run;
pub mod session;
pub mod store;
pub mod wire;
