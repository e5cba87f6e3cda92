//! Tables as columns: Apache Arrow and Parquet.
//!
//! Rows are gathered on the analysts, a batch of the capture at a time, and leave them as whole
//! messages; what has the turn to write puts these one behind the other.  The layout is made here
//! and not by Arrow's own crates: what it takes is a few lines, and they are a minute of building.
//! Files of Parquet are fed with the same rows.

#[cfg(feature = "columns")]
mod array;
#[cfg(feature = "columns")]
mod chosen;
#[cfg(feature = "columns")]
mod files;
#[cfg(feature = "columns")]
mod flat;
#[cfg(feature = "columns")]
mod notes;
#[cfg(feature = "columns")]
mod parquet;
#[cfg(feature = "columns")]
mod rows;
#[cfg(feature = "columns")]
mod sink;
#[cfg(feature = "columns")]
mod stream;
#[cfg(feature = "columns")]
mod tables_sink;

#[cfg(feature = "columns")]
pub use self::chosen::Chosen;
#[cfg(feature = "columns")]
pub use self::files::{Partition, Spread};
#[cfg(feature = "columns")]
pub use self::tables_sink::TablesOutput;
use super::request::Request;
use crate::capture::CaptureError;
use crate::session::Sink;

/// What a call says that needs columns of a program without them.
pub const MISSING: &str = "needs columns, which this ipeek was built without; hint: cargo build \
                           --release --features columns";

/// Opens the export.
#[cfg(feature = "columns")]
pub(super) fn open_arrow(request: Request<'_>) -> Result<Box<dyn Sink>, CaptureError> {
    sink::open(request)
}

/// Says that there is none.
#[cfg(not(feature = "columns"))]
pub(super) fn open_arrow(request: Request<'_>) -> Result<Box<dyn Sink>, CaptureError> {
    let Request { output, .. } = request;
    let error = std::io::Error::new(std::io::ErrorKind::Unsupported, MISSING);
    Err(CaptureError::Output { path: output.path(), error })
}
