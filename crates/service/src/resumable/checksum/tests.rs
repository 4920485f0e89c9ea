use domain::Code;

use super::{Checksum, Running};

fn verdict(header: &str, bytes: &[u8]) -> Result<(), Code> {
    let checksum = Checksum::parse(header).map_err(|error| error.code())?;
    let mut running = Running::new(&checksum);
    running.update(bytes);
    running.verify().map_err(|error| error.code())
}

#[test]
fn both_algorithms_are_known() {
    let sha1 = "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=";
    assert_eq!(verdict(sha1, b"abc"), Ok(()));
    assert_eq!(verdict(sha1, b"abd"), Err(Code::ChecksumMismatch));
    let sha256 = "sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    assert_eq!(verdict(sha256, b"abc"), Ok(()));
    assert_eq!(verdict(sha256, b""), Err(Code::ChecksumMismatch));
}

#[test]
fn what_is_no_checksum_is_refused() {
    for header in [
        "",
        "sha1",
        "md5 kAFQmDzST7DWlj99KOF/cg==",
        "sha1 ???",
        "sha256 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
    ] {
        assert_eq!(verdict(header, b"abc"), Err(Code::InvalidField), "{header}");
    }
}
