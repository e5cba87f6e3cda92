//! The table of endpoints: a row an address, by the IP headers of the chosen scope.

use super::cell::{Cell, Kind, v4};
use super::column::{Table, columns};

/// The table.
pub static TABLE: Table = Table {
    name: "endpoints",
    meaning: "A row an address, most packets first; by outermost headers unless --depth says otherwise.",
    columns: columns! {
        "file" Kind::Utf8, Endpoint "the run" => |row| Cell::of(row.file), "The file it was met in, or all with commas between; none of an interface.";
        "address" Kind::Utf8, Endpoint "ip.addr, ipv6.addr" => |row| row.endpoint.address.into(), "The address.";
        "v4" Kind::Int64, Endpoint "ip.addr" => |row| v4(row.endpoint.address), "An IPv4 address as a number.";
        "packets_sent" Kind::Int64, Endpoint "the analysis" => |row| Cell::count(row.endpoint.sent.packets), "Packets from it.";
        "packets_received" Kind::Int64, Endpoint "the analysis" => |row| Cell::count(row.endpoint.received.packets), "Packets to it.";
        "octets_sent" Kind::Int64, Endpoint "frame.len" => |row| Cell::count(row.endpoint.sent.octets), "Octets on the wire from it.";
        "octets_received" Kind::Int64, Endpoint "frame.len" => |row| Cell::count(row.endpoint.received.octets), "Octets on the wire to it.";
        "class" Kind::Utf8, Endpoint "ip.addr.class" => |row| Cell::word(row.endpoint.class), "Class of an IPv4 address, A to E.";
        "type" Kind::Utf8, Endpoint "ip.addr.type, ipv6.addr.type" => |row| Cell::word(row.endpoint.kind), "What it is, such as private or multicast.";
        "special" Kind::Utf8, Endpoint "ip.addr.special, ipv6.addr.special" => |row| Cell::word(row.endpoint.special), "Special-purpose block that holds it; none for ordinary addresses.";
    },
};
