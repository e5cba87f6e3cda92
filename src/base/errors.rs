//! Errors of the system that are reported more than once.

use std::io::Error;

/// A copy of an error, which cannot be cloned.
pub fn again(error: &Error) -> Error {
    match error.raw_os_error() {
        Some(number) => Error::from_raw_os_error(number),
        None => Error::new(error.kind(), error.to_string()),
    }
}
