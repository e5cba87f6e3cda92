//! The octets of a frame in rows of sixteen, each octet with the header that owns it.

use crate::decode::Packet;

use super::words::{append, octet};

/// Octets a row shows.
pub const WIDTH: usize = 16;

/// Sixteen octets, or what is left of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HexRow<'a> {
    /// Octet of the frame at which the row begins.
    pub offset: usize,
    /// The octets, at most [`WIDTH`].
    pub octets: &'a [u8],
    /// Index of the header that each octet belongs to; none for payload and trailer.
    pub owners: [Option<u8>; WIDTH],
}

/// How many rows a frame of so many captured octets has.
pub const fn count(octets: usize) -> usize {
    octets.div_ceil(WIDTH)
}

/// The row at `index`, if the frame reaches that far.
pub fn row<'a>(packet: &Packet<'a>, index: usize) -> Option<HexRow<'a>> {
    let offset = index.checked_mul(WIDTH)?;
    let rest = packet.frame.bytes.get(offset..).filter(|rest| !rest.is_empty())?;
    let mut owners = [None; WIDTH];
    for (number, span) in packet.layers.spans().iter().enumerate() {
        let first = usize::from(span.at).max(offset);
        let last = span.end().min(offset.saturating_add(WIDTH));
        for at in first..last {
            if let Some(owner) = owners.get_mut(at - offset) {
                *owner = u8::try_from(number).ok();
            }
        }
    }
    Some(HexRow { offset, octets: rest.get(..WIDTH).unwrap_or(rest), owners })
}

/// All rows of a frame.
pub fn rows<'a>(packet: &Packet<'a>) -> impl Iterator<Item = HexRow<'a>> {
    let packet = *packet;
    (0..count(packet.frame.bytes.len())).filter_map(move |index| row(&packet, index))
}

/// How an octet is shown as a character: itself where it is a printable ASCII character.
pub const fn character(octet: u8) -> char {
    if matches!(octet, 0x20..=0x7e) { octet as char } else { '.' }
}

impl HexRow<'_> {
    /// Appends the row as text: `0010  00 3c 4f 2a 40 00 40 06  11 82 c0 a8 00 67 ad fc  .<O*@.@. .....g..`
    pub fn write(&self, out: &mut String) {
        append(out, format_args!("{:04x} ", self.offset));
        for at in 0..WIDTH {
            out.push_str(if at == WIDTH / 2 { "  " } else { " " });
            match self.octets.get(at) {
                Some(&value) => octet(out, value),
                None => out.push_str("  "),
            }
        }
        out.push_str("  ");
        for (at, &value) in self.octets.iter().enumerate() {
            if at == WIDTH / 2 {
                out.push(' ');
            }
            out.push(character(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Frame, LinkType};
    use crate::decode::{Layers, walk};

    /// An Ethernet header, an IPv4 header of protocol 253, and two octets behind it.
    const FRAME: [u8; 36] = [
        2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 22, 0, 0, 0, 0, 64, 253, 0, 0, 10, 0,
        0, 1, 10, 0, 0, 2, b'H', b'\n',
    ];

    #[test]
    fn every_octet_knows_its_header_and_unsafe_ones_are_dots() {
        let mut layers = Layers::new();
        let frame = Frame {
            number: 1,
            time: None,
            link: LinkType::ETHERNET,
            interface: 0,
            original: 36,
            bytes: &FRAME,
            told: crate::capture::Told::default(),
        };
        walk::walk(&frame, &mut layers);
        let packet = Packet { frame, layers: &layers };
        let rows: Vec<_> = rows(&packet).collect();
        let owners: Vec<_> = rows.iter().flat_map(|row| &row.owners[..row.octets.len()]).collect();
        let expected: Vec<_> = [(Some(0), 14), (Some(1), 20), (None, 2)]
            .iter()
            .flat_map(|(o, n)| vec![o; *n])
            .collect();
        assert_eq!(owners, expected);
        let mut text = String::new();
        rows[2].write(&mut text);
        assert_eq!(text, "0020  00 02 48 0a                                       ..H.");
        assert_eq!(row(&packet, 3), None);
    }
}
