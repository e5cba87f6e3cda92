//! What actions do.

use std::sync::Arc;

use ipeek::dashboard::model::action::{Action, CursorMove, Effect};
use ipeek::dashboard::model::context::Context;
use ipeek::dashboard::model::filter_expr::of_anomaly;
use ipeek::dashboard::model::panel_id::PanelId;
use ipeek::dashboard::model::snapshot::Snapshot;
use ipeek::dashboard::model::state::Pane;
use ipeek::dashboard::view::block_grid::{Content, FilterLine};
use ipeek::dashboard::view::keys;
use ipeek::dashboard::view::panel::{
    addresses, anomalies, endpoints, flows, headers, overview, packets, protocols, query,
};
use ipeek::dashboard::view::screen::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::Bench;

#[test]
fn a_selected_field_shows_its_octets_and_a_selected_octet_its_field() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(packets::ID));
    bench.act(Action::Move(CursorMove::Down));
    bench.act(Action::Move(CursorMove::Down));
    bench.act(Action::Drill);
    let label = |bench: &Bench| {
        let state = &bench.app.state.packets;
        let detail = bench.app.data.page.detail.clone().unwrap();
        let visible = detail.visible(&state.folded);
        let row = &detail.rows[visible[state.field]];
        (row.label, row.octets.clone())
    };
    while label(&bench).0 != "Time to live" {
        let before = bench.app.state.packets.field;
        bench.act(Action::Move(CursorMove::Down));
        assert_ne!(bench.app.state.packets.field, before, "no such field");
    }
    assert_eq!((bench.app.state.packets.octet, label(&bench).1), (22, 22..23));
    bench.act(Action::NextPane);
    bench.act(Action::Move(CursorMove::Right));
    assert_eq!(label(&bench), ("Protocol", 23..24));
    // The same field of another packet stays selected.
    bench.act(Action::NextPane);
    bench.act(Action::Move(CursorMove::Down));
    assert_eq!(label(&bench).0, "Protocol");
}

#[test]
fn folding_hides_what_is_below() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(packets::ID));
    bench.act(Action::Drill);
    let rows = |bench: &Bench| {
        let detail = bench.app.data.page.detail.clone().unwrap();
        detail.visible(&bench.app.state.packets.folded).len()
    };
    let folded = rows(&bench);
    bench.act(Action::Move(CursorMove::Right));
    assert!(rows(&bench) > folded);
    bench.act(Action::Move(CursorMove::Left));
    assert_eq!(rows(&bench), folded);
}

