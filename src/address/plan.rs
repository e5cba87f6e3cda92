//! Dividing a prefix: into equal parts, or into subnets of different sizes (VLSM).

use std::str::FromStr;

use super::prefix::{Family, Prefix, Range, Split};

/// How a prefix is to be divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parts {
    /// Into blocks of this length.
    Length(u8),
    /// Into at least so many equal blocks.
    Count(u128),
    /// Into one block for each of these numbers of hosts.
    Hosts(Vec<u128>),
}

impl FromStr for Parts {
    type Err = String;

    /// `/26` or `26`, `x4`, `hosts:50,20,10`.
    fn from_str(text: &str) -> Result<Self, String> {
        // The library's reader takes a plus sign; here it is a slip.
        let number = |text: &str| match text.parse::<u128>() {
            Ok(number) if number > 0 && !text.starts_with('+') => Ok(number),
            _ => Err(format!("'{text}' is not a number above zero")),
        };
        if let Some(hosts) = text.strip_prefix("hosts:") {
            let hosts: Result<Vec<u128>, String> = hosts.split(',').map(number).collect();
            return hosts.map(Self::Hosts);
        }
        if let Some(count) = text.strip_prefix('x') {
            return number(count).map(Self::Count);
        }
        let len_text = text.strip_prefix('/').unwrap_or(text);
        match len_text.parse() {
            Ok(len) if len <= 128 && !len_text.starts_with('+') => Ok(Self::Length(len)),
            _ => Err("write /26, x4 or hosts:50,20,10".to_owned()),
        }
    }
}

/// Equal parts of a prefix, or why it cannot be divided so.
///
/// # Errors
/// Why not: more parts than there are addresses, or a length that is no longer one.
pub fn equal(prefix: Prefix, parts: &Parts) -> Result<(u8, Split), String> {
    let width = prefix.family.width();
    let len = match parts {
        Parts::Length(len) => Some(*len),
        Parts::Count(count) => count
            .checked_next_power_of_two()
            .and_then(|count| u8::try_from(count.ilog2()).ok())
            .and_then(|bits| prefix.len.checked_add(bits)),
        Parts::Hosts(_) => None,
    };
    match len {
        Some(len) if len > width => Err(format!("split: /{len} is above /{width}")),
        None => Err("split: too many parts".to_owned()),
        Some(len) if len < prefix.len => {
            Err(format!("split: /{len} is shorter than /{}", prefix.len))
        }
        Some(len) => Ok((len, prefix.split(len))),
    }
}

/// The smallest block of `prefix` for `hosts` hosts: IPv4 adds the network and broadcast addresses,
/// IPv6 the subnet-router anycast address (RFC 4291, section 2.6.1), and has subnets of /64 where
/// there is room for them (RFC 7421).  Nothing when no block of the family is that large.
pub fn len_for_hosts(prefix: Prefix, hosts: u128) -> Option<u8> {
    let family = prefix.family;
    let needed = match family {
        Family::V4 => hosts.checked_add(2)?,
        Family::V6 => hosts.checked_add(1)?,
    };
    let bits = needed.checked_next_power_of_two()?.ilog2();
    let len = family.width().checked_sub(u8::try_from(bits).ok()?)?;
    let is_wide = family == Family::V6 && prefix.len <= 64;
    Some(if is_wide { len.min(64) } else { len })
}

/// A plan of subnets of different sizes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubnetPlan {
    /// Each demand with its block, the largest first, as they lie.
    pub blocks: Vec<(u128, Prefix)>,
    /// What is left over.
    pub free: Vec<Prefix>,
}

/// Places blocks for so many hosts each into `prefix`, the largest first, so that none straddles a
/// boundary and what is left over is in one piece.  `Err` has the demand that finds no room.
///
/// # Errors
/// The demand that finds no room.
pub fn plan(prefix: Prefix, hosts: &[u128]) -> Result<SubnetPlan, u128> {
    let mut demands = hosts.to_vec();
    demands.sort_unstable_by(|a, b| b.cmp(a));
    let (mut blocks, mut at) = (Vec::with_capacity(demands.len()), Some(prefix.first));
    for demand in demands {
        let block = len_for_hosts(prefix, demand)
            .zip(at)
            .map(|(len, at)| Prefix::new(prefix.family, at, len))
            .filter(|block| block.len >= prefix.len && block.last() <= prefix.last())
            .ok_or(demand)?;
        at = block.last().checked_add(1);
        blocks.push((demand, block));
    }
    let free = match at.filter(|&at| at <= prefix.last()) {
        Some(first) => Range { first, ..prefix.range() }.prefixes().collect(),
        None => Vec::new(),
    };
    Ok(SubnetPlan { blocks, free })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_places_the_largest_first_and_says_what_is_left() {
        let prefix = Prefix::new(Family::V4, 0x0a00_0000, 24);
        let plan = plan(prefix, &[10, 50, 20]).expect("a plan");
        let lens: Vec<(u128, u128, u8)> = plan
            .blocks
            .iter()
            .map(|(hosts, block)| (*hosts, block.first & 255, block.len))
            .collect();
        assert_eq!(lens, [(50, 0, 26), (20, 64, 27), (10, 96, 28)]);
        let free: Vec<(u128, u8)> = plan.free.iter().map(|p| (p.first & 255, p.len)).collect();
        assert_eq!(free, [(112, 28), (128, 25)]);
        assert_eq!(super::plan(prefix, &[200, 100]), Err(100));
    }

    #[test]
    fn parts_are_read_in_three_forms() {
        for (text, parts) in [
            ("/26", Ok(Parts::Length(26))),
            ("26", Ok(Parts::Length(26))),
            ("x4", Ok(Parts::Count(4))),
            ("hosts:50,20", Ok(Parts::Hosts(vec![50, 20]))),
        ] {
            assert_eq!(text.parse(), parts);
        }
        for text in ["", "/", "x0", "x", "hosts:", "hosts:1,,2", "/129", "+4"] {
            assert!(text.parse::<Parts>().is_err(), "{text}");
        }
    }
}
