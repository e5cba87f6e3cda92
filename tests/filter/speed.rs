//! What a test costs: a bound far above what it takes, and the figures on request.

use super::*;

/// `IPEEK_FILTER_SPEED=1 cargo test --release --test main filter::speed -- --nocapture`.
#[test]
fn simple_tests_take_well_below_a_microsecond() {
    let is_measured = std::env::var_os("IPEEK_FILTER_SPEED").is_some();
    for text in [
        "ip.ttl == 63",
        "tcp.port == 53",
        "ip.src == 10.0.0.0/8",
        "ip.addr == 192.0.2.7",
        "ipv6.src == fe80::/10",
        "ip.proto in {UDP, 1..3}",
        "ip.ttl < 5 && ip.src == 10.0.0.0/8",
        "tcp.opt.mss_val == 1460",
        "frame.len > 100",
    ] {
        let filter = Filter::compile(text).unwrap();
        let rounds: u32 = if is_measured { 5_000_000 } else { 20_000 };
        let took = packet(SYN, |packet| {
            let start = std::time::Instant::now();
            for _ in 0..rounds {
                std::hint::black_box(filter.matches(std::hint::black_box(packet)));
            }
            start.elapsed()
        });
        let each = took.as_secs_f64() * 1e9 / f64::from(rounds);
        if is_measured {
            eprintln!("{each:7.1} ns  {text}");
        }
        assert!(each < 20_000.0, "{text}: {each} ns");
    }
}
