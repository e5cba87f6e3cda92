//! The command line as clap reads it: options grouped under headings, no logic.

pub mod check;
mod decode_as;
pub mod explain;
mod exports;
pub mod lookup;
pub mod values;

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use self::check::CheckArgs;
use self::explain::ExplainArgs;
use self::lookup::LookupArgs;
use self::values::Color;
use crate::decode::decode_as::Choice;
use crate::export::Export;
use crate::guard::SandboxMode;
use crate::report::table::Table;
use crate::report::time::TimeFormat;

const USAGE: &str = "\
ipeek COMMAND [OPTIONS]
       ipeek FILE…         the same as: ipeek read FILE…
       ipeek ADDRESS…      the same as: ipeek lookup ADDRESS…
       ipeek INTERFACE…    the same as: ipeek live -i INTERFACE…
       ipeek               on a terminal: pick one of them";

const EXAMPLES: &str = "\
Examples:
  ipeek office.pcapng                        what happened in this capture
  ipeek read a.pcap b.pcap.gz -T packets     one timeline, a line a packet
  ipeek read a.pcap -Y 'ip.ttl < 5' -T tree  every field of what nearly died
  ipeek read a.pcap -T json | jq 'select(.event_type == \"flow\")'
  sudo ipeek live -i eth0 tcp port 443       the dashboard, live
  ipeek 192.168.1.77/26                      all about an address or prefix

ipeek COMMAND --help tells the options of each.";

/// ipeek peeks at IP: decodes every IPv4 and IPv6 header, live or from a capture, as a dashboard,
/// text or JSON; and tells all about an address.
#[derive(Debug, Parser)]
#[command(
    name = "ipeek",
    version,
    override_usage = USAGE,
    after_help = EXAMPLES,
    max_term_width = 80,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// Write a configuration with every option at its default, and where it belongs
    #[arg(long, exclusive = true)]
    pub print_config: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open captures: several are one timeline, - is standard input
    #[command(after_help = READ_EXAMPLES)]
    Read(ReadArgs),
    /// Sniff interfaces
    #[command(after_help = LIVE_EXAMPLES)]
    Live(LiveArgs),
    /// Check captures for anomalies of their headers
    Check(CheckArgs),
    /// Tell all about addresses, prefixes and ranges
    Lookup(LookupArgs),
    /// List what can be sniffed, and why not
    #[command(after_help = INTERFACES_EXAMPLES)]
    Interfaces,
    /// List the header fields: what -Y and -e may name
    #[command(after_help = FIELDS_EXAMPLES)]
    Fields(FieldsArgs),
    /// Explain anomalies and header fields: meaning, advice, RFC, example
    Explain(ExplainArgs),
    /// Write completions for a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Write the man page
    #[command(after_help = MAN_EXAMPLES)]
    Man,
    /// Try what the sandbox forbids, as every front end would
    #[command(after_help = SANDBOX_EXAMPLES)]
    SandboxCheck(SandboxCheckArgs),
}

/// Options of `ipeek sandbox-check`.
#[derive(Debug, Args)]
pub struct SandboxCheckArgs {
    /// One front end, in the folder that is the current one
    #[arg(long = "as", value_name = "FRONT", hide_possible_values = true, hide = true)]
    pub front: Option<Front>,
}

/// What is confined as itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Front {
    /// Text of a capture
    Read,
    /// Sniffing
    Live,
    /// The dashboard, from which packets are saved
    Dashboard,
}

/// Options of `ipeek completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

const INTERFACES_EXAMPLES: &str = "\
Examples:
  ipeek interfaces                           what can be sniffed, and why not
  sudo ipeek interfaces                      the same as root sees it";

const FIELDS_EXAMPLES: &str = "\
Examples:
  ipeek fields                               every field of every header
  ipeek fields ttl                           those that have the word in them
  ipeek fields ip.flags                      the flags of IPv4
  ipeek fields --table packets               the columns of -T arrow -e packets";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  ipeek completions fish > ~/.config/fish/completions/ipeek.fish
  ipeek completions bash > /etc/bash_completion.d/ipeek";

