//! What has a row in an export of columns: packets, flows or endpoints.

use crate::report::column::{Column, Unknown};

/// What has a row.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Packets, with these columns.
    Packets(Vec<Column>),
    /// Flows, in the order of their first packets.
    Flows,
    /// Outermost addresses, most packets first.
    Endpoints,
}

/// No columns of packets: for exports without any.
impl Default for Rows {
    fn default() -> Self {
        Self::Packets(Vec::new())
    }
}

impl Rows {
    /// What the names of `-e` ask for.
    ///
    /// # Errors
    /// There is no field of that name.
    pub fn find(names: &[String]) -> Result<Self, Unknown> {
        match names {
            [name] if name == "flows" => Ok(Self::Flows),
            [name] if name == "endpoints" => Ok(Self::Endpoints),
            names => Column::all(names).map(Self::Packets),
        }
    }
}
