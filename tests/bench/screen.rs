//! How fast the dashboard is: a frame of every panel at 200 × 60, and a filter over all packets.
//!
//! `cargo bench --bench screen`, of a million flows made for it; `cargo bench --bench screen --
//! FILE` of a capture.  No harness: the worst frame says more than a mean.

use std::io::{self, BufWriter, Write};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ipeek::analyze::Settings;
use ipeek::capture::file::open_all;
use ipeek::capture::save::Shutdown;
use ipeek::dashboard::engine::app::App;
use ipeek::dashboard::model::action::Action;
use ipeek::dashboard::model::action::Effect;
use ipeek::dashboard::model::state::State;
use ipeek::dashboard::model::theme::{Palette, Theme};
use ipeek::dashboard::view::panel::PANELS;
use ipeek::dashboard::view::screen::view;
use ipeek::report::time::TimeFormat;
use ipeek::session::Plan;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Flows of the capture that is made, a packet each.
const FLOWS: u32 = 1_000_000;

/// Columns and rows of the screen.
const SIZE: (u16, u16) = (200, 60);

/// Frames that are drawn of a panel.
const FRAMES: u32 = 200;

/// What filters are timed with: one that few packets pass, and one that most do.
const FILTERS: [&str; 2] = ["ip.ttl < 5 && tcp", "ip.src in {10.0.0.0/8} || udp.port == 53"];

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    // Cargo says `--bench` itself.
    let given = std::env::args().skip(1).find(|word| !word.starts_with('-')).map(PathBuf::from);
    let made = tempfile::NamedTempFile::new()?;
    if given.is_none() {
        write(made.path())?;
    }
    let path = given.as_deref().unwrap_or(made.path());
    let source = open_all(&[path.to_path_buf()]).map_err(io::Error::other)?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let plan = Plan {
        source,
        threads,
        settings: Settings { flows: 4_194_304, ..Settings::default() },
        pass: None,
        count: None,
        sinks: Vec::new(),
        snapshots: true,
    };
    let theme = Theme { palette: Palette::Dark, is_unicode: true };
    let state = State::new("bench".to_owned(), theme, TimeFormat::Relative, false);
    let mut app = App::open(plan, state, None);
    app.resize(SIZE);
    let loaded = rest(&mut app);
    let packets = app.data.run_status.captured;
    writeln!(out, "{packets} packets read in {loaded:.2?}")?;
    writeln!(out, "{:<12} {:>10} {:>10} {:>10}", "panel", "rows made", "frame", "worst")?;
    for panel in PANELS {
        app.act(Action::View(panel.id));
        let made = rest(&mut app);
        let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
        let (mut sum, mut worst) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..FRAMES {
            buffer.reset();
            let started = Instant::now();
            view(&app.state, &app.data, &mut buffer);
            let took = started.elapsed();
            sum += took;
            worst = worst.max(took);
        }
        let mean = sum / FRAMES;
        writeln!(out, "{:<12} {made:>10.2?} {mean:>10.2?} {worst:>10.2?}", panel.title)?;
    }
    for filter in FILTERS {
        let started = Instant::now();
        app.effect(&Effect::Filter(Some(filter.to_owned())));
        let mut first = None;
        while !app.is_at_rest() {
            app.refresh();
            if app.data.run_status.shown > 0 && first.is_none() {
                first = Some(started.elapsed());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let all = started.elapsed();
        let count = app.data.run_status.shown;
        let first = first.unwrap_or(all);
        writeln!(out, "{filter}: {count} packets in {all:.2?}, the first after {first:.2?}")?;
    }
    app.close(&Shutdown::default());
    Ok(())
}

/// Waits until all that was asked for is shown; how long that took.
fn rest(app: &mut App) -> Duration {
    let started = Instant::now();
    while !app.is_at_rest() {
        app.refresh();
        std::thread::sleep(Duration::from_millis(1));
    }
    started.elapsed()
}

/// Writes a capture of UDP packets, each of a flow of its own.
fn write(path: &Path) -> io::Result<()> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    // Microseconds, version 2.4, Ethernet.
    file.write_all(b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\x01\0\0\0")?;
    for number in 0..FLOWS {
        let (seconds, micros) = (1_700_000_000 + number / 100_000, number % 100_000 * 10);
        for word in [seconds, micros, 42, 42] {
            file.write_all(&word.to_le_bytes())?;
        }
        file.write_all(b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\0")?;
        let source = Ipv4Addr::from_bits(0x0a00_0000 | number.wrapping_mul(0x9e37_79b1) >> 8);
        let header = etherparse::Ipv4Header {
            source: source.octets(),
            destination: Ipv4Addr::from_bits(0xc612_0000 | number >> 10).octets(),
            time_to_live: 40 + number.to_le_bytes()[0] % 24,
            protocol: etherparse::IpNumber::UDP,
            total_len: 28,
            ..etherparse::Ipv4Header::default()
        };
        header.write(&mut file)?;
        let [low, high, ..] = number.to_le_bytes();
        file.write_all(&[high | 0x80, low, 0, 53, 0, 8, 0, 0])?;
    }
    file.flush()
}
