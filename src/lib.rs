//! ipeek peeks at IP: frames from an interface or a capture become decoded headers on a dashboard,
//! as text and as JSON; and an address, prefix or range becomes all that is known about it.
//!
//! # The floors
//!
//! Imports go down only; a test reads the `use` lines and fails on an upward one.
//!
//! | floor | module | knows |
//! |---|---|---|
//! | 0 | [`base`] | time, units, safe text |
//! | 1 | [`wire`] | what header bits mean: one table row a field |
//! | 1 | [`address`] | what an address is: class, registries, prefix arithmetic |
//! | 1 | [`guard`] | rights that are given up before packets are read |
//! | 1 | [`capture`] | where frames come from: files, pipes, interfaces |
//! | 2 | [`decode`] | which header follows which, and where each lies in a frame |
//! | 2 | [`store`] | where a packet's octets can be found again |
//! | 3 | [`analyze`] | what many packets add up to; parts merge into the whole |
//! | 3 | [`filter`] | expressions over the field catalogue |
//! | 4 | [`report`] | what is shown, before it is known where |
//! | 4 | [`session`] | threads and snapshots |
//! | 5 | [`export`] | text, JSON and captures |
//! | 5 | [`dashboard`] | the terminal |
//! | 6 | [`cli`], [`config`], [`run`], [`exit`] | options, and what joins sources to front ends |

pub mod address;
pub mod analyze;
pub mod base;
pub mod capture;
pub mod cli;
pub mod config;
pub mod dashboard;
pub mod decode;
pub mod exit;
pub mod export;
pub mod filter;
pub mod guard;
pub mod report;
pub mod run;
pub mod session;
pub mod store;
pub mod wire;
