//! Options of `ipeek lookup`.

/// All about an address, a prefix or a range.
#[derive(Debug, clap::Args)]
pub struct LookupArgs {
    /// Addresses, prefixes or ranges; `-` alone reads one item a line.
    #[arg(required = true, value_name = "ITEM")]
    pub items: Vec<String>,
}
