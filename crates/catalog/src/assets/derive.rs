//! The columns derived from what a person said and what the file says.

use domain::{AssetId, Facts, LocalTime, TenantId, Timestamp};

use super::hydrate::{captured, holding};
use super::tags;
use crate::sql::{Row, args};
use crate::{Error, Tx};

/// What a person said about an asset, as far as anything is derived from it.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) file_name: String,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) captured: Option<LocalTime>,
    pub(super) created_at: Timestamp,
}

/// The derived columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Derived {
    pub(super) taken_sort: Timestamp,
    pub(super) camera: String,
    pub(super) search_text: String,
}

impl Said {
    /// Joins it with the file's facts.
    pub(super) fn with(&self, facts: &Facts) -> Derived {
        let taken = self.captured.as_ref().or(facts.captured.as_ref());
        let camera = [&facts.camera.make, &facts.camera.model]
            .into_iter()
            .flatten()
            .map(|name| name.to_lowercase())
            .collect::<Vec<_>>()
            .join(" ");
        let title = holding(self.title.clone(), facts.title.as_deref());
        let description = holding(self.description.clone(), facts.description.as_deref());
        let texts = [
            Some(self.file_name.to_lowercase()),
            title.map(|text| text.to_lowercase()),
            description.map(|text| text.to_lowercase()),
            Some(camera.clone()).filter(|camera| !camera.is_empty()),
        ];
        Derived {
            taken_sort: taken
                .and_then(LocalTime::as_if_utc)
                .unwrap_or(self.created_at),
            camera,
            search_text: texts.into_iter().flatten().collect::<Vec<_>>().join("\n"),
        }
    }
}

/// What [`apply_facts`] works with.
struct Understood {
    said: Said,
    facts: Facts,
    sha256: Vec<u8>,
    keywords_of: Option<Vec<u8>>,
}

fn read(row: Row) -> Result<Understood, Error> {
    let mut row = row.of("asset");
    Ok(Understood {
        said: Said {
            file_name: row.next("file_name")?,
            title: row.next("title")?,
            description: row.next("description")?,
            captured: captured(&mut row)?,
            created_at: row.next("created_at")?,
        },
        facts: row.next("facts")?,
        sha256: row.next("sha256")?,
        keywords_of: row.next("keywords_of")?,
    })
}

/// Brings an asset in line with its content's facts: derived columns, and, once per content, the
/// file's keywords as tags. What a person said is not touched. `false`: there is no such asset.
///
/// # Errors
/// Those of the database.
pub async fn apply_facts(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    now: Timestamp,
) -> Result<bool, Error> {
    lock(tx, tenant, asset).await?;
    let row = tx
        .row(
            "SELECT a.file_name, a.title, a.description, a.captured_local, a.captured_offset, a.captured_source, \
             a.created_at, c.facts, a.sha256, a.keywords_of FROM asset a \
             JOIN content c ON c.tenant = a.tenant AND c.sha256 = a.sha256 WHERE a.tenant = $1 AND a.id = $2",
            args![tenant, asset],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let found = read(row)?;
    let derived = found.said.with(&found.facts);
    tx.execute(
        "UPDATE asset SET taken_sort = $3, camera = $4, search_text = $5, keywords_of = $6, updated_at = $7 \
         WHERE tenant = $1 AND id = $2",
        args![
            tenant,
            asset,
            derived.taken_sort,
            derived.camera,
            derived.search_text,
            found.sha256.as_slice(),
            now
        ],
    )
    .await?;
    if found.keywords_of.as_ref() != Some(&found.sha256) {
        tags::add(tx, tenant, asset, &found.facts.keywords).await?;
    }
    Ok(true)
}

/// Holds an asset's row until the transaction ends, so that what is read after it stays true.
pub(super) async fn lock(tx: &mut Tx, tenant: TenantId, asset: AssetId) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT id FROM asset WHERE tenant = $1 AND id = $2 {for_update}",
            args![tenant, asset],
        )
        .await?;
    Ok(row.is_some())
}
