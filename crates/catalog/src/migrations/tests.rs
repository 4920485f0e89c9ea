use super::{ALL, check, checksum};
use crate::Error;

fn history(count: usize) -> Vec<(i64, String)> {
    let known = ALL.iter().take(count);
    known
        .map(|(number, _, text)| (*number, checksum(text)))
        .collect()
}

#[test]
fn numbers_count_from_one() {
    let numbers: Vec<_> = ALL.iter().map(|(number, ..)| *number).collect();
    assert_eq!(
        numbers,
        (1..=i64::try_from(ALL.len()).expect("few")).collect::<Vec<_>>()
    );
}

#[test]
fn a_known_history_is_accepted() {
    check(&[], ALL).expect("an empty database");
    check(&history(ALL.len()), ALL).expect("our own");
}

#[test]
fn a_newer_or_altered_history_is_refused() {
    let mut newer = history(ALL.len());
    newer.push((99, "?".to_owned()));
    let Err(Error::Schema(message)) = check(&newer, ALL) else {
        panic!("a newer database must be refused");
    };
    assert!(message.contains("newer"), "{message}");

    let mut altered = history(ALL.len());
    altered[0].1 = checksum("something else");
    assert!(matches!(check(&altered, ALL), Err(Error::Schema(_))));
}
