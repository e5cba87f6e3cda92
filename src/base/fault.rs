//! Panics that a test provokes, to see what becomes of the rest; and the message about one.
//!
//! In builds without debug assertions there is no way to ask.

/// The variable that names the place where a test wants a panic.
#[cfg(debug_assertions)]
const VARIABLE: &str = "IPEEK_PANIC_IN";

/// Panics where a test wants one in `place`.
///
/// # Panics
/// Where the variable names this place.
#[cfg(debug_assertions)]
pub fn point(place: &str) {
    static PLACE: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let wanted = PLACE.get_or_init(|| std::env::var(VARIABLE).ok());
    assert!(wanted.as_deref() != Some(place), "as {VARIABLE} asks in {place}");
}

/// Does nothing: release builds have no faults to provoke.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub fn point(_place: &str) {}

/// A panic in one line: where it was and what it says.
pub fn words(panic: &std::panic::PanicHookInfo<'_>) -> String {
    let at = panic.location().map_or_else(String::new, |at| format!(" at {at}"));
    let payload = panic.payload();
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let what = text.or(payload.downcast_ref::<&str>().copied()).unwrap_or("no words");
    format!("fault of ipeek's own{at}: {what}")
}
