//! The Hilbert curve: a line through every dot of a square, on which any run of 4^k dots that
//! begins at a multiple of 4^k is a square itself.

/// Column and row of dot `at` on a curve of 2^`order` dots a side (after Hacker's Delight, 16-1).
pub fn place(order: u8, at: u32) -> (u16, u16) {
    let (mut x, mut y, mut rest, mut side) = (0u16, 0u16, at, 1u16);
    for _ in 0..order {
        let right = u16::from(rest & 2 != 0);
        let down = u16::from(rest & 1 != 0) ^ right;
        (x, y) = turned(x, y, side, right, down);
        x += side * right;
        y += side * down;
        rest >>= 2;
        side <<= 1;
    }
    (x, y)
}

/// The dot in column `x` and row `y`.
pub fn at(order: u8, x: u16, y: u16) -> u32 {
    let (mut x, mut y, mut sum) = (x, y, 0u32);
    for level in (0..order).rev() {
        let side = 1u16 << level;
        let (right, down) = (u16::from(x & side != 0), u16::from(y & side != 0));
        sum = sum << 2 | u32::from((3 * right) ^ down);
        (x, y) = (x & (side - 1), y & (side - 1));
        (x, y) = turned(x, y, side, right, down);
    }
    sum
}

/// The quarter's own curve, turned the way that quarter has it.
fn turned(x: u16, y: u16, side: u16, right: u16, down: u16) -> (u16, u16) {
    match (right, down) {
        (0, 0) => (y, x),
        (1, 0) => (side - 1 - y, side - 1 - x),
        _ => (x, y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_goes_through_every_dot_once_by_single_steps() {
        for order in 1..=6 {
            let count = 1u32 << (2 * order);
            let mut before = place(order, 0);
            assert_eq!(before, (0, 0));
            let mut seen = std::collections::HashSet::from([before]);
            for dot in 1..count {
                let here = place(order, dot);
                let far = here.0.abs_diff(before.0) + here.1.abs_diff(before.1);
                assert_eq!(far, 1, "order {order} dot {dot}");
                assert!(seen.insert(here));
                assert_eq!(at(order, here.0, here.1), dot);
                before = here;
            }
            assert_eq!(before, ((1 << order) - 1, 0), "it ends beside where it began");
        }
    }

    #[test]
    fn a_run_of_sixteen_dots_is_a_square_of_four() {
        for run in 0..64 {
            let places: Vec<_> = (0..16).map(|dot| place(5, run * 16 + dot)).collect();
            let corner = (places[0].0 / 4, places[0].1 / 4);
            assert!(places.iter().all(|place| (place.0 / 4, place.1 / 4) == corner));
        }
    }
}
