//! See [`ipeek_fuzz::compressed`].
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ipeek_fuzz::compressed(octets));
