//! A capture of as many flows as one likes, made here.

/// UDP packets without a link header, each of a flow of its own, as a pcap.
pub(crate) fn many_flows(count: u32) -> Vec<u8> {
    let mut file = Vec::new();
    file.extend_from_slice(&0xa1b2_c3d4_u32.to_le_bytes());
    file.extend_from_slice(&[2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 101, 0, 0, 0]);
    for number in 0..count {
        let spread = number.wrapping_mul(0x9e37_79b1);
        for word in [number / 1000, number % 1000, 28, 28] {
            file.extend_from_slice(&word.to_le_bytes());
        }
        file.extend_from_slice(&[0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0]);
        file.extend_from_slice(&spread.to_be_bytes());
        file.extend_from_slice(&(spread ^ number).rotate_left(9).to_be_bytes());
        file.extend_from_slice(&[0x30, 0x39, 0, 53, 0, 8, 0, 0]);
    }
    file
}
