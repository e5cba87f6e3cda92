//! See [`ipeek_fuzz::decode`].
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ipeek_fuzz::decode(octets));
