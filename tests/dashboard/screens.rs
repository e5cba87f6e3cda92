//! What the screens look like.

use ipeek::dashboard::model::action::{Action, Step};
use ipeek::dashboard::view::keys::Context;
use ipeek::dashboard::view::panel::{ADDRESSES, ANOMALIES, ENDPOINTS, HEADERS, PACKETS, PANELS};

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
    bench.act(Action::Help);
    insta::assert_snapshot!("help_80x24", bench.screen());
    for c in "sort".chars() {
        bench.act(Action::Type(c));
    }
    insta::assert_snapshot!("help_searched_80x24", bench.screen());
}

#[test]
fn cards_prefixes_and_blocks_at_every_size() {
    let mut bench = Bench::open("office.pcapng", SIZES[0]);
    for size in SIZES {
        let mut shot = |name: &str, view: usize, actions: &[Action]| {
            bench.resize(size);
            bench.act(Action::View(view));
            for action in actions {
                bench.act(*action);
            }
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), bench.screen());
        };
        shot("card", ENDPOINTS, &[Action::Drill]);
        shot("prefixes", ENDPOINTS, &[Action::Back, Action::RollUp]);
        shot("blocks", ADDRESSES, &[Action::Toggle]);
        // As it was, for the next size.
        shot("conversations", ENDPOINTS, &[Action::RollDown, Action::Toggle]);
        bench.act(Action::Toggle);
        bench.act(Action::View(ADDRESSES));
        bench.act(Action::Toggle);
    }
}

#[test]
fn anomalies_options_and_extensions_are_shown_where_there_are_any() {
    let mut bench = Bench::open("faults.pcapng", (100, 24));
    bench.act(Action::View(ANOMALIES));
    insta::assert_snapshot!("anomalies_found_100x24", bench.screen());
    for (name, word) in [
        ("ipv4-options.pcapng", "RTRALT"),
        ("ipv6-extensions.pcapng", "IPv6 hop-by-hop options"),
        ("fragments.pcap", "IPv6 later fragments"),
        ("scan.pcap", "refused"),
    ] {
        let mut bench = Bench::open(name, (160, 60));
        bench.act(Action::View(HEADERS));
        let screen = bench.screen();
        assert!(screen.contains(word), "{name}: {screen}");
    }
}

#[test]
fn without_more_than_ascii_nothing_else_is_drawn() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.desktop.state.theme.is_unicode = false;
    for (index, panel) in PANELS.iter().enumerate() {
        bench.act(Action::View(index));
        let screen = bench.screen();
        let odd: Vec<_> = screen.lines().filter(|line| !line.is_ascii()).collect();
        assert!(odd.is_empty(), "{}: {odd:#?}", panel.title);
    }
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
