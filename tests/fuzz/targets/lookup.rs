//! See [`ipeek_fuzz::lookup`].
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ipeek_fuzz::lookup(octets));
