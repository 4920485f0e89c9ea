use std::time::Duration;

use tokio::time::Instant;

use super::Pace;

#[test]
fn bytes_take_the_time_they_cost_whoever_sends_them() {
    let pace = Pace::new(1000);
    let now = Instant::now();
    let turns: Vec<_> = (0..3).filter_map(|_| pace.turn(500, now)).collect();
    // The first is not waited for, each of the others for those before.
    let half = Duration::from_millis(500);
    assert_eq!(turns, [now, now + half, now + 2 * half]);
}

#[test]
fn a_rest_is_not_saved_up() {
    let pace = Pace::new(1000);
    let now = Instant::now();
    assert_eq!(pace.turn(1000, now), Some(now));
    let later = now + Duration::from_secs(60);
    assert_eq!(pace.turn(1000, later), Some(later));
    assert_eq!(pace.turn(1, later), Some(later + Duration::from_secs(1)));
}

#[test]
fn without_a_rate_nobody_waits() {
    assert_eq!(Pace::unbounded().turn(u64::MAX, Instant::now()), None);
}
