//! The dashboard on an interface, between two network namespaces of the test's own.
#![cfg(all(feature = "live", target_os = "linux"))]

use std::process::{Command, Stdio};

use super::pty::Terminal;

/// Ends of a cable between here and a network of its own; gone when dropped.
struct Cable {
    space: String,
    here: String,
    /// First three octets of both ends' addresses: .1 here, .2 there.
    net: String,
}

impl Cable {
    /// None without the right to make networks.
    /// Of a number of its own: tests run at once.
    fn new(number: u8) -> Option<Self> {
        let id = std::process::id();
        let net = format!("198.18.{}", 100 - number);
        let (space, here) = (format!("ipeekdash{number}{id}"), format!("ipd{number}{id}"));
        let cable = Self { space, here, net };
        let Self { space, here, net } = &cable;
        let is_made = system(&format!("ip netns add {space}"))
            && system(&format!("ip link add {here} type veth peer name there netns {space}"))
            && system(&format!("sysctl -qw net.ipv6.conf.{here}.disable_ipv6=1"))
            && system(&format!(
                "ip netns exec {space} sysctl -qw net.ipv6.conf.all.disable_ipv6=1"
            ))
            && system(&format!("ip addr add {net}.1/30 dev {here}"))
            && system(&format!("ip -n {space} addr add {net}.2/30 dev there"))
            && system(&format!("ip link set {here} up"))
            && system(&format!("ip -n {space} link set there up"));
        is_made.then_some(cable)
    }

    fn ping(&self, count: u32) {
        let Self { space, net, .. } = self;
        let words = format!("ip netns exec {space} ping -q -w 9 -i 0.01 -c {count} {net}.1");
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
    let Some(cable) = Cable::new(1) else { crate::skip::skip!(Network) };
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
    assert_eq!(packets_of(&screen, &format!("{}.2 ", cable.net)), "40", "{screen}");
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

#[test]
fn f_follows_the_newest_again_and_q_is_the_normal_end() {
    let Some(cable) = Cable::new(2) else { crate::skip::skip!(Network) };
    let directory = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::open_at(&["live", "-i", &cable.here], 120, 40, directory.path());
    terminal.until("Waiting for packets");
    terminal.press("2");
    cable.ping(40);
    terminal.until("FOLLOW");
    terminal.until("seq 40 len");
    // Moving lets go: what comes is not gone to.
    terminal.press("g");
    terminal.until("seq 1 len");
    cable.ping(41);
    let screen = terminal.until_it("not all captured", |screen| {
        // There are requests and replies, and whatever ARP had to ask.
        let count = screen.split_once("captured ").and_then(|(_, rest)| rest.split_once(' '));
        count.is_some_and(|(count, _)| count.parse::<u32>().is_ok_and(|count| count >= 162))
    });
    assert!(!screen.contains("FOLLOW") && !screen.contains("seq 41 len"), "{screen}");
    terminal.press("F");
    terminal.until("FOLLOW");
    terminal.until("seq 41 len");
    terminal.press("q");
    assert_eq!(terminal.end().0, 0);
}

/// 16 MiB wait for whoever reads the JSON beside it; what there is no room for is told.
#[test]
fn records_that_are_not_written_are_told_on_the_screen() {
    let Some(cable) = Cable::new(3) else { crate::skip::skip!(Network) };
    let directory = tempfile::tempdir().unwrap();
    let fifo = directory.path().join("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
    // Opened both ways it has a reader, who never takes anything.
    let _reader = std::fs::File::options().read(true).write(true).open(&fifo).unwrap();
    let words = ["live", "-i", &cable.here, "--json", &fifo.to_string_lossy()];
    let mut terminal = Terminal::open_at(&words, 160, 40, directory.path());
    terminal.until("Waiting for packets");
    let Cable { space, net, .. } = &cable;
    system(&format!("ip netns exec {space} ping -q -f -w 9 -c 30000 {net}.1"));
    let screen = terminal.until("  unwritten ");
    assert!(screen.contains("application 0"), "{screen}");
    terminal.press("q");
    let (code, raw) = terminal.end();
    // What it did not take in the end is lost, and said to be; the end was asked for.
    assert_eq!(code, 0);
    assert!(String::from_utf8_lossy(&raw).contains("fifo: nobody reads it"));
}
