//! Everything a person owns, for other programs and for another vault: originals with what lies beside
//! them and what they were before, XMP sidecars, and JSON lines. As one ZIP it is streamed, page by page,
//! so that memory does not grow with the library but for the archive's own list of names; page by page
//! it is told to those who fetch the files themselves.
//!
//! The format is described in `docs/import-export.md`.

mod layout;
mod pages;
mod record;

use async_zip::tokio::write::ZipFileWriter;
use async_zip::{Compression, ZipEntryBuilder};
use bytes::Bytes;
use domain::Permission;
use futures::{AsyncWriteExt, Stream, TryStreamExt};
use identity::Caller;
use serde_json::{Value, json};
use tokio::io::DuplexStream;

pub use layout::Layout;
pub use record::{Collection, Earlier, Edit, File, Record};

use crate::Vault;
use crate::archive::{broken, pipe, streamed};
use crate::error::{Error, Result};
use crate::external;
use crate::library::Asset;
use pages::Told;

/// What `manifest.json` says it is.
pub const FORMAT: &str = "media-vault-export";

/// The version of the format.
pub const VERSION: u32 = 1;

type Zip = ZipFileWriter<DuplexStream>;

/// What is to be exported beside what is not asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// What lies in the locked folder, too: an export has no door.
    pub locked: bool,
}

/// What `manifest.json` says.
pub fn manifest(exported_at: domain::Timestamp, wish: Wish) -> Value {
    json!({
        "format": FORMAT,
        "version": VERSION,
        "exported_at": exported_at,
        "locked": wish.locked,
    })
}

impl Vault {
    /// Starts an export of everything the caller owns, the trash included. A file that cannot be read is
    /// told in `problems.jsonl` and does not end the export.
    ///
    /// # Errors
    /// `Forbidden`, `TooMany` while too many archives are under way.
    pub async fn export(
        &self,
        caller: &Caller,
        wish: Wish,
    ) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + use<>> {
        caller.require(Permission::AssetsRead)?;
        let run = self.runs().begin(caller)?;
        let (writer, reader) = pipe();
        let export = Export {
            vault: self.clone(),
            caller: caller.clone(),
            wish,
            zip: ZipFileWriter::with_tokio(writer).force_zip64(),
            layout: Layout::default(),
            problems: String::new(),
        };
        Ok(streamed(run, reader, export.write()))
    }

    /// The XMP sidecar of an asset: what holds of it.
    ///
    /// # Errors
    /// `NotFound` when the caller may not see it, `Forbidden` when they may only look at it.
    pub async fn xmp(&self, caller: &Caller, id: domain::AssetId) -> Result<(Asset, String)> {
        caller.require(Permission::AssetsRead)?;
        let asset = self.asset_at(caller, id, domain::Level::Download).await?;
        let text = Record::of(&asset, &[], &[], Vec::new()).xmp();
        Ok((asset, text))
    }
}

/// An export on its way.
struct Export {
    vault: Vault,
    caller: Caller,
    wish: Wish,
    zip: Zip,
    layout: Layout,
    problems: String,
}

impl Export {
    async fn write(mut self) -> Result<()> {
        let manifest = manifest(self.vault.clock().now(), self.wish);
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
        let (mut after, mut number) = (None, 0);
        loop {
            let page = self.vault.export_collections(&self.caller, after).await?;
            number += 1;
            if !page.items.is_empty() {
                let name = format!("collections/{number:06}.jsonl");
                self.text(&name, &lines(&page.items)?).await?;
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn assets(&mut self) -> Result<()> {
        let (mut after, mut number) = (None, 0);
        loop {
            let page = self.vault.told(&self.caller, self.wish, after).await?;
            let mut records = Vec::with_capacity(page.items.len());
            for mut told in page.items {
                self.layout.place(&mut told.record);
                self.asset(&told).await?;
                records.push(told.record);
            }
            number += 1;
            if !records.is_empty() {
                let name = format!("assets/{number:06}.jsonl");
                self.text(&name, &lines(&records)?).await?;
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Writes the files of an asset, and its sidecar for other programs.
    async fn asset(&mut self, told: &Told) -> Result<()> {
        for (_, file) in told.record.all_files() {
            self.file(told, &file).await?;
        }
        let path = format!("{}.xmp", told.record.path);
        self.text(&path, &told.record.xmp()).await
    }

    /// Writes a file. One that breaks off is told: its digest stands in its record.
    async fn file(&mut self, told: &Told, file: &File) -> Result<()> {
        let stored = told.files.get(&file.sha256);
        let stored = stored.ok_or_else(|| Error::internal("a file that is not stored"))?;
        let (tenant, all) = (self.caller.tenant, 0..file.size);
        let bytes = match self.vault.bytes_of(tenant, stored, all).await {
            Ok(bytes) => bytes,
            Err(error) => {
                self.failed(told, file, &error);
                return Ok(());
            }
        };
        let entry = ZipEntryBuilder::new(file.path.clone().into(), Compression::Stored);
        let mut entry = self.zip.write_entry_stream(entry).await.map_err(broken)?;
        let failed = copy(bytes, &mut entry).await?;
        entry.close().await.map_err(broken)?;
        if let Some(error) = failed {
            self.failed(told, file, &error);
        }
        Ok(())
    }

    /// Notes that a file is not in the export, or not whole.
    fn failed(&mut self, told: &Told, file: &File, error: &Error) {
        let id = told.record.id;
        tracing::error!(asset = %id, %error, "a file could not be exported");
        let problem =
            external::lost(error).unwrap_or("its stored bytes are damaged or missing".into());
        let problem = json!({"id": id, "path": file.path, "problem": problem});
        self.problems.push_str(&format!("{problem}\n"));
    }

    async fn text(&mut self, path: &str, text: &str) -> Result<()> {
        let entry = ZipEntryBuilder::new(path.to_owned().into(), Compression::Stored);
        self.zip
            .write_entry_whole(entry, text.as_bytes())
            .await
            .map_err(broken)
    }
}

/// Copies bytes as far as they can be read; why no further.
async fn copy(
    bytes: impl Stream<Item = Result<Bytes>>,
    entry: &mut (impl AsyncWriteExt + Unpin),
) -> Result<Option<Error>> {
    let mut bytes = std::pin::pin!(bytes);
    loop {
        match bytes.try_next().await {
            Ok(Some(chunk)) => entry
                .write_all(&chunk)
                .await
                .map_err(|error| Error::Internal(Box::new(error)))?,
            Ok(None) => return Ok(None),
            Err(error) => return Ok(Some(error)),
        }
    }
}

/// One JSON object a line.
fn lines<T: serde::Serialize>(items: &[T]) -> Result<String> {
    let mut lines = String::new();
    for item in items {
        let line = serde_json::to_string(item).map_err(|error| Error::Internal(Box::new(error)))?;
        lines.push_str(&line);
        lines.push('\n');
    }
    Ok(lines)
}
