//! Many originals as one ZIP, streamed: stored without compression (media does not shrink), ZIP64,
//! so it begins at once and needs no room on disk. A client that stops reading stops the work.

use std::collections::HashSet;

use async_zip::base::write::ZipFileWriter;
use async_zip::{Compression, ZipEntryBuilder};
use bytes::Bytes;
use domain::{AssetId, Level, Permission};
use futures::{AsyncWriteExt, Stream, TryStreamExt};
use identity::Caller;
use tokio_util::io::ReaderStream;

use crate::Vault;
use crate::error::{Error, Result};
use crate::library::Asset;

/// Most originals in one archive.
pub const MAX_ENTRIES: usize = 10_000;

/// Bytes between the writer of the archive and the socket.
const PIPE: usize = 1 << 20;

impl Vault {
    /// Starts an archive of the originals of `assets`.
    ///
    /// All of them are looked up first, so that an unknown one refuses the whole before a byte is
    /// sent. If an original cannot be read midway the stream ends in an error, never in an archive
    /// that looks complete.
    ///
    /// # Errors
    /// `NotFound` when the caller may not see one of them; a field problem for none or too many;
    /// `TooMany` while too many archives are under way.
    pub async fn archive(
        &self,
        caller: &Caller,
        assets: &[AssetId],
    ) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + use<>> {
        caller.require(Permission::AssetsRead)?;
        if assets.is_empty() || assets.len() > MAX_ENTRIES {
            return Err(Error::field(
                "asset_ids",
                format!("name 1 to {MAX_ENTRIES} assets"),
            ));
        }
        let run = self.runs().begin(caller)?;
        let mut entries = Vec::with_capacity(assets.len());
        for id in assets {
            entries.push(self.asset_at(caller, *id, Level::Download).await?);
        }
        let (writer, reader) = tokio::io::duplex(PIPE);
        let vault = self.clone();
        let task = tokio::spawn(async move {
            let written = vault.write_archive(entries, writer).await;
            drop(run);
            written
        });
        // The outcome of the writer is the last item: a failure must not look like an end.
        let outcome = futures::stream::once(async move {
            match task.await {
                Ok(Ok(())) => Ok(Bytes::new()),
                Ok(Err(error)) => Err(std::io::Error::other(error)),
                Err(error) => Err(std::io::Error::other(error)),
            }
        })
        .try_filter(|bytes| std::future::ready(!bytes.is_empty()));
        Ok(futures::StreamExt::chain(
            ReaderStream::with_capacity(reader, 256 << 10),
            outcome,
        ))
    }

    async fn write_archive(
        &self,
        entries: Vec<Asset>,
        sink: tokio::io::DuplexStream,
    ) -> Result<()> {
        let broken = |error: async_zip::error::ZipError| Error::Internal(Box::new(error));
        let mut zip = ZipFileWriter::with_tokio(sink).force_zip64();
        let mut names = Names::default();
        for asset in entries {
            let name = names.unique(&asset.file_name);
            let entry = ZipEntryBuilder::new(name.into(), Compression::Stored);
            let mut entry = zip.write_entry_stream(entry).await.map_err(broken)?;
            let mut content = Box::pin(self.original_bytes(&asset, 0..asset.size).await?);
            while let Some(chunk) = content.try_next().await? {
                entry
                    .write_all(&chunk)
                    .await
                    .map_err(|error| Error::Internal(Box::new(error)))?;
            }
            entry.close().await.map_err(broken)?;
        }
        zip.close().await.map_err(broken)?;
        Ok(())
    }
}

/// Gives each entry a name that no other has, ignoring case, and that stays inside the folder it
/// is unpacked in.
#[derive(Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// Whether the name was free; it is taken now.
    pub(crate) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_lowercase())
    }

    pub(crate) fn unique(&mut self, file_name: &str) -> String {
        let safe: String = file_name
            .chars()
            .map(|c| {
                if matches!(c, '/' | '\\' | ':' | '\0') || c.is_control() {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        let safe = match safe.trim_matches([' ', '.']) {
            "" => "unnamed".to_owned(),
            _ => safe,
        };
        let (stem, extension) = match safe.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
            _ => (safe.as_str(), String::new()),
        };
        let mut name = safe.clone();
        let mut count = 1;
        while !self.taken.insert(name.to_lowercase()) {
            count += 1;
            name = format!("{stem} ({count}){extension}");
        }
        name
    }
}

#[cfg(test)]
mod tests;
