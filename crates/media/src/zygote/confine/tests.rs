//! Landlock is tried alone here, since behind the filter nothing reaches it. It holds for a thread
//! and those it starts, so a test can give one up.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::net::TcpListener;

use super::landlock_everything;

#[test]
fn landlock_alone_keeps_from_files_and_from_tcp() {
    let locked = std::thread::spawn(|| {
        let before = File::open("/proc/self/stat").map(drop);
        let version = landlock_everything().unwrap();
        let files = [
            before,
            File::open("/proc/self/stat").map(drop),
            fs::read_dir("/").map(drop),
            File::create("/tmp/never-made").map(drop),
        ];
        let files = files.map(|result| result.map_err(|error| error.kind()));
        let bound = TcpListener::bind("127.0.0.1:0").map(drop);
        (version, files, bound.map_err(|error| error.kind()))
    });
    let (version, files, bound) = locked.join().unwrap();
    let Some(version) = version else {
        println!("this kernel has no landlock");
        return;
    };
    let denied = Err(ErrorKind::PermissionDenied);
    assert_eq!(files, [Ok(()), denied, denied, denied]);
    if version >= 4 {
        assert_eq!(bound, denied);
    }
}
