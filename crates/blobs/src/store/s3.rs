//! A bucket of S3, or of a store that speaks its protocol.
//!
//! Small objects go out in one request, large ones in parts that become one object at the end; both
//! are there whole or not at all. A name that was never used before is claimed by a conditional
//! request, so that nothing is ever written over: see `docs/adr/0011-s3.md`. What was begun and not
//! finished is an upload the store keeps for us, listed under `staging/`.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::{Clock, Entropy, Timestamp};
use futures::TryStreamExt;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::path::Path;
use object_store::{
    ClientOptions, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig,
};
use tokio::sync::Semaphore;

use crate::BlobError;

use super::{Entry, Slice, Staged, Stat, Store, StoreFuture};

mod calls;
mod fault;
mod look;
mod settings;
mod signed;
mod staged;
mod unfinished;

use calls::Calls;
use fault::{Fault, Kind, present};
pub use look::Looked;
pub use settings::{S3Address, S3Settings};
use staged::StagedObject;

/// Most keys that S3 gives in one answer.
const PAGE: usize = 1000;
/// Bytes of a request without a body of note, for its time-out.
const LITTLE: u64 = 64 * 1024;
/// From here on a range has no end that every store could count to.
const NO_END: u64 = i64::MAX as u64;
/// One part takes this many bytes of memory: one permit.
const PART: usize = 8 * 1024 * 1024;

/// Objects in a bucket.
pub struct S3Store(Arc<Bucket>);

/// The bucket as all parts of this module use it.
struct Bucket {
    s3: AmazonS3,
    /// For the requests that `object_store` has no words for.
    http: reqwest::Client,
    calls: Calls,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    prefix: String,
    name: String,
    /// Parts that may be in memory.
    parts: Arc<Semaphore>,
    /// Whether the store refuses to write over an object when asked to.
    conditional: AtomicBool,
}

impl S3Store {
    /// Prepares access to a bucket; asks it nothing yet.
    ///
    /// # Errors
    /// The settings do not fit one another.
    pub fn new(
        address: &S3Address,
        settings: &S3Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, BlobError> {
        let failed = |error: &dyn std::error::Error| {
            Fault::strange(fault::deepest(error)).into_error(format!("open {address}"))
        };
        let http = reqwest::Client::builder()
            .connect_timeout(settings.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| failed(&error))?;
        let s3 = client(address, settings).map_err(|error| failed(&error))?;
        Ok(Self(Arc::new(Bucket {
            s3,
            http,
            calls: Calls::new(Arc::clone(&clock), Arc::clone(&entropy), settings.timeout),
            clock,
            entropy,
            prefix: address.prefix.clone(),
            name: format!("bucket {}", address.bucket),
            parts: Arc::new(Semaphore::new((settings.part_memory / PART).max(2))),
            conditional: AtomicBool::new(true),
        })))
    }

    /// Looks whether the bucket can be used, and how: before anything is kept there.
    ///
    /// # Errors
    /// What is in the way.
    pub async fn look(&self) -> Result<Looked, BlobError> {
        let looked = self.0.look().await;
        let looked = looked.map_err(|fault| fault.into_error(format!("open {}", self.0.name)))?;
        self.0
            .conditional
            .store(looked.conditional, Ordering::Relaxed);
        Ok(looked)
    }
}

fn client(address: &S3Address, settings: &S3Settings) -> object_store::Result<AmazonS3> {
    let builder = match &settings.keys {
        Some((id, secret)) => AmazonS3Builder::new()
            .with_access_key_id(id)
            .with_secret_access_key(secret),
        // The role of the machine or container, as AWS tells it to programs.
        None => AmazonS3Builder::from_env(),
    };
    let mut builder = builder
        .with_bucket_name(&address.bucket)
        .with_region(&settings.region)
        .with_virtual_hosted_style_request(!settings.path_style)
        .with_disable_bulk_delete(true)
        .with_retry(RetryConfig {
            // Calls are made again by `Calls`, which knows when not to.
            max_retries: 0,
            ..RetryConfig::default()
        })
        .with_client_options(
            ClientOptions::new()
                .with_connect_timeout(settings.timeout)
                .with_timeout_disabled()
                .with_allow_http(true),
        );
    if let Some(endpoint) = &settings.endpoint {
        builder = builder.with_endpoint(match (settings.path_style, endpoint.split_once("://")) {
            (false, Some((scheme, host))) => format!("{scheme}://{}.{host}", address.bucket),
            _ => endpoint.clone(),
        });
    }
    builder.build()
}

impl Bucket {
    /// Where an object of ours lies in the bucket.
    fn path(&self, key: &str) -> Result<Path, Fault> {
        let whole = format!("{}{key}", self.prefix);
        match Path::parse(&whole) {
            Ok(path) if !key.is_empty() && path.as_ref() == whole => Ok(path),
            _ => Err(Fault::strange(format!("{key:?} is no name of an object"))),
        }
    }

