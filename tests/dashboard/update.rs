//! What actions do.

use ipeek::dashboard::action::{Action, Step};
use ipeek::dashboard::keys::Context;
use ipeek::dashboard::panel::{ENDPOINTS, FLOWS, PACKETS};
use ipeek::dashboard::state::Pane;
use ipeek::dashboard::update::Effect;

use super::Bench;

#[test]
fn a_selected_field_shows_its_octets_and_a_selected_octet_its_field() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(PACKETS));
    bench.act(Action::Move(Step::Down));
    bench.act(Action::Move(Step::Down));
    bench.act(Action::Drill);
    let label = |bench: &Bench| {
        let state = &bench.desktop.state.packets;
        let detail = bench.desktop.shown.page.detail.clone().unwrap();
        let visible = detail.visible(&state.folded);
        let row = &detail.rows[visible[state.field]];
        (row.label, row.octets.clone())
    };
    while label(&bench).0 != "Time to live" {
        let before = bench.desktop.state.packets.field;
        bench.act(Action::Move(Step::Down));
        assert_ne!(bench.desktop.state.packets.field, before, "no such field");
    }
    assert_eq!((bench.desktop.state.packets.octet, label(&bench).1), (22, 22..23));
    bench.act(Action::NextPane);
    bench.act(Action::Move(Step::Right));
    assert_eq!(label(&bench), ("Protocol", 23..24));
    // The same field of another packet stays selected.
    bench.act(Action::NextPane);
    bench.act(Action::Move(Step::Down));
    assert_eq!(label(&bench).0, "Protocol");
}

#[test]
fn folding_hides_what_is_below() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(PACKETS));
    bench.act(Action::Drill);
    let rows = |bench: &Bench| {
        let detail = bench.desktop.shown.page.detail.clone().unwrap();
        detail.visible(&bench.desktop.state.packets.folded).len()
    };
    let folded = rows(&bench);
    bench.act(Action::Move(Step::Right));
    assert!(rows(&bench) > folded);
    bench.act(Action::Move(Step::Left));
    assert_eq!(rows(&bench), folded);
}

#[test]
fn the_selection_stays_on_its_flow_when_rows_are_sorted_anew() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(FLOWS));
    for _ in 0..5 {
        bench.act(Action::Move(Step::Down));
    }
    let item = |bench: &Bench| {
        let listing = &bench.desktop.state.flows;
        bench.desktop.shown.snapshot.flows.rows[listing.cursor].number
    };
    let flow = item(&bench);
    for action in [Action::Reverse, Action::Sort, Action::Sort, Action::Click(60, 1)] {
        bench.act(action);
        assert_eq!(item(&bench), flow, "{action:?}");
    }
}

#[test]
fn sorting_shows_the_greatest_first_and_reversed_the_least() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(ENDPOINTS));
    let octets = |bench: &Bench| -> Vec<u64> {
        bench.desktop.shown.snapshot.endpoints.rows.iter().map(|row| row.total().octets).collect()
    };
    assert!(octets(&bench).is_sorted_by(|a, b| a >= b));
    bench.act(Action::Reverse);
    assert!(octets(&bench).is_sorted());
}

#[test]
fn a_frozen_view_stays_and_says_so() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::Freeze);
    assert!(bench.screen().contains("FROZEN +0"));
    bench.act(Action::Freeze);
    assert!(!bench.screen().contains("FROZEN"));
}

#[test]
fn escape_goes_back_pane_by_pane() {
    let mut bench = Bench::open("office.pcapng", (40, 10));
    bench.act(Action::View(PACKETS));
    bench.act(Action::Drill);
    bench.act(Action::NextPane);
    assert_eq!(bench.desktop.state.packets.pane, Pane::Hex);
    bench.act(Action::Back);
    bench.act(Action::Back);
    assert_eq!(bench.desktop.state.packets.pane, Pane::List);
}

