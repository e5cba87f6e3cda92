//! What the screens look like.

use ipeek::dashboard::model::action::{Action, CursorMove};
use ipeek::dashboard::model::context::Context;
use ipeek::dashboard::view::keys;
use ipeek::dashboard::view::panel::{PANELS, addresses, anomalies, endpoints, headers, packets};

use ipeek::dashboard::model::panel_id::PanelId;
use ipeek::dashboard::model::theme::Theme;

use super::{Bench, THEME};

const SIZES: [(u16, u16); 3] = [(160, 45), (80, 24), (40, 10)];

#[test]
fn every_panel_at_every_size() {
    let mut bench = Bench::open("office.pcapng", SIZES[0]);
    for panel in PANELS {
        bench.act(Action::View(panel.id));
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
    bench.act(Action::View(packets::ID));
    for _ in 0..14 {
        bench.act(Action::Move(CursorMove::Down));
    }
    bench.act(Action::Drill);
    for _ in 0..8 {
        bench.act(Action::Move(CursorMove::Down));
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
    bench.act(Action::View(endpoints::ID));
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
        let mut shot = |name: &str, view: PanelId, actions: &[Action]| {
            bench.resize(size);
            bench.act(Action::View(view));
            for action in actions {
                bench.act(*action);
            }
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), bench.screen());
        };
        shot("card", endpoints::ID, &[Action::Drill]);
        shot("prefixes", endpoints::ID, &[Action::Back, Action::RollUp]);
        shot("blocks", addresses::ID, &[Action::Toggle]);
        // As it was, for the next size.
        shot("conversations", endpoints::ID, &[Action::RollDown, Action::Toggle]);
        bench.act(Action::Toggle);
        bench.act(Action::View(addresses::ID));
        bench.act(Action::Toggle);
    }
}

#[test]
fn anomalies_options_and_extensions_are_shown_where_there_are_any() {
    let mut bench = Bench::open("faults.pcapng", (100, 24));
    bench.act(Action::View(anomalies::ID));
    insta::assert_snapshot!("anomalies_found_100x24", bench.screen());
    for (name, word) in [
        ("ipv4-options.pcapng", "RTRALT"),
        ("ipv6-extensions.pcapng", "IPv6 hop-by-hop options"),
        ("fragments.pcap", "IPv6 later fragments"),
        ("scan.pcap", "refused"),
    ] {
        let mut bench = Bench::open(name, (160, 60));
        bench.act(Action::View(headers::ID));
        let screen = bench.screen();
        assert!(screen.contains(word), "{name}: {screen}");
    }
}

#[test]
fn without_more_than_ascii_nothing_else_is_drawn() {
    let theme = Theme { is_unicode: false, ..THEME };
    let mut bench = Bench::of("office.pcapng", (160, 45), theme);
    bench.wait();
    for panel in PANELS {
        bench.act(Action::View(panel.id));
        let screen = bench.screen();
        let odd: Vec<_> = screen.lines().filter(|line| !line.is_ascii()).collect();
        assert!(odd.is_empty(), "{}: {odd:#?}", panel.title);
    }
}

#[test]
fn no_size_panics_in_any_panel_or_pane() {
    let mut bench = Bench::open("office.pcapng", (80, 24));
    for panel in PANELS {
        bench.act(Action::View(panel.id));
        for pane in 0..3 {
            for size in [(1, 1), (0, 0), (1, 500), (500, 1), (2, 3), (7, 5), (20, 4), (300, 100)] {
                bench.resize(size);
                bench.screen();
                for step in [
                    CursorMove::Down,
                    CursorMove::Right,
                    CursorMove::PageDown,
                    CursorMove::Last,
                    CursorMove::Left,
                ] {
                    bench.act(Action::Move(step));
                }
                bench.act(Action::Click(0, 0));
                bench.act(Action::Click(3, 2));
                bench.screen();
                bench.act(Action::View(panel.id));
            }
            bench.resize((80, 24));
            if panel.id == packets::ID {
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
        assert_ne!(keys::context(&bench.app.state), Context::HELP);
    }
}

#[test]
fn no_address_is_cut_however_narrow_the_screen() {
    let mut bench = Bench::open("office.pcapng", (160, 30));
    for panel in [packets::ID, endpoints::ID] {
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

#[test]
fn the_page_of_an_anomaly_at_every_size() {
    let mut bench = Bench::open("faults.pcapng", SIZES[0]);
    for size in SIZES {
        bench.resize(size);
        bench.act(Action::View(anomalies::ID));
        insta::assert_snapshot!(format!("faults_{}x{}", size.0, size.1), bench.screen());
        bench.act(Action::Explain);
        insta::assert_snapshot!(format!("explained_{}x{}", size.0, size.1), bench.screen());
        bench.act(Action::Type('q'));
        assert_ne!(keys::context(&bench.app.state), Context::HELP);
    }
}

/// The row about the anomaly is selected when its packet is sought.
#[test]
fn an_anomaly_among_the_fields_of_a_packet_has_its_page_too() {
    let mut bench = Bench::open("faults.pcapng", SIZES[1]);
    bench.act(Action::View(anomalies::ID));
    bench.act(Action::Drill);
    bench.screen();
    bench.act(Action::Drill);
    assert_eq!(keys::context(&bench.app.state), Context::HELP);
    assert!(bench.screen().contains("RFC"), "{}", bench.screen());
}
