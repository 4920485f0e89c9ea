//! One SQL text for two databases.
//!
//! Statements are written with `$1, $2, …` and, where the databases must differ, with a named
//! fragment in braces from the table below. [`render`] turns that into what a driver takes: on
//! SQLite `$N` becomes `?N`, because rusqlite would bind `$2 … $1` by first appearance and silently
//! swap the arguments.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::Arg;

/// Which database a statement is rendered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
    /// PostgreSQL 13 or later.
    Postgres,
}

/// Every place where the two texts differ: name, SQLite, PostgreSQL.
const FRAGMENTS: &[(&str, &str, &str)] = &[
    // Column types.
    ("int", "INTEGER", "BIGINT"),
    ("bool", "INTEGER", "BOOLEAN"),
    ("real", "REAL", "DOUBLE PRECISION"),
    ("blob", "BLOB", "BYTEA"),
    ("uuid", "BLOB", "UUID"),
    (
        "identity",
        "INTEGER PRIMARY KEY AUTOINCREMENT",
        "BIGINT GENERATED ALWAYS AS IDENTITY",
    ),
    // Table options: typed columns; and, for narrow tables, rows stored in their key.
    ("typed", "STRICT", ""),
    ("keyed", "STRICT, WITHOUT ROWID", ""),
    // Text that is compared byte by byte, as SQLite compares all.
    ("bytewise", "", "COLLATE \"C\""),
    // JSON is kept as text, which SQLite's operators read as it is.
    ("json", "", "::jsonb"),
    // A file name to sort by: A to Z in lower case, compared byte by byte.
    (
        "file_name_key",
        "lower(file_name)",
        "lower(file_name COLLATE \"C\")",
    ),
    // SQLite has one writer, so nobody else can hold a row.
    ("for_update", "", "FOR UPDATE"),
    // The same for a row others refer to: it keeps changes out, not new references.
    ("for_change", "", "FOR NO KEY UPDATE"),
    ("skip_locked", "", "FOR UPDATE SKIP LOCKED"),
    // The change log: its key; this transaction's number; rows of transactions after which none can
    // still commit a smaller number; places ($1, $2) in it and their order. SQLite, where xid is
    // always 0, goes by seq alone, because it cannot search an index for a pair with a rowid.
    ("change_key", "CHECK (xid = 0)", "PRIMARY KEY (xid, seq)"),
    ("xid", "0", "pg_current_xact_id()::text::bigint"),
    (
        "settled",
        "TRUE",
        "xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
    ),
    ("after_place", "seq > $2", "(xid, seq) > ($1, $2)"),
    ("up_to_place", "seq <= $2", "(xid, seq) <= ($1, $2)"),
    ("place_order", "seq", "xid, seq"),
    ("place_order_reversed", "seq DESC", "xid DESC, seq DESC"),
    // Bytes of the database itself.
    (
        "database_bytes",
        "(SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size())",
        "pg_database_size(current_database())",
    ),
    // One process at a time migrates; SQLite's writer has the data directory's lock.
    (
        "migration_lock",
        "1",
        "pg_advisory_xact_lock(7089336938131513954)::text",
    ),
];

/// A statement: fixed text, or text from the one [`Builder`].
#[derive(Debug, Clone)]
pub enum Sql {
    /// Written in the source; rendered once and remembered.
    Fixed(&'static str),
    /// Put together by a [`Builder`].
    Built(Built),
}

/// Text put together by a [`Builder`]; nothing else can make one.
#[derive(Debug, Clone)]
pub struct Built(String);

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::Fixed(text)
    }
}

/// Rendered statements of one dialect, remembered by their source text.
#[derive(Debug)]
pub(crate) struct Rendered {
    dialect: Dialect,
    known: HashMap<&'static str, Arc<str>>,
}

