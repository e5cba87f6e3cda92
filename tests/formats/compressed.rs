//! Compressed inputs give all they hold, whatever was done to them: never fewer packets than what
//! `gzip`, `zstd`, `lz4` and `xz` decompress of them.

use std::process::{Command, Stdio};

use super::*;

/// The programs, and ways to compress that reach every part of their formats.
const PROGRAMS: [(&str, &[&str]); 4] = [
    ("gzip", &["-1", "-9", "-6 -N"]),
    ("zstd", &["-1", "-19 --check", "--no-check --format=zstd", "-1 -B4096"]),
    ("lz4", &["-1 -B4", "-9 -BX -B4 -BD", "-1 -BD --content-size", "--no-frame-crc", "-l"]),
    (
        "xz",
        &[
            "-0",
            "-6 --check=crc32 --block-size=3000",
            "--check=sha256 --x86 --lzma2=preset=1",
            "--check=none --delta=dist=4 --lzma2=preset=1",
            "--arm64 --delta=dist=1 --lzma2=lc=0,lp=4,pb=1",
        ],
    ),
];

/// What a program makes of a file, or of as much of it as it can.
fn output(program: &str, arguments: &str, bytes: &[u8]) -> Vec<u8> {
    let file = written(bytes);
    let mut command = Command::new(program);
    command.args(arguments.split_whitespace()).arg("-c").stderr(Stdio::null());
    command.stdin(std::fs::File::open(file.path()).unwrap());
    command.output().unwrap_or_else(|error| panic!("{program} is needed: {error}")).stdout
}

fn packed(program: &str, arguments: &str, bytes: &[u8]) -> Vec<u8> {
    let packed = output(program, arguments, bytes);
    assert!(packed.len() > 20, "{program} {arguments} does not compress");
    packed
}

fn unpacked(program: &str, bytes: &[u8]) -> Vec<u8> {
    output(program, "-d", bytes)
}

/// Captures that compress well, badly and not at all.
fn samples() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures");
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let mut random = Random(7);
    let mut noise = pcap(0);
    for number in 0..300_u32 {
        for field in [number, 0, 500, 500] {
            noise.extend(field.to_le_bytes());
        }
        noise.extend((0..500).map(|_| random.next().to_le_bytes()[0]));
    }
    vec![read("http.pcap"), read("office.pcapng"), pcap(300), noise]
}

/// Numbers that look random, the same in each run (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap() % end.max(1)
    }
}

/// Flips bits, cuts, or puts other octets in the place of some.
fn altered(packed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = packed.to_vec();
    // Headers are small, and worth every fourth try.
    let reach = if random.below(4) == 0 { 40.min(bytes.len()) } else { bytes.len() };
    match random.below(4) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 => {
            let (from, to) = (random.below(bytes.len()), random.below(bytes.len()));
            let len = random.below(200);
            let piece = packed[from..(from + len).min(packed.len())].to_vec();
            let end = (to + random.below(200)).min(bytes.len());
            bytes.splice(to..end, piece);
        }
        _ => {
            for _ in 0..=random.below(3) {
                bytes[random.below(reach)] ^= 1 << random.below(8);
            }
        }
    }
    bytes
}

/// Records of a capture; none of what is no capture.
fn records(bytes: &[u8]) -> (Vec<Seen>, bool) {
    match parse(bytes) {
        Ok(whole) => (whole.seen, whole.damage.is_some()),
        Err(CaptureError::NotACapture { .. }) => (Vec::new(), true),
        Err(error) => panic!("{error}"),
    }
}