#[test]
fn the_selection_stays_on_its_flow_when_rows_are_sorted_anew() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(flows::ID));
    for _ in 0..5 {
        bench.act(Action::Move(CursorMove::Down));
    }
    let item = |bench: &Bench| {
        let listing = &bench.app.state.flows;
        bench.app.data.snapshot.flows.rows[listing.cursor].number
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
    bench.act(Action::View(endpoints::ID));
    let octets = |bench: &Bench| -> Vec<u64> {
        bench.app.data.snapshot.endpoints.rows.iter().map(|row| row.total().octets).collect()
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
fn what_is_frozen_before_its_numbers_come_still_gets_them() {
    let mut bench = Bench::open("office.pcapng", (80, 24));
    bench.app.effect(&Effect::Filter(Some("arp".to_owned())));
    // The first numbers of a run may come before its first packet.
    let query = query(&bench.app.state);
    let nothing = Snapshot { generation: 1, query, ..Snapshot::default() };
    bench.app.data.snapshot = Arc::new(nothing);
    bench.app.data.run_status.shown = 3;
    bench.app.act(Action::Freeze);
    bench.wait();
    assert_eq!(bench.app.data.snapshot.total.packets, 9);
}

#[test]
fn a_view_of_one_line_is_drawn() {
    for panel in
        [packets::ID, flows::ID, endpoints::ID, addresses::ID, protocols::ID, anomalies::ID]
    {
        let mut bench = Bench::open("office.pcapng", (40, 2));
        bench.act(Action::View(panel));
        assert_eq!(bench.screen().lines().count(), 2);
    }
}

#[test]
fn a_span_is_dragged_where_the_graph_has_no_room() {
    let mut bench = Bench::open("office.pcapng", (80, 24));
    bench.act(Action::Click(40, 5));
    assert!(bench.app.state.workspace.time_selection.is_some());
    for columns in 1..20 {
        bench.resize((columns, 24));
        bench.act(Action::Drag(0, 5));
        bench.act(Action::Drag(columns, 20));
    }
}

#[test]
fn every_line_that_is_chosen_makes_a_filter_of_as_many_packets() {
    for (name, panel) in [
        ("office.pcapng", overview::ID),
        ("office.pcapng", headers::ID),
        ("fragments.pcap", headers::ID),
        ("ipv4-options.pcapng", headers::ID),
    ] {
        let mut bench = Bench::open(name, (160, 45));
        bench.act(Action::View(panel));
        let chosen = |bench: &Bench| {
            let state = &bench.app.state;
            let bars = if panel == overview::ID { &state.overview } else { &state.headers };
            bars.chosen.clone()
        };
        let lines = screen_terms(&bench, panel);
        assert!(lines.len() > 8, "{name}: {lines:?}");
        let mut before = Vec::new();
        for index in 0..lines.len() {
            bench.act(Action::Move(CursorMove::Down));
            let chosen = chosen(&bench).unwrap();
            assert_eq!(chosen.index, index);
            before.push(chosen.term);
        }
        assert_eq!(before, lines.iter().map(|(term, _)| term.clone()).collect::<Vec<_>>());
        for (term, count) in lines {
            bench.act(Action::View(packets::ID));
            bench.app.effect(&Effect::Filter(Some(term.clone())));
            bench.wait();
            assert!(bench.app.state.filter.wrong.is_none(), "{term}");
            let shown = bench.app.data.run_status.shown;
            // Headers and addresses may stand elsewhere too, as in what an error quotes.
            let is_anywhere = term.contains("addr") || !term.contains(['=', '>', '{', '!']);
            if let Some(count) = count {
                assert!(shown == count || is_anywhere && shown > count, "{name} {term}: {shown}");
            }
        }
    }
}

/// The terms of a panel's lines in their order, with the number of packets where a line ends in it.
fn screen_terms(bench: &Bench, panel: PanelId) -> Vec<(String, Option<u64>)> {
    let (state, data) = (&bench.app.state, &bench.app.data);
    let grid = match panel {
        overview::ID => overview::grid(state, data),
        _ => headers::grid(state, data).0,
    };
    let told = grid.lines.iter().filter_map(|line| match &line.content {
        Content::Line(FilterLine { line, term: Some(term) }) => {
            let text = line.to_string();
            let count = text.rsplit(' ').next().and_then(|last| last.replace(',', "").parse().ok());
            // Flows are counted there, or several columns, or options that are too broken to read.
            let is_other = ["tcp.flags", "ip.opt"].iter().any(|start| term.starts_with(start));
            let is_other = is_other || !text.contains('%');
            Some((term.clone(), count.filter(|_| !is_other)))
        }
        _ => None,
    });
    told.collect()
}

#[test]
fn a_chosen_line_is_kept_excluded_and_stays_where_it_is() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    assert!(bench.app.state.overview.chosen.is_none());
    bench.act(Action::Keep);
    assert!(bench.screen().contains("what is selected makes no filter"));
    bench.act(Action::View(headers::ID));
    bench.act(Action::Move(CursorMove::Last));
    bench.act(Action::NextPane);
    bench.act(Action::Move(CursorMove::Down));
    bench.act(Action::Exclude);
    assert_eq!(bench.draft(), Some("!(ip.ttl#1 == 2)"));
    bench.act(Action::Back);
    // By way of the column between to the nearest line, and up.
    bench.act(Action::Move(CursorMove::Right));
    bench.act(Action::Move(CursorMove::Right));
    bench.act(Action::PreviousPane);
    bench.act(Action::Keep);
    let dscp = "(ip.dsfield.dscp#1 == 0 || ipv6.tclass.dscp#1 == 0)";
    assert_eq!(bench.draft(), Some(dscp));
    bench.act(Action::Back);
    // The block before has it in another place; the cursor stays on what it is about.
    for size in [(80, 24), (40, 10), (160, 45)] {
        bench.resize(size);
        assert_eq!(bench.app.state.headers.chosen.clone().unwrap().term, dscp);
    }
    bench.act(Action::Drill);
    assert_eq!(bench.app.state.panel, packets::ID);
    assert_eq!(bench.app.data.run_status.shown, 378);
}

#[test]
fn a_click_chooses_a_line_on_every_size() {
    for size in [(160, 45), (80, 24), (40, 10)] {
        let mut bench = Bench::open("office.pcapng", size);
        bench.act(Action::View(headers::ID));
        let screen = bench.screen();
        let y = screen.lines().position(|line| line.starts_with("  4  ")).unwrap();
        bench.act(Action::Click(3, u16::try_from(y).unwrap()));
        assert_eq!(bench.app.state.headers.chosen.clone().unwrap().term, "ip.ttl#1 == 4");
    }
}

#[test]
fn escape_goes_back_pane_by_pane() {
    let mut bench = Bench::open("office.pcapng", (40, 10));
    bench.act(Action::View(packets::ID));
    bench.act(Action::Drill);
    bench.act(Action::NextPane);
    assert_eq!(bench.app.state.packets.pane, Pane::Hex);
    bench.act(Action::Back);
    bench.act(Action::Back);
    assert_eq!(bench.app.state.packets.pane, Pane::List);
}

#[test]
fn a_click_selects_and_a_click_on_a_tab_opens() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    let at = bench.screen().lines().next().unwrap().find("2 Packets").unwrap();
    bench.act(Action::Click(u16::try_from(at).unwrap(), 0));
    assert_eq!(bench.app.state.panel, packets::ID);
    bench.act(Action::Click(5, 6));
    assert_eq!(bench.app.state.packets.cursor, 4);
    bench.act(Action::WheelDown(5, 6));
    assert_eq!(bench.app.state.packets.cursor, 7);
}

