//! Flows and addresses as CSV.

use ipeek::analyze::{Analysis, Briefs, Limits};
use ipeek::export::csv;

use super::each_packet;

fn analysis(capture: &str) -> Analysis {
    let mut analysis = Analysis::new(Limits::default(), foldhash::quality::RandomState::default());
    let mut briefs = Briefs::default();
    each_packet(capture, |packet| briefs.push(packet));
    analysis.fold(&mut briefs, |_, _| ());
    analysis
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).expect("a vector takes all");
    String::from_utf8(out).expect("text")
}

#[test]
fn flows_have_as_many_cells_as_names_and_come_by_first_packet() {
    let analysis = analysis("http.pcap");
    let table = text(|out| csv::flows(out, &analysis));
    let names = table.lines().next().expect("names").split(',').count();
    let mut last = 0;
    for row in table.lines().skip(1) {
        assert_eq!(row.split(',').count(), names, "{row}");
        let number: u64 = row.split(',').next().expect("a number").parse().expect("a number");
        assert!(number > last, "{row}");
        last = number;
    }
    assert_eq!(table.lines().count(), analysis.live_flows() + 1);
}

#[test]
fn addresses_come_with_their_class_and_type() {
    let table = text(|out| csv::endpoints(out, &analysis("damaged.pcap")));
    let rows: Vec<_> = table.lines().collect();
    assert_eq!(
        rows,
        [
            "address,class,type,special,pkts_sent,bytes_sent,pkts_received,bytes_received",
            "10.0.0.1,A,private,Private-Use,4,232,0,0",
            "192.0.2.80,C,documentation,Documentation (TEST-NET-1),0,0,4,232",
        ]
    );
}
