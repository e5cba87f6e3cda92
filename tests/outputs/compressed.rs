//! Outputs that are compressed by their names, and inputs of which several are damaged.

use super::*;

/// What the program of a compression makes of a file.
fn unpacked(program: &str, path: &Path) -> Vec<u8> {
    let mut command = Command::new(program);
    let output = command.arg("-dc").arg(path).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

const PROGRAMS: [(&str, &str); 4] = [("gzip", "gz"), ("zstd", "zst"), ("lz4", "lz4"), ("xz", "xz")];

fn save(to: &Path, options: &[&str]) -> String {
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", "-w"]).arg(to);
    let output = command.args(options).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_name_says_how_an_output_is_compressed() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for format in ["pcap", "pcapng"] {
        let plain = at(&format!("plain.{format}"));
        save(&plain, &[]);
        let plain = std::fs::read(plain).unwrap();
        for (program, ending) in PROGRAMS {
            let to = at(&format!("packed.{format}.{ending}"));
            save(&to, &[]);
            assert!(std::fs::metadata(&to).unwrap().len() < plain.len() as u64 / 2, "{ending}");
            assert!(unpacked(program, &to) == plain, "{format} {ending}");
            assert_eq!(packets(&to), 394, "{format} {ending}");
        }
    }
    let events = at("events.json.gz");
    let mut command = ipeek();
    command.arg("read").arg(capture("office.pcapng")).args(["-T", "summary", "--json"]);
    assert!(command.arg(&events).status().unwrap().success());
    let text = String::from_utf8(unpacked("gzip", &events)).unwrap();
    assert!(text.starts_with("{\"schema\"") && text.ends_with("}\n"));
    assert!(text.lines().count() > 394);
}

#[test]
fn a_compression_that_is_not_written_is_refused() {
    for name in ["a.pcap.bz2", "a.pcapng.Z", "a.zip"] {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join(name);
        let mut command = ipeek();
        command.arg("read").arg(capture("dns.pcap")).args(["-T", "summary", "-w"]).arg(&to);
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_ne!(output.status.code(), Some(0), "{name}");
        assert!(said.contains("hint: .gz, .zst, .lz4 or .xz"), "{said}");
        assert!(!to.exists());
    }
}

#[test]
fn sizes_of_a_series_are_those_of_the_compressed_files() {
    let folder = tempfile::tempdir().unwrap();
    save(&folder.path().join("a.pcap.gz"), &["-C", "8k"]);
    let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.collect();
    files.sort();
    assert!(files[0].ends_with("a_000001.pcap.gz"), "{files:?}");
    assert_eq!(files.iter().map(|file| packets(file)).sum::<usize>(), 394);
    assert!(files.len() > 1, "{files:?}");
    for (index, file) in files.iter().enumerate() {
        let size = std::fs::metadata(file).unwrap().len();
        assert!(size <= 8192, "{} of {size}", file.display());
        // All but the last are nearly full.
        assert!(size > 4096 || index + 1 == files.len(), "{} of {size}", file.display());
    }
}

/// So many packets whose payload cannot be compressed.
fn noise(count: u32) -> Vec<u8> {
    let (mut noise, mut state) = (many(count), 0x9e37_79b9_7f4a_7c15_u64);
    for record in noise[24..].chunks_mut(1058) {
        for octet in &mut record[58..] {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *octet = state.to_le_bytes()[3];
        }
    }
    noise
}

/// A piece that nobody took all of cannot be read; all before it can.
#[test]
fn a_compressed_fifo_that_stalls_has_whole_packets_before_the_last_piece() {
    let folder = tempfile::tempdir().unwrap();
    let (from, taken) = (folder.path().join("noise.pcap"), folder.path().join("taken.pcap.zst"));
    std::fs::write(&from, noise(5_000)).unwrap();
    let stalled = folder.path().join("stalled.pcap.zst");
    fifo(&stalled);
    // Opened both ways, a FIFO has a reader, who never takes anything.
    let mut options = std::fs::File::options();
    let flags = nix::libc::O_NONBLOCK;
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags);
    let mut reader = options.read(true).write(true).open(&stalled).unwrap();
    let mut command = ipeek();
    let mut child =
        Running::start(command.arg("read").arg(&from).args(["-T", "summary", "-w"]).arg(&stalled));
    child.rests();
    child.signal("INT");
    let code = child.end();
    let said = child.said();
    assert_eq!(code, Some(130), "{said}");
    let [seen, kept, _, lost] = super::full::counts(&said);
    assert!(kept > 30 && lost > 0 && seen == kept + lost, "{said}");
    let mut octets = Vec::new();
    let _ = std::io::Read::read_to_end(&mut reader, &mut octets);
    std::fs::write(&taken, octets).unwrap();
    let mut command = ipeek();
    command.arg("read").arg(&taken).args(["-T", "packets"]).stdout(Stdio::piped());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).lines().count() as u64 >= kept, "{said}");
}

/// Whatever is in them and however small they are.
#[test]
fn no_compressed_file_of_a_series_is_larger_than_asked_or_far_smaller() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, limits) in
        [("noise", noise(600), ["20k", "7k", "3k"]), ("plain", many(600), ["20k", "2k", "1k"])]
    {
        let from = folder.path().join(name);
        std::fs::write(&from, bytes).unwrap();
        for ((_, ending), limit) in
            PROGRAMS.into_iter().flat_map(|program| limits.map(|limit| (program, limit)))
        {
            let to = tempfile::tempdir().unwrap();
            let mut command = ipeek();
            command.arg("read").arg(&from).args(["-T", "summary", "-C", limit, "-w"]);
            command.arg(to.path().join(format!("a.pcap.{ending}")));
            assert!(command.status().unwrap().success());
            let octets = 1024 * limit.trim_end_matches('k').parse::<u64>().unwrap();
            let mut files: Vec<_> =
                std::fs::read_dir(to.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
            files.sort();
            let last = files.pop().unwrap();
            assert!(std::fs::metadata(last).unwrap().len() <= octets);
            for file in files {
                let size = std::fs::metadata(&file).unwrap().len();
                let least = if name == "noise" { octets.saturating_sub(1_200) } else { octets / 2 };
                let what = format!("{name} {limit}: {} of {size}", file.display());
                assert!((least..=octets).contains(&size), "{what}");
            }
        }
    }
}

#[test]
fn each_damaged_input_is_told_with_its_own_line() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(capture("http.pcap")).unwrap();
    let mut command = ipeek();
    command.args(["read", "-T", "json", "--events", "summary"]).stdout(Stdio::piped());
    for (name, cut) in [("a.pcap", 10), ("b.pcap", 0), ("c.pcap", 20), ("d.pcap", 30)] {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes[..bytes.len() - cut]).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8(output.stderr).unwrap();
    let names: Vec<_> = ["a.pcap", "b.pcap", "c.pcap", "d.pcap"]
        .into_iter()
        .filter(|name| said.lines().any(|line| line.contains(name) && line.contains("ends past")))
        .collect();
    assert_eq!(names, ["a.pcap", "c.pcap", "d.pcap"], "{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches("ends past").count(), 1 + 3, "{text}");
}
