//! Text from a child, made fit to be shown and stored.

/// Characters of the longest name, such as a camera's.
const NAME: usize = 200;
/// Characters of the longest sentence about a problem.
const SENTENCE: usize = 500;
/// Characters of the longest caption.
const PROSE: usize = 10_000;

/// One line of at most 200 characters; `None` when nothing is left.
pub(super) fn name(text: &str) -> Option<String> {
    one_line(text, NAME)
}

/// One line of at most 500 characters; `None` when nothing is left.
pub(super) fn sentence(text: &str) -> Option<String> {
    one_line(text, SENTENCE)
}

/// At most 10,000 characters, which may have line breaks and tabs; `None` when nothing is left.
pub(super) fn prose(text: &str) -> Option<String> {
    let kept = text
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || is_plain(*c));
    finish(kept.take(PROSE).collect())
}

fn one_line(text: &str, longest: usize) -> Option<String> {
    let spaced = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c });
    finish(spaced.filter(|c| is_plain(*c)).take(longest).collect())
}

fn finish(text: String) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Neither a control character nor one that turns the direction of the text around it (Unicode
/// Standard Annex 9, explicit formatting), with which a name could pretend to be another.
fn is_plain(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
