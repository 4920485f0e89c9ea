//! Fills a vault with a large library that nobody photographed: for benches, and for browser tests of
//! long timelines.
//!
//! `cargo run --release -p catalog --example seed -- DATA_DIRECTORY|postgres://… ASSETS [EMAIL]`
//!
//! The vault must have an account and, on SQLite, be stopped; the assets go to the account with that
//! e-mail address, else to the first one. They are spread over twenty years as people photograph: days
//! of bursts between days of nothing, several cameras, some favourites, stars and places.
//!
//! Rows of content, blob, asset, version and file are there and fit together, so lists, timelines,
//! searches and edits work as on real ones. Bytes are not: no object, copy, picture or step exists, so
//! reading an original fails and a verification will rightly call every blob missing. Never run it on a
//! vault somebody uses. A million assets take a minute or two.

use std::error::Error;
use std::time::Instant;

use catalog::sql::{Arg, Builder};
use catalog::{DataDirLock, Db, Tx};
use domain::{
    AssetId, BlobId, Camera, Day, Facts, LocalTime, MediaKind, MediaType, Place, Sha256, Status,
    TenantId, Timestamp, UserId, VersionId,
};
use uuid::Uuid;

const TENANT: TenantId = TenantId::DEFAULT;
/// Assets of one statement, and of one transaction.
const BATCH: usize = 200;
const COMMIT: usize = 4_000;
/// The last day there is a picture of: 2026-06-30.
const LAST: Day = Day::from_number(20_634);
const DAYS: u64 = 20 * 365;
/// When the first was added, in milliseconds: 2026-07-01; the others follow by the millisecond.
const BEGUN: u64 = 1_782_864_000_000;
const DAY_MILLIS: i64 = 86_400_000;

