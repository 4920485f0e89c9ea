//! A catalog to test with, and short ways to put something into it.

use std::sync::atomic::{AtomicU64, Ordering};

use catalog::blobs::{self, Adopted, Finished};
use catalog::users::NewUser;
use catalog::versions::{FileRole, NewVersion};
use catalog::{DataDirLock, Db, Error, Tx, assets, contents, roles, tenants, users, versions};
use domain::{
    AssetId, BlobId, MediaKind, MediaType, Sha256, Status, TenantId, Timestamp, UserId, VersionId,
    Visibility,
};
use testkit::postgres::TestDatabase;
use uuid::Uuid;

/// The tenant that is always there.
pub const TENANT: TenantId = TenantId::DEFAULT;
/// When nothing has happened yet.
pub const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// Every migration: what a template of the schema is named by.
const SCHEMA: &str = concat!(
    include_str!("../../src/migrations/0001_first.sql"),
    include_str!("../../src/migrations/0002_together.sql"),
    include_str!("../../src/migrations/0003_external.sql"),
    include_str!("../../src/migrations/0004_sealed.sql"),
    include_str!("../../src/migrations/0005_copies.sql"),
    include_str!("../../src/migrations/0006_resumable.sql"),
);

/// A database that one test has to itself.
pub struct World {
    pub db: Db,
    next: AtomicU64,
    place: Place,
}

/// Where it is; gone with the test.
enum Place {
    Sqlite(tempfile::TempDir),
    Postgres(TestDatabase),
}

impl World {
    pub async fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let lock = DataDirLock::acquire(dir.path()).expect("nobody else has it");
        let db = Db::open_sqlite(lock).await.expect("a fresh catalog");
        Self::on(db, Place::Sqlite(dir)).await
    }

    pub async fn postgres() -> Self {
        let template = format!(
            "catalog_{}",
            &Sha256::of(SCHEMA.as_bytes()).to_string()[..16]
        );
        let database = TestDatabase::copied_from(&template, async |url| {
            let db = Db::open_postgres(&url, 1).await.expect("a fresh catalog");
            db.close().await;
        })
        .await;
        let db = Db::open_postgres(database.url(), 8)
            .await
            .expect("a catalog");
        Self::on(db, Place::Postgres(database)).await
    }

    async fn on(db: Db, place: Place) -> Self {
        let world = Self {
            db,
            next: AtomicU64::new(1),
            place,
        };
        write!(world, tx => {
            tenants::ensure_default(tx, NOW).await?;
            roles::seed(tx, TENANT).await
        });
        world
    }

    /// A second catalog on the same PostgreSQL database, as another process would open it.
    pub async fn another(&self) -> Option<Db> {
        match &self.place {
            Place::Sqlite(_) => None,
            Place::Postgres(database) => Some(
                Db::open_postgres(database.url(), 4)
                    .await
                    .expect("a second pool"),
            ),
        }
    }

    /// Closes the catalog and opens it again.
    pub async fn reopen(&self) -> Db {
        self.db.close().await;
        self.try_reopen().await.expect("the same catalog")
    }

    /// Opens the catalog that was closed before.
    pub async fn try_reopen(&self) -> Result<Db, Error> {
        match &self.place {
            Place::Sqlite(dir) => Db::open_sqlite(DataDirLock::acquire(dir.path())?).await,
            Place::Postgres(database) => Db::open_postgres(database.url(), 2).await,
        }
    }

    /// A fresh id; later ones sort after earlier ones.
    pub fn id<T: From<Uuid>>(&self) -> T {
        T::from(Uuid::from_u128(
            0x0190_0000_0000_7000_8000_0000_0000_0000
                | u128::from(self.next.fetch_add(1, Ordering::SeqCst)),
        ))
    }

    /// A user of the default tenant, without a quota.
    pub async fn user(&self, email: &'static str) -> UserId {
        let id = self.id();
        write!(self, tx => add_user(tx, TENANT, id, email, None).await);
        id
    }

    /// What is needed to upload `content` as `owner`.
    pub fn upload(&self, owner: UserId, content: &str) -> Upload {
        Upload {
            tenant: TENANT,
            owner,
            asset: self.id(),
            version: self.id(),
            blob: self.id(),
            sha256: Sha256::of(content.as_bytes()),
            file_name: format!("{content}.jpg"),
            created_at: NOW,
        }
    }

    /// Uploads `content` as `owner`.
    pub async fn add(&self, owner: UserId, content: &str) -> Upload {
        let upload = self.upload(owner, content);
        let added = upload.clone();
        write!(self, tx => added.commit(tx).await);
        upload
    }
}