const MAN_EXAMPLES: &str = "\
Examples:
  ipeek man > ipeek.1                        as a file
  ipeek man | man -l -                       read at once";

const SANDBOX_EXAMPLES: &str = "\
Examples:
  ipeek sandbox-check                        what a decoder could not do here
  sudo ipeek sandbox-check                   the same of one that root started";

const LIVE_EXAMPLES: &str = "\
Examples:
  sudo ipeek live                            the first that is up: a dashboard
  sudo ipeek live -i eth0 -i wlan0 not port 22
  sudo ipeek live -i any -T packets --duration 10
  sudo ipeek live -i eth0 -w kept.pcapng     watch and save
  sudo ipeek live -w ring.pcapng -C 100m -W 10   keep the last gigabyte
  sudo ipeek live -w - | wireshark -k -i -   hand the packets on

Ctrl-C ends it, with all outputs whole; again, half a second later, at once.";

const READ_EXAMPLES: &str = "\
Examples:
  ipeek read a.pcap                          a dashboard; a summary when piped
  ipeek read a.pcap -T packets -c 20         the first twenty, a line each
  ipeek read a.pcap -Y 'ip.src == 10.0.0.0/8 && tcp.flags.syn == 1' -T tree -x
  ipeek read a.pcap -T fields -e ip.src -e ip.dst -e ip.ttl
  ipeek read a.pcap -T csv -e flows          every flow as a row; endpoints too
  ipeek read a.pcap -T arrow -e flows        the same as a stream of Apache Arrow
  ipeek read a.pcap -Y 'ipv6.fraghdr' -w fragments.pcapng
  ipeek read a.pcap -d udp.port==8473,vxlan  a tunnel where none is usual
  ipeek read -F ring.pcap                    a ring of files, as it is written
  ipeek read a.pcap -Y 'frame.number == 5' -T tree --reassemble
  tcpdump -w - | ipeek read - -T json

Ctrl-C ends it, with all outputs whole; again, half a second later, at once.";