const CAMERAS: [(&str, &str); 5] = [
    ("Apple", "iPhone 15 Pro"),
    ("Google", "Pixel 8"),
    ("Canon", "EOS R6"),
    ("FUJIFILM", "X100V"),
    ("Panasonic", "DMC-LX7"),
];
/// Pixels across and down; most pictures are 4:3.
const SHAPES: [(u32, u32); 6] = [
    (4032, 3024),
    (3024, 4032),
    (4032, 3024),
    (6000, 4000),
    (1920, 1080),
    (12_000, 2800),
];
/// Of Evan Wallace's examples.
const HASHES: [&str; 5] = [
    "1QcSHQRnh493V4dIh4eXh1h4kJUI",
    "3PcNNYSFeXh/d3eld0iHZoZgVwh2",
    "3OcRJYB4d3h/iIeHeEh3eIhw+j3A",
    "HBkSHYSIeHiPiHh8eJd4eTN0EEQG",
    "VvYRNQRod313B4h3eHhYiHeAiQUo",
];
/// Where people are: mostly in one place.
const PLACES: [(f64, f64); 4] = [
    (48.21, 16.37),
    (48.21, 16.37),
    (45.44, 12.32),
    (64.15, -21.94),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(target), Some(count)) = (arguments.first(), arguments.get(1)) else {
        return Err("usage: seed DATA_DIRECTORY|postgres://… ASSETS [EMAIL]".into());
    };
    let count: usize = count.replace('_', "").parse()?;
    let db = if target.starts_with("postgres") {
        Db::open_postgres(target, 2).await?
    } else {
        Db::open_sqlite(DataDirLock::acquire(std::path::Path::new(target))?).await?
    };
    let owner = owner(&db, arguments.get(2).cloned()).await?;
    let started = Instant::now();
    let mut library = Library::new(owner, count_assets(&db).await?);
    let mut left = count;
    while left > 0 {
        let shots: Vec<Shot> = (0..left.min(COMMIT)).map(|_| library.shoot()).collect();
        left -= shots.len();
        db.write(move |tx| Box::pin(async move { insert(tx, owner, &shots).await }))
            .await?;
    }
    db.close().await;
    println!("{count} assets in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

async fn owner(db: &Db, email: Option<String>) -> Result<UserId, Box<dyn Error>> {
    let found = db
        .read(move |tx| {
            Box::pin(async move {
                if let Some(email) = email {
                    let user = catalog::users::by_email(tx, TENANT, &email).await?;
                    return Ok(user.map(|user| user.id));
                }
                let row = tx
                    .row(
                        "SELECT id FROM app_user ORDER BY created_at LIMIT 1",
                        Vec::new(),
                    )
                    .await?;
                row.map(|row| row.of("app_user").next("id")).transpose()
            })
        })
        .await?;
    found.ok_or_else(|| "there is no such account: make one first".into())
}

async fn count_assets(db: &Db) -> Result<u64, catalog::Error> {
    let row = db
        .read(|tx| Box::pin(async move { tx.row("SELECT COUNT(*) FROM asset", Vec::new()).await }))
        .await?;
    row.map_or(Ok(0), |row| row.of("asset").next("count"))
}

/// One asset to be.
struct Shot {
    asset: AssetId,
    version: VersionId,
    blob: BlobId,
    sha256: Sha256,
    taken: Timestamp,
    added: Timestamp,
    size: i64,
    file_name: String,
    facts: Facts,
    favourite: bool,
}

/// What is photographed, from burst to burst; the same each time.
struct Library {
    random: u64,
    made: u64,
    burst: u64,
    at: i64,
    camera: usize,
    place: Option<Place>,
    run: u64,
}

impl Library {
    /// What is there already moves it on, so that a second run of the program adds other assets.
    fn new(owner: UserId, there: u64) -> Self {
        let run = BEGUN + there;
        Self {
            random: owner.uuid().as_u128() as u64,
            made: 0,
            burst: 0,
            at: 0,
            camera: 0,
            place: None,
            run,
        }
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Begins at another time and place, with another camera.
    fn begin_burst(&mut self) {
        // Most bursts are short; a feast or a journey has hundreds.
        self.burst = match self.below(20) {
            0 => 200 + self.below(400),
            1..=4 => 30 + self.below(90),
            _ => 1 + self.below(12),
        };
        // Telephones with cameras made people photograph more: later days are likelier.
        let early = self.below(DAYS).min(self.below(DAYS));
        let day = LAST.number() - i64::try_from(early).unwrap_or(0);
        let minute = 7 * 60 + i64::try_from(self.below(15 * 60)).unwrap_or(0);
        self.at = day * DAY_MILLIS + minute * 60_000;
        self.camera = self.below(CAMERAS.len() as u64) as usize;
        let (lat, lon) = PLACES[self.below(PLACES.len() as u64) as usize];
        let near = |random: u64| (random % 2000) as f64 / 10_000.0 - 0.1;
        let (lat, lon) = (lat + near(self.next()), lon + near(self.next()));
        let located = self.below(3) > 0;
        self.place = Place::new(lat, lon, None, "exif:GPS").filter(|_| located);
    }

    fn shoot(&mut self) -> Shot {
        if self.burst == 0 {
            self.begin_burst();
        }
        self.burst -= 1;
        self.made += 1;
        self.at += 1_000 + i64::try_from(self.below(90_000)).unwrap_or(0);
        let taken = Timestamp::from_millis(self.at);
        let (width, height) = SHAPES[self.below(SHAPES.len() as u64) as usize];
        let (make, model) = CAMERAS[self.camera];
        let local = taken.to_string().trim_end_matches('Z').to_owned();
        let facts = Facts {
            width: Some(width),
            height: Some(height),
            captured: Some(LocalTime {
                local,
                offset_minutes: Some(120),
                source: "exif:DateTimeOriginal".to_owned(),
            }),
            place: self.place.clone(),
            camera: Camera {
                make: Some(make.to_owned()),
                model: Some(model.to_owned()),
                ..Camera::default()
            },
            rating: (self.below(12) == 0).then(|| 1 + (self.made % 5) as u8),
            thumbhash: Some(HASHES[self.below(HASHES.len() as u64) as usize].to_owned()),
            ..Facts::default()
        };
        let name = format!("{}-{}", self.run, self.made);
        Shot {
            asset: AssetId::from_uuid(self.id()),
            version: VersionId::from_uuid(self.id()),
            blob: BlobId::from_uuid(self.id()),
            sha256: Sha256::of(name.as_bytes()),
            taken,
            added: Timestamp::from_millis((self.run + self.made) as i64),
            size: 1_500_000 + i64::try_from(self.below(6_000_000)).unwrap_or(0),
            file_name: format!("IMG_{:06}.jpg", self.made),
            facts,
            favourite: self.below(25) == 0,
        }
    }

    /// A UUIDv7 of the time of adding.
    fn id(&mut self) -> Uuid {
        let millis = u128::from(self.run + self.made) << 80;
        let random = (u128::from(self.next()) << 64) | u128::from(self.next());
        let kept = 0x0000_0000_0000_0FFF_3FFF_FFFF_FFFF_FFFF;
        Uuid::from_u128(millis | 0x7000_8000_0000_0000_0000 | (random & kept))
    }
}

async fn insert(tx: &mut Tx, owner: UserId, shots: &[Shot]) -> Result<(), catalog::Error> {
    if tx.dialect() == catalog::Dialect::Sqlite {
        // Digests are everywhere in their indexes, which the usual cache cannot hold.
        tx.rows("PRAGMA cache_size = -400000", Vec::new()).await?;
    }
    for batch in shots.chunks(BATCH) {
        rows(
            tx,
            "INSERT INTO content (tenant, sha256, size, media_type, facts, facts_version, created_at) VALUES ",
            batch.iter().map(content),
        )
        .await?;
        rows(
            tx,
            "INSERT INTO blob (tenant, id, sha256, size, stored_size, object, state, refs, created_at, state_at) VALUES ",
            batch.iter().map(blob),
        )
        .await?;
        rows(
            tx,
            "INSERT INTO asset (tenant, id, owner, kind, status, sha256, version, version_number, file_name, favourite, \
             archived, locked, metadata, taken_sort, day, camera, search_text, lat, lon, stars, width, height, thumbhash, \
             created_at, updated_at, revision, size) VALUES ",
            batch.iter().map(|shot| asset(owner, shot)),
        )
        .await?;
        rows(
            tx,
            "INSERT INTO version (tenant, id, asset, number, file_name, created_by, created_at) VALUES ",
            batch.iter().map(|shot| version(owner, shot)),
        )
        .await?;
        rows(
            tx,
            "INSERT INTO version_file (tenant, version, role, sha256, blob) VALUES ",
            batch.iter().map(file),
        )
        .await?;
    }
    let bytes: i64 = shots.iter().map(|shot| shot.size).sum();
    tx.execute(
        "UPDATE app_user SET used = used + $3 WHERE tenant = $1 AND id = $2",
        vec![TENANT.into(), owner.into(), bytes.into()],
    )
    .await
    .map(drop)
}

/// Inserts rows by one statement.
async fn rows(
    tx: &mut Tx,
    head: &'static str,
    rows: impl Iterator<Item = Vec<Arg>>,
) -> Result<(), catalog::Error> {
    let mut sql = Builder::new(head);
    for (index, row) in rows.enumerate() {
        sql.push(if index == 0 { "(" } else { ", (" });
        for (column, value) in row.into_iter().enumerate() {
            if column > 0 {
                sql.push(", ");
            }
            sql.bind(value);
        }
        sql.push(")");
    }
    let (sql, args) = sql.finish();
    tx.execute(sql, args).await.map(drop)
}

fn content(shot: &Shot) -> Vec<Arg> {
    let facts = serde_json::to_string(&shot.facts).expect("facts are plain data");
    vec![
        TENANT.into(),
        shot.sha256.into(),
        shot.size.into(),
        MediaType::Jpeg.into(),
        facts.into(),
        1_i64.into(),
        shot.added.into(),
    ]
}

fn blob(shot: &Shot) -> Vec<Arg> {
    vec![
        TENANT.into(),
        shot.blob.into(),
        shot.sha256.into(),
        shot.size.into(),
        shot.size.into(),
        format!("{TENANT}/{}.{}", shot.sha256, shot.blob).into(),
        "live".into(),
        1_i64.into(),
        shot.added.into(),
        shot.added.into(),
    ]
}

fn asset(owner: UserId, shot: &Shot) -> Vec<Arg> {
    let (make, model) = (&shot.facts.camera.make, &shot.facts.camera.model);
    let names = [make, model].map(|name| name.clone().unwrap_or_default());
    let camera = names.join(" ").to_lowercase();
    let search_text = format!("{}\n{camera}", shot.file_name.to_lowercase());
    vec![
        TENANT.into(),
        shot.asset.into(),
        owner.into(),
        MediaKind::Image.into(),
        Status::Ready.into(),
        shot.sha256.into(),
        shot.version.into(),
        1_i64.into(),
        shot.file_name.as_str().into(),
        shot.favourite.into(),
        false.into(),
        false.into(),
        "{}".into(),
        shot.taken.into(),
        Day::of(shot.taken).number().into(),
        camera.into(),
        search_text.into(),
        shot.facts.place.as_ref().map(|place| place.lat).into(),
        shot.facts.place.as_ref().map(|place| place.lon).into(),
        i64::from(shot.facts.rating.unwrap_or(0)).into(),
        shot.facts.width.into(),
        shot.facts.height.into(),
        shot.facts.thumbhash.as_deref().into(),
        shot.added.into(),
        shot.added.into(),
        1_i64.into(),
        shot.size.into(),
    ]
}

fn version(owner: UserId, shot: &Shot) -> Vec<Arg> {
    vec![
        TENANT.into(),
        shot.version.into(),
        shot.asset.into(),
        1_i64.into(),
        shot.file_name.as_str().into(),
        owner.into(),
        shot.added.into(),
    ]
}

fn file(shot: &Shot) -> Vec<Arg> {
    vec![
        TENANT.into(),
        shot.version.into(),
        "original".into(),
        shot.sha256.into(),
        shot.blob.into(),
    ]
}
