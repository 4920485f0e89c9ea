//! The data directory: there, ours, writable, private.

use std::fs::OpenOptions;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use super::Finding;

const SUBJECT: &str = "data directory";

pub fn look(dir: &Path) -> Finding {
    let shown = dir.display();
    let Ok(metadata) = dir.metadata() else {
        let above = dir.ancestors().skip(1).find(|above| above.exists());
        return match above.map(writable) {
            Some(Ok(())) => {
                Finding::fine(SUBJECT, format!("{shown} will be made at the first start"))
            }
            _ => Finding::broken(
                SUBJECT,
                format!("{shown} does not exist and cannot be made"),
                format!(
                    "make it for the user that runs the vault, or set data_dir: mkdir -p {shown}"
                ),
            ),
        };
    };
    if !metadata.is_dir() {
        return Finding::broken(
            SUBJECT,
            format!("{shown} is no directory"),
            "set data_dir to a directory",
        );
    }
    if let Err(error) = writable(dir) {
        let remedy = format!("give it to the user that runs the vault: chown -R USER {shown}");
        return Finding::broken(
            SUBJECT,
            format!("{shown} cannot be written: {error}"),
            remedy,
        );
    }
    if metadata.permissions().mode() & 0o077 != 0 {
        let words = format!("{shown} can be read by other users of this machine");
        return Finding::limited(SUBJECT, words, format!("chmod 700 {shown}"));
    }
    Finding::fine(SUBJECT, format!("{shown} can be written"))
}

/// Writes a file there and takes it away again.
fn writable(dir: &Path) -> std::io::Result<()> {
    let probe = dir.join(format!(".doctor-{}", std::process::id()));
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&probe)?;
    std::fs::remove_file(&probe)
}
