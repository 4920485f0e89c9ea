//! Which assets a list, a count or a timeline is about: a [`Filter`] with its albums looked up, as one
//! condition.
//!
//! A person's own library is what everything begins with: nothing others share shows in it, and
//! nothing that was put out of sight. Albums, and the question for what others share, reach further.

use domain::{Album, CollectionId, Filter, Term, Visibility, parse_query};

use super::filter;
use crate::sql::{Builder, Row};
use crate::visibility::{admitted, owned};
use crate::{Error, Tx};

/// Most collections looked through for a name.
const MAX_NAMES: u32 = 10_000;

/// A filter that a database can be asked.
#[derive(Debug, Clone)]
pub(super) struct Selection {
    visibility: Visibility,
    terms: Vec<Term>,
    trashed: bool,
    archived: bool,
    locked: bool,
    shared: bool,
    /// Lies in one of each of these.
    within: Vec<Vec<CollectionId>>,
}

impl Selection {
    /// Looks up what the filter names. A smart collection is the query it was saved with.
    pub(super) async fn of(
        tx: &mut Tx,
        visibility: &Visibility,
        filter: &Filter,
    ) -> Result<Self, Error> {
        let mut filter = filter.clone();
        let mut within = Vec::new();
        for album in std::mem::take(&mut filter.albums) {
            match Found::of(tx, visibility, &album).await? {
                Found::Manual(ids) => within.push(ids),
                Found::Smart(saved) => filter = filter.and_all(saved),
            }
        }
        // Those that a saved search names; one within one is not followed.
        for album in std::mem::take(&mut filter.albums) {
            within.push(match Found::of(tx, visibility, &album).await? {
                Found::Manual(ids) => ids,
                Found::Smart(_) => Vec::new(),
            });
        }
        Ok(Self {
            visibility: visibility.clone(),
            terms: filter.terms,
            trashed: filter.trashed,
            archived: filter.archived,
            locked: filter.locked,
            shared: filter.shared,
            within,
        })
    }

    /// Appends the condition on asset `a`.
    pub(super) fn condition(&self, sql: &mut Builder) {
        if self.within.is_empty() && !self.shared {
            owned(sql, &self.visibility);
        } else {
            admitted(sql, &self.visibility);
        }
        if self.shared {
            self.of_others(sql);
        }
        for collections in &self.within {
            self.lies_in(sql, collections.iter().copied());
        }
        self.in_sight(sql);
        filter::all_of(sql, &self.terms);
    }

    /// What is visible, but not one's own. Read through the collections, which are fewer than assets.
    fn of_others(&self, sql: &mut Builder) {
        if self.visibility.owners().next().is_some() {
            sql.push(" AND NOT (a.owner");
            sql.is_one_of(self.visibility.owners()).push(")");
        }
        if self.visibility.shares().next().is_none() {
            self.lies_in(sql, self.visibility.collections());
        }
    }

    fn lies_in(&self, sql: &mut Builder, collections: impl Iterator<Item = CollectionId>) {
        sql.push(" AND a.id IN (SELECT m.asset FROM collection_asset m WHERE m.tenant = ");
        sql.bind(self.visibility.tenant()).push(" AND m.collection");
        sql.is_one_of(collections).push(")");
    }

    /// The words of these conditions are those of the partial indexes.
    fn in_sight(&self, sql: &mut Builder) {
        sql.push(if self.trashed {
            " AND a.trashed_at IS NOT NULL"
        } else {
            " AND a.trashed_at IS NULL"
        });
        let everything = self.trashed || self.locked || !self.within.is_empty();
        if self.archived {
            sql.push(" AND a.archived = TRUE");
        } else if !everything {
            sql.push(" AND a.archived = FALSE");
        }
        sql.push(if self.locked {
            " AND a.locked = TRUE"
        } else {
            " AND a.locked = FALSE"
        });
    }
}

/// What an album's name or id stands for.
enum Found {
    Manual(Vec<CollectionId>),
    Smart(Filter),
}

impl Found {
    async fn of(tx: &mut Tx, visibility: &Visibility, album: &Album) -> Result<Self, Error> {
        let wanted = match album {
            Album::Id(_) => None,
            Album::Name(name) => Some(name.to_lowercase()),
        };
        let mut sql = Builder::new("SELECT c.id, c.name, c.query FROM collection c WHERE ");
        known(&mut sql, visibility);
        if let Album::Id(id) = album {
            sql.push(" AND c.id = ").bind(*id);
        }
        sql.push(" ORDER BY c.id LIMIT ").bind(MAX_NAMES);
        let (sql, args) = sql.finish();
        let mut manual = Vec::new();
        let mut smart = None;
        for row in tx.rows(sql, args).await? {
            let (id, name, query) = read(row)?;
            if wanted
                .as_ref()
                .is_some_and(|wanted| name.to_lowercase() != *wanted)
            {
                continue;
            }
            match query {
                None => manual.push(id),
                // One saved by a program with another language finds nothing.
                Some(query) => smart = smart.or(parse_query(&query).ok()),
            }
        }
        Ok(match smart {
            Some(saved) if manual.is_empty() => Self::Smart(saved),
            _ => Self::Manual(manual),
        })
    }
}

fn read(row: Row) -> Result<(CollectionId, String, Option<String>), Error> {
    let mut row = row.of("collection");
    Ok((row.next("id")?, row.next("name")?, row.next("query")?))
}

/// Appends the condition that the caller knows of collection `c`: an own one, or one that is open.
fn known(sql: &mut Builder, visibility: &Visibility) {
    sql.push("c.tenant = ").bind(visibility.tenant());
    sql.push(" AND (c.owner").is_one_of(visibility.owners());
    sql.push(" OR c.id").is_one_of(visibility.collections());
    sql.push(")");
}

/// Whether the caller knows of a collection.
///
/// # Errors
/// Those of the database.
pub async fn knows_collection(
    tx: &mut Tx,
    visibility: &Visibility,
    id: CollectionId,
) -> Result<bool, Error> {
    let mut sql = Builder::new("SELECT c.id FROM collection c WHERE ");
    known(&mut sql, visibility);
    sql.push(" AND c.id = ").bind(id);
    let (sql, args) = sql.finish();
    Ok(tx.row(sql, args).await?.is_some())
}
