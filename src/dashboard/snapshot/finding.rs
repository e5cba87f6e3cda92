//! What is odd, as the panel of anomalies lists it: a row a kind of it.

use crate::analyze::Analysis;
use crate::decode::odd::{Row, Scope};

/// One kind of anomaly in what is shown.
#[derive(Debug, Clone, Copy)]
pub struct Finding {
    /// Its row of the table.
    pub row: &'static Row,
    /// Its place in the table.
    pub place: usize,
    /// Packets; flows for rows about flows.
    pub count: u64,
    /// Number of the first packet, or of the first packet of the flow.
    pub first: u64,
}

impl Finding {
    /// The filter that packets with it pass; none where it takes several packets to tell it.
    pub fn filter(&self) -> Option<String> {
        let is_told_alone = matches!(self.row.scope, Scope::Packet | Scope::Deep);
        is_told_alone.then(|| format!("anomaly.event == \"{}\"", self.row.id))
    }
}

/// What was found at least once.
pub fn findings(analysis: &Analysis) -> impl Iterator<Item = Finding> {
    let all = analysis.anomalies().into_iter().zip(0..);
    all.map(|(counted, place)| Finding {
        row: counted.row,
        place,
        count: counted.count,
        first: counted.first,
    })
}
