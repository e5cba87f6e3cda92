//! Address classes A to E (RFC 791, RFC 1112): how IPv4 was divided until CIDR (RFC 1519, 1993).
//!
//! The leading bits alone made the class, and the class made the mask.  Nothing routes by class any
//! more, but it is what is taught, and what default masks and reverse zones still remember.

use super::prefix::Prefix;

/// One class: its bits, its range, and what was counted of it.
#[derive(Debug)]
pub struct Class {
    /// The letter.
    pub name: &'static str,
    /// The leading bits that make the class.
    pub bits: &'static str,
    /// First octets, low and high.
    pub first_octet: (u8, u8),
    /// The default prefix length; none where there is no network and host part.
    pub len: Option<u8>,
    /// Networks: two to the power of the free network bits.
    pub networks: Option<u32>,
    /// Networks as textbooks count them.
    pub textbook: &'static str,
    /// Why counts differ, or what the class is for.
    pub note: &'static str,
    /// The share of all addresses.
    pub share: &'static str,
    /// What the class was for.
    pub purpose: &'static str,
}

/// The classes in order of their leading bits.
pub const CLASSES: [Class; 5] = [
    Class {
        name: "A",
        bits: "0",
        first_octet: (0, 127),
        len: Some(8),
        networks: Some(128),
        textbook: "126",
        note: "128 bit patterns; 0 means this network and 127 loopback, so textbooks count 126",
        share: "1/2",
        purpose: "very large networks",
    },
    Class {
        name: "B",
        bits: "10",
        first_octet: (128, 191),
        len: Some(16),
        networks: Some(16_384),
        textbook: "16382",
        note: "128.0 and 191.255 were reserved until RFC 3330 and RFC 5735, so 16382 or 16384",
        share: "1/4",
        purpose: "large and medium networks",
    },
    Class {
        name: "C",
        bits: "110",
        first_octet: (192, 223),
        len: Some(24),
        networks: Some(2_097_152),
        textbook: "2097150",
        note: "192.0.0 is for protocols (RFC 6890), 223.255.255 was reserved until RFC 5735",
        share: "1/8",
        purpose: "small networks",
    },
    Class {
        name: "D",
        bits: "1110",
        first_octet: (224, 239),
        len: None,
        networks: None,
        textbook: "-",
        note: "28 bits number a multicast group; there is no network and host part (RFC 1112)",
        share: "1/16",
        purpose: "multicast groups",
    },
    Class {
        name: "E",
        bits: "1111",
        first_octet: (240, 255),
        len: None,
        networks: None,
        textbook: "-",
        note: "reserved for future use (RFC 1112, section 4); 255.255.255.255 is limited broadcast",
        share: "1/16",
        purpose: "reserved",
    },
];

impl Class {
    /// The class of an IPv4 address.
    pub fn of(bits: u32) -> &'static Self {
        // Leading ones, at most four, are the position in the table.
        &CLASSES[bits.leading_ones().min(4) as usize]
    }

    /// How many leading bits make the class.
    pub fn leading(&self) -> usize {
        self.bits.len()
    }

    /// Addresses of one network of this class.
    pub fn addresses(&self) -> Option<u32> {
        self.len.map(|len| 1 << (32 - len))
    }
}

/// How a prefix relates to the network its class would have made.
#[derive(Debug, Clone, Copy)]
pub enum Relation {
    /// Exactly one classful network.
    Exact(&'static Class),
    /// A part of one classful network: that network, and the bits borrowed from hosts.
    Subnet(&'static Class, Prefix, u8),
    /// So many classful networks side by side.
    Supernet(&'static Class, u32),
    /// Class D or E, which has no network and host part.
    NoSplit(&'static Class),
    /// Several classes.
    Spans(&'static Class, &'static Class),
}

impl Relation {
    /// How the IPv4 prefix relates to its class.
    pub fn of(prefix: Prefix) -> Self {
        let end = |bits: u128| Class::of(u32::try_from(bits).unwrap_or(u32::MAX));
        let (class, last) = (end(prefix.first), end(prefix.last()));
        if !std::ptr::eq(class, last) {
            return Self::Spans(class, last);
        }
        match class.len {
            None => Self::NoSplit(class),
            Some(len) if len == prefix.len => Self::Exact(class),
            Some(len) if len < prefix.len => {
                Self::Subnet(class, Prefix::new(prefix.family, prefix.first, len), prefix.len - len)
            }
            Some(len) => Self::Supernet(class, 1 << (len - prefix.len)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_tile_the_space() {
        let mut next = 0;
        for class in &CLASSES {
            let (low, high) = class.first_octet;
            assert_eq!(u16::from(low), next);
            next = u16::from(high) + 1;
            for octet in [low, high] {
                let bits = u32::from(octet) << 24;
                assert_eq!(Class::of(bits).name, class.name);
                assert!(format!("{octet:08b}").starts_with(class.bits));
            }
            if let (Some(len), Some(networks)) = (class.len, class.networks) {
                let free = usize::from(len) - class.leading();
                assert_eq!(networks, 1 << free);
            }
        }
        assert_eq!(next, 256);
    }
}
