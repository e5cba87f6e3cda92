//! A summary as text.
