//! An address, as the columns of its table look at it.

use crate::report::summary::talker::Endpoint;

/// An address, as the columns look at it.
#[derive(Debug)]
pub struct EndpointRow<'a> {
    /// The address and what it sent and received.
    pub endpoint: &'a Endpoint,
    /// The inputs it was met in, where they are files.
    pub file: Option<&'a str>,
}
