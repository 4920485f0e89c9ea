//! Values that go into a statement ([`Arg`]) and come out of it ([`Row`]), the same on both databases.

use domain::{
    ApiKeyId, AssetId, BatchId, BlobId, CollectionId, FolderId, InvitationId, JobId, Level,
    MediaKind, MediaType, NotificationId, Permissions, SessionId, Sha256, ShareId, Status,
    TenantId, Timestamp, UploadId, UserId, VersionId,
};
use uuid::Uuid;

use crate::Error;

/// One argument of a statement. A missing value keeps its type, which PostgreSQL wants to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// BOOLEAN; 0 or 1 on SQLite.
    Bool(Option<bool>),
    /// BIGINT. There are no other whole numbers in the schema.
    Int(Option<i64>),
    /// DOUBLE PRECISION.
    Real(Option<f64>),
    /// TEXT, without NUL (which PostgreSQL cannot store; it becomes U+FFFD).
    Text(Option<String>),
    /// BYTEA or BLOB.
    Bytes(Option<Vec<u8>>),
    /// UUID; 16 bytes on SQLite.
    Uuid(Option<Uuid>),
}

/// Makes the argument list of a statement: `args![tenant, id, now]`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::sql::Arg::from($value)),*] };
}
pub(crate) use args;

fn text(value: &str) -> String {
    value.replace('\0', "\u{fffd}")
}

/// `From` for a type and for its `Option`.
macro_rules! arg {
    ($($type:ty => $variant:ident: $convert:expr;)*) => {$(
        impl From<$type> for Arg {
            fn from(value: $type) -> Self {
                Self::$variant(Some($convert(value)))
            }
        }

        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($convert))
            }
        }
    )*};
}

arg! {
    bool => Bool: std::convert::identity;
    i64 => Int: std::convert::identity;
    i32 => Int: i64::from;
    i16 => Int: i64::from;
    u32 => Int: i64::from;
    u8 => Int: i64::from;
    f64 => Real: std::convert::identity;
    &str => Text: text;
    String => Text: |value: String| if value.contains('\0') { text(&value) } else { value };
    &String => Text: |value: &String| text(value);
    Vec<u8> => Bytes: std::convert::identity;
    &[u8] => Bytes: <[u8]>::to_vec;
    Uuid => Uuid: std::convert::identity;
    Sha256 => Bytes: |value: Sha256| value.as_bytes().to_vec();
    Timestamp => Int: Timestamp::millis;
    MediaKind => Text: |value: MediaKind| value.as_str().to_owned();
    Status => Text: |value: Status| value.as_str().to_owned();
    Level => Text: |value: Level| value.as_str().to_owned();
    MediaType => Text: |value: MediaType| value.mime().to_owned();
    Permissions => Text: |value: Permissions| value.to_string();
    &serde_json::Value => Text: serde_json::Value::to_string;
}

/// A value as a database gave it. SQLite has neither booleans nor UUIDs: it gives `Int` and `Bytes`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
    Uuid(Uuid),
}

impl Value {
    fn describe(&self) -> String {
        match self {
            Self::Null => "NULL".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Real(value) => value.to_string(),
            Self::Text(value) => value.clone(),
            Self::Uuid(value) => value.to_string(),
            Self::Bytes(bytes) => match Uuid::from_slice(bytes) {
                Ok(id) => id.to_string(),
                Err(_) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            },
        }
    }
}

/// A type a column can be read as.
pub trait Column: Sized {
    /// The value, or `None` when it is not one of these.
    fn from_cell(cell: Cell) -> Option<Self>;
}

/// One cell of a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell(pub(crate) Value);

impl<T: Column> Column for Option<T> {
    fn from_cell(cell: Cell) -> Option<Self> {
        if cell.0 == Value::Null {
            Some(None)
        } else {
            T::from_cell(cell).map(Some)
        }
    }
}

macro_rules! column {
    ($($type:ty: $($pattern:pat => $value:expr),+;)*) => {$(
        impl Column for $type {
            fn from_cell(cell: Cell) -> Option<Self> {
                match cell.0 {
                    $($pattern => $value,)+
                    _ => None,
                }
            }
        }
    )*};
}

column! {
    bool: Value::Bool(value) => Some(value), Value::Int(0) => Some(false), Value::Int(1) => Some(true);
    i64: Value::Int(value) => Some(value);
    u64: Value::Int(value) => u64::try_from(value).ok();
    u32: Value::Int(value) => u32::try_from(value).ok();
    i16: Value::Int(value) => i16::try_from(value).ok();
    u8: Value::Int(value) => u8::try_from(value).ok();
    f64: Value::Real(value) => Some(value);
    String: Value::Text(value) => Some(value);
    Vec<u8>: Value::Bytes(value) => Some(value);
    Uuid: Value::Uuid(value) => Some(value), Value::Bytes(bytes) => Uuid::from_slice(&bytes).ok();
    Sha256: Value::Bytes(bytes) => Sha256::try_from(bytes.as_slice()).ok();
    Timestamp: Value::Int(millis) => Some(Timestamp::from_millis(millis));
    MediaKind: Value::Text(word) => word.parse().ok();
    Status: Value::Text(word) => word.parse().ok();
    Level: Value::Text(word) => word.parse().ok();
    MediaType: Value::Text(word) => word.parse().ok();
    Permissions: Value::Text(words) => Permissions::parse(&words).ok();
    serde_json::Value: Value::Text(json) => serde_json::from_str(&json).ok();
    domain::Facts: Value::Text(json) => serde_json::from_str(&json).ok();
}

macro_rules! ids {
    ($($id:ident)*) => {$(
        arg! { $id => Uuid: $id::uuid; }

        impl Column for $id {
            fn from_cell(cell: Cell) -> Option<Self> {
                Uuid::from_cell(cell).map(Self::from_uuid)
            }
        }
    )*};
}

ids! {
    TenantId UserId AssetId BatchId VersionId BlobId JobId SessionId ApiKeyId UploadId CollectionId FolderId ShareId
    InvitationId NotificationId
}

/// One row of an answer, read from left to right.
#[derive(Debug)]
pub struct Row {
    table: &'static str,
    cells: Vec<Value>,
    read: usize,
}

impl Row {
    pub(crate) fn new(cells: Vec<Value>) -> Self {
        Self {
            table: "?",
            cells,
            read: 0,
        }
    }

    /// Says which table the row is of, for the report when a column is not what it should be.
    #[must_use]
    pub fn of(mut self, table: &'static str) -> Self {
        self.table = table;
        self
    }

    /// The next column, by the name it is reported under.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] when it is not a `T`.
    pub fn next<T: Column>(&mut self, column: &'static str) -> Result<T, Error> {
        let index = self.read;
        self.read += 1;
        let value = match self.cells.get_mut(index) {
            // The first stays: it names the row in a report.
            Some(first) if index == 0 => Some(first.clone()),
            Some(cell) => Some(std::mem::replace(cell, Value::Null)),
            None => None,
        };
        value
            .and_then(|value| T::from_cell(Cell(value)))
            .ok_or_else(|| Error::Inconsistent {
                table: self.table,
                column,
                row: self.cells.first().map_or_else(String::new, Value::describe),
            })
    }
}
