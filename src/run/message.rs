//! Messages on standard error.

use std::io::Write;

use crate::base::fault;
use crate::base::text::SafeLines;

/// Says a message on standard error, one line beginning `ipeek: ` and what belongs to it.
///
/// The code that makes a message escapes what is in it from outside, to tell its lines from the
/// message's; what was overlooked gets no further than here.
pub(super) fn complain(message: &(impl std::fmt::Display + ?Sized)) {
    let message = message.to_string();
    // There is nowhere left to say that standard error is closed.
    let _ = writeln!(std::io::stderr().lock(), "ipeek: {}", SafeLines(&message));
}

/// Makes panics appear as other messages do: in one line; with where it came from if
/// `RUST_BACKTRACE` is set so.
pub(super) fn tell_of_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        complain(&fault::words(panic));
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|wanted| wanted != "0") {
            usual(panic);
        }
    }));
}
