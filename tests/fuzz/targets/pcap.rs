//! See [`ipeek_fuzz::pcap`].
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| ipeek_fuzz::pcap(octets));
