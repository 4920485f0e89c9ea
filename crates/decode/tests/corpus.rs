//! The whole crate against files of the world, compared with what independent tools say of them.
//!
//! With `MEDIAVAULT_CORPUS` naming a media test set (an `expected.jsonl` beside its folders), every
//! photo, HEIF, modern and RAW file of it is read, 98 % of the comparable facts must agree, and every
//! hostile file must end in an answer. Without, the project's own `fixtures` take its place, and
//! there everything must agree. With `MEDIAVAULT_CORPUS_OUT` naming a folder, the previews are
//! written there for a person to look at.

#[path = "corpus/compare.rs"]
mod compare;

use std::fs;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use compare::Tally;
use media::{Answer, Limits, PictureFormat, RenditionSpec, Report, Task};
use serde_json::Value;

const LIMITS: Limits = Limits {
    max_pixels: 200_000_000,
    max_memory: 1 << 30,
    max_cpu_seconds: 60,
    max_output: 8 << 20,
};

/// Longer than any refusal takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("MEDIAVAULT_CORPUS").map(PathBuf::from);
    if root.is_none() {
        println!("MEDIAVAULT_CORPUS is not set: reading fixtures instead");
    }
    root
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// The pictures of a test set that facts are known about, from its `expected.jsonl`.
fn known_pictures(root: &Path) -> anyhow::Result<Vec<(PathBuf, Value)>> {
    let mut found = Vec::new();
    for line in fs::read_to_string(root.join("expected.jsonl"))?.lines() {
        let expected: Value = serde_json::from_str(line)?;
        let word = |name: &str| expected[name].as_str().unwrap_or_default();
        let is_picture =
            word("mime").starts_with("image/") || word("mime") == "application/vnd.adobe.photoshop";
        if is_picture && ["photos", "heif", "modern", "raw"].contains(&word("kind")) {
            found.push((root.join(word("path")), expected));
        }
    }
    Ok(found)
}

/// The project's own files, from their manifest: one object a row, empty columns left out.
fn own_files(root: &Path) -> anyhow::Result<Vec<(PathBuf, Value)>> {
    let text = fs::read_to_string(root.join("MANIFEST.tsv"))?;
    let mut lines = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let names = lines.next().unwrap_or_default();
    let row = |columns: Vec<&str>| {
        let stated = names
            .iter()
            .zip(&columns)
            .filter(|(_, text)| !text.is_empty());
        let object = stated.map(|(name, text)| {
            let number = text.parse::<f64>().map(Value::from);
            (
                (*name).to_owned(),
                number.unwrap_or_else(|_| Value::from(*text)),
            )
        });
        (root.join(columns[0]), object.collect())
    };
    Ok(lines.map(row).collect())
}

/// Reads a file the way the vault does; the answer, and the bytes of each rendition.
fn understand(path: &Path) -> anyhow::Result<(Answer, Vec<Vec<u8>>)> {
    let input = fs::read(path)?;
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
    let mut outputs = [tempfile::tempfile()?, tempfile::tempfile()?];
    let answer = decode::understand(&task, &input, &mut outputs);
    let mut renditions = Vec::new();
    for mut output in outputs {
        let mut bytes = Vec::new();
        output.rewind()?;
        output.read_to_end(&mut bytes)?;
        renditions.push(bytes);
    }
    Ok((answer, renditions))
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

fn keep_for_eyes(path: &Path, bytes: &[Vec<u8>]) -> anyhow::Result<()> {
    let Some(folder) = std::env::var_os("MEDIAVAULT_CORPUS_OUT").map(PathBuf::from) else {
        return Ok(());
    };
    fs::create_dir_all(&folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    for (kind, bytes) in ["preview", "thumb"].iter().zip(bytes) {
        if !bytes.is_empty() {
            fs::write(folder.join(format!("{name}.{kind}.webp")), bytes)?;
        }
    }
    Ok(())
}

#[test]
fn facts_agree_with_independent_tools() -> anyhow::Result<()> {
    decode::warm_up();
    let root = corpus();
    let (files, needed) = match &root {
        Some(root) => (known_pictures(root)?, 0.98),
        None => (own_files(&fixtures())?, 1.0),
    };
    let mut tally = Tally::default();
    let mut pictures = 0;
    for (path, expected) in files {
        let (answer, bytes) = understand(&path)?;
        let outcome = expected["outcome"].as_str();
        match answer {
            Answer::Done(report) => {
                check_renditions(&path, &report, &bytes);
                keep_for_eyes(&path, &bytes)?;
                let made = !report.renditions.is_empty();
                pictures += usize::from(made);
                for problem in &report.problems {
                    println!("{}: {}", path.display(), problem.message);
                }
                assert!(made || outcome != Some("pictures"), "{}", path.display());
                tally.compare(&expected, &report.facts);
            }
            Answer::Refused(problem) => {
                println!("{}: refused: {}", path.display(), problem.message);
                assert_ne!(outcome, Some("pictures"), "{}", path.display());
                tally.compare(&expected, &domain::Facts::default());
            }
        }
    }
    println!("{pictures} files gave pictures\n{tally}");
    assert!(tally.share() >= needed, "only {:.4} agree", tally.share());
    Ok(())
}

#[test]
fn hostile_files_end_in_an_answer() -> anyhow::Result<()> {
    decode::warm_up();
    let folder = corpus().unwrap_or_else(fixtures).join("hostile");
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let started = Instant::now();
        let (answer, bytes) = understand(&path)?;
        let said = match answer {
            Answer::Done(report) => {
                check_renditions(&path, &report, &bytes);
                let words: Vec<_> = report.problems.into_iter().map(|p| p.message).collect();
                format!(
                    "{} renditions; {}",
                    report.renditions.len(),
                    words.join("; ")
                )
            }
            Answer::Refused(problem) => format!("{:?}: {}", problem.code, problem.message),
        };
        println!("{:?} {}: {said}", started.elapsed(), path.display());
        assert!(
            started.elapsed() < PATIENCE,
            "{} took too long",
            path.display()
        );
    }
    Ok(())
}
