//! LIKE patterns of what people type.

/// Matches text that contains `text`. Both sides are lowered by us: the databases disagree about case.
pub(crate) fn containing(text: &str) -> String {
    format!("%{}%", escaped(&text.to_lowercase()))
}

/// Matches text that begins with `text`, just as it is written.
pub(crate) fn starting(text: &str) -> String {
    format!("{}%", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