/// By hand, with many more: `IPEEK_ALTERED=12000 cargo test --test main no_fewer_packets`.
#[test]
fn altered_inputs_give_no_fewer_packets_than_the_program_that_made_them() {
    let count = std::env::var("IPEEK_ALTERED").map_or(250, |count| count.parse().unwrap());
    let samples = samples();
    let mut all_with_fewer = Vec::new();
    for (program, ways) in PROGRAMS {
        let mut random = Random(42);
        let inputs: Vec<_> = ways
            .iter()
            .flat_map(|way| {
                // What `xz` has decoded and not filtered when it meets damage it gives as it is,
                // and what `zstd` makes of a spoiled code depends on the machine.
                let is_filtered = ["x86", "arm64", "delta"].iter().any(|one| way.contains(one));
                let is_exact = !is_filtered && program != "zstd";
                samples.iter().map(move |sample| (packed(program, way, sample), is_exact))
            })
            .collect();
        let (mut with_fewer, mut with_more) = (Vec::new(), 0);
        for number in 0..count {
            let (input, is_exact) = &inputs[number % inputs.len()];
            let bytes = altered(input, &mut random);
            let (seen, _) = records(&bytes);
            let (wanted, _) = records(&unpacked(program, &bytes));
            let is_more = seen.len() >= wanted.len();
            if !is_more || (*is_exact && !seen.starts_with(&wanted)) {
                let name = format!("/tmp/ipeek-fewer.{number}.{program}");
                if std::env::var_os("IPEEK_ALTERED").is_some() {
                    std::fs::write(&name, &bytes).unwrap();
                }
                with_fewer.push((number, wanted.len(), seen.len()));
            }
            with_more += usize::from(seen.len() > wanted.len());
        }
        eprintln!("{program}: {count} altered, {with_more} with more packets than `{program} -dc`");
        all_with_fewer.extend(with_fewer.into_iter().map(|row| (program, row)));
    }
    assert!(all_with_fewer.is_empty(), "{all_with_fewer:?}");
}

#[test]
fn every_way_to_compress_is_read_to_its_end() {
    for sample in samples() {
        let plain = parse(&sample).unwrap();
        for (program, ways) in PROGRAMS {
            for way in ways {
                let whole = parse(&packed(program, way, &sample)).unwrap();
                assert_eq!(whole.damage, None, "{program} {way}");
                assert!(whole.seen == plain.seen, "{program} {way}");
                assert_eq!(whole.facts.compression, Some(program));
            }
        }
    }
}

/// Nokia's firewalls have 4 octets more in each record header: only records tell (`pcap.rs`).
#[test]
fn variants_of_pcap_are_told_in_compressed_captures_too() {
    let mut bytes = pcap(0);
    for number in 0..9_u32 {
        for field in [number, number, 40, 40, 0x0a0b_0c0d] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend([0x45; 40]);
    }
    let plain = parse(&bytes).unwrap();
    assert_eq!((plain.seen.len(), &plain.damage), (9, &None));
    for (program, _) in PROGRAMS {
        let whole = parse(&packed(program, "-1", &bytes)).unwrap();
        assert_eq!(whole.damage, None, "{program}");
        assert!(whole.seen == plain.seen, "{program}");
    }
}

#[test]
fn frames_follow_one_another_whatever_is_between() {
    let bytes = pcap(400);
    let (front, back) = bytes.split_at(bytes.len() / 3);
    let plain = parse(&bytes).unwrap();
    // Magic 0x184d2a50 to 0x184d2a5f and a length: both formats pass over it.
    let skippable = |last: u8, len: u8| {
        let mut frame = vec![0x50 | last, 0x2a, 0x4d, 0x18, len, 0, 0, 0];
        frame.extend(vec![0xee; len.into()]);
        frame
    };
    let rows: [(&str, &[Vec<u8>]); 4] = [
        ("gzip", &[Vec::new(), vec![0; 512]]),
        ("zstd", &[skippable(0, 0), skippable(15, 77)]),
        ("lz4", &[skippable(0, 0), skippable(15, 77)]),
        ("xz", &[Vec::new(), vec![0; 8]]),
    ];
    for (program, between) in rows {
        let (front, back) = (packed(program, "-3", front), packed(program, "-1", back));
        let empty = output(program, "-1", b"");
        let [first, second] = between else { panic!("two") };
        let is_frame = !second.starts_with(&[0]);
        let leading = if is_frame { second } else { first };
        let all: [&[u8]; 9] =
            [leading, &empty, &front, &empty, first, &back, second, &empty, second];
        let all = all.concat();
        let all = if program == "gzip" {
            // Zeros end a gzip file.
            [&empty[..], &front, &empty, &back, second].concat()
        } else {
            all
        };
        let whole = parse(&all).unwrap();
        assert_eq!(whole.damage, None, "{program}");
        assert_eq!(whole.seen.len(), plain.seen.len(), "{program}");
        assert_eq!(whole.facts.compression, Some(program));
        let garbage = [&front[..], &back, b"and more"].concat();
        let whole = parse(&garbage).unwrap();
        assert_eq!(whole.seen.len(), plain.seen.len(), "{program}");
        let reason = whole.damage.unwrap().reason;
        assert!(reason.contains("what follows the last"), "{program}: {reason}");
    }
}