/// Options of both read and live.
#[derive(Debug, Args)]
#[group(skip)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
#[command(group = clap::ArgGroup::new("rotated").multiple(true).args(["write", "parquet"]))]
#[command(group = clap::ArgGroup::new("rotation").multiple(true).args(["rotate_size", "rotate_seconds", "rotate_packets"]))]
pub struct Shared {
    /// What to show.
    #[arg(
        short = 'T',
        long,
        help = exports::help(),
        value_parser = exports::parser(),
        value_name = "FORMAT",
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub format: Option<&'static Export>,
    /// Columns of exports that have any.
    #[arg(
        short = 'e',
        long = "field",
        help = exports::columns_help(),
        value_name = "NAME",
        value_delimiter = ',',
        help_heading = "Output"
    )]
    pub fields: Vec<String>,
    /// Write JSON events there too, beside whatever else is shown
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub json: Option<PathBuf>,
    /// Which JSON events: packet, flow, anomaly, stats, summary (all but stats)
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub events: Vec<Event>,
    /// Save the packets that pass: .pcap, or .pcapng by any other name; .gz, .zst, .lz4 or .xz
    /// behind it compresses; - is standard output
    #[arg(short = 'w', long, value_name = "FILE", help_heading = "Output")]
    pub write: Option<PathBuf>,
    /// Begin another numbered file before one grows past SIZE, compressed where it is: 1 is 1,000,000
    /// octets, 1k 1024; a part of --parquet as soon as it has
    #[arg(short = 'C', long, value_name = "SIZE", value_parser = size, requires = "rotated", help_heading = "Rotation of -w and --parquet")]
    pub rotate_size: Option<NonZeroU64>,
    /// Begin another file every so many seconds, by the packets' clock
    #[arg(
        short = 'G',
        long,
        value_name = "SECONDS",
        requires = "rotated",
        help_heading = "Rotation of -w and --parquet"
    )]
    pub rotate_seconds: Option<NonZeroU64>,
    /// Begin another file of -w after so many packets
    #[arg(
        long,
        value_name = "N",
        requires = "write",
        help_heading = "Rotation of -w and --parquet"
    )]
    pub rotate_packets: Option<NonZeroU64>,
    /// Keep the newest so many files of -w of this run; the oldest make room
    #[arg(
        short = 'W',
        long,
        value_name = "COUNT",
        requires = "rotation",
        help_heading = "Rotation of -w and --parquet"
    )]
    pub rotate_files: Option<NonZeroU64>,
    /// Write tables there too, as Apache Parquet: a file for one table, else a folder
    #[arg(long, value_name = "PATH", help_heading = "Tables")]
    pub parquet: Option<PathBuf>,
    /// Which tables of --parquet: packets, flows, endpoints, anomalies (all)
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        value_parser = exports::tables(),
        hide_possible_values = true,
        requires = "parquet",
        help_heading = "Tables"
    )]
    pub tables: Vec<&'static Table>,
    /// Spread the rows of --parquet over folders by hour or day, as Hive does
    #[arg(
        long,
        value_name = "BY",
        hide_possible_values = true,
        requires = "parquet",
        help_heading = "Tables"
    )]
    pub partition: Option<PartitionBy>,
    /// Let -w, --json and --parquet replace files that exist
    #[arg(long, help_heading = "Output")]
    pub force: bool,
    /// How times are written: relative (the default), utc, local, epoch
    #[arg(long, value_name = "HOW", hide_possible_values = true, help_heading = "Output")]
    pub time: Option<TimeFormat>,
    /// Configuration, elsewhere than ipeek --print-config tells
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub config: Option<PathBuf>,
    /// Colours: auto (on a terminal, unless `NO_COLOR` is set), always, never
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub color: Color,
    /// Show the octets in packets and tree
    #[arg(short = 'x', long, help_heading = "Output")]
    pub bytes: bool,
    /// Keep packets that match, such as: ip.ttl < 5 && !tcp
    #[arg(short = 'Y', long, value_name = "EXPR", help_heading = "Which packets")]
    pub filter: Option<String>,
    /// Keep packets that match in BPF: tcp port 443 (needs libpcap)
    #[arg(short = 'f', long, value_name = "BPF", help_heading = "Which packets")]
    pub capture_filter: Option<String>,
    /// Show the datagram too that a fragment completes.
    #[arg(long, help = exports::reassemble_help(), help_heading = "Which packets")]
    pub reassemble: bool,
    /// Stop after so many packets that passed
    #[arg(short = 'c', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Which packets")]
    pub count: Option<u64>,
    /// Rights given up before packets are read: best (what this system can), strict (all, or
    /// nothing is read), off
    #[arg(
        long,
        value_name = "HOW",
        default_value = "best",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Limits"
    )]
    pub sandbox: SandboxMode,
    /// What is decoded as what.
    #[arg(
        short = 'd',
        long,
        help = decode_as::help(),
        value_parser = decode_as::parser(),
        value_name = "RULE",
        hide_possible_values = true,
        help_heading = "Analysis"
    )]
    pub decode_as: Vec<Choice>,
    /// What tells flows apart beside addresses, ports and protocol: vlan (its number), tunnel (VNI,
    /// VSID, GRE key), none; both by default
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        hide_possible_values = true,
        help_heading = "Analysis"
    )]
    pub flow_key: Vec<FlowKeyPart>,
    /// Endpoints, conversations and classes by which headers: outer, inner, all
    #[arg(
        long,
        value_name = "WHICH",
        default_value = "outer",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Analysis"
    )]
    pub depth: Depth,
    /// Look at no checksums but those of IPv4 headers
    #[arg(long, help_heading = "Analysis")]
    pub no_checksums: bool,
    /// Threads that decode: as many as the machine has cores
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Limits")]
    pub threads: Option<u16>,
    /// Flows kept at once; beyond that old ones go, counted (read 4,194,304, live 262,144)
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub max_flows: Option<std::num::NonZeroUsize>,
}

/// What identifies a flow beside its tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FlowKeyPart {
    /// Numbers of VLANs
    Vlan,
    /// Numbers of networks in tunnels
    Tunnel,
    /// Nothing
    None,
}

/// By what the rows of tables are spread over folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PartitionBy {
    /// A folder an hour
    Hour,
    /// A folder a day
    Day,
}

