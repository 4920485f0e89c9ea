//! The whole crate against files of the world, compared with what independent tools say of them.
//!
//! With `MEDIAVAULT_CORPUS` naming a media test set (an `expected.jsonl` beside its folders), every
//! photo, HEIF, modern and RAW file of it is read, 98 % of the comparable facts must agree, and every
//! hostile file must end in an answer. Without, the project's own `fixtures/decode` take its place,
//! and there everything must agree. With `MEDIAVAULT_CORPUS_OUT` naming a folder, the previews are
//! written there for a person to look at.

#[path = "corpus/compare.rs"]
mod compare;

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use compare::Tally;
use media::{Answer, Limits, PictureFormat, RenditionSpec, Report, Task};
use serde_json::Value;

const LIMITS: Limits = Limits {
    max_pixels: 200_000_000,
    max_memory: 1 << 30,
    max_cpu_seconds: 60,
    max_output: 8 << 20,
};

fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("MEDIAVAULT_CORPUS").map(PathBuf::from);
    if root.is_none() {
        println!("MEDIAVAULT_CORPUS is not set: reading fixtures/decode instead");
    }
    root
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/decode")
}

/// One line of an `expected.jsonl` for each file, with its path made whole.
fn expectations(root: &Path) -> Vec<(PathBuf, Value)> {
    let text = fs::read_to_string(root.join("expected.jsonl")).unwrap();
    text.lines()
        .map(|line| {
            let expected: Value = serde_json::from_str(line).unwrap();
            let path = root.join(expected["path"].as_str().unwrap());
            (path, expected)
        })
        .collect()
}

/// Reads a file the way the vault does; the answer, and the bytes of each rendition.
fn understand(path: &Path) -> (Answer, Vec<Vec<u8>>) {
    let input = fs::read(path).unwrap();
    let spec = |name: &str, long_edge| RenditionSpec {
        name: name.to_owned(),
        long_edge,
        format: PictureFormat::WebP,
        quality: 80,
    };
    let task = Task {
        media_type: media::sniff(&input[..input.len().min(media::SNIFF_LEN)]),
        renditions: vec![spec("preview", 1440), spec("thumb", 250)],
        limits: LIMITS,
    };
    let mut outputs: Vec<File> = (0..2).map(|_| tempfile::tempfile().unwrap()).collect();
    let answer = decode::understand(&task, &input, &mut outputs);
    let bytes = outputs
        .into_iter()
        .map(|mut file| {
            let mut bytes = Vec::new();
            file.rewind().unwrap();
            file.read_to_end(&mut bytes).unwrap();
            bytes
        })
        .collect();
    (answer, bytes)
}

/// Every rendition is what the report says it is.
fn check_renditions(path: &Path, report: &Report, bytes: &[Vec<u8>]) {
    let is_raw = path.parent().is_some_and(|folder| folder.ends_with("raw"));
    for (made, bytes) in report.renditions.iter().zip(bytes) {
        assert_eq!(made.size, bytes.len() as u64, "{}", path.display());
        assert!(bytes.starts_with(b"RIFF"), "{}", path.display());
        let shape = |width: u32, height: u32| f64::from(width) / f64::from(height);
        if let (Some(width), Some(height)) = (report.facts.width, report.facts.height)
            && made.width.min(made.height) > 20
        {
            let stretch = shape(made.width, made.height) / shape(width, height);
            // The previews of RAW files may be cut otherwise than the sensor.
            assert!(
                is_raw || (0.97..1.03).contains(&stretch),
                "{}: {width} × {height} became {} × {}",
                path.display(),
                made.width,
                made.height
            );
        }
    }
}

fn keep_for_eyes(path: &Path, bytes: &[Vec<u8>]) {
    let Some(folder) = std::env::var_os("MEDIAVAULT_CORPUS_OUT").map(PathBuf::from) else {
        return;
    };
    fs::create_dir_all(&folder).unwrap();
    let name = path.file_name().unwrap().to_string_lossy();
    for (kind, bytes) in ["preview", "thumb"].iter().zip(bytes) {
        if !bytes.is_empty() {
            fs::write(folder.join(format!("{name}.{kind}.webp")), bytes).unwrap();
        }
    }
}

#[test]
fn facts_agree_with_independent_tools() {
    decode::warm_up();
    let (root, needed) = match corpus() {
        Some(root) => (root, 0.98),
        None => (fixtures(), 1.0),
    };
    let mut tally = Tally::default();
    let mut pictures = 0;
    for (path, expected) in expectations(&root) {
        let kind = expected["kind"].as_str().unwrap_or("photos");
        let is_picture = expected["mime"].as_str().is_some_and(|mime| {
            mime.starts_with("image/") || mime == "application/vnd.adobe.photoshop"
        });
        if !["photos", "heif", "modern", "raw"].contains(&kind) || !is_picture {
            continue;
        }
        match understand(&path) {
            (Answer::Done(report), bytes) => {
                check_renditions(&path, &report, &bytes);
                keep_for_eyes(&path, &bytes);
                pictures += usize::from(!report.renditions.is_empty());
                for problem in &report.problems {
                    println!(
                        "{}: {:?}: {}",
                        path.display(),
                        problem.code,
                        problem.message
                    );
                }
                tally.compare(&expected, &report.facts);
            }
            (Answer::Refused(problem), _) => {
                println!("{}: REFUSED {problem:?}", path.display());
                tally.compare(&expected, &domain::Facts::default());
            }
        }
    }
    println!("{pictures} files gave pictures\n{tally}");
    assert!(tally.share() >= needed, "only {:.4} agree", tally.share());
}

#[test]
fn hostile_files_end_in_an_answer() {
    decode::warm_up();
    let Some(folder) = corpus().map(|root| root.join("hostile")) else {
        // The hostile files of our own are made where they are tested, format by format.
        assert!(fixtures().join("expected.jsonl").exists());
        return;
    };
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let started = std::time::Instant::now();
        let (answer, bytes) = understand(&path);
        let said = match answer {
            Answer::Done(report) => {
                check_renditions(&path, &report, &bytes);
                let words = report
                    .problems
                    .iter()
                    .map(|problem| problem.message.as_str());
                format!(
                    "{} renditions; {}",
                    report.renditions.len(),
                    words.collect::<Vec<_>>().join("; ")
                )
            }
            Answer::Refused(problem) => format!("{:?}: {}", problem.code, problem.message),
        };
        println!("{:?} {}: {said}", started.elapsed(), path.display());
        assert!(
            started.elapsed().as_secs() < 30,
            "{} took too long",
            path.display()
        );
    }
}
