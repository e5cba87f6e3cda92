//! An anomaly, as the columns of its table look at it.

use std::net::IpAddr;

use super::cell::{Cell, end};
use crate::base::timestamp::Timestamp;
use crate::decode::anomaly::{Mark, Row};
use crate::decode::tuple::Pair;
use crate::wire::Value;

/// An anomaly, as the columns look at it.
#[derive(Debug)]
pub struct AnomalyRow<'a> {
    /// Its row.
    pub row: &'static Row,
    /// The rule and its section, for the version of IP that it is found in.
    pub spec: &'static str,
    /// The file the packet was read from.
    pub file: Option<&'a str>,
    /// Octet at which the packet's record begins.
    pub offset: Option<u64>,
    /// Number of the packet.
    pub number: Option<u64>,
    /// When it was.
    pub time: Option<Timestamp>,
    /// IP headers down to where it lies; 0 before any.
    pub ip_layer: u8,
    /// Where in the packet it lies.
    pub mark: Option<Mark>,
    /// The address that lies there.
    pub address: Option<Value<'a>>,
    /// From whom to whom the packet goes.
    pub pair: Option<Pair>,
    /// Number of its flow.
    pub flow: Option<u64>,
}

impl AnomalyRow<'_> {
    pub(super) fn end(&self, is_source: bool) -> Option<IpAddr> {
        Some(end(self.pair?, is_source))
    }
}

/// What stands where it lies.
pub(super) fn value<'r>(row: &'r AnomalyRow<'_>) -> Cell<'r> {
    let Some(mark) = row.mark else { return Cell::Null };
    row.address.map_or(Cell::Decimal(mark.value), Cell::Value)
}
