//! The columns derived from what a person said and what the file says.

use domain::{AssetId, Day, Facts, LocalTime, Place, TenantId, Timestamp};

use super::hydrate::{captured, facts, holding, place};
use super::tags;
use crate::sql::{Row, args};
use crate::{Error, Tx};

/// What a person said about an asset, as far as anything is derived from it.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) file_name: String,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) rating: Option<u8>,
    pub(super) captured: Option<LocalTime>,
    /// `Some(None)`: nowhere, whatever the file says.
    pub(super) place: Option<Option<Place>>,
    pub(super) created_at: Timestamp,
}

/// The derived columns.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Derived {
    pub(super) taken_sort: Timestamp,
    pub(super) day: i64,
    pub(super) camera: String,
    pub(super) search_text: String,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) stars: u8,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    pub(super) thumbhash: Option<String>,
}

impl Derived {
    /// Writes the columns.
    pub(super) async fn store(
        &self,
        tx: &mut Tx,
        tenant: TenantId,
        asset: AssetId,
    ) -> Result<(), Error> {
        tx.execute(
            "UPDATE asset SET taken_sort = $3, day = $4, camera = $5, search_text = $6, lat = $7, lon = $8, \
             stars = $9, width = $10, height = $11, thumbhash = $12 WHERE tenant = $1 AND id = $2",
            args![
                tenant,
                asset,
                self.taken_sort,
                self.day,
                self.camera.as_str(),
                self.search_text.as_str(),
                self.lat,
                self.lon,
                self.stars,
                self.width,
                self.height,
                self.thumbhash.as_deref()
            ],
        )
        .await
        .map(drop)
    }
}

impl Said {
    /// Joins it with the file's facts.
    pub(super) fn with(&self, facts: &Facts) -> Derived {
        let taken = LocalTime::that_holds(self.captured.as_ref(), facts.captured.as_ref());
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
        let taken_sort = taken
            .and_then(LocalTime::as_if_utc)
            .unwrap_or(self.created_at);
        let place = self.place.as_ref().unwrap_or(&facts.place).as_ref();
        Derived {
            taken_sort,
            day: Day::of(taken_sort).number(),
            camera,
            search_text: texts.into_iter().flatten().collect::<Vec<_>>().join("\n"),
            lat: place.map(|place| place.lat),
            lon: place.map(|place| place.lon),
            stars: self.rating.or(facts.rating).unwrap_or(0),
            width: facts.width,
            height: facts.height,
            thumbhash: facts.thumbhash.clone(),
        }
    }
}

/// What [`apply_facts`] works with.
struct Understood {
    said: Said,
    facts: Facts,
    /// Whether the file was looked at.
    understood: bool,
    sha256: Vec<u8>,
    keywords_of: Option<Vec<u8>>,
}

fn read(row: Row) -> Result<Understood, Error> {
    let mut row = row.of("asset");
    let said = Said {
        file_name: row.next("file_name")?,
        title: row.next("title")?,
        description: row.next("description")?,
        rating: row.next("rating")?,
        captured: captured(&mut row)?,
        place: place(&mut row)?,
        created_at: row.next("created_at")?,
    };
    Ok(Understood {
        said,
        facts: facts(&mut row)?,
        understood: row.next::<i64>("facts_version")? > 0,
        sha256: row.next("sha256")?,
        keywords_of: row.next("keywords_of")?,
    })
}

/// Brings an asset in line with what its file and its sidecar say: derived columns, and, once per content, the
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
            "SELECT a.file_name, a.title, a.description, a.rating, a.captured_local, a.captured_offset, \
             a.captured_source, a.said_place, a.created_at, c.facts, a.beside, c.facts_version, a.sha256, \
             a.keywords_of FROM asset a \
             JOIN content c ON c.tenant = a.tenant AND c.sha256 = a.sha256 WHERE a.tenant = $1 AND a.id = $2",
            args![tenant, asset],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let found = read(row)?;
    let derived = found.said.with(&found.facts);
    derived.store(tx, tenant, asset).await?;
    let fresh = found.understood && found.keywords_of.as_ref() != Some(&found.sha256);
    let keywords_of = if fresh {
        tags::add(tx, tenant, asset, &found.facts.keywords).await?;
        Some(found.sha256)
    } else {
        found.keywords_of
    };
    tx.execute(
        "UPDATE asset SET keywords_of = $3, updated_at = $4 WHERE tenant = $1 AND id = $2",
        args![tenant, asset, keywords_of, now],
    )
    .await?;
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