#[test]
fn the_legacy_lz4_format_may_be_followed_by_frames() {
    let bytes = pcap(400);
    let (front, back) = bytes.split_at(bytes.len() / 3);
    let all = [packed("lz4", "-l", front), packed("lz4", "-1", back)].concat();
    let whole = parse(&all).unwrap();
    assert_eq!((whole.seen.len(), whole.damage), (400, None));
}

#[test]
fn a_wrong_checksum_is_told_and_all_octets_before_it_are_kept() {
    let bytes = pcap(400);
    // Octets behind the first of the last checksum over all, beside an index of xz.
    for (program, way, behind) in [
        ("gzip", "-6", 8),
        ("zstd", "-3 --check", 4),
        ("lz4", "-1", 4),
        ("xz", "-0 --check=crc32", 12 + 4),
        ("xz", "-0 --check=crc64", 12 + 8),
        ("xz", "-0 --check=sha256", 12 + 32),
    ] {
        let mut packed = packed(program, way, &bytes);
        let end = packed.len();
        // xz-file-format.txt 2.1.2.2: the footer tells the length of the index, in words less 1.
        let words = u32::from_le_bytes(packed[end - 8..end - 4].try_into().unwrap());
        let index = if program == "xz" { (words as usize + 1) * 4 } else { 0 };
        let at = end - behind - index;
        packed[at] ^= 1;
        let whole = parse(&packed).unwrap();
        assert_eq!(whole.seen.len(), 400, "{program} {way}");
        let reason = whole.damage.unwrap().reason;
        assert!(reason.contains("checksum"), "{program} {way}: {reason}");
    }
}

#[test]
fn a_cut_input_gives_what_its_program_gives() {
    let http = Path::new(env!("CARGO_MANIFEST_DIR")).join("captures/http.pcap");
    let bytes = std::fs::read(http).unwrap();
    for (program, _) in PROGRAMS {
        let packed = packed(program, "-1", &bytes);
        for part in 1..8 {
            let cut = &packed[..packed.len() * part / 8];
            let (seen, is_damaged) = records(cut);
            let (wanted, _) = records(&unpacked(program, cut));
            assert!(is_damaged, "{program} {part}");
            assert!(seen.starts_with(&wanted), "{program} {part}: {}", seen.len());
        }
    }
}

#[test]
fn a_dictionary_that_is_needed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    // A dictionary of RFC 8878, section 5, with no more than its number is raw: `lz4` takes any.
    std::fs::write(path("dictionary"), pcap(100)).unwrap();
    let packed = packed("lz4", &format!("-BD -1 -D {}", path("dictionary")), &pcap(100));
    match parse(&packed) {
        Err(error) => assert!(error.to_string().contains("lz4 data"), "{error}"),
        Ok(whole) => assert!(whole.damage.is_some()),
    }
    // Descriptor 1: a number of one octet, 7; then a window, and a last stored block of no octets.
    let error = parse(&hex("28b52ffd 01 00 07 010000")).err().unwrap().to_string();
    assert!(error.contains("needs dictionary 7"), "{error}");
}
