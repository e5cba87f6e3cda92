//! Rules of what is decoded as what, as options and the configuration spell them: like tshark's.

use super::error::Wrong;
use crate::decode::decode_as::{Choice, REFUSED, SELECTORS, Selector};
use crate::filter::error::nearest;
use crate::wire::Layer;
use crate::wire::catalogue::HEADERS;

/// What stands for no header at all.
const NOTHING: &str = "data";

/// Spellings of headers that are not their names in the catalogue: Wireshark's, and plain ones.
const ALIASES: &[(&str, Layer)] = &[
    ("eth_maybefcs", Layer::Ethernet),
    ("eth_withoutfcs", Layer::Ethernet),
    ("ethernet", Layer::Ethernet),
    ("ipv4", Layer::Ipv4),
    ("vxlan-gpe", Layer::VxlanGpe),
];

/// Reads a rule such as `udp.port==8472,vxlan`.
///
/// # Errors
/// It is none; what is wrong, and a hint.
pub fn rule(text: &str) -> Result<Choice, Wrong> {
    let Some((left, header)) = text.rsplit_once(',') else {
        return Err(no_rule(text));
    };
    entry(left, header)
}

/// Reads the two sides of a rule: `udp.port==8472` and `vxlan`.
///
/// # Errors
/// They are none; what is wrong, and a hint.
pub fn entry(left: &str, header: &str) -> Result<Choice, Wrong> {
    let Some((name, values)) = left.split_once("==").or_else(|| left.split_once('=')) else {
        return Err(no_rule(left));
    };
    let selector = selector(name.trim())?;
    let (first, last) = values_of(values.trim(), selector)?;
    Ok(Choice { number: selector.number, first, last, layer: layer(header.trim(), selector)? })
}

fn no_rule(text: &str) -> Wrong {
    let examples: Vec<_> = SELECTORS.iter().map(|selector| selector.example).collect();
    (format!("'{text}' is no rule of NUMBER==VALUE,HEADER"), Some(examples.join("  ")))
}

fn selector(name: &str) -> Result<&'static Selector, Wrong> {
    if let Some(found) = SELECTORS.iter().find(|selector| selector.name == name) {
        return Ok(found);
    }
    let names = || SELECTORS.iter().map(|selector| selector.name);
    if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
        let hint = names().collect::<Vec<_>>().join(", ");
        return Err((format!("nothing is decoded by '{name}': {why}"), Some(hint)));
    }
    let hint = nearest(name, names()).map_or_else(
        || names().collect::<Vec<_>>().join(", "),
        |near| format!("did you mean '{near}'?"),
    );
    Err((format!("no number is called '{name}'"), Some(hint)))
}

/// A value, or the first and last of a row of them: `8472`, `0x88b5`, `8000-8010`.
fn values_of(text: &str, selector: &Selector) -> Result<(u16, u16), Wrong> {
    let number = |text: &str| {
        let found = match text.trim().strip_prefix("0x") {
            Some(digits) => u16::from_str_radix(digits, 16),
            None => text.trim().parse(),
        };
        found.ok().filter(|number| *number <= selector.most).ok_or_else(|| {
            let hint = format!("0 to {}, such as {}", selector.most, selector.example);
            (format!("'{text}' is no value of {}", selector.name), Some(hint))
        })
    };
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (number(first)?, number(last)?),
        None => (number(text)?, number(text)?),
    };
    if last < first {
        let hint = format!("{}=={last}-{first}", selector.name);
        return Err((format!("'{text}' ends before it begins"), Some(hint)));
    }
    Ok((first, last))
}

/// Headers that a number may announce, by the names that they go by.
fn names_for(selector: &Selector) -> impl Iterator<Item = (&'static str, Layer)> + Clone {
    let all = HEADERS.iter().map(|header| (header.name, header.layer));
    let takes = selector.takes;
    all.chain(ALIASES.iter().copied())
        .filter(move |(_, layer)| takes.contains(&layer.header().class))
}

fn layer(name: &str, selector: &Selector) -> Result<Option<Layer>, Wrong> {
    if name == NOTHING {
        return Ok(None);
    }
    let names = names_for(selector);
    if let Some((_, layer)) = names.clone().find(|(known, _)| *known == name) {
        return Ok(Some(layer));
    }
    if HEADERS.iter().any(|header| header.name == name) {
        let hint = selector.example.to_owned();
        return Err((format!("'{name}' does not follow {}", selector.help), Some(hint)));
    }
    let near = nearest(name, names.map(|(known, _)| known).chain([NOTHING]));
    let hint = near.map_or_else(
        || format!("{}, or '{NOTHING}' for nothing that is decoded", selector.example),
        |near| format!("did you mean '{near}'?"),
    );
    Err((format!("no header is called '{name}'"), Some(hint)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode_as::Number;

    #[test]
    fn every_example_is_a_rule() {
        for selector in SELECTORS {
            assert!(rule(selector.example).is_ok(), "{}", selector.example);
        }
        assert!(ALIASES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn rules_are_read_as_tshark_spells_them() {
        for (text, number, first, last, layer) in [
            ("udp.port==8472,vxlan", Number::UdpPort, 8472, 8472, Some(Layer::Vxlan)),
            ("udp.port==80-90,eth_withoutfcs", Number::UdpPort, 80, 90, Some(Layer::Ethernet)),
            ("udp.port=4789,data", Number::UdpPort, 4789, 4789, None),
            ("ethertype==0x88b5, ip", Number::EtherType, 0x88b5, 0x88b5, Some(Layer::Ipv4)),
            ("gre.proto==0x1234,mpls", Number::GreProtocol, 0x1234, 0x1234, Some(Layer::Mpls)),
            ("ip.proto==253,udp", Number::IpProtocol, 253, 253, Some(Layer::Udp)),
        ] {
            assert_eq!(rule(text), Ok(Choice { number, first, last, layer }), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_what_would_do() {
        for (text, message, hint) in [
            ("vxlan", "'vxlan' is no rule of NUMBER==VALUE,HEADER", "udp.port==8472,vxlan"),
            ("udp.prot==1,ip", "no number is called 'udp.prot'", "did you mean 'udp.port'?"),
            ("udp.port==x,ip", "'x' is no value of udp.port", "0 to 65535"),
            ("ip.proto==256,ip", "'256' is no value of ip.proto", "0 to 255"),
            ("udp.port==9-8,ip", "'9-8' ends before it begins", "udp.port==8-9"),
            ("udp.port==9,vxlam", "no header is called 'vxlam'", "did you mean 'vxlan'?"),
            ("udp.port==9,tcp", "'tcp' does not follow either port of UDP", "udp.port==8472"),
            ("tcp.port==9,ip", "nothing is decoded by 'tcp.port'", "udp.port, ethertype"),
        ] {
            let (said, told) = rule(text).unwrap_err();
            assert!(said.starts_with(message), "{text}: {said}");
            assert!(told.unwrap_or_default().starts_with(hint), "{text}");
        }
    }
}
