//! Where a file is.

use std::path::Path;

/// The folder that a file is in; a bare name's is `.`.
pub fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
