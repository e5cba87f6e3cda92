//! See [`ipeek_fuzz::filter`].
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ipeek_fuzz::filter(octets));
