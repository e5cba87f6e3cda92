//! See [`ipeek_fuzz::config`].
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ipeek_fuzz::config(octets));
