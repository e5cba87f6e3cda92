//! Protocols that are not decoded here, by the names that Wireshark has for them, and the filters
//! that have their packets by their usual ports or numbers.

/// A row: a protocol's name and the filter that has its packets.
pub type Application = (&'static str, &'static str);

/// All rows, by name.
pub const APPLICATIONS: &[Application] = &[
    ("amqp", "tcp.port == 5672"),
    ("bfd", "udp.port in {3784, 3785, 4784}"),
    ("bgp", "tcp.port == 179"),
    ("bootp", "udp.port in {67, 68}"),
    ("cdp", "eth.dst == 01:00:0c:cc:cc:cc"),
    ("coap", "udp.port == 5683"),
    ("dhcp", "udp.port in {67, 68}"),
    ("dhcpv6", "udp.port in {546, 547}"),
    ("dns", "udp.port == 53 || tcp.port == 53"),
    ("dtls", "udp.port in {443, 4433, 5684}"),
    ("ftp", "tcp.port == 21"),
    ("hsrp", "udp.port == 1985"),
    ("http", "tcp.port in {80, 8080}"),
    ("http2", "tcp.port == 443"),
    ("imap", "tcp.port in {143, 993}"),
    ("irc", "tcp.port == 6667"),
    ("isakmp", "udp.port in {500, 4500}"),
    ("kerberos", "tcp.port == 88 || udp.port == 88"),
    ("ldap", "tcp.port in {389, 636}"),
    ("ldp", "tcp.port == 646 || udp.port == 646"),
    ("lldp", "eth.type == 0x88cc"),
    ("llmnr", "udp.port == 5355"),
    ("mdns", "udp.port == 5353"),
    ("memcache", "tcp.port == 11211"),
    ("modbus", "tcp.port == 502"),
    ("mongo", "tcp.port == 27017"),
    ("mqtt", "tcp.port in {1883, 8883}"),
    ("mysql", "tcp.port == 3306"),
    ("nbns", "udp.port == 137"),
    ("nfs", "tcp.port == 2049"),
    ("ntp", "udp.port == 123"),
    ("openvpn", "udp.port == 1194"),
    ("pgsql", "tcp.port == 5432"),
    ("pop", "tcp.port in {110, 995}"),
    ("quic", "udp.port == 443"),
    ("radius", "udp.port in {1812, 1813}"),
    ("rdp", "tcp.port == 3389"),
    ("redis", "tcp.port == 6379"),
    ("rip", "udp.port == 520"),
    ("rpc", "tcp.port == 111 || udp.port == 111"),
    ("rtcp", "udp"),
    ("rtp", "udp"),
    ("rtsp", "tcp.port == 554"),
    ("sip", "udp.port == 5060 || tcp.port == 5060"),
    ("smb", "tcp.port == 445"),
    ("smb2", "tcp.port == 445"),
    ("smtp", "tcp.port in {25, 465, 587}"),
    ("snmp", "udp.port in {161, 162}"),
    ("ssdp", "udp.port == 1900"),
    ("ssh", "tcp.port == 22"),
    ("ssl", "tcp.port == 443"),
    ("stp", "eth.dst == 01:80:c2:00:00:00"),
    ("stun", "udp.port == 3478"),
    ("syslog", "udp.port == 514"),
    ("telnet", "tcp.port == 23"),
    ("tftp", "udp.port == 69"),
    ("tls", "tcp.port == 443"),
    ("vnc", "tcp.port == 5900"),
    ("websocket", "tcp.port in {80, 443}"),
    ("wg", "udp.port == 51820"),
    ("x11", "tcp.port == 6000"),
];

/// The row of the protocol that `name` is, or that it is a field of.
pub fn find(name: &str) -> Option<&'static Application> {
    let protocol = name.split('.').next()?;
    APPLICATIONS.iter().find(|(application, _)| application.eq_ignore_ascii_case(protocol))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;
    use crate::filter::names::Subject;

    #[test]
    fn rows_are_in_order_and_their_filters_compile() {
        assert!(APPLICATIONS.is_sorted_by_key(|(name, _)| name));
        for (name, filter) in APPLICATIONS {
            assert!(Filter::compile(filter).is_ok(), "{filter}");
            assert!(Subject::exact(name).is_none(), "{name} is decoded");
        }
    }
}
