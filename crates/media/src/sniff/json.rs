//! Whether text is JSON (RFC 8259), or the beginning of it.

/// Nesting that is still followed.
const MAX_DEPTH: usize = 256;

/// Whether `text` is a JSON object or array, or could become one if it went on.
pub(super) fn is_prefix(text: &[u8]) -> bool {
    let mut scan = Scan { text, at: 0 };
    let mut open = Vec::new();
    scan.skip_space();
    if !matches!(scan.peek(), Some(b'{' | b'[')) {
        return false;
    }
    loop {
        scan.skip_space();
        let Some(byte) = scan.peek() else {
            // Cut off in the middle is fine, but there must have been something to judge by.
            return text.len() > 2;
        };
        let plausible = match byte {
            b'{' | b'[' => {
                scan.at += 1;
                open.push(byte);
                open.len() <= MAX_DEPTH
            }
            b'}' | b']' => {
                scan.at += 1;
                // In ASCII a closing bracket is two behind its opening one.
                open.pop().is_some_and(|start| start + 2 == byte)
            }
            b',' | b':' => {
                scan.at += 1;
                true
            }
            b'"' => scan.string(),
            b'-' | b'0'..=b'9' => scan.number(),
            _ => [b"true".as_slice(), b"false", b"null"]
                .into_iter()
                .any(|word| scan.word(word)),
        };
        if !plausible {
            return false;
        }
        if open.is_empty() {
            scan.skip_space();
            return scan.peek().is_none();
        }
    }
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A string to its closing quote or the end of the text.
    fn string(&mut self) -> bool {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'"' => return true,
                b'\\' => self.at += 1,
                0..=0x1f => return false,
                _ => {}
            }
        }
        true
    }

    fn number(&mut self) -> bool {
        while matches!(
            self.peek(),
            Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
        ) {
            self.at += 1;
        }
        true
    }

    fn word(&mut self, word: &[u8]) -> bool {
        let rest = &self.text[self.at..];
        let whole = rest.starts_with(word);
        let cut = !rest.is_empty() && word.starts_with(rest);
        if whole || cut {
            self.at = (self.at + word.len()).min(self.text.len());
        }
        whole || cut
    }
}
