use super::of;
use crate::picture::Finished;

#[test]
fn colours_come_by_their_share() {
    let mut samples = [200, 30, 30].repeat(40 * 30);
    samples.extend([20, 20, 220].repeat(40 * 10));
    let picture = Finished {
        width: 40,
        height: 40,
        alpha: false,
        samples,
    };
    assert_eq!(of(&picture).unwrap(), ["#c81e1e", "#1414dc"]);
}

#[test]
fn what_is_transparent_does_not_count() {
    let mut samples = [255, 0, 0, 0].repeat(300);
    samples.extend([0, 255, 0, 255].repeat(100));
    let picture = Finished {
        width: 20,
        height: 20,
        alpha: true,
        samples,
    };
    assert_eq!(of(&picture).unwrap(), ["#00ff00"]);
    let empty = Finished {
        width: 1,
        height: 1,
        alpha: true,
        samples: vec![0; 4],
    };
    assert!(of(&empty).unwrap().is_empty());
}
