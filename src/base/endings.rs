//! How the names of compressed files end.

/// A compression that is written as well as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// The frame format of lz4.
    Lz4,
    /// The .xz format, of LZMA2.
    Xz,
}

/// Endings without their dot, and what they stand for; in any case.
pub const COMPRESSED: [(&str, Compression); 5] = [
    ("gz", Compression::Gzip),
    ("zst", Compression::Zstd),
    ("zstd", Compression::Zstd),
    ("lz4", Compression::Lz4),
    ("xz", Compression::Xz),
];
