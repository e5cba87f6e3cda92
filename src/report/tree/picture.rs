//! The bits of a field drawn in the octets it lies in: `..00 0000 0101 ....`.

/// Octets a drawing spans at most; a wider field says enough by its value.
const MOST: u32 = 4;

/// Appends the drawing of `width` bits from bit `at` of `octets`, where they do not fill whole
/// octets; nothing otherwise.
pub(super) fn draw(out: &mut String, octets: &[u8], at: u32, width: u32) {
    let end = at.saturating_add(width);
    let (first, last) = (at / 8, end.div_ceil(8));
    if width == 0 || (at.is_multiple_of(8) && end.is_multiple_of(8)) || last - first > MOST {
        return;
    }
    for bit in first * 8..last * 8 {
        if bit > first * 8 && bit.is_multiple_of(4) {
            out.push(' ');
        }
        let octet = usize::try_from(bit / 8).ok().and_then(|place| octets.get(place));
        out.push(match octet {
            Some(octet) if (at..end).contains(&bit) => {
                if octet & 0x80 >> (bit % 8) == 0 {
                    '0'
                } else {
                    '1'
                }
            }
            _ => '.',
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bits_of_the_field_are_drawn() {
        for (octets, at, width, picture) in [
            ([0x45, 0, 0, 0], 0, 4, "0100 ...."),
            ([0x45, 0, 0, 0], 4, 4, ".... 0101"),
            ([0x40, 0x08, 0, 0], 3, 13, "...0 0000 0000 1000"),
            ([0x60, 0x01, 0x23, 0x45], 12, 20, ".... 0001 0010 0011 0100 0101"),
            ([0x45, 0, 0, 0], 8, 16, ""),
        ] {
            let mut out = String::new();
            draw(&mut out, &octets, at, width);
            assert_eq!(out, picture);
        }
    }
}
