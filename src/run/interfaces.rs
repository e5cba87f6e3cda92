//! `ipeek interfaces`: what can be sniffed, and why not.

use std::fmt::Write as _;
use std::io::Write as _;

use super::early_exit::EarlyExit;
use super::message::complain;
use crate::base::columns;
use crate::base::text::Safe;
use crate::capture::CaptureError;
use crate::capture::live::{Device, devices, permission_hint};
use crate::exit::Exit;

/// Lists all interfaces, those that can be sniffed first.
///
/// # Errors
/// The system does not list interfaces, or standard output cannot be written.
pub fn interfaces() -> Result<Exit, EarlyExit> {
    let mut devices = devices()?;
    devices.sort_by_key(|device| (device.is_pseudo, !device.is_up));
    let (text, may_not) = listed(&devices);
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    if may_not {
        complain(&format_args!("hint: run it as root, or once: {}", permission_hint()));
    }
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(EarlyExit::new(Exit::Output, error))
        }
        _ => Ok(Exit::Done),
    }
}

/// The list of `devices`, and whether a right is missing to sniff one of them.
fn listed(devices: &[Device]) -> (String, bool) {
    let names: Vec<_> = devices.iter().map(|device| Safe(&device.name).to_string()).collect();
    let width = names.iter().map(|name| columns::width(name)).max().unwrap_or(0);
    let mut may_not = false;
    // Writing to a string cannot fail.
    let mut text = String::new();
    for (device, name) in devices.iter().zip(&names) {
        let obstacle = device.obstacle();
        may_not |= matches!(obstacle, Some(CaptureError::Permission { .. }));
        let mark = if obstacle.is_none() { "●" } else { "✗" };
        let _ = writeln!(text, "{mark} {}  {}", columns::padded(name, width), about(device));
        if let Some(error) = obstacle {
            let _ = writeln!(text, "  {:width$}  {error}", "");
        }
    }
    (text, may_not)
}

/// What an interface is, in words safe to show: its state, then its addresses.
pub fn about(device: &Device) -> String {
    let mut words = vec![if device.is_up { "up" } else { "down" }.to_owned()];
    if device.is_loopback {
        words.push("loopback".to_owned());
    }
    if device.is_wireless {
        words.push("wireless".to_owned());
    }
    if device.is_disconnected {
        words.push("no carrier".to_owned());
    }
    words.extend(device.addresses.iter().map(|(address, _)| address.to_string()));
    if let Some(description) = &device.description {
        words.push(Safe(description).to_string());
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_script_are_aligned() {
        let device = |name: &str| Device {
            name: name.to_owned(),
            description: None,
            addresses: Vec::new(),
            is_up: false,
            is_running: false,
            is_loopback: false,
            is_wireless: false,
            is_pseudo: false,
            is_disconnected: false,
        };
        let (text, _) = listed(&[device("eth0"), device("乙太網路"), device("a\u{202e}")]);
        let about = text.lines().filter_map(|line| line.split_once("down"));
        let columns: Vec<_> = about.map(|(before, _)| columns::width(before)).collect();
        assert_eq!(columns, [13; 3], "{text}");
    }
}
