//! An object sent in parts. Dropped before it is complete, the store is told to forget the parts; what
//! a crash leaves is found by the sweep.

use std::sync::Arc;

use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutMultipartOptions, PutPayload};
use reqwest::Method;
use reqwest::header::{HeaderValue, IF_NONE_MATCH};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;

use crate::store::Publish;
use crate::store::s3::fault::{Fault, Kind, present};
use crate::store::s3::signed::Ask;
use crate::store::s3::{Bucket, LITTLE};

use super::marked;

/// Parts of one object that are under way at a time.
const AT_ONCE: usize = 3;

/// An upload in parts.
pub struct Upload {
    open: Open,
    mark: String,
    sending: JoinSet<Result<(usize, String), Fault>>,
    /// ETag of every part the store has, with its number.
    sent: Vec<(usize, String)>,
    parts: usize,
}

/// What the store keeps for us until it is told what to do with it.
struct Open {
    bucket: Arc<Bucket>,
    path: Path,
    id: String,
    completed: bool,
}

impl Upload {
    /// Begins one.
    pub async fn begin(bucket: Arc<Bucket>, key: &str) -> Result<Self, Fault> {
        let path = bucket.path(key)?;
        let mark = bucket.mark();
        let options = PutMultipartOptions {
            attributes: marked(&mark),
            ..PutMultipartOptions::default()
        };
        let begin = |_| async {
            let begun = bucket.s3.create_multipart_opts(&path, options.clone());
            Ok(begun.await?)
        };
        let id = bucket.calls.run(LITTLE, begin).await?;
        Ok(Self {
            open: Open {
                bucket,
                path,
                id,
                completed: false,
            },
            mark,
            sending: JoinSet::new(),
            sent: Vec::new(),
            parts: 0,
        })
    }

    /// How many parts it has so far.
    pub fn parts(&self) -> usize {
        self.parts
    }

    /// Sends a part beside the others; `room` is given back when the store has it.
    pub async fn send(
        &mut self,
        payload: PutPayload,
        room: Option<OwnedSemaphorePermit>,
    ) -> Result<(), Fault> {
        while self.sending.len() >= AT_ONCE {
            self.next_sent().await?;
        }
        let number = self.parts;
        self.parts += 1;
        let (bucket, path) = (Arc::clone(&self.open.bucket), self.open.path.clone());
        let id = self.open.id.clone();
        self.sending.spawn(async move {
            let size = payload.content_length() as u64;
            let put = |_| async {
                let put = bucket.s3.put_part(&path, &id, number, payload.clone());
                Ok(put.await?)
            };
            let part = bucket.calls.run(size, put).await?;
            drop(room);
            Ok((number, part.content_id))
        });
        Ok(())
    }

    async fn next_sent(&mut self) -> Result<(), Fault> {
        if let Some(sent) = self.sending.join_next().await {
            let stopped = |error: tokio::task::JoinError| Fault::strange(error.to_string());
            self.sent.push(sent.map_err(stopped)??);
        }
        Ok(())
    }

    /// Makes the parts one object.
    pub async fn complete(mut self, how: Publish) -> Result<(), Fault> {
        while !self.sending.is_empty() {
            self.next_sent().await?;
        }
        self.sent.sort_unstable();
        let (bucket, path) = (Arc::clone(&self.open.bucket), self.open.path.clone());
        if how == Publish::New {
            // Not every store heeds the condition below. Names of blobs are drawn for one writing, so
            // between this look and that request nobody else takes one.
            let head = |_| async { Ok(bucket.s3.head(&path).await?) };
            if present(bucket.calls.run(LITTLE, head).await)?.is_some() {
                return Err(Fault::answered(412, ""));
            }
        }
        let ask = Ask {
            path: path.clone(),
            query: vec![("uploadId", self.open.id.clone())],
            header: (how == Publish::New).then(|| (IF_NONE_MATCH, HeaderValue::from_static("*"))),
            body: manifest(&self.sent),
        };
        let mut tries = 0;
        let complete = |number| {
            tries = number;
            bucket.ask(Method::POST, &ask)
        };
        // Large objects take their time to be put together.
        let size = self.parts as u64 * super::PART as u64 / 16;
        match bucket.calls.run(size, complete).await {
            Ok(_) => {}
            // An earlier try may have come through, and only its answer been lost.
            Err(fault)
                if tries > 0
                    && matches!(fault.kind, Kind::Taken | Kind::Absent)
                    && bucket.is_marked(&path, &self.mark).await? => {}
            Err(fault) if fault.kind == Kind::Absent => {
                return Err(Fault::strange("it has forgotten the parts of an upload"));
            }
            Err(fault) => return Err(fault),
        }
        self.open.completed = true;
        Ok(())
    }
}

/// `CompleteMultipartUpload` (docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html).
fn manifest(parts: &[(usize, String)]) -> String {
    let mut xml = String::from("<CompleteMultipartUpload>");
    for (number, etag) in parts {
        let number = number + 1;
        let etag = quick_xml::escape::escape(etag);
        xml += &format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>");
    }
    xml + "</CompleteMultipartUpload>"
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.completed {
            return;
        }
        let (bucket, path) = (Arc::clone(&self.bucket), self.path.clone());
        let id = self.id.clone();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        runtime.spawn(async move {
            if let Err(fault) = bucket.abort(&path, &id).await {
                let why = fault.words;
                tracing::warn!(key = %path, why, "an unfinished upload is left for the sweep");
            }
        });
    }
}