#[test]
fn what_is_written_goes_to_the_filter_and_not_to_the_keys() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::Filter);
    assert_eq!(keys::context(&bench.app.state), Context::FILTER);
    for c in "q1?".chars() {
        assert_eq!(bench.act(Action::Type(c)), None);
    }
    assert_eq!(bench.draft(), Some("q1?"));
    bench.act(Action::Back);
    assert_eq!(bench.draft(), None);
    assert_eq!(bench.act(Action::Interrupt), Some(Effect::Interrupt));
}

#[test]
fn a_row_leads_to_its_packets_and_escape_back_to_all() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(flows::ID));
    let packets = bench.app.data.snapshot.flows.rows[0].total().packets;
    let effect = bench.act(Action::Packets);
    assert!(matches!(effect, Some(Effect::Filter(Some(_)))), "{effect:?}");
    assert_eq!(bench.app.state.panel, packets::ID);
    assert_eq!(bench.app.data.page.count, packets);
    assert_eq!(bench.app.data.snapshot.total.packets, packets);
    bench.act(Action::Back);
    assert_eq!(bench.app.data.page.count, 394);
    // Every row's filter finds every packet of the row, and for flows no other.
    bench.act(Action::View(flows::ID));
    for row in 0..bench.app.data.snapshot.flows.rows.len().min(12) {
        bench.act(Action::View(flows::ID));
        bench.act(Action::Move(CursorMove::First));
        for _ in 0..row {
            bench.act(Action::Move(CursorMove::Down));
        }
        let flow = bench.app.data.snapshot.flows.rows[row];
        bench.act(Action::Packets);
        let (shown, packets) = (bench.app.data.page.count, flow.total().packets);
        let has_ports = bench.app.state.filter.applied.as_ref().unwrap().contains("port");
        // Later fragments of ICMP belong to the flow and have no type to be found by.
        let is_found = if has_ports { shown == packets } else { shown >= packets };
        assert!(is_found || flow.proto == 1, "{flow:?}: {shown}");
        bench.act(Action::Back);
    }
}

#[test]
fn a_wrong_filter_shows_where_and_an_empty_result_says_so() {
    let mut bench = Bench::open("office.pcapng", (100, 30));
    bench.act(Action::View(packets::ID));
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
    assert_eq!(bench.app.data.page.count, 394);
}

#[test]
fn what_is_typed_is_completed() {
    let mut bench = Bench::open("office.pcapng", (100, 30));
    bench.act(Action::Filter);
    bench.write("tcp && ip.tt");
    bench.act(Action::Complete);
    assert_eq!(bench.draft(), Some("tcp && ip.ttl"));
}

#[test]
fn a_prompt_is_edited_at_its_cursor_in_any_script() {
    let mut bench = Bench::open("office.pcapng", (100, 30));
    bench.act(Action::Search);
    bench.write("網路x介面");
    bench.act(Action::TextLeft);
    bench.act(Action::TextLeft);
    bench.act(Action::Erase);
    let prompt = bench.app.state.workspace.prompt.as_ref().unwrap();
    assert_eq!((prompt.line.before(), prompt.line.text()), ("網路", "網路介面"));
    let area = Rect::new(0, 0, 100, 30);
    let mut buffer = Buffer::empty(area);
    view(&bench.app.state, &bench.app.data, &mut buffer);
    // Behind ` ? `, two characters of two columns each.
    let is_reversed = |x| buffer[(x, 1)].modifier.contains(Modifier::REVERSED);
    assert_eq!((0..100).find(|&x| is_reversed(x)), Some(7));
    assert_eq!(buffer[(7, 1)].symbol(), "介");
}

