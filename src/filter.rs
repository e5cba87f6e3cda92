//! Floor to come.
