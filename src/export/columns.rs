//! Tables as columns: Apache Arrow.
//!
//! Rows are gathered on the analysts, a batch of the capture at a time, and leave them as whole
//! messages; what has the turn to write puts these one behind the other.  The layout is made here
//! and not by Arrow's own crates: what it takes is a few lines, and they are a minute of building.

#[cfg(feature = "columns")]
mod array;
#[cfg(feature = "columns")]
mod chosen;
#[cfg(feature = "columns")]
mod flat;
#[cfg(feature = "columns")]
mod notes;
#[cfg(feature = "columns")]
mod rows;
#[cfg(feature = "columns")]
mod sink;
#[cfg(feature = "columns")]
mod stream;

#[cfg(feature = "columns")]
pub use self::chosen::Chosen;
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
    let error = std::io::Error::new(std::io::ErrorKind::Unsupported, MISSING);
    Err(CaptureError::Output { path: request.output.path(), error })
}
