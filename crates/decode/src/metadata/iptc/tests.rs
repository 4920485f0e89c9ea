use proptest::prelude::{any, proptest};

use super::read;

fn data_set(record: u8, number: u8, value: &[u8]) -> Vec<u8> {
    let length = (value.len() as u16).to_be_bytes();
    [&[0x1c, record, number, length[0], length[1]], value].concat()
}

fn resource(number: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"8BIM".to_vec();
    bytes.extend(number.to_be_bytes());
    bytes.extend([0, 0]);
    bytes.extend((content.len() as u32).to_be_bytes());
    bytes.extend(content);
    bytes.resize(bytes.len() + content.len() % 2, 0);
    bytes
}

#[test]
fn words_come_in_the_character_set_that_is_announced() {
    let records = [
        data_set(1, 90, b"\x1b%G"),
        data_set(2, 5, "Müller".as_bytes()),
        data_set(2, 25, b"sky"),
        data_set(2, 25, b"sky"),
        data_set(2, 55, b"20120416"),
    ]
    .concat();
    let bytes = [resource(0x03ed, b"odd"), resource(0x0404, &records)].concat();
    let found = read(&bytes);
    assert_eq!(found.title.as_deref(), Some("Müller"));
    assert_eq!(found.keywords, ["sky"]);
    assert_eq!(found.captured.unwrap().local, "2012-04-16T00:00:00");
    let latin = read(&data_set(2, 5, b"M\xfcller"));
    assert_eq!(latin.title.as_deref(), Some("Müller"));
}

proptest! {
    #[test]
    fn arbitrary_records_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        read(&bytes);
        read(&[b"8BIM".as_slice(), &bytes].concat());
        read(&[b"\x1c\x02\x19\x80".as_slice(), &bytes].concat());
    }
}
