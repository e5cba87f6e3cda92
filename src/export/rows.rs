//! What has a row in an export of columns: packets, flows or endpoints.

#[cfg(feature = "columns")]
use super::columns::Chosen;
use crate::report::column::{Column, Unknown};
use crate::report::table::{self, Table, packets};

/// What has a row.
#[derive(Debug, Clone)]
pub enum Rows {
    /// Packets, with these columns.
    Packets(Vec<Column>),
    /// Flows, in the order of their first packets.
    Flows,
    /// Outermost addresses, most packets first.
    Endpoints,
    /// What a table has rows of.
    Table(&'static Table),
    /// Packets, with these columns of the table or fields.
    #[cfg(feature = "columns")]
    Chosen(Vec<Chosen>),
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

    /// What the names of `-e` ask for where tables are written: one of these, the packets where
    /// nothing is asked for, or columns of packets.
    ///
    /// # Errors
    /// There is no table, column or field of that name.
    pub fn find_tables(names: &[String]) -> Result<Self, Unknown> {
        match names {
            [] => Ok(Self::Table(&packets::TABLE)),
            [name] if table::named(name).is_some() => {
                Ok(Self::Table(table::named(name).unwrap_or(&packets::TABLE)))
            }
            #[cfg(feature = "columns")]
            names => Chosen::named(names).map(Self::Chosen),
            #[cfg(not(feature = "columns"))]
            names => Column::all(names).map(Self::Packets),
        }
    }
}
