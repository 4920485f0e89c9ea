//! Whether a bucket can be used, found out by using it a little.

use std::time::Duration;

use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use reqwest::Method;

use crate::name::STAGING;

use super::fault::{Fault, Kind};
use super::signed::Ask;
use super::{Bucket, LITTLE};

/// What a look at a bucket showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looked {
    /// It refuses to write over an object when asked to (`If-None-Match: *`). Where it does not, we
    /// look before we write.
    pub conditional: bool,
    /// How far its clock is ahead of ours, where it tells. Requests are refused from 15 minutes on.
    pub ahead_millis: Option<i64>,
}

impl Looked {
    /// How far the clocks are apart.
    pub fn skew(&self) -> Duration {
        Duration::from_millis(self.ahead_millis.unwrap_or_default().unsigned_abs())
    }
}

impl Bucket {
    /// Lists, writes, reads and deletes.
    pub async fn look(&self) -> Result<Looked, Fault> {
        let ahead_millis = self.ahead().await?;
        let key = format!("{STAGING}look-{}", self.mark());
        let conditional = self.refuses_to_overwrite(&key).await;
        // Whatever came of it, nothing is left behind.
        let deleted = self.delete(&key).await;
        let looked = Looked {
            conditional: conditional?,
            ahead_millis,
        };
        deleted.map(|_| looked)
    }

    /// The cheapest request that tells whether the bucket is there and our keys open it.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.ahead().await.map(drop)
    }

    async fn ahead(&self) -> Result<Option<i64>, Fault> {
        let ask = Ask {
            query: vec![("list-type", "2".to_owned()), ("max-keys", "1".to_owned())],
            ..Ask::default()
        };
        let list = |_| self.ask(Method::GET, &ask);
        let answer = self.calls.run(LITTLE, list).await?;
        let now = self.clock.now().millis();
        Ok(answer.date.map(|date| date.millis() - now))
    }

    async fn refuses_to_overwrite(&self, key: &str) -> Result<bool, Fault> {
        let path = self.path(key)?;
        let create = |_| async {
            let options = PutOptions::from(PutMode::Create);
            let put = self
                .s3
                .put_opts(&path, PutPayload::from_static(b"x"), options);
            Ok(put.await.map(drop)?)
        };
        match self.calls.run(LITTLE, create).await {
            Ok(()) => {}
            // It may not know the condition at all, and say so.
            Err(fault) if fault.kind == Kind::Refused => {
                let put = |_| async {
                    let put = self.s3.put(&path, PutPayload::from_static(b"x"));
                    Ok(put.await.map(drop)?)
                };
                return self.calls.run(LITTLE, put).await.map(|()| false);
            }
            Err(fault) => return Err(fault),
        }
        match self.calls.run(LITTLE, create).await {
            Ok(()) => Ok(false),
            Err(fault) if fault.kind == Kind::Taken => Ok(true),
            Err(fault) => Err(fault),
        }
    }
}
