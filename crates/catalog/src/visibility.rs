//! [`Visibility`] in SQL: rendered to a condition, and read from the grants. Its meaning is
//! [`Visibility::level`], and the suite holds the two equal.

use domain::{CollectionId, Container, Level, TenantId, UserId, Visibility};

use crate::sql::{Builder, args};
use crate::{Error, Tx};

/// Most collections that can be open to one user through grants.
const MAX_GRANTED: u32 = 5_000;

/// Appends the condition that asset `a` is visible.
pub(crate) fn admitted(sql: &mut Builder, visibility: &Visibility) {
    let collections: Vec<_> = visibility.collections().collect();
    let shares: Vec<_> = visibility.shares().collect();
    sql.push("a.tenant = ").bind(visibility.tenant());
    if collections.is_empty() && shares.is_empty() {
        sql.push(" AND a.owner");
        sql.is_one_of(visibility.owners());
        return;
    }
    sql.push(" AND (a.owner");
    sql.is_one_of(visibility.owners());
    sql.push(
        " OR (a.trashed_at IS NULL AND a.locked = FALSE AND a.status <> 'quarantined' AND (FALSE",
    );
    if !collections.is_empty() {
        sql.push(
            " OR EXISTS (SELECT 1 FROM collection_asset m \
             WHERE m.tenant = a.tenant AND m.asset = a.id AND m.collection",
        );
        sql.is_one_of(collections).push(")");
    }
    if !shares.is_empty() {
        sql.push(
            " OR EXISTS (SELECT 1 FROM share_asset m \
             WHERE m.tenant = a.tenant AND m.asset = a.id AND m.share",
        );
        sql.is_one_of(shares).push(")");
    }
    sql.push(")))");
}

/// Appends the condition that asset `a` lies in a library that is open whole: its owner's eyes.
pub(crate) fn owned(sql: &mut Builder, visibility: &Visibility) {
    admitted(sql, &visibility.own());
}

/// What a user may see now: the own library, collections that others opened, and own collections in
/// which others may put something. A grant opens what is nested in its collection, too, but no saved
/// search: that one looks through its owner's eyes.
///
/// # Errors
/// Those of the database.
pub async fn of_user(tx: &mut Tx, tenant: TenantId, user: UserId) -> Result<Visibility, Error> {
    let granted = tx
        .rows(
            "WITH RECURSIVE open (id, level) AS ( \
                SELECT collection, level FROM collection_grant WHERE tenant = $1 AND app_user = $2 \
                UNION SELECT c.id, open.level FROM open JOIN collection c \
                    ON c.tenant = $1 AND c.parent = open.id AND c.query IS NULL) \
             SELECT id, level FROM open LIMIT $3",
            args![tenant, user, MAX_GRANTED],
        )
        .await?;
    let shared = tx
        .rows(
            "WITH RECURSIVE shared (id) AS ( \
                SELECT c.id FROM collection c WHERE c.tenant = $1 AND c.owner = $2 AND EXISTS ( \
                    SELECT 1 FROM collection_grant g WHERE g.tenant = c.tenant AND g.collection = c.id) \
                UNION SELECT c.id FROM shared JOIN collection c \
                    ON c.tenant = $1 AND c.parent = shared.id AND c.query IS NULL) \
             SELECT id FROM shared LIMIT $3",
            args![tenant, user, MAX_GRANTED],
        )
        .await?;
    let mut open = vec![(Container::Owner(user), Level::Edit)];
    for row in granted {
        let mut row = row.of("collection_grant");
        let collection: CollectionId = row.next("collection")?;
        open.push((Container::Collection(collection), row.next("level")?));
    }
    for row in shared {
        let collection: CollectionId = row.of("collection").next("id")?;
        // What others put there is lent to the collection, not given to its owner.
        open.push((Container::Collection(collection), Level::Download));
    }
    Ok(Visibility::through(tenant, open))
}
