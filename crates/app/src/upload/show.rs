//! Progress: bars on a terminal, lines elsewhere, JSON for programs.

use std::io::IsTerminal as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Fate;
use crate::output;

/// Files at least this large get a bar of their own while they are sent.
const LARGE: u64 = 8 << 20;

/// How a run shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Bars on a terminal, else one line a file.
    People,
    /// One JSON object a file, on standard output.
    Json,
}

/// Shows one run. Clones show the same one.
#[derive(Clone)]
pub struct Show {
    style: Style,
    verbose: bool,
    bars: MultiProgress,
    all: ProgressBar,
    terminal: bool,
}

impl Show {
    /// For this many files of so many bytes in all.
    pub fn new(style: Style, verbose: bool, files: usize, bytes: u64) -> Self {
        let terminal = style == Style::People && std::io::stderr().is_terminal();
        let target = if terminal {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bars = MultiProgress::with_draw_target(target);
        let all = bars.add(ProgressBar::new(bytes));
        all.set_style(style_of(
            "{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left  {msg}",
        ));
        all.set_message(output::counted(files, "file"));
        Self {
            style,
            verbose,
            bars,
            all,
            terminal,
        }
    }

    /// Begins to show one file.
    pub fn file(&self, path: &Path, size: u64) -> FileBar {
        let own = (self.terminal && size >= LARGE).then(|| {
            let bar = self.bars.add(ProgressBar::new(size));
            bar.set_style(style_of("  {bar:28} {bytes}/{total_bytes}  {msg}"));
            bar.set_message(
                path.file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            );
            bar
        });
        FileBar(Arc::new(Part {
            own,
            all: self.all.clone(),
            sent: AtomicU64::new(0),
        }))
    }

    /// Shows what became of a file.
    pub fn fate(&self, path: &Path, fate: &Fate) {
        let size = path.metadata().map_or(0, |metadata| metadata.len());
        if !matches!(fate, Fate::Uploaded { .. }) {
            // It needs no sending after all.
            self.all
                .set_length(self.all.length().unwrap_or(0).saturating_sub(size));
        }
        let line = match self.style {
            Style::Json => fate.json(path).to_string(),
            Style::People if self.terminal && fate.is_well() && !self.verbose => return,
            Style::People => format!(
                "{}: {} {}",
                fate.word().replace('_', " "),
                path.display(),
                fate.words()
            ),
        };
        if self.terminal {
            self.bars.suspend(|| eprintln!("{}", line.trim_end()));
        } else if let Err(error) = output::line(line.trim_end()) {
            tracing::debug!(%error, "standard output is gone");
        }
    }

    /// Takes the bars away.
    pub fn finish(&self) {
        self.all.finish_and_clear();
    }
}

/// The part of one file in the progress. Clones are the same part; it vanishes with the last.
#[derive(Clone)]
pub struct FileBar(Arc<Part>);

struct Part {
    own: Option<ProgressBar>,
    all: ProgressBar,
    sent: AtomicU64,
}

impl FileBar {
    /// So many bytes more are on their way.
    pub fn sent(&self, bytes: usize) {
        let Part { own, all, sent } = &*self.0;
        sent.fetch_add(bytes as u64, Ordering::Relaxed);
        all.inc(bytes as u64);
        if let Some(own) = own {
            own.inc(bytes as u64);
        }
    }

    /// So many bytes are there, whatever was on its way.
    pub fn stands_at(&self, bytes: u64) {
        self.restart();
        let Part { own, all, sent } = &*self.0;
        sent.store(bytes, Ordering::Relaxed);
        all.inc(bytes);
        if let Some(own) = own {
            own.set_position(bytes);
        }
    }

    /// Another attempt begins with the first byte.
    pub fn restart(&self) {
        let Part { own, all, sent } = &*self.0;
        all.dec(sent.swap(0, Ordering::Relaxed));
        if let Some(own) = own {
            own.set_position(0);
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(own) = &self.own {
            own.finish_and_clear();
        }
    }
}

fn style_of(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