    async fn read(&self, key: &str, range: Range<u64>) -> Result<Option<Slice>, Fault> {
        if range.is_empty() {
            return self.read_nothing(key).await;
        }
        let path = self.path(key)?;
        let options = GetOptions {
            range: Some(match range.end {
                NO_END.. => GetRange::Offset(range.start),
                _ => GetRange::Bounded(range.clone()),
            }),
            ..GetOptions::default()
        };
        let wanted = range.end.saturating_sub(range.start).min(1 << 30);
        let got = self
            .calls
            .run(wanted, |_| async {
                let got = self.s3.get_opts(&path, options.clone()).await?;
                let size = got.meta.size;
                let room = got.range.end.saturating_sub(got.range.start);
                let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
                let mut chunks = got.into_stream();
                while let Some(chunk) = chunks.try_next().await? {
                    bytes.extend_from_slice(&chunk);
                }
                Ok(Slice { bytes, size })
            })
            .await;
        match got {
            Err(fault) if fault.kind == Kind::OutOfRange => self.read_nothing(key).await,
            got => present(got),
        }
    }

    /// No bytes, of an object that may be there.
    async fn read_nothing(&self, key: &str) -> Result<Option<Slice>, Fault> {
        let stat = self.stat(key).await?;
        Ok(stat.map(|stat| Slice {
            bytes: Vec::new(),
            size: stat.size,
        }))
    }

    async fn stat(&self, key: &str) -> Result<Option<Stat>, Fault> {
        let path = self.path(key)?;
        let head = |_| async { Ok(self.s3.head(&path).await?) };
        Ok(present(self.calls.run(LITTLE, head).await)?.map(|meta| stat_of(&meta)))
    }

    /// S3 does not say whether there was anything to delete.
    async fn delete(&self, key: &str) -> Result<bool, Fault> {
        if let Some((path, upload)) = self.unfinished_of(key) {
            return self.abort(&path?, &upload).await;
        }
        if self.stat(key).await?.is_none() {
            return Ok(false);
        }
        let path = self.path(key)?;
        let delete = |_| async { Ok(self.s3.delete(&path).await?) };
        self.calls.run(LITTLE, delete).await?;
        Ok(true)
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        let mut entries = self.list_finished(prefix, after, limit).await?;
        let unfinished = self.list_unfinished(prefix, after).await?;
        if !unfinished.is_empty() {
            entries.extend(unfinished);
            entries.sort_unstable_by(|one, two| one.key.cmp(&two.key));
            entries.truncate(limit);
        }
        Ok(entries)
    }

    async fn list_finished(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Entry>, Fault> {
        let whole = format!("{}{prefix}", self.prefix);
        let mut options = PaginatedListOptions {
            offset: after.map(|after| format!("{}{after}", self.prefix)),
            ..PaginatedListOptions::default()
        };
        let mut entries = Vec::new();
        loop {
            options.max_keys = Some((limit - entries.len()).min(PAGE));
            let page = |_| async {
                let prefix = Some(whole.as_str()).filter(|prefix| !prefix.is_empty());
                Ok(self.s3.list_paginated(prefix, options.clone()).await?)
            };
            let page = self.calls.run(LITTLE, page).await?;
            // The folder markers that some tools make lose their slash on the way, and then do not
            // lie under the prefix any more.
            entries.extend(page.result.objects.iter().filter_map(|meta| {
                let key = meta.location.as_ref().strip_prefix(&self.prefix)?;
                Some(Entry {
                    key: key.to_owned(),
                    stat: stat_of(meta),
                })
            }));
            options.page_token = page.page_token;
            if options.page_token.is_none() || entries.len() >= limit {
                return Ok(entries);
            }
        }
    }

    fn is_conditional(&self) -> bool {
        self.conditional.load(Ordering::Relaxed)
    }

    /// A word to tell this writing from any other one by.
    fn mark(&self) -> String {
        let mut mark = [0; 12];
        self.entropy.fill(&mut mark);
        hex::encode(mark)
    }
}

fn stat_of(meta: &ObjectMeta) -> Stat {
    Stat {
        size: meta.size,
        modified: Timestamp::from_millis(meta.last_modified.timestamp_millis()),
    }
}

impl Store for S3Store {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn stage(&self) -> Box<dyn Staged> {
        Box::new(StagedObject::unnamed(Arc::clone(&self.0)))
    }

    fn stage_named(&self, key: &str) -> Option<Box<dyn Staged>> {
        Some(Box::new(StagedObject::named(Arc::clone(&self.0), key)))
    }

    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> StoreFuture<'a, Option<Slice>> {
        answer("read an object", self.0.read(key, range))
    }

    fn stat<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Stat>> {
        answer("look at an object", self.0.stat(key))
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        answer("delete an object", self.0.delete(key))
    }

    fn list<'a>(
        &'a self,
        prefix: &'a str,
        after: Option<&'a str>,
        limit: usize,
    ) -> StoreFuture<'a, Vec<Entry>> {
        answer("list objects", self.0.list(prefix, after, limit))
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        answer("answer", self.0.ping())
    }

    /// A bucket has no end that it would tell.
    fn free_space(&self) -> StoreFuture<'_, Option<u64>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

fn answer<'a, T>(
    action: &'static str,
    asked: impl Future<Output = Result<T, Fault>> + Send + 'a,
) -> StoreFuture<'a, T> {
    Box::pin(async move { asked.await.map_err(|fault| fault.into_error(action)) })
}