/// Adds a user.
pub async fn add_user(
    tx: &mut Tx,
    tenant: TenantId,
    id: UserId,
    email: &str,
    quota: Option<u64>,
) -> Result<bool, Error> {
    let user = NewUser {
        tenant,
        id,
        email,
        name: None,
        password: Some("hash"),
        quota,
        created_at: NOW,
    };
    users::insert(tx, &user).await
}

/// An upload, as the service commits it.
#[derive(Debug, Clone)]
pub struct Upload {
    pub tenant: TenantId,
    pub owner: UserId,
    pub asset: AssetId,
    pub version: VersionId,
    pub blob: BlobId,
    pub sha256: Sha256,
    pub file_name: String,
    pub created_at: Timestamp,
}

/// Size of every upload here.
pub const SIZE: u64 = 1000;

impl Upload {
    /// What its owner sees.
    pub fn visibility(&self) -> Visibility {
        Visibility::of_user(self.tenant, self.owner)
    }

    /// Its object as the gate would report it.
    pub fn object(&self) -> String {
        format!("{}/{}.{}", self.tenant, self.sha256, self.blob)
    }

    /// Adopts the blob.
    pub async fn adopt(&self, tx: &mut Tx) -> Result<Adopted, Error> {
        let object = self.object();
        let finished = Finished {
            tenant: self.tenant,
            id: self.blob,
            sha256: self.sha256,
            size: SIZE,
            stored_size: SIZE + 100,
            object: &object,
            finished_at: self.created_at,
        };
        blobs::adopt(tx, &finished, self.created_at).await
    }

    /// Blob, content, asset and version in one transaction.
    pub async fn commit(&self, tx: &mut Tx) -> Result<assets::Inserted, Error> {
        let blob = match self.adopt(tx).await? {
            Adopted::Ours(blob) | Adopted::Existing(blob) => blob.id,
            Adopted::TooOld => unreachable!("it was finished at the same moment"),
        };
        contents::upsert(
            tx,
            self.tenant,
            self.sha256,
            SIZE,
            MediaType::Jpeg,
            self.created_at,
        )
        .await?;
        let asset = assets::NewAsset {
            tenant: self.tenant,
            id: self.asset,
            owner: self.owner,
            kind: MediaKind::Image,
            status: Status::Pending,
            version: self.version,
            sha256: self.sha256,
            file_name: &self.file_name,
            title: None,
            description: None,
            captured: None,
            place: None,
            rating: None,
            favourite: false,
            archived: false,
            locked: false,
            trashed: false,
            tags: &[],
            tags_only: false,
            metadata: &serde_json::json!({}),
            created_at: self.created_at,
        };
        let inserted = assets::insert(tx, &asset).await?;
        if inserted == assets::Inserted::New {
            let version = NewVersion {
                tenant: self.tenant,
                id: self.version,
                asset: self.asset,
                number: 1,
                file_name: &self.file_name,
                created_by: self.owner,
                created_at: self.created_at,
                files: &[(FileRole::Original, self.sha256, blob)],
                charged: true,
            };
            versions::insert(tx, &version).await?;
        }
        Ok(inserted)
    }
}