#[test]
fn enter_on_an_address_opens_its_card_and_enter_again_shows_its_packets() {
    let mut bench = Bench::open("office.pcapng", (100, 40));
    for panel in [flows::ID, endpoints::ID, addresses::ID] {
        bench.act(Action::View(panel));
        assert_eq!(bench.act(Action::Drill), None);
        assert_eq!(keys::context(&bench.app.state), Context::CARD, "{panel:?}");
        let item = bench.app.state.address_cards.as_ref().unwrap().items[0].clone();
        let screen = bench.screen();
        assert!(screen.contains(&item), "{screen}");
        assert!(screen.contains("Bits") || screen.contains("Class"), "{screen}");
        bench.act(Action::Back);
        assert_eq!(bench.app.state.address_cards, None);
        assert_eq!(bench.app.state.panel, panel);
        bench.act(Action::Drill);
        let effect = bench.act(Action::Drill);
        assert!(matches!(effect, Some(Effect::Filter(Some(_)))), "{effect:?}");
        assert_eq!(bench.app.state.panel, packets::ID);
        assert!(bench.app.data.page.count > 0, "{item}");
        bench.act(Action::Back);
    }
}

#[test]
fn a_flow_has_a_card_for_either_end() {
    let mut bench = Bench::open("office.pcapng", (100, 40));
    bench.act(Action::View(flows::ID));
    bench.act(Action::Drill);
    let items = bench.app.state.address_cards.clone().unwrap().items;
    assert_eq!(items.len(), 2);
    assert!(bench.screen().contains("(1 of 2)"));
    bench.act(Action::Toggle);
    assert!(bench.screen().contains(&format!("{}  (2 of 2)", items[1])));
    bench.act(Action::Toggle);
    assert!(bench.screen().contains("(1 of 2)"));
}

#[test]
fn an_address_in_the_fields_has_a_card_too() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(packets::ID));
    bench.act(Action::Move(CursorMove::Down));
    bench.act(Action::Move(CursorMove::Down));
    bench.act(Action::Drill);
    let found = (0..60).find_map(|_| {
        let state = &bench.app.state.packets;
        let detail = bench.app.data.page.detail.clone().unwrap();
        let row = &detail.rows[detail.visible(&state.folded)[state.field]];
        let is_source = row.name == "ip.src" || row.name == "ipv6.src";
        if !is_source {
            bench.act(Action::Move(CursorMove::Down));
        }
        is_source.then(|| row.value.clone())
    });
    let address = found.expect("a source address");
    bench.act(Action::Drill);
    let items = bench.app.state.address_cards.clone().unwrap().items;
    assert!(address.starts_with(&items[0]), "{address}");
}

#[test]
fn endpoints_roll_up_to_prefixes_and_down_again() {
    let mut bench = Bench::open("office.pcapng", (100, 40));
    bench.act(Action::View(endpoints::ID));
    let addresses = bench.app.data.snapshot.endpoints.total;
    let sum = |bench: &Bench| -> u64 {
        let rows = &bench.app.data.snapshot.networks.rows;
        rows.iter().map(|row| row.addresses).sum()
    };
    let mut before = addresses;
    for lengths in ["/24 and /64", "/16 and /48", "/8 and /32"] {
        bench.act(Action::RollUp);
        assert!(bench.screen().contains(lengths), "{}", bench.screen());
        let count = bench.app.data.snapshot.networks.total;
        assert!(count <= before && sum(&bench) == addresses, "{lengths}");
        before = count;
    }
    // A prefix leads to the packets of all its addresses.
    let packets = bench.app.data.snapshot.networks.rows[0].traffic.total().packets;
    bench.act(Action::Packets);
    assert!(bench.app.data.page.count > 0);
    assert!(bench.app.data.page.count <= packets);
    bench.act(Action::Back);
    bench.act(Action::View(endpoints::ID));
    bench.act(Action::RollUp);
    assert!(bench.screen().contains(&format!("Endpoints ({addresses})")), "{}", bench.screen());
}

