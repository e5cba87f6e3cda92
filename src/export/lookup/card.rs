//! The card of a look-up on a terminal.