/// The IP headers by which addresses are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Depth {
    /// The outermost
    Outer,
    /// The innermost
    Inner,
    /// All
    All,
}

/// Events of the JSON output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Event {
    /// One a packet
    Packet,
    /// One a flow
    Flow,
    /// One a finding
    Anomaly,
    /// Running totals
    Stats,
    /// The last line
    Summary,
}

/// Options of `ipeek read`.
#[derive(Debug, Args)]
pub struct ReadArgs {
    /// Captures: pcap or pcapng, plain or in gzip, zstd, lz4, xz; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, clippy::allow_attributes)]
    pub shared: Shared,
    /// Keep packets from that time on: 2026-01-31T12:00:00Z, 12:00 (of the first packet's day),
    /// seconds since 1970, or +90s after the first packet
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, help_heading = "Which packets")]
    pub after: Option<String>,
    /// Wait at the end of the file for what is still to be written, and go on with the file that is
    /// next given its name; Ctrl-C ends it
    #[arg(short = 'F', long, help_heading = "Which packets")]
    pub follow: bool,
    /// Keep packets before that time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, help_heading = "Which packets")]
    pub before: Option<String>,
}

/// What becomes of output that cannot keep up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnSlow {
    /// JSON records are left out and counted; packets still count
    DropRecords,
    /// The capture waits, and the kernel drops what does not fit
    Block,
}

/// Reads a length of time that a clock can wait for.
fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    let can_wait = std::time::Duration::try_from_secs_f64(seconds).is_ok();
    if can_wait { Ok(seconds) } else { Err("no time that a clock can wait for".to_owned()) }
}

/// Reads a size as tcpdump does: millions of octets, or powers of 1024 with a letter.
fn size(text: &str) -> Result<NonZeroU64, String> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit: u64 = match text.get(digits.len()..).unwrap_or_default() {
        "" => 1_000_000,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        unit => return Err(format!("unknown unit '{unit}'; hint: k, m or g")),
    };
    let count: u64 = digits.parse().map_err(|_| "not a number".to_owned())?;
    let octets = count.checked_mul(unit).ok_or_else(|| "more than any disk holds".to_owned())?;
    NonZeroU64::new(octets).ok_or_else(|| "a file holds more than nothing".to_owned())
}

/// Options of `ipeek live`.
#[derive(Debug, Args)]
pub struct LiveArgs {
    /// Capture filter in words of BPF, such as: tcp port 443
    #[arg(value_name = "BPF")]
    pub words: Vec<String>,
    /// Interface to sniff; as often as wanted
    #[arg(short = 'i', long = "interface", value_name = "IFACE", help_heading = "Capture")]
    pub interfaces: Vec<String>,
    /// Stop after so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true, help_heading = "Capture")]
    pub duration: Option<f64>,
    /// Kernel buffer in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=2047), help_heading = "Capture")]
    pub buffer: u32,
    /// Octets kept of each packet
    #[arg(long, value_name = "N", default_value_t = 262_144, value_parser = clap::value_parser!(u32).range(1..=262_144), help_heading = "Capture")]
    pub snaplen: u32,
    /// Leave the interface out of promiscuous mode
    #[arg(long, help_heading = "Capture")]
    pub no_promiscuous: bool,
    /// JSON that cannot keep up: drop-records (and count them), block (the kernel drops)
    #[arg(
        long,
        value_name = "HOW",
        default_value = "drop-records",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub on_slow: OnSlow,
    /// A flow ends after so many seconds without packets
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..), help_heading = "Limits")]
    pub flow_idle: u64,
    #[command(flatten)]
    #[allow(missing_docs, clippy::allow_attributes)]
    pub shared: Shared,
}

/// Options of `ipeek fields`.
#[derive(Debug, Args)]
pub struct FieldsArgs {
    /// Only fields whose name, label or meaning has this in it
    pub pattern: Option<String>,
    /// The columns of a table that -T arrow writes: packets, flows, endpoints, anomalies
    #[arg(long, value_name = "NAME", value_parser = exports::tables(), hide_possible_values = true, conflicts_with = "pattern")]
    pub table: Option<&'static Table>,
    /// As a Markdown table
    #[arg(long)]
    pub markdown: bool,
}
