//! Readers of capture files.