impl Rendered {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            known: HashMap::new(),
        }
    }

    /// The driver's text for `sql`. The map is bounded by the number of statements in the source.
    pub(crate) fn text(&mut self, sql: &Sql) -> Arc<str> {
        match sql {
            Sql::Fixed(text) => Arc::clone(
                self.known
                    .entry(text)
                    .or_insert_with(|| render(self.dialect, text).into()),
            ),
            Sql::Built(Built(text)) => render(self.dialect, text).into(),
        }
    }
}

/// Turns one SQL text into `dialect`'s. Literals, quoted names and comments are left alone.
///
/// # Panics
/// On an unknown `{fragment}`: the text is ours, and every statement is run by the suite.
pub(crate) fn render(dialect: Dialect, sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 16);
    let mut rest = sql;
    while let Some(at) = rest.find(['\'', '"', '-', '$', '{']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let (piece, length): (Cow<'_, str>, usize) = match found.as_bytes() {
            [quote @ (b'\'' | b'"'), ..] => {
                let length = found[1..]
                    .find(char::from(*quote))
                    .map_or(found.len(), |end| end + 2);
                (found[..length].into(), length)
            }
            [b'-', b'-', ..] => (Cow::Borrowed(""), found.find('\n').unwrap_or(found.len())),
            [b'$', b'1'..=b'9', ..] if dialect == Dialect::Sqlite => ("?".into(), 1),
            [b'{', ..] => {
                let length = found.find('}').map_or(found.len(), |end| end + 1);
                let fragment = fragment(dialect, &found[1..length - 1]);
                (parameters(dialect, fragment), length)
            }
            _ => (found[..1].into(), 1),
        };
        out.push_str(&piece);
        rest = &found[length..];
    }
    out.push_str(rest);
    out
}

/// A fragment with its parameters written as the dialect wants them.
fn parameters(dialect: Dialect, fragment: &'static str) -> Cow<'static, str> {
    match dialect {
        Dialect::Sqlite if fragment.contains('$') => fragment.replace('$', "?").into(),
        _ => fragment.into(),
    }
}

fn fragment(dialect: Dialect, name: &str) -> &'static str {
    let (_, sqlite, postgres) = FRAGMENTS
        .iter()
        .find(|(known, ..)| *known == name)
        .unwrap_or_else(|| panic!("there is no SQL fragment {{{name}}}"));
    match dialect {
        Dialect::Sqlite => sqlite,
        Dialect::Postgres => postgres,
    }
}

/// Puts a statement together where its shape depends on the request: filters and lists of ids.
/// Only fixed text and arguments go in, so nothing a caller sends can become SQL.
#[derive(Debug, Default)]
pub struct Builder {
    text: String,
    args: Vec<Arg>,
}

impl Builder {
    /// Starts with fixed text.
    pub fn new(text: &'static str) -> Self {
        Self {
            text: text.to_owned(),
            args: Vec::new(),
        }
    }

    /// Appends fixed text.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends an argument's place and remembers its value.
    pub fn bind(&mut self, value: impl Into<Arg>) -> &mut Self {
        self.args.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.args.len().to_string());
        self
    }

    /// Appends ` = $n` or ` IN ($n, …)`. Longer lists are padded with their last value to a power of
    /// two, so that few different texts exist and prepared ones are found again. No value matches
    /// an empty list.
    pub fn is_one_of<T: Into<Arg>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        let mut values: Vec<Arg> = values.into_iter().map(Into::into).collect();
        match values.len() {
            0 => return self.push(" IN (NULL)"),
            1 => {
                self.push(" = ");
                return self.bind(values.remove(0));
            }
            count => {
                let last = values[count - 1].clone();
                values.resize(count.next_power_of_two(), last);
            }
        }
        self.push(" IN (");
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            self.bind(value);
        }
        self.push(")")
    }

    /// The statement and its arguments.
    pub fn finish(self) -> (Sql, Vec<Arg>) {
        (Sql::Built(Built(self.text)), self.args)
    }
}

#[cfg(test)]
mod tests;
