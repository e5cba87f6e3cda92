//! Random keys, pastes, sizes and mouse on the whole dashboard: nothing panics, nothing but text
//! reaches the screen, and the screen stays one.
//!
//! `IPEEK_FUZZ_SECONDS=600 IPEEK_FUZZ_SEED=7 cargo test dashboard::fuzz -- --nocapture` goes on for
//! longer, from that seed on; a failure says the seed of its round and the last events.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ipeek::capture::save::Shutdown;
use ipeek::dashboard::model::action::Effect;
use ipeek::dashboard::shell::input::action;
use ipeek::dashboard::view::screen::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Bench;

/// Each has something of its own: many kinds of traffic, damage, oddities, tunnels, options, no IP.
const CAPTURES: [&str; 8] = [
    "office.pcapng",
    "faults.pcapng",
    "damaged.pcap",
    "nesting.pcapng",
    "ipv4-options.pcapng",
    "ipv6-extensions.pcapng",
    "ethernet.pcapng",
    "fragments.pcap",
];

/// Events of a round: enough to come far from the start, few enough to be told.
const EVENTS: usize = 150;

/// What is waited for an answer before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a user may write or paste; words that lead somewhere, and such as lead nowhere.
const PASTES: [&str; 22] = [
    "ip.ttl == 64",
    "tcp || udp",
    "ip.src == 10.2",
    "!(arp) && frame.len in {60..100}",
    "ip.tttl",
    "\u{202e}\u{0007}\u{1b}[31m",
    "日本語 ✓ é́",
    ":goto 200\r",
    ":goto +1.5\r",
    ":columns no. ip.ttl:3 ipv6.src info\r",
    ":columns\r",
    ":span +0 +1\r",
    ":theme high-contrast\r",
    ":time utc\r",
    ":view flows\r",
    ":name x\r",
    "/@x\r",
    "/tcp\r",
    "/ip.ttl == 77\r",
    "\u{6}who has\r",
    "\u{6}0x4500\r",
    "\u{6}/1[0-9]/\r",
];

const NAMED: [KeyCode; 16] = [
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::Backspace,
    KeyCode::Delete,
];

/// Steele and others, "Fast splittable pseudorandom number generators" (2014): `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    fn below(&mut self, end: u16) -> u16 {
        u16::try_from(self.next() % u64::from(end.max(1))).unwrap()
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::from(self.below(u16::try_from(list.len()).unwrap()))]
    }

    /// A size from 1×1 to 250×80, small ones as often as large ones.
    fn size(&mut self) -> (u16, u16) {
        match self.below(4) {
            0 => (1 + self.below(12), 1 + self.below(6)),
            1 => self.of(&[(160, 45), (80, 24), (40, 10), (250, 80), (1, 1), (250, 1), (1, 80)]),
            _ => (1 + self.below(250), 1 + self.below(80)),
        }
    }

    fn events(&mut self, size: (u16, u16)) -> Vec<Event> {
        let key = |code, modifiers| Event::Key(KeyEvent::new(code, modifiers));
        let typed = |c: char| match u32::from(c) {
            13 => key(KeyCode::Enter, KeyModifiers::NONE),
            6 => key(KeyCode::Char('f'), KeyModifiers::CONTROL),
            _ => key(KeyCode::Char(c), KeyModifiers::NONE),
        };
        match self.below(20) {
            0..9 => vec![typed(char::from(32 + u8::try_from(self.below(95)).unwrap()))],
            9..14 => vec![key(self.of(&NAMED), KeyModifiers::NONE)],
            14 => {
                let letter = char::from(b'a' + u8::try_from(self.below(26)).unwrap());
                vec![key(KeyCode::Char(letter), KeyModifiers::CONTROL)]
            }
            15 => self.of(&PASTES).chars().map(typed).collect(),
            16 => {
                let (columns, rows) = self.size();
                vec![Event::Resize(columns, rows)]
            }
            _ => {
                let kind = self.of(&[
                    MouseEventKind::Down(MouseButton::Left),
                    MouseEventKind::Drag(MouseButton::Left),
                    MouseEventKind::Up(MouseButton::Left),
                    MouseEventKind::ScrollUp,
                    MouseEventKind::ScrollDown,
                ]);
                // Now and then outside, as after a resize.
                let (column, row) = (self.below(size.0 + 3), self.below(size.1 + 3));
                let modifiers = KeyModifiers::NONE;
                vec![Event::Mouse(MouseEvent { kind, column, row, modifiers })]
            }
        }
    }
}

