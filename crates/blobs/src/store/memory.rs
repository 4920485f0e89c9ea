//! A store that forgets everything when it is dropped: for tests, and for trying the vault out.

use std::collections::BTreeMap;
use std::future::ready;
use std::ops::{Bound, Range};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use domain::Clock;

use crate::BlobError;

use super::{Entry, Publish, Slice, Staged, Stat, Store, StoreFuture};

/// Objects in memory.
pub struct MemoryStore(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    objects: Mutex<BTreeMap<String, (Bytes, Stat)>>,
}

impl MemoryStore {
    /// An empty store; `clock` tells when objects were written.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Shared {
            clock,
            objects: Mutex::default(),
        }))
    }
}

impl Shared {
    fn objects(&self) -> MutexGuard<'_, BTreeMap<String, (Bytes, Stat)>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn name(&self) -> &str {
        "memory"
    }

    fn stage(&self) -> Box<dyn Staged> {
        Box::new(StagedInMemory {
            shared: Arc::clone(&self.0),
            bytes: Vec::new(),
        })
    }

    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> StoreFuture<'a, Option<Slice>> {
        let found = self.0.objects().get(key).cloned();
        let slice = found.map(|(bytes, stat)| {
            let at = |offset: u64| usize::try_from(offset.min(stat.size)).unwrap_or(bytes.len());
            let (start, end) = (at(range.start), at(range.end));
            Slice {
                bytes: bytes[start.min(end)..end].to_vec(),
                size: stat.size,
            }
        });
        Box::pin(ready(Ok(slice)))
    }

    fn stat<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Stat>> {
        let stat = self.0.objects().get(key).map(|(_, stat)| *stat);
        Box::pin(ready(Ok(stat)))
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        let found = self.0.objects().remove(key).is_some();
        Box::pin(ready(Ok(found)))
    }

    fn list<'a>(
        &'a self,
        prefix: &'a str,
        after: Option<&'a str>,
        limit: usize,
    ) -> StoreFuture<'a, Vec<Entry>> {
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let entries = self
            .0
            .objects()
            .range::<str, _>((start, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix))
            .take(limit)
            .map(|(key, (_, stat))| Entry {
                key: key.clone(),
                stat: *stat,
            })
            .collect();
        Box::pin(ready(Ok(entries)))
    }

    fn free_space(&self) -> StoreFuture<'_, Option<u64>> {
        Box::pin(ready(Ok(None)))
    }
}

struct StagedInMemory {
    shared: Arc<Shared>,
    bytes: Vec<u8>,
}

impl Staged for StagedInMemory {
    fn write(&mut self, bytes: Vec<u8>) -> StoreFuture<'_, ()> {
        self.bytes.extend(bytes);
        Box::pin(ready(Ok(())))
    }

    fn publish(
        mut self: Box<Self>,
        last: Vec<u8>,
        key: &str,
        how: Publish,
    ) -> StoreFuture<'static, ()> {
        self.bytes.extend(last);
        let stat = Stat {
            size: self.bytes.len() as u64,
            modified: self.shared.clock.now(),
        };
        let mut objects = self.shared.objects();
        if how == Publish::New && objects.contains_key(key) {
            let object = key.to_owned();
            return Box::pin(ready(Err(BlobError::Exists { object })));
        }
        objects.insert(key.to_owned(), (Bytes::from(self.bytes), stat));
        Box::pin(ready(Ok(())))
    }
}
