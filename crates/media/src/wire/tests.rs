use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;

use super::{Ended, How, MOST_DESCRIPTORS, pair, receive, send};

const ENDED: Ended = Ended {
    how: How::Signalled(11),
    cpu_ms: 5,
    peak_kib: 900,
};

#[test]
fn a_message_and_its_descriptors_arrive_together() {
    let (ours, theirs) = pair().unwrap();
    let (mut reader, writer) = std::io::pipe().unwrap();
    send(ours.as_fd(), &ENDED, &[writer.as_fd()]).unwrap();
    drop(writer);

    let (message, mut fds) = receive::<Ended>(theirs.as_fd()).unwrap().unwrap();
    assert_eq!(message, ENDED);
    assert_eq!(fds.len(), 1);
    File::from(fds.remove(0)).write_all(b"hello").unwrap();
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text, "hello");
}

#[test]
fn as_many_descriptors_as_a_job_can_have_fit() {
    let (ours, theirs) = pair().unwrap();
    let fds = vec![ours.as_fd(); MOST_DESCRIPTORS];
    send(ours.as_fd(), &ENDED, &fds).unwrap();
    let (_, received) = receive::<Ended>(theirs.as_fd()).unwrap().unwrap();
    assert_eq!(received.len(), MOST_DESCRIPTORS);
    let one_more = vec![ours.as_fd(); MOST_DESCRIPTORS + 1];
    assert!(send(ours.as_fd(), &ENDED, &one_more).is_err());
}

#[test]
fn a_closed_end_is_not_an_error() {
    let (ours, theirs) = pair().unwrap();
    drop(ours);
    assert!(receive::<Ended>(theirs.as_fd()).unwrap().is_none());
}

#[test]
fn garbage_is_an_error() {
    let (ours, theirs) = pair().unwrap();
    rustix::io::write(&ours, &[0xff; 40]).unwrap();
    assert!(receive::<Ended>(theirs.as_fd()).is_err());
}
