//! Writers of capture files.
