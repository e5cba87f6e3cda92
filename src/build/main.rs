//! The build script: registries as CSV become flat sorted const tables, so that nothing is parsed
//! when ipeek starts and a damaged table fails the build.

mod names;
mod registry;
mod table;

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut cargo = std::io::stdout().lock();
    for watched in ["src/build", "src/wire/data", "src/address/data"] {
        writeln!(cargo, "cargo::rerun-if-changed={watched}")?;
    }
    let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    std::fs::write(out.join("wire_names.rs"), names::tables()?)?;
    std::fs::write(out.join("address_registry.rs"), registry::tables()?)?;
    Ok(())
}
