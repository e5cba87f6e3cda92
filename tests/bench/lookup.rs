//! How fast addresses are looked up: labels in memory, and a million lines through the program in
//! every format, beside other programs that are installed.
//!
//! `cargo bench --bench lookup`; no harness, since one run of a million says enough.

use std::fmt::Write as _;
use std::fs::File;
use std::hint::black_box;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ipeek::address::describe::label;

const LINES: u32 = 1_000_000;

/// Programs that do part of the work, with the arguments that make them read a list, and how many
/// lines are enough for them: netmask looks at all it has for each that comes.
const PEERS: &[(&str, &[&str], u32)] = &[
    (
        "grepcidr",
        &[
            "10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,192.168.0.0/16,198.18.0.0/15,fc00::/7,fe80::/10,2001:db8::/32",
        ],
        LINES,
    ),
    (
        "python3",
        &[
            "-c",
            "import sys,ipaddress\nfor l in sys.stdin:\n a=ipaddress.ip_address(l.strip());print(a,a.is_private,a.is_global)",
        ],
        LINES,
    ),
    ("sipcalc", &["-"], 100_000),
    ("netmask", &["-f", "/dev/stdin"], 10_000),
];

/// Numbers without a pattern (xorshift, Marsaglia 2003).
fn numbers() -> impl Iterator<Item = u64> {
    std::iter::successors(Some(0x9e37_79b9_7f4a_7c15_u64), |&last| {
        let mut next = last ^ (last << 13);
        next ^= next >> 7;
        Some(next ^ (next << 17))
    })
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    let v4 = || numbers().map(|n| IpAddr::V4(Ipv4Addr::from_bits((n >> 32) as u32)));
    let v6 = || {
        let pairs = numbers().zip(numbers().skip(7));
        pairs.map(|(a, b)| {
            // Global unicast and below, where most rows are.
            let bits = u128::from(a >> 2) << 64 | u128::from(b);
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        })
    };
    for (name, addresses) in
        [("IPv4", v4().take(1 << 20).collect::<Vec<_>>()), ("IPv6", v6().take(1 << 20).collect())]
    {
        let spent = timed(|| {
            for address in &addresses {
                black_box(label(black_box(*address)));
            }
        });
        let nanos = spent.as_nanos() as f64 / addresses.len() as f64;
        writeln!(out, "label {name:<30} {nanos:>8.1} ns each")?;
    }

    let directory = tempfile::tempdir()?;
    for (name, addresses) in [
        ("v4", v4().take(LINES as usize).collect::<Vec<_>>()),
        ("v6", v6().take(LINES as usize).collect()),
    ] {
        let mut text = String::new();
        let mut ends = vec![0];
        for address in addresses {
            let _ = writeln!(text, "{address}");
            ends.push(text.len());
        }
        let path = directory.path().join(name);
        std::fs::write(&path, &text)?;
        for args in [
            &["-T", "csv"][..],
            &["-T", "csv", "--columns", "all"],
            &["-T", "json"],
            &["-T", "text"],
        ] {
            let args = [&["lookup", "-"], args].concat();
            program(&mut out, name, env!("CARGO_BIN_EXE_ipeek"), &args, &path, LINES)?;
        }
        for (peer, args, lines) in PEERS {
            let first = ends.get(*lines as usize).map_or(text.as_str(), |&end| &text[..end]);
            std::fs::write(&path, first)?;
            program(&mut out, name, peer, args, &path, *lines)?;
        }
    }
    Ok(())
}

/// The best of three runs over the lines of a file; nothing where the program is not installed.
fn program(
    out: &mut impl Write,
    list: &str,
    name: &str,
    args: &[&str],
    list_of: &Path,
    lines: u32,
) -> io::Result<()> {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let mut command = Command::new(name);
        command.args(args).stdin(File::open(list_of)?).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        match command.status() {
            Ok(_) => best = best.min(start.elapsed()),
            Err(_) => return Ok(()),
        }
    }
    let name = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    let first = args.join(" ");
    let first = first.lines().next().unwrap_or_default();
    let rate = f64::from(lines) / best.as_secs_f64() / 1e6;
    let what = format!("{list} {name} {first}");
    writeln!(out, "{what:<44} {:>7.3} s {rate:>6.2} M lines/s", best.as_secs_f64())
}