#[test]
fn a_click_selects_and_a_click_on_a_tab_opens() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    let at = bench.screen().lines().next().unwrap().find("2 Packets").unwrap();
    bench.act(Action::Click(u16::try_from(at).unwrap(), 0));
    assert_eq!(bench.desktop.state.panel, PACKETS);
    bench.act(Action::Click(5, 6));
    assert_eq!(bench.desktop.state.packets.cursor, 4);
    bench.act(Action::WheelDown(5, 6));
    assert_eq!(bench.desktop.state.packets.cursor, 7);
}

#[test]
fn what_is_written_goes_to_the_filter_and_not_to_the_keys() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::Filter);
    assert_eq!(bench.desktop.state.context(), Context::Filter);
    for c in "q1?".chars() {
        assert_eq!(bench.act(Action::Type(c)), None);
    }
    assert_eq!(bench.desktop.state.filter.draft.as_deref(), Some("q1?"));
    bench.act(Action::Back);
    assert_eq!(bench.desktop.state.filter.draft, None);
    assert_eq!(bench.act(Action::Interrupt), Some(Effect::Interrupt));
}

#[test]
fn a_row_leads_to_its_packets_and_escape_back_to_all() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(FLOWS));
    let packets = bench.desktop.shown.snapshot.flows.rows[0].total().packets;
    let effect = bench.act(Action::Drill);
    assert!(matches!(effect, Some(Effect::Filter(Some(_)))), "{effect:?}");
    assert_eq!(bench.desktop.state.panel, PACKETS);
    assert_eq!(bench.desktop.shown.page.count, packets);
    assert_eq!(bench.desktop.shown.snapshot.total.packets, packets);
    bench.act(Action::Back);
    assert_eq!(bench.desktop.shown.page.count, 394);
    // Every row's filter finds every packet of the row, and for flows no other.
    bench.act(Action::View(FLOWS));
    for row in 0..bench.desktop.shown.snapshot.flows.rows.len().min(12) {
        bench.act(Action::View(FLOWS));
        bench.act(Action::Move(Step::First));
        for _ in 0..row {
            bench.act(Action::Move(Step::Down));
        }
        let flow = bench.desktop.shown.snapshot.flows.rows[row];
        bench.act(Action::Drill);
        let (shown, packets) = (bench.desktop.shown.page.count, flow.total().packets);
        let has_ports = bench.desktop.state.filter.applied.as_ref().unwrap().contains("port");
        // Later fragments of ICMP belong to the flow and have no type to be found by.
        let is_found = if has_ports { shown == packets } else { shown >= packets };
        assert!(is_found || flow.proto == 1, "{flow:?}: {shown}");
        bench.act(Action::Back);
    }
}

#[test]
fn a_wrong_filter_shows_where_and_an_empty_result_says_so() {
    let mut bench = Bench::open("office.pcapng", (100, 30));
    bench.act(Action::View(PACKETS));
    bench.act(Action::Filter);
    bench.write("ip.tttl < 5");
    let screen = bench.screen();
    assert!(screen.contains("^^^^^^^"), "{screen}");
    assert!(screen.contains("ip.ttl"), "{screen}");
    assert_eq!(bench.act(Action::Apply), None);
    bench.act(Action::EraseAll);
    bench.write("ip.ttl == 77");
    bench.act(Action::Apply);
    let screen = bench.screen();
    assert!(screen.contains("0 of 394 packets match"), "{screen}");
    assert!(screen.contains("Esc clears"), "{screen}");
    bench.act(Action::Back);
    assert_eq!(bench.desktop.shown.page.count, 394);
}

#[test]
fn what_is_typed_is_completed() {
    let mut bench = Bench::open("office.pcapng", (100, 30));
    bench.act(Action::Filter);
    bench.write("tcp && ip.tt");
    bench.act(Action::Complete);
    assert_eq!(bench.desktop.state.filter.draft.as_deref(), Some("tcp && ip.ttl"));
}
