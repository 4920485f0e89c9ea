//! Many originals as one ZIP, streamed: stored without compression (media does not shrink), ZIP64,
//! so it begins at once and needs no room on disk. A client that stops reading stops the work.

use std::collections::HashSet;

use async_zip::base::write::ZipFileWriter;
use async_zip::{Compression, ZipEntryBuilder};
use bytes::Bytes;
use domain::{AssetId, Level, Permission};
use futures::{AsyncWriteExt, Stream, StreamExt, TryStreamExt};
use identity::Caller;
use tokio::io::DuplexStream;
use tokio_util::io::ReaderStream;

use crate::Vault;
use crate::error::{Error, Result};
use crate::external;
use crate::library::Asset;
use crate::runs::Run;

/// Most originals in one archive.
pub const MAX_ENTRIES: usize = 10_000;

/// Name of the text that says what is not in an archive.
const NOT_INCLUDED: &str = "not included.txt";

/// Bytes between the writer of the archive and the socket.
const PIPE: usize = 1 << 20;

impl Vault {
    /// Starts an archive of the originals of `assets`.
    ///
    /// All of them are looked up first, so that an unknown one refuses the whole before a byte is
    /// sent. If an original cannot be read midway the stream ends in an error, never in an archive
    /// that looks complete. One that lay outside of the vault and cannot be had is named, with the
    /// reason, in a text that the archive ends with.
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
        let vault = self.clone();
        let (writer, reader) = pipe();
        let written = async move { vault.write_archive(entries, writer).await };
        Ok(streamed(run, reader, written))
    }

    async fn write_archive(&self, entries: Vec<Asset>, sink: DuplexStream) -> Result<()> {
        let mut zip = ZipFileWriter::with_tokio(sink).force_zip64();
        let mut names = Names::default();
        let mut missing = String::new();
        // Ours, so nothing that is sent may be called so.
        names.take(NOT_INCLUDED);
        for asset in entries {
            let content = match self.original_bytes(&asset, 0..asset.size).await {
                Ok(content) => content,
                Err(error) => {
                    let why = external::lost(&error).ok_or(error)?;
                    missing.push_str(&format!("{}: {why}\n", asset.file_name));
                    continue;
                }
            };
            let name = names.unique(&asset.file_name);
            let entry = ZipEntryBuilder::new(name.into(), Compression::Stored);
            let mut entry = zip.write_entry_stream(entry).await.map_err(broken)?;
            let mut content = std::pin::pin!(content);
            while let Some(chunk) = content.try_next().await? {
                entry
                    .write_all(&chunk)
                    .await
                    .map_err(|error| Error::Internal(Box::new(error)))?;
            }
            entry.close().await.map_err(broken)?;
        }
        if !missing.is_empty() {
            let entry = ZipEntryBuilder::new(NOT_INCLUDED.into(), Compression::Stored);
            let text = missing.as_bytes();
            zip.write_entry_whole(entry, text).await.map_err(broken)?;
        }
        zip.close().await.map_err(broken)?;
        Ok(())
    }
}

/// What an archive is written into, and where it comes out: it waits for its reader.
pub(crate) fn pipe() -> (DuplexStream, DuplexStream) {
    tokio::io::duplex(PIPE)
}

/// An archive as it is written. What the writer came to is the last item: a failure must not look like
/// an end.
pub(crate) fn streamed<F>(
    run: Run,
    reader: DuplexStream,
    written: F,
) -> impl Stream<Item = std::io::Result<Bytes>> + Send + use<F>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let task = tokio::spawn(async move {
        let written = written.await;
        drop(run);
        written
    });
    let outcome = futures::stream::once(async move {
        match task.await {
            Ok(Ok(())) => Ok(Bytes::new()),
            Ok(Err(error)) => Err(std::io::Error::other(error)),
            Err(error) => Err(std::io::Error::other(error)),
        }
    })
    .try_filter(|bytes| std::future::ready(!bytes.is_empty()));
    ReaderStream::with_capacity(reader, 256 << 10).chain(outcome)
}

pub(crate) fn broken(error: async_zip::error::ZipError) -> Error {
    Error::Internal(Box::new(error))
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
