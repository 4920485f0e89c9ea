//! Uploads in parts that were begun and not finished. They take room and are no objects, so they are
//! listed as if they lay under `staging/`, and deleting one of those names ends the upload.

use object_store::multipart::MultipartStore;
use object_store::path::Path;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use reqwest::Method;

use crate::name::STAGING;
use crate::store::{Entry, Stat};

use super::fault::{Fault, Kind};
use super::signed::Ask;
use super::{Bucket, LITTLE};

/// Behind `staging/`: then the upload's id in hexadecimal digits, and the key it was to have.
const PARTS: &str = "parts/";

/// Pages of uploads that are asked for at most: ten thousand uploads. The next sweep sees the rest.
const MAX_PAGES: usize = 10;

/// One upload as the store lists it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Upload {
    key: String,
    id: String,
    initiated: String,
}

/// A page of them, with where the next one goes on.
#[derive(Debug, Default, PartialEq, Eq)]
struct Page {
    uploads: Vec<Upload>,
    next: Option<(String, String)>,
}

impl Bucket {
    /// Uploads that would lie under `prefix` and behind `after`.
    pub async fn list_unfinished(
        &self,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<Vec<Entry>, Fault> {
        let area = format!("{STAGING}{PARTS}");
        let beyond = after.is_some_and(|after| after > format!("{STAGING}{PARTS}g").as_str());
        if beyond || !(area.starts_with(prefix) || prefix.starts_with(&area)) {
            return Ok(Vec::new());
        }
        let mut entries = Vec::new();
        let mut marker = None;
        for _ in 0..MAX_PAGES {
            let page = self.page_of_uploads(marker).await?;
            entries.extend(page.uploads.iter().filter_map(|upload| self.entry(upload)));
            marker = page.next;
            if marker.is_none() {
                break;
            }
        }
        entries.retain(|entry| {
            entry.key.starts_with(prefix) && after.is_none_or(|after| entry.key.as_str() > after)
        });
        Ok(entries)
    }

    async fn page_of_uploads(&self, marker: Option<(String, String)>) -> Result<Page, Fault> {
        let mut query = vec![("uploads", String::new())];
        if !self.prefix.is_empty() {
            query.push(("prefix", self.prefix.clone()));
        }
        if let Some((key, id)) = marker {
            query.extend([("key-marker", key), ("upload-id-marker", id)]);
        }
        let ask = Ask {
            query,
            ..Ask::default()
        };
        let answer = |_| self.ask(Method::GET, &ask);
        let answer = self.calls.run(LITTLE, answer).await?;
        parse(&answer.body).map_err(Fault::strange)
    }

    fn entry(&self, upload: &Upload) -> Option<Entry> {
        let key = upload.key.strip_prefix(&self.prefix)?;
        let id = hex::encode(&upload.id);
        Some(Entry {
            key: format!("{STAGING}{PARTS}{id}/{key}"),
            stat: Stat {
                // Of how many bytes lie there the listing says nothing.
                size: 0,
                // One without a time is taken for a new one.
                modified: upload
                    .initiated
                    .parse()
                    .unwrap_or_else(|_| self.clock.now()),
            },
        })
    }

    /// The upload that a key of a listing means; `None` for every other key.
    pub fn unfinished_of(&self, key: &str) -> Option<(Result<Path, Fault>, String)> {
        let rest = key.strip_prefix(STAGING)?.strip_prefix(PARTS)?;
        let (id, key) = rest.split_once('/')?;
        let id = String::from_utf8(hex::decode(id).ok()?).ok()?;
        Some((self.path(key), id))
    }

    /// Ends an upload; whether there was one.
    pub async fn abort(&self, path: &Path, upload: &str) -> Result<bool, Fault> {
        let id = upload.to_owned();
        let abort = |_| async { Ok(self.s3.abort_multipart(path, &id).await?) };
        match self.calls.run(LITTLE, abort).await {
            Ok(()) => Ok(true),
            Err(fault) if fault.kind == Kind::Absent => Ok(false),
            Err(fault) => Err(fault),
        }
    }
}

/// Reads a `ListMultipartUploadsResult`
/// (docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html).
fn parse(xml: &str) -> Result<Page, String> {
    let mut reader = Reader::from_str(xml);
    let mut page = Page::default();
    let (mut text, mut truncated) = (String::new(), false);
    let (mut key_marker, mut id_marker) = (String::new(), String::new());
    let mut upload = None;
    loop {
        let event = reader.read_event();
        match event.map_err(|error| format!("its list of uploads cannot be read: {error}"))? {
            Event::Start(start) => {
                text.clear();
                if start.local_name().into_inner() == "Upload" {
                    upload = Some(Upload::default());
                }
            }
            Event::Text(words) => text.push_str(&words.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Ok(Some(c)) = reference.resolve_char_ref() {
                    text.push(c);
                } else {
                    let named = reference.xml10_content();
                    let meant = quick_xml::escape::resolve_predefined_entity(&named);
                    text.push_str(meant.unwrap_or_default());
                }
            }
            Event::End(end) => {
                let value = std::mem::take(&mut text);
                let name = end.local_name().into_inner();
                match (name, upload.as_mut()) {
                    ("Upload", _) => page.uploads.extend(upload.take()),
                    ("Key", Some(upload)) => upload.key = value,
                    ("UploadId", Some(upload)) => upload.id = value,
                    ("Initiated", Some(upload)) => upload.initiated = value,
                    ("IsTruncated", None) => truncated = value == "true",
                    ("NextKeyMarker", None) => key_marker = value,
                    ("NextUploadIdMarker", None) => id_marker = value,
                    _ => {}
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    page.next = truncated.then_some((key_marker, id_marker));
    Ok(page)
}

#[cfg(test)]
mod tests;
