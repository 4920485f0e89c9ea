use domain::MediaType;

use super::{ALL, PICTURE, estimate, for_type, picture_renditions, picture_task};
use crate::Config;

#[test]
fn names_are_unique() {
    let mut names: Vec<_> = ALL.iter().map(|step| step.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALL.len());
}

#[test]
fn pictures_are_looked_at_and_other_files_are_not() {
    assert_eq!(for_type(MediaType::Jpeg), [PICTURE]);
    assert_eq!(for_type(MediaType::Nef), [PICTURE]);
    assert!(for_type(MediaType::Zip).is_empty());
}

#[test]
fn renditions_are_asked_for_largest_first() {
    let edges: Vec<_> = picture_renditions().iter().map(|r| r.long_edge).collect();
    assert!(edges.is_sorted_by(|a, b| a > b), "{edges:?}");
}

#[test]
fn the_estimate_grows_with_the_picture_up_to_the_limit() {
    let task = picture_task(MediaType::Jpeg, &Config::default());
    let small = estimate(&task, 1 << 20, Some((1000, 1000)));
    let large = estimate(&task, 1 << 20, Some((4000, 3000)));
    let absurd = estimate(&task, 1 << 20, Some((u32::MAX, u32::MAX)));
    assert!(small < large && large < absurd);
    assert_eq!(absurd, task.limits.max_memory + (1 << 20));
}

#[test]
fn without_dimensions_a_larger_file_is_taken_for_a_larger_picture() {
    let task = picture_task(MediaType::Jpeg, &Config::default());
    let guesses = [1 << 10, 4 << 20, 30 << 20].map(|size| estimate(&task, size, None));
    assert!(guesses.is_sorted_by(|a, b| a < b), "{guesses:?}");
    let absurd = estimate(&task, u64::MAX, None);
    assert_eq!(absurd, task.limits.max_memory);
}

#[test]
fn an_input_on_disk_takes_no_memory() {
    let task = picture_task(MediaType::Tiff, &Config::default());
    let dims = Some((1000, 1000));
    assert_eq!(estimate(&task, 1 << 40, dims), estimate(&task, 0, dims));
}
