//! See [`ipeek_fuzz::pcapng`].
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ipeek_fuzz::pcapng(octets));
