//! What is odd, as the panel of anomalies lists it: a row a kind of it.

use crate::decode::odd::Scope;
use crate::report::summary::AnomalyLine;

/// One kind of anomaly in what is shown.
pub type Finding = AnomalyLine;

/// The filter that packets with it pass; none where it takes several packets to tell it.
pub fn filter(finding: &Finding) -> Option<String> {
    let is_told_alone = matches!(finding.row.scope, Scope::Packet | Scope::Deep);
    is_told_alone.then(|| format!("anomaly.event == \"{}\"", finding.id))
}
