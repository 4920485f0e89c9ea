use std::sync::Arc;

use domain::{TenantId, UserId};
use uuid::Uuid;

use super::{Counts, Library, MAX_LIBRARIES};
use crate::library::timeline::Timeline;

fn library(number: usize) -> Library {
    let user = UserId::from_uuid(Uuid::from_u128(number as u128));
    (TenantId::DEFAULT, user)
}

fn counted(total: u64) -> Arc<Timeline> {
    let buckets = Vec::new();
    Arc::new(Timeline { total, buckets })
}

fn total(timelines: &Counts<Timeline>, library: Library) -> Option<u64> {
    timelines.get(library).map(|timeline| timeline.total)
}

#[test]
fn what_was_counted_stays_until_its_library_changes() {
    let timelines = Counts::default();
    for number in [1, 2] {
        timelines.put(timelines.ticket(library(number)), counted(7));
    }
    timelines.forget(library(1));
    assert_eq!(total(&timelines, library(1)), None);
    assert_eq!(total(&timelines, library(2)), Some(7));
    timelines.clear();
    assert_eq!(total(&timelines, library(2)), None);
}

#[test]
fn what_was_counted_before_a_change_is_not_kept() {
    let timelines = Counts::default();
    let before = timelines.ticket(library(1));
    timelines.forget(library(1));
    timelines.put(before, counted(1));
    assert_eq!(total(&timelines, library(1)), None);
    // Nor when somebody counts again already.
    let before = timelines.ticket(library(1));
    timelines.forget(library(1));
    let after = timelines.ticket(library(1));
    timelines.put(before, counted(1));
    assert_eq!(total(&timelines, library(1)), None);
    timelines.put(after, counted(2));
    assert_eq!(total(&timelines, library(1)), Some(2));
}

#[test]
fn there_is_an_end_to_what_is_kept() {
    let timelines = Counts::default();
    for number in 0..=MAX_LIBRARIES {
        timelines.put(timelines.ticket(library(number)), counted(1));
    }
    let kept = (0..=MAX_LIBRARIES).filter(|number| total(&timelines, library(*number)).is_some());
    assert!((1..=MAX_LIBRARIES).contains(&kept.count()));
}
