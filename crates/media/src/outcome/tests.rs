use std::fs::File;
use std::io::Write;

use domain::{Camera, Facts, LocalTime, MediaType, Place};

use super::check;
use crate::{
    Config, PictureFormat, Problem, ProblemCode, RenditionMade, Report, Task, steps::picture_task,
};

const WEBP: &[u8] = b"RIFF\x04\0\0\0WEBP";

fn task() -> Task {
    picture_task(MediaType::Jpeg, &Config::default())
}

fn picture(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn pictures() -> Vec<File> {
    vec![picture(WEBP), picture(WEBP)]
}

fn made(name: &str) -> RenditionMade {
    RenditionMade {
        name: name.to_owned(),
        width: 480,
        height: 270,
        format: PictureFormat::WebP,
        size: WEBP.len() as u64,
    }
}

fn report() -> Report {
    Report {
        facts: Facts::default(),
        renditions: vec![made("preview"), made("thumb")],
        problems: Vec::new(),
    }
}

fn is_refused(report: Report, pictures: Vec<File>) -> bool {
    match check(&task(), report, pictures) {
        Ok(_) => false,
        Err(problem) => {
            assert_eq!(problem.code, ProblemCode::Crashed);
            true
        }
    }
}

#[test]
fn an_honest_report_is_believed() {
    let outcome = check(&task(), report(), pictures()).unwrap();
    assert_eq!(outcome.report, report());
    assert_eq!(outcome.pictures.len(), 2);
}

#[test]
fn no_picture_needs_a_reason() {
    let mut silent = report();
    silent.renditions.clear();
    assert!(is_refused(silent.clone(), pictures()));
    silent.problems.push(Problem {
        code: ProblemCode::NoPicture,
        message: "there is no preview in it".to_owned(),
    });
    let outcome = check(&task(), silent, pictures()).unwrap();
    assert!(outcome.pictures.is_empty());
    assert_eq!(outcome.report.problems[0].code, ProblemCode::NoPicture);
}

#[test]
fn every_lie_about_a_picture_is_found() {
    let lies: [fn(&mut Report); 9] = [
        |report| report.renditions.truncate(1),
        |report| report.renditions.swap(0, 1),
        |report| report.renditions.push(made("extra")),
        |report| report.renditions[1].format = PictureFormat::Jpeg,
        |report| report.renditions[1].width = 481,
        |report| report.renditions[1].height = 0,
        |report| report.renditions[0].size = 0,
        |report| report.renditions[0].size += 1,
        |report| report.renditions[0].name = "Preview".to_owned(),
    ];
    for (number, lie) in lies.iter().enumerate() {
        let mut report = report();
        lie(&mut report);
        assert!(is_refused(report, pictures()), "lie {number}");
    }
}

#[test]
fn a_page_in_place_of_a_picture_is_found() {
    let page = b"<script>alert(1)</script>";
    let mut report = report();
    report.renditions[1].size = page.len() as u64;
    assert!(is_refused(report, vec![picture(WEBP), picture(page)]));
}

#[test]
fn facts_that_cannot_be_true_are_left_out() {
    let absurd = Facts {
        width: Some(0),
        height: Some(u32::MAX),
        orientation: Some(9),
        captured: Some(LocalTime {
            local: "the day before yesterday".to_owned(),
            offset_minutes: None,
            source: String::new(),
        }),
        place: Some(Place {
            lat: f64::NAN,
            lon: 0.0,
            altitude: None,
            source: String::new(),
        }),
        camera: Camera {
            make: Some("\u{0}\u{7}".to_owned()),
            iso: Some(0),
            aperture: Some(f64::INFINITY),
            exposure: Some(-1.0),
            focal_length: Some(f64::NAN),
            ..Camera::default()
        },
        rating: Some(200),
        frames: Some(1),
        thumbhash: Some("<b>".to_owned()),
        phash: Some("xyz".to_owned()),
        colors: vec!["red;}".to_owned(), "#12345g".to_owned()],
        keywords: vec![" ".to_owned()],
        ..Facts::default()
    };
    let mut report = report();
    report.facts = absurd;
    let outcome = check(&task(), report, pictures()).unwrap();
    assert_eq!(outcome.report.facts, Facts::default());
}

#[test]
fn facts_that_can_be_true_are_kept() {
    let facts = Facts {
        width: Some(4000),
        height: Some(3000),
        orientation: Some(6),
        captured: Some(LocalTime {
            local: "2024-02-29T12:30:00".to_owned(),
            offset_minutes: Some(345),
            source: "exif:DateTimeOriginal".to_owned(),
        }),
        place: Place::new(-33.9, 151.2, Some(12.5), "exif:GPS"),
        camera: Camera {
            model: Some("X100".to_owned()),
            exposure: Some(0.004),
            ..Camera::default()
        },
        description: Some("two\nlines".to_owned()),
        keywords: vec!["sea".to_owned(), "sky".to_owned()],
        thumbhash: Some("3OcRJYB4d3h/iIeHeEh3eIhw+j2w".to_owned()),
        phash: Some("00ff00ff00ff00ff".to_owned()),
        colors: vec!["#a1b2c3".to_owned()],
        ..Facts::default()
    };
    let mut report = report();
    report.facts = facts.clone();
    let outcome = check(&task(), report, pictures()).unwrap();
    assert_eq!(outcome.report.facts, facts);
}

#[test]
fn text_is_bounded_and_cannot_steer_a_terminal_or_the_reader() {
    let mut report = report();
    report.facts.title = Some("a\u{1b}[31m\u{202e}gpj.exe\n".to_owned());
    report.facts.description = Some("x".repeat(1_000_000));
    report.facts.keywords = vec!["same".to_owned(); 1000];
    report.problems = vec![
        Problem {
            code: ProblemCode::Damaged,
            message: "\u{0}".to_owned(),
        };
        1000
    ];
    let outcome = check(&task(), report, pictures()).unwrap();
    let facts = outcome.report.facts;
    assert_eq!(facts.title.as_deref(), Some("a[31mgpj.exe"));
    assert_eq!(facts.description.unwrap().len(), 10_000);
    assert_eq!(facts.keywords, ["same"]);
    assert_eq!(outcome.report.problems.len(), 32);
    assert_eq!(outcome.report.problems[0].message, "damaged");
}
