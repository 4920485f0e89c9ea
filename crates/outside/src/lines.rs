//! Cuts a stream of bytes into lines of bounded length, for programs whose words go to our log.

/// Holds at most `limit` bytes of an unfinished line; what a longer line has beyond is dropped.
pub(crate) struct LineCutter {
    limit: usize,
    line: Vec<u8>,
    cut: bool,
}

impl LineCutter {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            cut: false,
        }
    }

    /// Takes the next bytes and gives every line they complete to `emit`.
    pub(crate) fn push(&mut self, bytes: &[u8], mut emit: impl FnMut(&str)) {
        for &byte in bytes {
            if byte == b'\n' {
                self.finish(&mut emit);
            } else if self.line.len() < self.limit {
                self.line.push(byte);
            } else {
                self.cut = true;
            }
        }
    }

    /// Gives the unfinished line, if there is one, to `emit`.
    pub(crate) fn finish(&mut self, mut emit: impl FnMut(&str)) {
        if !self.line.is_empty() {
            let mut text: String = String::from_utf8_lossy(&self.line)
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            if self.cut {
                text.push('…');
            }
            emit(text.trim_end());
        }
        self.line.clear();
        self.cut = false;
    }
}

#[cfg(test)]
mod tests;
