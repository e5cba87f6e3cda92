//! Copies of pcapng: block for block what was read.

use super::*;
use crate::outputs::ipeek;

/// A block: its type, its body with numbers as they are, and the order of its section.
type Raw = (u32, Vec<u8>, bool);

/// All blocks of a pcapng, but for the length of each section, which is not told.
fn blocks(bytes: &[u8]) -> Vec<Raw> {
    let (mut all, mut at, mut is_big) = (Vec::new(), 0, false);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"\x0a\x0d\x0d\x0a") {
            is_big = bytes[at + 8] == 0x1a;
        }
        let four = |at: usize| {
            let octets = bytes[at..at + 4].try_into().unwrap();
            if is_big { u32::from_be_bytes(octets) } else { u32::from_le_bytes(octets) }
        };
        let (code, len) = (four(at), four(at + 4) as usize);
        assert_eq!(four(at + len - 4) as usize, len, "block at {at}");
        let mut body = bytes[at + 8..at + len - 4].to_vec();
        if code == 0x0a0d_0d0a {
            body[8..16].fill(0xff);
        }
        all.push((code, body, is_big));
        at += len;
    }
    all
}

/// What `ipeek read FILES -w` makes of captures, and what it says.
fn saved(from: &[&[u8]], options: &[&str]) -> (Vec<u8>, String) {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.pcapng");
    let files: Vec<_> = from.iter().map(|bytes| written(bytes)).collect();
    let mut command = ipeek();
    command.arg("read").args(files.iter().map(tempfile::NamedTempFile::path));
    let output = command.arg("-w").arg(&to).args(options).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    (std::fs::read(to).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// A number of four octets, and one of eight, in an order.
fn four(number: u32, is_big: bool) -> [u8; 4] {
    if is_big { number.to_be_bytes() } else { number.to_le_bytes() }
}

fn eight(number: u64, is_big: bool) -> [u8; 8] {
    if is_big { number.to_be_bytes() } else { number.to_le_bytes() }
}

/// A section with one of everything that the draft has, and more that it has not.
fn section(is_big: bool) -> Vec<u8> {
    let two = |number: u16| if is_big { number.to_be_bytes() } else { number.to_le_bytes() };
    let any = |code: u32, body: &[u8]| {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let total = four(u32::try_from(body.len() + 12).unwrap(), is_big);
        [&four(code, is_big)[..], &total, &body, &total].concat()
    };
    let option = |code: u16, value: &[u8]| {
        let len = two(u16::try_from(value.len()).unwrap());
        let mut option = [&two(code)[..], &len, value].concat();
        option.resize(option.len().next_multiple_of(4), 0);
        option
    };
    let end = option(0, b"");
    let head = [&four(0x1a2b_3c4d, is_big)[..], &two(1), &two(0), &[0xff; 8]].concat();
    let packet = |interface: u32, ticks: u32, options: &[u8]| {
        let numbers = [interface, 0, ticks, 3, 60].map(|number| four(number, is_big));
        any(6, &[numbers.as_flattened(), b"abc\0", options].concat())
    };
    let custom = |code: u16| option(code, &[&four(32473, is_big)[..], b"theirs"].concat());
    let with_everything = [
        option(1, b"a comment"),
        option(2, &four(0x8000_0001, is_big)),
        option(3, b"\x02\xde\xad\xbe\xef"),
        option(4, &eight(7, is_big)),
        option(5, &eight(99, is_big)),
        option(6, &four(3, is_big)),
        option(7, &[&b"\x01"[..], &eight(2, is_big)].concat()),
        option(0x1234, b"nobody knows"),
        custom(2988),
        custom(19373),
        end.clone(),
    ]
    .concat();
    let described = [
        option(2, b"eth0"),
        option(3, b"an interface"),
        option(8, &eight(1_000_000_000, is_big)),
        option(9, &[3]),
        option(11, b"\0tcp port 80"),
        option(14, &eight(5, is_big)),
        option(15, b"hardware"),
        end.clone(),
    ]
    .concat();
    let interface = |link: u16, options: &[u8]| {
        any(1, &[&two(link)[..], &[0, 0], &four(96, is_big), options].concat())
    };
    let names =
        [option(1, b"\x0a\0\0\x01one\0"), end.clone(), option(2, b"dns.example"), end.clone()];
    let secret = [&four(0x544c_534b, is_big)[..], &four(5, is_big), b"CLIEN\0\0\0"].concat();
    let old = [&two(0)[..], &two(4)].concat();
    let old = [old, [0, 7, 3, 60].map(|number| four(number, is_big)).concat()].concat();
    let counters = [0, 0, 9].map(|number| four(number, is_big)).concat();
    [
        any(0x0a0d_0d0a, &[&head[..], &option(1, b"all"), &option(4, b"writer"), &end].concat()),
        any(10, &secret),
        interface(1, &described),
        any(4, &names.concat()),
        packet(0, 1000, &with_everything),
        any(0xbad, &[&four(32473, is_big)[..], b"to be copied"].concat()),
        any(0x4000_0bad, &[&four(32473, is_big)[..], b"not to be copied"].concat()),
        interface(101, b""),
        any(9, b"__REALTIME_TIMESTAMP=1\n"),
        any(3, &[&four(3, is_big)[..], b"xyz"].concat()),
        any(2, &[&old[..], b"old\0", &option(2, &four(1, is_big)), &end].concat()),
        packet(1, 3000, b""),
        any(0x0bad_cafe, b"a block of nobody"),
        any(5, &[&counters[..], &option(5, &eight(4, is_big)), &end].concat()),
    ]
    .concat()
}

#[test]
fn a_copy_is_the_same_block_for_block_in_every_section() {
    let all = [section(false), section(true), section(false)].concat();
    let (copy, said) = saved(&[&all], &[]);
    assert_eq!(blocks(&copy), blocks(&all));
    assert_eq!(said, "");
}

#[test]
fn a_filter_takes_packets_away_and_what_must_not_be_copied_then() {
    let (copy, said) = saved(&[&section(true)], &["-Y", "frame.interface_id == 1"]);
    let wanted: Vec<_> = blocks(&section(true))
        .into_iter()
        .filter(|(code, body, _)| match code {
            6 => body[..4] == four(1, true),
            2 | 3 | 0x4000_0bad => false,
            _ => true,
        })
        .collect();
    assert_eq!(blocks(&copy), wanted);
    assert!(said.contains("1 blocks or comments could not be copied"), "{said}");
    // With a filter that lets the packet through, its option goes that must not be copied.
    let (copy, _) = saved(&[&section(false)], &["-Y", "frame.interface_id == 0"]);
    let packet = blocks(&copy).into_iter().find(|block| block.0 == 6).unwrap().1;
    let has = |code: u16| packet.windows(2).any(|octets| octets == code.to_le_bytes());
    assert!(has(2988) && !has(19373));
}

#[test]
fn a_merge_is_one_section_with_all_interfaces_and_options() {
    let (copy, said) = saved(&[&section(false), &section(true)], &[]);
    let all = blocks(&copy);
    let count = |code: u32| all.iter().filter(|block| block.0 == code).count();
    assert_eq!((count(0x0a0d_0d0a), count(1), count(4), count(10), count(5)), (1, 4, 2, 2, 2));
    let comments = all[0].1.windows(4).filter(|octets| octets[1..] == *b"all" && octets[0] == 0);
    assert_eq!(comments.count(), 2, "the comments of both sections");
    // What must not be copied, of each, and a block of nobody in the other order.
    assert!(said.contains("3 blocks"), "{said}");
    // pcapng, section 4.3.1: option 2 is four octets of flags, of both in the order of this
    // section.
    let flags =
        [&2_u16.to_le_bytes()[..], &4_u16.to_le_bytes(), &four(0x8000_0001, false)].concat();
    let has = |body: &[u8], octets: &[u8]| body.windows(octets.len()).any(|some| some == octets);
    let told = all.iter().filter(|block| block.0 == 6 && has(&block.1, b"a comment"));
    let told: Vec<_> = told.map(|block| (block.2, has(&block.1, &flags))).collect();
    assert_eq!(told, [(false, true), (false, true)]);
}

#[test]
fn each_file_of_a_series_has_the_interfaces_and_names_of_its_section() {
    let folder = tempfile::tempdir().unwrap();
    let from = written(&section(true));
    let to = folder.path().join("a.pcapng");
    let mut command = ipeek();
    command.arg("read").arg(from.path()).arg("-w").arg(&to).args(["--rotate-packets", "2"]);
    assert!(command.status().unwrap().success());
    let second = std::fs::read(folder.path().join("a_000002.pcapng")).unwrap();
    let codes: Vec<_> = blocks(&second).into_iter().map(|(code, _, _)| code).collect();
    assert_eq!(codes, [0x0a0d_0d0a, 1, 1, 10, 4, 2, 6, 0x0bad_cafe, 5]);
}

#[test]
fn the_snaplen_is_the_one_that_was_set() {
    // Where it lies: in the header of a pcap, and behind a section header in a pcapng.
    for name in ["copy.pcap", "copy.pcapng"] {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = pcap(3);
        bytes[16..20].copy_from_slice(&65_535_u32.to_le_bytes());
        let (from, to) = (written(&bytes), folder.path().join(name));
        let mut command = ipeek();
        assert!(
            command.arg("read").arg(from.path()).arg("-w").arg(&to).status().unwrap().success()
        );
        let copy = std::fs::read(&to).unwrap();
        let snaplen = match name {
            "copy.pcap" => copy[16..20].to_vec(),
            _ => blocks(&copy)[1].1[4..8].to_vec(),
        };
        assert_eq!(snaplen, 65_535_u32.to_ne_bytes(), "{name}");
    }
}

#[test]
fn real_captures_are_copied_block_for_block() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut count = 0;
    for path in entries.filter(|path| path.extension().is_some_and(|name| name == "pcapng")) {
        let bytes = std::fs::read(&path).unwrap();
        let (copy, _) = saved(&[&bytes], &[]);
        assert!(blocks(&copy) == blocks(&bytes), "{}", path.display());
        count += 1;
    }
    assert!(count > 5);
}