fn draw(bench: &Bench) -> Buffer {
    let (columns, rows) = bench.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    view(&bench.app.state, &bench.app.data, &mut buffer);
    buffer
}

/// What holds of every screen.
fn check(bench: &Bench) {
    let buffer = draw(bench);
    for cell in buffer.content() {
        // Controls, and marks that turn the direction of text round, are never shown as they are.
        let is_unsafe = |c: char| {
            c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!cell.symbol().contains(is_unsafe), "{:?} on the screen", cell.symbol());
    }
    let state = &bench.app.state;
    assert_eq!(state.size, bench.size);
    let data = &bench.app.data;
    let (columns, rows) = bench.size;
    if rows >= 3 && columns >= 40 {
        let y = rows - 1;
        let status: String = (0..columns).map(|x| buffer[(x, y)].symbol()).collect();
        assert!(status.contains("cap"), "no status on the last line: {status:?}");
    }
    if data.run_status.has_ended && bench.app.is_at_rest() {
        assert!(data.run_status.shown <= data.run_status.captured, "{:?}", data.run_status);
        assert!(
            state.packets.cursor < data.run_status.shown.max(1),
            "packet {} of {}",
            state.packets.cursor,
            data.run_status.shown
        );
    }
    assert_eq!(draw(bench), buffer, "the same state is drawn the same twice");
}

/// What the loop around the dashboard does, but for what leaves the process.
fn follow(bench: &mut Bench, event: &Event) {
    if let Event::Resize(columns, rows) = event {
        bench.size = (*columns, *rows);
    }
    let Some(action) = action(event, &bench.app.state) else { return };
    match bench.app.act(action) {
        Some(Effect::Copy(text)) => bench.app.copied(Ok(Some(text.len()))),
        Some(
            effect @ (Effect::Filter(_) | Effect::Span(_) | Effect::Seek(_) | Effect::Find(..)),
        ) => {
            bench.app.effect(&effect);
        }
        // The end, a stop, a file: for the loop alone.
        _ => {}
    }
}

fn round(seed: u64, last: &mut VecDeque<String>) {
    let mut random = Random(seed);
    let size = random.size();
    let mut bench = Bench::unread(random.of(&CAPTURES), size);
    if random.below(2) == 0 {
        bench.wait();
    }
    for _ in 0..EVENTS {
        for event in random.events(bench.size) {
            last.push_back(format!("{:?} {event:?}", bench.size));
            if last.len() > 40 {
                last.pop_front();
            }
            let began = Instant::now();
            follow(&mut bench, &event);
            assert!(began.elapsed() < PATIENCE, "an answer took {:?}", began.elapsed());
        }
        bench.app.refresh();
        if random.below(16) == 0 {
            bench.wait();
        }
        check(&bench);
    }
    bench.wait();
    check(&bench);
    bench.app.close(&Shutdown::default());
}

#[test]
fn random_keys_and_sizes_do_no_harm() {
    let number =
        |name: &str, usual: u64| std::env::var(name).map_or(usual, |text| text.parse().unwrap());
    let first = number("IPEEK_FUZZ_SEED", 1);
    let until = Instant::now() + Duration::from_secs(number("IPEEK_FUZZ_SECONDS", 3));
    let mut seed = first;
    while seed == first || Instant::now() < until {
        let mut last = VecDeque::new();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| round(seed, &mut last))) {
            let last = last.make_contiguous().join("\n");
            eprintln!("IPEEK_FUZZ_SEED={seed} after\n{last}");
            resume_unwind(panic);
        }
        seed += 1;
    }
    eprintln!("seeds {first} to {}", seed - 1);
}
