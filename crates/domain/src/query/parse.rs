//! From text to a [`Filter`]. A mistake says what was expected and where.

use super::{Album, Filter, Stars, Term, Test};

/// Most words and filters of one query. Each is a condition that the database checks, and planning
/// thousands of them can keep one busy for minutes.
const MAX_TERMS: usize = 50;

/// Longest query, in characters.
const MAX_LENGTH: usize = 4000;

/// The filters there are, for whoever asked for one there is not.
const KEYS: &str =
    "type, camera, after, before, tag, name, rating, is, status, has, near, box, album";

/// A query that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {position})")]
pub struct QueryError {
    /// What was expected.
    pub message: String,
    /// Where in the query, counted in characters from 0.
    pub position: usize,
}

/// Reads a query.
///
/// # Errors
/// The first mistake, with its position.
pub fn parse_query(text: &str) -> Result<Filter, QueryError> {
    let mut filter = Filter::default();
    for (index, token) in tokens(text)?.into_iter().enumerate() {
        let fail = |message: String| QueryError {
            message,
            position: token.position,
        };
        if index == MAX_TERMS {
            return Err(fail(format!("at most {MAX_TERMS} words and filters")));
        }
        token.add_to(&mut filter).map_err(fail)?;
    }
    Ok(filter)
}

/// A word or filter as it was written, without its quotes.
struct Token {
    position: usize,
    text: String,
    /// With a minus before it.
    negated: bool,
    /// It began with a quote, so it is a word whatever it looks like.
    quoted: bool,
}

impl Token {
    fn add_to(&self, filter: &mut Filter) -> Result<(), String> {
        let Some((key, value)) = self.key_and_value() else {
            self.term(filter, Test::Word(self.text.clone()));
            return Ok(());
        };
        if value.trim().is_empty() {
            return Err(format!("{key}: wants a value"));
        }
        if let Some(test) = test(key, value)? {
            if self.negated && matches!(test, Test::After(_) | Test::Before(_)) {
                return Err(format!("{key}: has no opposite but the other one"));
            }
            self.term(filter, test);
            return Ok(());
        }
        if self.negated {
            return Err(format!("-{key}:{value} is not to be had"));
        }
        match (key, value) {
            ("is", "trashed") => filter.trashed = true,
            ("is", "archived") => filter.archived = true,
            ("is", "locked") => filter.locked = true,
            ("is", "shared") => filter.shared = true,
            ("is", _) => {
                return Err("is: wants favourite, archived, trashed, locked or shared".to_owned());
            }
            ("album", _) => filter.albums.push(match value.parse() {
                Ok(id) => Album::Id(id),
                Err(_) => Album::Name(value.trim().to_owned()),
            }),
            _ => return Err(format!("unknown filter {key}: (there are {KEYS})")),
        }
        Ok(())
    }

    fn term(&self, filter: &mut Filter, test: Test) {
        let negated = self.negated;
        filter.terms.push(Term { negated, test });
    }

    /// A word before a colon is meant as a filter when it is all letters: `IMG:1` is still a word.
    fn key_and_value(&self) -> Option<(&str, &str)> {
        let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase());
        let (key, value) = self.text.split_once(':')?;
        (!self.quoted && is_key(key)).then_some((key, value))
    }
}

/// The test that a filter stands for; `None` when it is not a test, but a place to look in.
fn test(key: &str, value: &str) -> Result<Option<Test>, String> {
    Ok(Some(match key {
        "type" => Test::Kind(value.parse()?),
        "camera" => Test::Camera(value.to_owned()),
        "after" => Test::After(value.parse().map_err(dated)?),
        "before" => Test::Before(value.parse().map_err(dated)?),
        "tag" => Test::Tag(value.to_owned()),
        "name" => Test::Name(value.to_owned()),
        "rating" => Test::Rating(stars(value)?),
        "status" => Test::Status(value.parse()?),
        "near" => Test::Near(value.parse()?),
        "box" => Test::Within(value.parse()?),
        "has" if value == "place" => Test::HasPlace,
        "has" => return Err("has: wants place".to_owned()),
        "is" if matches!(value, "favourite" | "favorite") => Test::Favourite,
        _ => return Ok(None),
    }))
}

fn dated(error: crate::day::ParseDayError) -> String {
    error.to_string()
}

/// `4`, `>=3`, `>3`, `<=2`, `<2`.
fn stars(value: &str) -> Result<Stars, String> {
    let digits = value.trim_start_matches(['<', '>', '=']);
    let number = digits.parse().ok().filter(|number: &u8| *number <= 5);
    let range = number.and_then(|number| match &value[..value.len() - digits.len()] {
        "" | "=" => Some((number, number)),
        ">=" => Some((number, 5)),
        ">" => Some((number + 1, 5)),
        "<=" => Some((0, number)),
        "<" => Some((0, number.checked_sub(1)?)),
        _ => None,
    });
    match range {
        Some((from, to)) if from <= to => Ok(Stars { from, to }),
        _ => Err("rating: wants 0 to 5 stars, such as 4, >=3 or 0 for unrated".to_owned()),
    }
}

/// Splits at white space outside double quotes; quotes group and vanish.
fn tokens(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut found = Vec::new();
    let mut current: Option<Token> = None;
    let mut quote = None;
    for (position, c) in text.chars().enumerate() {
        if position == MAX_LENGTH {
            let message = format!("a query has at most {MAX_LENGTH} characters");
            return Err(QueryError { message, position });
        }
        if c.is_whitespace() && quote.is_none() {
            found.extend(current.take());
            continue;
        }
        let Some(token) = &mut current else {
            quote = (c == '"').then_some(position);
            current = Some(Token {
                position,
                text: if matches!(c, '"' | '-') {
                    String::new()
                } else {
                    c.into()
                },
                negated: c == '-',
                quoted: c == '"',
            });
            continue;
        };
        match c {
            '"' if quote.is_some() => quote = None,
            '"' => {
                quote = Some(position);
                // The quote may stand behind the minus.
                token.quoted |= token.text.is_empty();
            }
            c => token.text.push(c),
        }
    }
    if let Some(position) = quote {
        let message = "this quote is never closed".to_owned();
        return Err(QueryError { message, position });
    }
    found.extend(current);
    for token in &mut found {
        // A minus by itself is a word.
        if token.negated && token.text.is_empty() && !token.quoted {
            token.negated = false;
            token.text = "-".to_owned();
        }
    }
    Ok(found)
}
