//! A block of lz4 (`lz4_Block_format.md`) as leniently as the C library reads it.
//!
//! The format forbids a match at distance 0, which one flipped bit may make of another, and
//! `lz4_flex` refuses the block.  `lz4` goes on as if there were zeros: so does this, and gives
//! what comes before any other damage too.

/// Octets of the shortest match.
const SHORTEST: usize = 4;

/// Appends what `packed` stands for to `out`, at most `most` octets; nothing when it makes no sense
/// from some octet on.  `window` are the octets before.
pub(super) fn unpack(
    mut packed: &[u8],
    window: &[u8],
    most: usize,
    out: &mut Vec<u8>,
) -> Option<()> {
    loop {
        let (token, rest) = packed.split_first()?;
        packed = rest;
        let len = length(token >> 4, &mut packed)?;
        let (literals, rest) = packed.split_at_checked(len)?;
        if out.len().saturating_add(len) > most {
            return None;
        }
        out.extend_from_slice(literals);
        if rest.is_empty() {
            return Some(());
        }
        let (distance, rest) = rest.split_first_chunk()?;
        packed = rest;
        let distance = usize::from(u16::from_le_bytes(*distance));
        let len = length(token & 15, &mut packed)?.saturating_add(SHORTEST);
        if out.len().saturating_add(len) > most {
            return None;
        }
        let end = out.len().saturating_add(len);
        if distance == 0 {
            out.resize(end, 0);
        }
        while out.len() < end {
            // From the octets before where the block has none so far back.
            let octet = if let Some(at) = out.len().checked_sub(distance) {
                out.get(at)
            } else {
                let back = distance.saturating_sub(out.len());
                window.len().checked_sub(back).and_then(|at| window.get(at))
            };
            out.push(*octet?);
        }
    }
}

/// A length of which four bits are known; octets of 255 go on.
fn length(bits: u8, packed: &mut &[u8]) -> Option<usize> {
    let mut len = usize::from(bits);
    let mut more = bits == 15;
    while more {
        let (octet, rest) = packed.split_first()?;
        *packed = rest;
        len = len.saturating_add(usize::from(*octet));
        more = *octet == 255;
    }
    Some(len)
}
