//! What the screens look like.

use ipeek::dashboard::action::{Action, Step};
use ipeek::dashboard::keys::Context;
use ipeek::dashboard::panel::{ENDPOINTS, PACKETS, PANELS};

use super::Bench;

const SIZES: [(u16, u16); 3] = [(160, 45), (80, 24), (40, 10)];

#[test]
fn every_panel_at_every_size() {
    let mut bench = Bench::open("office.pcapng", SIZES[0]);
    for (index, panel) in PANELS.iter().enumerate() {
        bench.act(Action::View(index));
        for size in SIZES {
            bench.resize(size);
            let name = format!("{}_{}x{}", panel.title.to_lowercase(), size.0, size.1);
            insta::assert_snapshot!(name, bench.screen());
        }
    }
}

#[test]
fn the_panes_of_a_packet_at_every_size() {
    let mut bench = Bench::open("office.pcapng", SIZES[0]);
    bench.act(Action::View(PACKETS));
    for _ in 0..14 {
        bench.act(Action::Move(Step::Down));
    }
    bench.act(Action::Drill);
    for _ in 0..8 {
        bench.act(Action::Move(Step::Down));
    }
    for size in SIZES {
        bench.resize(size);
        insta::assert_snapshot!(format!("fields_{}x{}", size.0, size.1), bench.screen());
    }
    bench.act(Action::NextPane);
    bench.resize(SIZES[2]);
    insta::assert_snapshot!("octets_40x10", bench.screen());
}

#[test]
fn conversations_and_help() {
    let mut bench = Bench::open("office.pcapng", SIZES[1]);
    bench.act(Action::View(ENDPOINTS));
    bench.act(Action::Toggle);
    insta::assert_snapshot!("conversations_80x24", bench.screen());
    bench.act(Action::Help);
    insta::assert_snapshot!("help_80x24", bench.screen());
    for c in "sort".chars() {
        bench.act(Action::Type(c));
    }
    insta::assert_snapshot!("help_searched_80x24", bench.screen());
}

#[test]
fn no_size_panics_in_any_panel_or_pane() {
    let mut bench = Bench::open("office.pcapng", (80, 24));
    for index in 0..PANELS.len() {
        bench.act(Action::View(index));
        for pane in 0..3 {
            for size in [(1, 1), (0, 0), (1, 500), (500, 1), (2, 3), (7, 5), (20, 4), (300, 100)] {
                bench.resize(size);
                bench.screen();
                for step in [Step::Down, Step::Right, Step::PageDown, Step::Last, Step::Left] {
                    bench.act(Action::Move(step));
                }
                bench.act(Action::Click(0, 0));
                bench.act(Action::Click(3, 2));
                bench.screen();
                bench.act(Action::View(index));
            }
            bench.resize((80, 24));
            if index == PACKETS {
                bench.act(Action::NextPane);
            }
            let _ = pane;
        }
        bench.act(Action::Help);
        for size in [(1, 1), (0, 0), (5, 3)] {
            bench.resize(size);
            bench.screen();
        }
        bench.act(Action::Back);
        assert_ne!(bench.desktop.state.context(), Context::Help);
    }
}

#[test]
fn no_address_is_cut_however_narrow_the_screen() {
    let mut bench = Bench::open("office.pcapng", (160, 30));
    for panel in [PACKETS, ENDPOINTS] {
        bench.act(Action::View(panel));
        for width in (24..160).step_by(7) {
            bench.resize((width, 30));
            let screen = bench.screen();
            for line in screen.lines().skip(2) {
                let words = line.split_whitespace().map(|word| word.trim_end_matches('…'));
                for word in words.filter(|word| word.starts_with("2001:db8:2")) {
                    assert!(
                        ["::80", "::11", "::12", "::1"].iter().any(|end| word.ends_with(end)),
                        "{width}: {line}"
                    );
                }
            }
        }
    }
}
