//! Filters that the configuration names, behind `-Y`.

use crate::outputs::ipeek;

/// The standard output and the first line of standard error of a run with a configuration.
fn run(filter: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let text = "[filters]\nhost = \"ip.addr == $1\"\ndying = \"ip.ttl < 5\"\n";
    std::fs::write(&config, text).unwrap();
    let capture = concat!(env!("CARGO_MANIFEST_DIR"), "/captures/office.pcapng");
    let mut command = ipeek();
    command.args(["read", capture, "-T", "fields", "-e", "frame.number", "-Y", filter]);
    let command = command.arg("--config").arg(&config).stdout(std::process::Stdio::piped());
    let output = command.output().unwrap();
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    (text(&output.stdout), text(&output.stderr).lines().next().unwrap_or_default().to_owned())
}

#[test]
fn a_name_stands_for_a_filter_and_takes_values() {
    let (address, error) = run("ip.addr#1");
    assert!(!address.is_empty(), "{error}");
    let source = run("ip.src == 10.0.0.0/8").0;
    assert_eq!(run("@host(10.0.0.0/8) && ip.src == 10.0.0.0/8").0, source);
    assert_eq!(run("@dying").0, run("ip.ttl < 5").0);
    assert_eq!(run("@host").1, "ipeek: filter: '@host' needs a value for $1");
    assert_eq!(run("@none").1, "ipeek: filter: no filter is called '@none'");
}
