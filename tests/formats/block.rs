//! pcapng blocks in little-endian order, to put captures together.

pub(crate) fn any(code: u32, body: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    body.resize(body.len().next_multiple_of(4), 0);
    let total = u32::try_from(body.len() + 12).unwrap().to_le_bytes();
    [&code.to_le_bytes(), &total[..], &body, &total].concat()
}

pub(crate) fn section(options: &[u8]) -> Vec<u8> {
    let head = b"\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";
    any(0x0a0d_0d0a, &[head, options].concat())
}

pub(crate) fn interface(link: u16, snaplen: u32, options: &[u8]) -> Vec<u8> {
    let link = link.to_le_bytes();
    any(1, &[&link[..], &[0, 0], &snaplen.to_le_bytes(), options].concat())
}

pub(crate) fn option(code: u16, value: &[u8]) -> Vec<u8> {
    let len = u16::try_from(value.len()).unwrap().to_le_bytes();
    let mut option = [&code.to_le_bytes(), &len[..], value].concat();
    option.resize(option.len().next_multiple_of(4), 0);
    option
}

pub(crate) fn packet(interface: u32, ticks: u64, bytes: &[u8], options: &[u8]) -> Vec<u8> {
    let high = u32::try_from(ticks >> 32).unwrap();
    let low = u32::try_from(ticks & 0xffff_ffff).unwrap();
    let len = u32::try_from(bytes.len()).unwrap();
    let mut body: Vec<u8> =
        [interface, high, low, len, len].iter().flat_map(|n| n.to_le_bytes()).collect();
    body.extend(bytes);
    body.resize(body.len().next_multiple_of(4), 0);
    body.extend(options);
    any(6, &body)
}
