//! Everything a person owns as one ZIP, streamed: originals with XMP sidecars for other programs,
//! and JSON lines for another vault. Written page by page, so that memory does not grow with the
//! library but for the archive's own list of names.
//!
//! The format is described in `docs/import-export.md`.

mod record;

use async_zip::tokio::write::ZipFileWriter;
use async_zip::{Compression, ZipEntryBuilder};
use bytes::Bytes;
use catalog::collections;
use domain::Permission;
use futures::{AsyncWriteExt, FutureExt, Stream, TryStreamExt};
use identity::Caller;
use media::xmp;
use serde_json::json;
use tokio::io::DuplexStream;
use tokio_util::io::ReaderStream;

use crate::Vault;
use crate::archive::Names;
use crate::error::{Error, Result};
use crate::library::Asset;

/// The version of the format.
const FORMAT: u32 = 1;

/// Assets read from the catalog at a time.
const PAGE: u32 = 200;

/// Bytes between the writer of the archive and the socket.
const PIPE: usize = 1 << 20;

type Zip = ZipFileWriter<DuplexStream>;

impl Vault {
    /// Starts an export of everything the caller owns, the trash and the locked folder included. An
    /// original that cannot be read is told in `problems.jsonl` and does not end the export.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn export(
        &self,
        caller: &Caller,
    ) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + use<>> {
        caller.require(Permission::AssetsRead)?;
        let (writer, reader) = tokio::io::duplex(PIPE);
        let export = Export {
            vault: self.clone(),
            caller: caller.clone(),
            zip: ZipFileWriter::with_tokio(writer).force_zip64(),
            names: Names::default(),
            problems: String::new(),
        };
        let task = tokio::spawn(export.write());
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

    /// The XMP sidecar of an asset: what holds of it.
    ///
    /// # Errors
    /// `NotFound` when the caller may not see it, `Forbidden` when they may only look at it.
    pub async fn xmp(&self, caller: &Caller, id: domain::AssetId) -> Result<(Asset, String)> {
        caller.require(Permission::AssetsRead)?;
        let asset = self.asset_at(caller, id, domain::Level::Download).await?;
        let text = sidecar(&asset);
        Ok((asset, text))
    }
}

/// An export on its way.
struct Export {
    vault: Vault,
    caller: Caller,
    zip: Zip,
    names: Names,
    problems: String,
}

impl Export {
    async fn write(mut self) -> Result<()> {
        let manifest = json!({
            "format": "media-vault-export",
            "version": FORMAT,
            "exported_at": self.vault.clock().now(),
        });
        self.text("manifest.json", &format!("{manifest:#}\n"))
            .await?;
        self.collections().await?;
        self.assets().await?;
        let problems = std::mem::take(&mut self.problems);
        self.text("problems.jsonl", &problems).await?;
        self.zip.close().await.map_err(broken)?;
        Ok(())
    }

    async fn collections(&mut self) -> Result<()> {
        let (mut after, mut page) = (None, 0);
        loop {
            let own = self.caller.visibility().own();
            let told = self
                .vault
                .catalog()
                .read(move |tx| {
                    async move {
                        let all = collections::Narrowing::default();
                        Ok(collections::list(tx, &own, &all, after, PAGE).await?.items)
                    }
                    .boxed()
                })
                .await?;
            let Some(last) = told.last() else {
                return Ok(());
            };
            (after, page) = (Some(last.id), page + 1);
            let lines: String = told.iter().map(record::of_collection).collect();
            let name = format!("collections/{page:06}.jsonl");
            self.text(&name, &lines).await?;
        }
    }

    async fn assets(&mut self) -> Result<()> {
        let (mut after, mut page) = (None, 0);
        loop {
            let visibility = self.caller.visibility();
            let assets = self
                .vault
                .catalog()
                .read(move |tx| {
                    async move { catalog::assets::walk(tx, &visibility, after, PAGE).await }.boxed()
                })
                .await?;
            let Some(last) = assets.last() else {
                return Ok(());
            };
            (after, page) = (Some(last.id), page + 1);
            let mut lines = String::new();
            for asset in &assets {
                let path = self.path_of(asset);
                self.original(asset, &path).await?;
                self.text(&format!("{path}.xmp"), &sidecar(asset)).await?;
                lines.push_str(&record::of_asset(asset, &path));
            }
            self.text(&format!("assets/{page:06}.jsonl"), &lines)
                .await?;
        }
    }

    /// `originals/2024/05/harbour.jpg`: by the time it was taken, under a name of its own.
    fn path_of(&mut self, asset: &Asset) -> String {
        let day = asset.taken_sort.to_string();
        let mut parts = day.splitn(3, '-');
        let (year, month) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let name = self.names.unique(&asset.file_name);
        if year.len() == 4 && month.len() == 2 {
            format!("originals/{year}/{month}/{name}")
        } else {
            format!("originals/undated/{name}")
        }
    }

    /// Writes an original. One that breaks off is told: its digest stands beside it.
    async fn original(&mut self, asset: &Asset, path: &str) -> Result<()> {
        let entry = ZipEntryBuilder::new(path.to_owned().into(), Compression::Stored);
        let content = self.vault.original_bytes(asset, 0..asset.size).await;
        let mut entry = self.zip.write_entry_stream(entry).await.map_err(broken)?;
        let mut failed = None;
        match content {
            Ok(content) => {
                let mut content = std::pin::pin!(content);
                loop {
                    match content.try_next().await {
                        Ok(Some(chunk)) => entry
                            .write_all(&chunk)
                            .await
                            .map_err(|error| Error::Internal(Box::new(error)))?,
                        Ok(None) => break,
                        Err(error) => {
                            failed = Some(error);
                            break;
                        }
                    }
                }
            }
            Err(error) => failed = Some(error),
        }
        entry.close().await.map_err(broken)?;
        if let Some(error) = failed {
            tracing::error!(asset = %asset.id, %error, "an original could not be exported");
            let problem = json!({"id": asset.id, "path": path, "problem": "its stored bytes are damaged or missing"});
            self.problems.push_str(&format!("{problem}\n"));
        }
        Ok(())
    }

    async fn text(&mut self, path: &str, text: &str) -> Result<()> {
        let entry = ZipEntryBuilder::new(path.to_owned().into(), Compression::Stored);
        self.zip
            .write_entry_whole(entry, text.as_bytes())
            .await
            .map_err(broken)
    }
}

fn sidecar(asset: &Asset) -> String {
    xmp::write(&xmp::Sidecar {
        title: asset.title.as_deref(),
        description: asset.description.as_deref(),
        tags: &asset.tags,
        rating: asset.rating,
        favourite: asset.favourite,
        captured: asset.captured.as_ref(),
        place: asset.place.as_ref(),
    })
}

fn broken(error: async_zip::error::ZipError) -> Error {
    Error::Internal(Box::new(error))
}