#[test]
fn the_map_says_what_the_cursor_is_on() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(addresses::ID));
    // It begins where most packets are, and every dot is in one block or another.
    let map = bench.app.data.snapshot.map.clone();
    let total: u64 = map.dots.iter().map(|dot| dot.1.addresses).sum();
    assert_eq!(total, map.total.addresses);
    let item = |bench: &mut Bench| {
        bench.act(Action::Drill);
        let item = bench.app.state.address_cards.clone().unwrap().items[0].clone();
        bench.act(Action::Back);
        item
    };
    let first = item(&mut bench);
    assert!(first.ends_with("/10"), "{first}");
    assert!(bench.screen().contains(&first));
    bench.act(Action::Closer);
    let closer = item(&mut bench);
    assert!(closer.ends_with("/18"), "{closer}");
    assert!(bench.screen().contains("/8: "), "{}", bench.screen());
    bench.act(Action::Wider);
    assert_eq!(bench.app.state.map.len, 0);
    // A click on the top left corner is a click on the first block.
    bench.act(Action::Click(0, 2));
    assert_eq!(item(&mut bench), "0.0.0.0/10");
    bench.act(Action::Toggle);
    assert_eq!(keys::context(&bench.app.state), addresses::BLOCKS);
}

#[test]
fn the_hierarchy_adds_up() {
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::View(protocols::ID));
    for action in [Action::Sort, Action::Sort, Action::Reverse] {
        bench.act(action);
        let rows = &bench.app.data.snapshot.protocol_tree.rows;
        let ends: u64 = rows.iter().map(|row| row.ends.packets).sum();
        assert_eq!(ends, 394);
        for (at, row) in rows.iter().enumerate() {
            let inner = rows[at + 1..].iter().take_while(|inner| inner.depth > row.depth);
            let direct = inner.filter(|inner| inner.depth == row.depth + 1);
            let sum: u64 = direct.map(|inner| inner.tally.packets).sum();
            assert_eq!(sum + row.ends.packets, row.tally.packets, "{}", row.name);
        }
    }
}

#[test]
fn an_anomaly_leads_to_its_octets_and_back() {
    let mut bench = Bench::open("faults.pcapng", (160, 45));
    bench.act(Action::View(anomalies::ID));
    let rows = bench.app.data.snapshot.anomalies.rows.clone();
    assert!(rows.len() > 40, "{rows:?}");
    for anomaly in rows {
        bench.act(Action::View(anomalies::ID));
        bench.act(Action::Move(CursorMove::First));
        while bench.app.data.snapshot.anomalies.rows[bench.app.state.anomalies.cursor].row.id
            != anomaly.row.id
        {
            bench.act(Action::Move(CursorMove::Down));
        }
        let effect = bench.act(Action::Drill);
        assert!(effect.is_some());
        let detail = bench.app.data.page.detail.clone();
        let detail = detail.unwrap_or_else(|| panic!("{anomaly:?}: {}", bench.screen()));
        assert_eq!(detail.number, anomaly.first, "{anomaly:?}");
        let state = &bench.app.state.packets;
        let row = &detail.rows[detail.visible(&state.folded)[state.field]];
        // What one packet tells is selected in it, with its octets.
        if of_anomaly(&anomaly).is_some() {
            assert!(row.value.starts_with(anomaly.row.id), "{anomaly:?}: {}", row.value);
            assert!(row.octets.is_empty() || state.octet == row.octets.start, "{anomaly:?}");
        }
    }
}

#[test]
fn an_anomaly_leads_to_its_packets_and_without_any_it_says_so() {
    let mut bench = Bench::open("faults.pcapng", (160, 45));
    bench.act(Action::View(anomalies::ID));
    let rows = &bench.app.data.snapshot.anomalies.rows;
    assert!(rows.iter().any(|row| row.row.id == "ipv4.checksum.bad"), "{rows:?}");
    while bench.app.data.snapshot.anomalies.rows[bench.app.state.anomalies.cursor].row.id
        != "ipv4.checksum.bad"
    {
        bench.act(Action::Move(CursorMove::Down));
    }
    bench.act(Action::Packets);
    assert_eq!(bench.app.state.panel, packets::ID);
    assert!(bench.app.data.page.count > 0);
    let mut bench = Bench::open("office.pcapng", (160, 45));
    bench.act(Action::Filter);
    bench.write("arp && !vxlan");
    bench.act(Action::Apply);
    bench.act(Action::View(anomalies::ID));
    let screen = bench.screen();
    let count = bench.app.data.snapshot.total.packets;
    assert!(count > 0);
    assert!(screen.contains("None found"), "{screen}");
    assert!(screen.contains(&format!("{count} packets looked at")), "{screen}");
}

#[test]
fn times_count_from_the_first_packet_of_all_whatever_is_shown() {
    let mut bench = Bench::open("faults.pcapng", (100, 30));
    bench.act(Action::View(packets::ID));
    bench.act(Action::Filter);
    bench.write("frame.number == 3");
    bench.act(Action::Apply);
    let screen = bench.screen();
    assert!(screen.contains("   3  0.002000"), "{screen}");
}
