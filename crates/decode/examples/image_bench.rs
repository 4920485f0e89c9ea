//! The worker that `bench/images` measures: the picture work of one upload, again and again in one
//! process, the way a sandboxed child does it.
//!
//! Arguments: the format of the preview (`webp` or `jpeg`), its quality, and a folder for results.
//! Every line on standard input is the path of a picture; for each, one line of JSON is answered:
//! CPU time of this process for it, peak memory so far, sizes, hashes.

use std::fs::{self, File};
use std::io::BufRead;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use media::{Answer, Limits, PictureFormat, RenditionSpec, Report, Task};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: image_bench webp|jpeg QUALITY FOLDER";
    let format = match arguments.next().as_deref() {
        Some("webp") => PictureFormat::WebP,
        Some("jpeg") => PictureFormat::Jpeg,
        _ => bail!(usage),
    };
    let quality = arguments.next().context(usage)?.parse()?;
    let folder = PathBuf::from(arguments.next().context(usage)?);
    for line in std::io::stdin().lock().lines() {
        let before = cpu_nanoseconds()?;
        let (report, previews) = work(Path::new(&line?), format, quality, &folder)?;
        let spent = cpu_nanoseconds()? - before;
        let [preview, thumb] = report.renditions.as_slice() else {
            bail!("{:?}", report.problems);
        };
        let answer = serde_json::json!({
            "cpu_ms": spent as f64 / 1e6,
            "peak_kib": peak_kib()?,
            "width": preview.width,
            "height": preview.height,
            "preview_bytes": preview.size,
            "thumb_bytes": thumb.size,
            "preview": previews[0],
            "thumb": previews[1],
            "thumbhash": report.facts.thumbhash,
            "phash": report.facts.phash,
            "colors": report.facts.colors,
        });
        println!("{answer}");
    }
    Ok(())
}

fn work(
    path: &Path,
    format: PictureFormat,
    quality: u8,
    folder: &Path,
) -> anyhow::Result<(Report, [PathBuf; 2])> {
    let input = fs::read(path)?;
    let spec = |name: &str, long_edge, format, quality| RenditionSpec {
        name: name.to_owned(),
        long_edge,
        format,
        quality,
    };
    let task = Task {
        media_type: media::sniff(&input[..input.len().min(media::SNIFF_LEN)]),
        renditions: vec![
            spec("preview", 1440, format, quality),
            spec("thumb", 250, PictureFormat::WebP, 80),
        ],
        limits: Limits {
            max_pixels: 200_000_000,
            max_memory: 1 << 30,
            max_cpu_seconds: 60,
            max_output: 16 << 20,
        },
    };
    let stem = path
        .file_stem()
        .context("a file has a name")?
        .to_string_lossy()
        .into_owned();
    let names = ["preview", "thumb"].map(|kind| folder.join(format!("{stem}.ours.{kind}")));
    let mut outputs = [File::create(&names[0])?, File::create(&names[1])?];
    match decode::understand(&task, &input, &mut outputs) {
        Answer::Done(report) => Ok((report, names)),
        Answer::Refused(problem) => bail!("{}", problem.message),
    }
}

/// Time on a processor, of the only thread there is.
fn cpu_nanoseconds() -> anyhow::Result<u64> {
    let text = fs::read_to_string("/proc/self/schedstat")?;
    let first = text
        .split(' ')
        .next()
        .context("schedstat has three numbers")?;
    Ok(first.parse()?)
}

/// The most memory this process ever had resident.
fn peak_kib() -> anyhow::Result<u64> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line
        .context("status has VmHWM")?
        .trim()
        .trim_end_matches(" kB");
    Ok(number.parse()?)
}
