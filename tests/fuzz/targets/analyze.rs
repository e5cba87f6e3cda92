//! See [`ipeek_fuzz::analyze`].
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ipeek_fuzz::analyze(octets));
