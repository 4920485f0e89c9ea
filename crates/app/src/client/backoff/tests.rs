use std::time::Duration;

use super::Backoff;

#[test]
fn waits_double_up_to_a_cap_and_end() {
    let mut backoff = Backoff::new(8);
    let waits: Vec<_> = std::iter::from_fn(|| backoff.next_with(None, 1.0)).collect();
    let seconds: Vec<_> = waits.iter().map(Duration::as_secs_f64).collect();
    assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
}

#[test]
fn what_the_server_asks_for_is_the_least() {
    let mut backoff = Backoff::new(3);
    assert_eq!(
        backoff.next_with(Some(Duration::from_secs(7)), 0.5),
        Some(Duration::from_secs(7))
    );
    assert_eq!(
        backoff.next_with(Some(Duration::from_secs(9999)), 0.5),
        Some(Duration::from_secs(300))
    );
    assert_eq!(backoff.next_with(None, 0.5), Some(Duration::from_secs(1)));
    assert_eq!(backoff.next_with(None, 0.5), None);
}
