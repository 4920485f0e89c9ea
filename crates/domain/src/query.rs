//! The query language: `beach type:image camera:"iPhone 12" after:2024-05 rating:>=3 -tag:work`.
//!
//! The same in the page's search field, the API, the command line and saved searches. A query is a
//! list of terms that all hold, and of places to look in; without one of those it looks at what a
//! person's own library shows: nothing trashed, archived or locked. [`Filter`] is written as the
//! query that reads as it.

mod geo;
mod parse;
mod write;

use crate::day::Day;
use crate::id::CollectionId;
use crate::kind::{MediaKind, Status};

pub use geo::{Area, Circle};
pub use parse::{QueryError, parse_query};

/// What a list or search is narrowed to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// All must hold; of kinds, and of states, one of those that are not negated.
    pub terms: Vec<Term>,
    /// Only what lies in the trash; otherwise the trash is left out.
    pub trashed: bool,
    /// Only what was put out of the way. Otherwise it is left out, but for the trash and albums.
    pub archived: bool,
    /// Only what is behind the locked folder's door; otherwise that is left out.
    pub locked: bool,
    /// What others share, and nothing of one's own.
    pub shared: bool,
    /// Lies in each of these, whoever put it there.
    pub albums: Vec<Album>,
}

impl Filter {
    /// One of these kinds.
    #[must_use]
    pub fn of_kind(kind: MediaKind) -> Self {
        Self::default().and(Test::Kind(kind))
    }

    /// What also passes `test`.
    #[must_use]
    pub fn and(mut self, test: Test) -> Self {
        self.terms.push(Term {
            negated: false,
            test,
        });
        self
    }

    /// Narrows it to what passes another one, too.
    #[must_use]
    pub fn and_all(mut self, other: Self) -> Self {
        self.terms.extend(other.terms);
        self.albums.extend(other.albums);
        self.trashed |= other.trashed;
        self.archived |= other.archived;
        self.locked |= other.locked;
        self.shared |= other.shared;
        self
    }

    /// Whether it is the question every timeline begins with.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A condition, or its opposite.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// It must not hold.
    pub negated: bool,
    /// What is asked.
    pub test: Test,
}

/// What can be asked of an asset.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Occurs in file name, title, description or camera, ignoring case.
    Word(String),
    /// Occurs in the file name, ignoring case.
    Name(String),
    /// Is of this kind.
    Kind(MediaKind),
    /// Occurs in make or model, ignoring case.
    Camera(String),
    /// Captured on this day (wall time) or later.
    After(Day),
    /// Captured before this day.
    Before(Day),
    /// Bears this tag, however spelled.
    Tag(String),
    /// Has this many stars.
    Rating(Stars),
    /// Is a favourite.
    Favourite,
    /// Has come so far.
    Status(Status),
    /// Is known to have been taken somewhere.
    HasPlace,
    /// Was taken near a place.
    Near(Circle),
    /// Was taken in a rectangle.
    Within(Area),
}

/// Stars from, and to; 0 is unrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stars {
    /// At least.
    pub from: u8,
    /// At most.
    pub to: u8,
}

/// A collection as a query names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Album {
    /// By its id.
    Id(CollectionId),
    /// By its name, ignoring case; all that are called so.
    Name(String),
}

#[cfg(test)]
mod tests;
