//! What numbers announce is what options and the configuration choose.

use std::io::Write as _;

use serde_json::Value;

use super::{code, events, ipeek, said};

/// The names of the first packet's headers, outermost first.
fn chain(args: &[&str]) -> String {
    let base = ["read", "captures/vxlan.pcap", "-T", "json", "--events", "packet", "-c", "1"];
    let events = events(&[&base[..], args].concat());
    let layers = events.iter().find_map(|event| event["layers"].as_array()).expect("layers");
    let name = |layer: &Value| {
        let keys = layer.as_object().expect("a header").keys();
        keys.filter(|key| !key.starts_with('_')).cloned().collect::<String>()
    };
    layers.iter().map(name).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_number_announces_what_was_chosen() {
    let tunnel = chain(&[]);
    assert!(tunnel.starts_with("eth ip udp vxlan eth"), "{tunnel}");
    for rule in ["udp.port==4789,data", "udp.port==4000-5000,data", "ip.proto==17,data"] {
        let plain = chain(&["--decode-as", rule]);
        assert!(plain.starts_with("eth ip") && !plain.contains("vxlan"), "{plain}");
    }
    // The later of two goes before the earlier.
    let both = ["-d", "udp.port==4789,data", "-d", "udp.port==4789,vxlan"];
    assert_eq!(chain(&both), tunnel);
    assert!(chain(&["-d", "udp.port==4789,geneve"]).starts_with("eth ip udp geneve"));
    assert_eq!(chain(&["-d", "ethertype==0x0800,data"]), "eth");
}

#[test]
fn every_format_decodes_by_the_same_rules() {
    for format in ["summary", "packets", "tree", "json"] {
        let shown = |more: &[&str]| {
            let args = ["read", "captures/vxlan.pcap", "-T", format];
            String::from_utf8_lossy(&ipeek(&[&args[..], more].concat()).stdout).into_owned()
        };
        assert!(shown(&[]) != shown(&["-d", "udp.port==4789,data"]), "{format}");
    }
}

#[test]
fn the_configuration_holds_for_every_run_and_an_option_goes_before_it() {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
    writeln!(file, "[decode-as]\n\"udp.port==4789\" = \"data\"").expect("a file that takes octets");
    let path = file.path().to_str().expect("a name");
    assert_eq!(chain(&["--config", path]), "eth ip udp");
    let chosen = chain(&["--config", path, "-d", "udp.port==4789,vxlan"]);
    assert!(chosen.starts_with("eth ip udp vxlan"), "{chosen}");
}

#[test]
fn a_wrong_rule_is_told_with_what_would_do() {
    for (rule, words) in [
        ("udp.prot==8472,vxlan", "did you mean 'udp.port'?"),
        ("udp.port==8472,vxlam", "did you mean 'vxlan'?"),
        ("tcp.port==80,ip", "TCP carries a stream"),
        ("udp.port==70000,vxlan", "0 to 65535"),
        ("vxlan", "udp.port==8472,vxlan"),
    ] {
        let output = ipeek(&["read", "captures/vxlan.pcap", "-d", rule]);
        assert_eq!(code(&output), 2, "{rule}");
        assert!(said(&output).contains(words), "{rule}: {}", said(&output));
    }
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
    writeln!(file, "[decode-as]\n\"udp.prot==1\" = \"ip\"").expect("a file that takes octets");
    let path = file.path().to_str().expect("a name");
    let output = ipeek(&["read", "captures/vxlan.pcap", "-T", "summary", "--config", path]);
    assert_eq!(code(&output), 1);
    assert!(said(&output).contains("did you mean 'udp.port'?"), "{}", said(&output));
}

#[test]
fn shells_complete_rules() {
    let output = ipeek(&["completions", "fish"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("udp.port==8472,vxlan"));
}
