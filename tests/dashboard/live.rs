//! The dashboard on an interface, between two network namespaces of the test's own; skipped without
//! root.
#![cfg(all(feature = "live", target_os = "linux"))]

use std::process::{Command, Stdio};

use super::pty::Terminal;

/// Ends of a cable between here and a network of its own; gone when dropped.
struct Cable {
    space: String,
    here: String,
}

impl Cable {
    /// None without the right to make networks.
    fn new() -> Option<Self> {
        let id = std::process::id();
        let cable = Self { space: format!("ipeekdash{id}"), here: format!("ipd{id}") };
        let Self { space, here } = &cable;
        let is_made = system(&format!("ip netns add {space}"))
            && system(&format!("ip link add {here} type veth peer name there netns {space}"))
            && system(&format!("sysctl -qw net.ipv6.conf.{here}.disable_ipv6=1"))
            && system(&format!(
                "ip netns exec {space} sysctl -qw net.ipv6.conf.all.disable_ipv6=1"
            ))
            && system(&format!("ip addr add 198.18.99.1/30 dev {here}"))
            && system(&format!("ip -n {space} addr add 198.18.99.2/30 dev there"))
            && system(&format!("ip link set {here} up"))
            && system(&format!("ip -n {space} link set there up"));
        if !is_made {
            eprintln!("skipped: no right to make network namespaces");
        }
        is_made.then_some(cable)
    }

    fn ping(&self, count: u32) {
        let space = &self.space;
        let words = format!("ip netns exec {space} ping -q -w 9 -i 0.01 -c {count} 198.18.99.1");
        assert!(system(&words));
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        system(&format!("ip link del {}", self.here));
        system(&format!("ip netns del {}", self.space));
    }
}

/// Runs a command of words; whether it went well.
fn system(words: &str) -> bool {
    let mut words = words.split(' ');
    let mut command = Command::new(words.next().unwrap());
    let command = command.args(words).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn a_live_view_follows_is_frozen_and_outlives_its_interface() {
    let Some(cable) = Cable::new() else { return };
    let directory = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::open_at(&["live", "-i", &cable.here], 120, 40, directory.path());
    terminal.until("Waiting for packets");
    cable.ping(20);
    terminal.press("2");
    terminal.until("FOLLOW");
    terminal.until("seq 20 len");
    // What comes while the view is held is counted, and not shown.
    terminal.press(" ");
    terminal.until("FROZEN");
    cable.ping(10);
    let screen = terminal.until("FROZEN +");
    assert!(screen.contains("seq 20 len"), "{screen}");
    // Every view is of that moment: 20 requests and 20 replies.
    let packets_of = |screen: &str, name: &str| {
        let row = screen.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        row.split_whitespace().nth(1).unwrap().to_owned()
    };
    terminal.press("7");
    let screen = terminal.until("Ends here");
    assert_eq!(packets_of(&screen, "icmp "), "40", "{screen}");
    terminal.press("4");
    let screen = terminal.until("Endpoints (2)");
    assert_eq!(packets_of(&screen, "198.18.99.2 "), "40", "{screen}");
    terminal.press(" ");
    terminal.until("  60  ");
    terminal.press("2");
    terminal.until("seq 10 len");
    // A filter goes on with what comes after it.
    terminal.press("/icmp.type == 8\r");
    terminal.until("30 of ");
    cable.ping(3);
    terminal.until("33 of ");
    // The link is lost, and comes back.
    system(&format!("ip link set {} down", cable.here));
    terminal.until(&format!("{} is down", cable.here));
    system(&format!("ip link set {} up", cable.here));
    cable.ping(2);
    terminal.until("35 of ");
    let screen = terminal.until("captured");
    assert!(!screen.contains("is down"), "{screen}");
    system(&format!("ip link del {}", cable.here));
    terminal.until("capture ended");
    let screen = terminal.until("interface disappeared");
    assert!(screen.contains("echo request"), "{screen}");
    terminal.press("1");
    terminal.until("lasted");
    terminal.press("q");
    assert_eq!(terminal.end().0, 5);
}
