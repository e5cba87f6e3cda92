//! Compressions: what they are called, and how their files begin and end.

/// A compression that is known, if not always handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// The frame format of lz4, and the one before version 1.4.
    Lz4,
    /// The .xz format, of LZMA2.
    Xz,
    /// The format of bzip2: neither read nor written.
    Bzip2,
    /// The format of lzip: neither read nor written.
    Lzip,
}

/// The octets by which a compression is recognised.
struct Signs {
    compression: Compression,
    /// Its name, and that of the command that handles it.
    name: &'static str,
    /// First octets of an input; each of them is enough.
    magics: &'static [&'static [u8]],
    /// How names of files end, without the dot.
    endings: &'static [&'static str],
}

/// Every compression by which captures are met.
const SIGNS: [Signs; 6] = {
    const fn row(
        compression: Compression,
        name: &'static str,
        magics: &'static [&'static [u8]],
        endings: &'static [&'static str],
    ) -> Signs {
        Signs { compression, name, magics, endings }
    }
    [
        row(Compression::Gzip, "gzip", &[b"\x1f\x8b"], &["gz"]),
        row(Compression::Zstd, "zstd", &[b"\x28\xb5\x2f\xfd"], &["zst", "zstd"]),
        row(Compression::Lz4, "lz4", &[b"\x04\x22\x4d\x18", b"\x02\x21\x4c\x18"], &["lz4"]),
        row(Compression::Xz, "xz", &[b"\xfd7zXZ\0"], &["xz"]),
        row(Compression::Bzip2, "bzip2", &[b"BZh"], &["bz2"]),
        row(Compression::Lzip, "lzip", &[b"LZIP"], &["lz"]),
    ]
};

impl Compression {
    /// The compression of an input that begins with these octets.
    pub fn of_start(start: &[u8]) -> Option<Self> {
        let has = |signs: &&Signs| signs.magics.iter().any(|magic| start.starts_with(magic));
        SIGNS.iter().find(has).map(|signs| signs.compression)
    }

    /// Every ending without its dot, and what it stands for; users write them in any case.
    pub fn endings() -> impl Iterator<Item = (&'static str, Self)> {
        SIGNS
            .iter()
            .flat_map(|signs| signs.endings.iter().map(|ending| (*ending, signs.compression)))
    }

    /// The endings of those that are read and written here.
    pub fn handled_endings() -> impl Iterator<Item = &'static str> {
        Self::endings()
            .filter(|(_, compression)| compression.is_handled())
            .map(|(ending, _)| ending)
    }

    /// Whether it is read and written here.
    pub fn is_handled(self) -> bool {
        !matches!(self, Self::Bzip2 | Self::Lzip)
    }

    /// Its name, which is also that of the command that handles it.
    pub fn name(self) -> &'static str {
        SIGNS.iter().find(|signs| signs.compression == self).map_or("", |signs| signs.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_compression_is_told_by_its_first_octets_and_by_its_endings() {
        for signs in &SIGNS {
            assert_eq!(signs.compression.name(), signs.name);
            for magic in signs.magics {
                assert_eq!(Compression::of_start(magic), Some(signs.compression));
            }
            for ending in signs.endings {
                assert!(Compression::endings().any(|row| row == (*ending, signs.compression)));
            }
        }
        assert_eq!(Compression::of_start(b"\x1f"), None);
    }
}
