//! Large files go in pieces (tus 1.0), so that a broken connection costs a piece and not the file. Where an
//! upload is going on is noted in a file of its own; a later run with the same bytes goes on there.

use std::io::{ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Sha256;
use futures::TryStreamExt as _;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Body, Method, RequestBuilder, Response};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::show::FileBar;
use super::{Hashed, send};
use crate::client::{Backoff, Client, ClientError};

/// From this size on a file goes in pieces.
pub const LARGE: u64 = 32 << 20;

/// Bytes of a piece: proxies often let no more than 100 MB through at once.
const PIECE: u64 = 32 << 20;

/// Where uploads begin, below the API's prefix.
const UPLOADS: &str = "/uploads/tus";

/// What became of a file.
pub struct Done {
    pub asset_id: String,
    pub duplicate: bool,
}

/// How far an upload is.
struct Standing {
    offset: u64,
    done: Option<Done>,
}

/// Sends a file until it is in, refused, or out of attempts. What arrives gives it new attempts.
pub async fn send_in_pieces(
    client: &Client,
    file: &Hashed,
    retries: u32,
    bar: &FileBar,
) -> Result<Done, ClientError> {
    let note = Note::of(client.address(), file.sha256);
    let mut sending = Sending {
        client,
        file,
        bar,
        id: note.read()?,
        offset: 0,
    };
    let mut backoff = Backoff::new(retries);
    loop {
        let before = sending.offset;
        match sending.go_on(&note).await {
            Ok(done) => {
                note.forget()?;
                return Ok(done);
            }
            Err(error) if error.is_passing() || is_gone(&error) => {
                if sending.offset > before {
                    backoff = Backoff::new(retries);
                }
                match backoff.next(error.retry_after()) {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(error),
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// The vault has given the upload up: another try begins anew.
fn is_gone(error: &ClientError) -> bool {
    matches!(error, ClientError::Refused(problem) if problem.code == "upload_gone")
}

/// One file under way.
struct Sending<'a> {
    client: &'a Client,
    file: &'a Hashed,
    bar: &'a FileBar,
    /// Which upload of the vault it is, once there is one.
    id: Option<String>,
    offset: u64,
}

impl Sending<'_> {
    async fn go_on(&mut self, note: &Note) -> Result<Done, ClientError> {
        let mut standing = self.ask_or_begin(note).await?;
        loop {
            self.offset = standing.offset;
            self.bar.stands_at(standing.offset);
            if let Some(done) = standing.done {
                return Ok(done);
            }
            standing = self.send_piece().await?;
        }
    }

    /// How far the upload is; one that the vault does not know any more, or has refused, begins anew.
    async fn ask_or_begin(&mut self, note: &Note) -> Result<Standing, ClientError> {
        if let Some(id) = &self.id {
            let request = self.request(Method::HEAD, &format!("{UPLOADS}/{id}"));
            match self.client.send(request).await {
                Ok(answer) => return standing(&answer),
                Err(ClientError::Refused(_)) => note.forget()?,
                Err(error) => return Err(error),
            }
        }
        let request = self
            .request(Method::POST, UPLOADS)
            .header("upload-length", self.file.size)
            .header("upload-metadata", self.metadata());
        let answer = self.client.send(request).await?;
        let address = text(answer.headers(), LOCATION.as_str());
        let id = address.rsplit('/').next().unwrap_or_default().to_owned();
        note.write(&id)?;
        self.id = Some(id);
        standing(&answer)
    }

    async fn send_piece(&self) -> Result<Standing, ClientError> {
        let id = self.id.as_deref().unwrap_or_default();
        let unreadable =
            |error| ClientError::Usage(format!("{}: {error}", self.file.path.display()));
        let mut source = tokio::fs::File::open(&self.file.path)
            .await
            .map_err(unreadable)?;
        source
            .seek(SeekFrom::Start(self.offset))
            .await
            .map_err(unreadable)?;
        let size = PIECE.min(self.file.size.saturating_sub(self.offset));
        let sent = self.bar.clone();
        let chunks = ReaderStream::with_capacity(source.take(size), send::CHUNK)
            .inspect_ok(move |chunk| sent.sent(chunk.len()));
        let request = self
            .request(Method::PATCH, &format!("{UPLOADS}/{id}"))
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header(CONTENT_LENGTH, size)
            .header("upload-offset", self.offset)
            .body(Body::wrap_stream(chunks));
        standing(&self.client.send(request).await?)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, path)
            .header("tus-resumable", "1.0.0")
    }

    fn metadata(&self) -> String {
        let name = STANDARD.encode(send::name_of(&self.file.path));
        let digest = STANDARD.encode(self.file.sha256.to_string());
        format!("filename {name},sha256 {digest}")
    }
}

fn standing(answer: &Response) -> Result<Standing, ClientError> {
    let headers = answer.headers();
    let offset = text(headers, "upload-offset").parse();
    let offset = offset.map_err(|_| {
        let what = "the vault does not say how far the upload is: is it older than this program?";
        ClientError::Usage(what.to_owned())
    })?;
    let asset = text(headers, "upload-asset");
    let done = (!asset.is_empty()).then(|| Done {
        asset_id: asset.to_owned(),
        duplicate: text(headers, "upload-duplicate") == "true",
    });
    Ok(Standing { offset, done })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// Where the upload of some bytes to some vault is going on, as a file. Without a home directory nothing is
/// noted.
struct Note(Option<PathBuf>);

impl Note {
    fn of(vault: &str, sha256: Sha256) -> Self {
        let dirs = directories::ProjectDirs::from("", "", "mediavault");
        let folder = dirs.map(|dirs| {
            let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
            state.join("uploads")
        });
        let name = Sha256::of(format!("{vault}\n{sha256}").as_bytes()).to_string();
        Self(folder.map(|folder| folder.join(name)))
    }

    fn read(&self) -> Result<Option<String>, ClientError> {
        let Some(path) = &self.0 else { return Ok(None) };
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unwritable(path, &error)),
        }
    }

    fn write(&self, id: &str) -> Result<(), ClientError> {
        let Some(path) = &self.0 else { return Ok(()) };
        let write = || {
            std::fs::create_dir_all(path.parent().unwrap_or(path))?;
            std::fs::write(path, id)
        };
        write().map_err(|error| unwritable(path, &error))
    }

    fn forget(&self) -> Result<(), ClientError> {
        let Some(path) = &self.0 else { return Ok(()) };
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritable(path, &error)),
            _ => Ok(()),
        }
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> ClientError {
    ClientError::Usage(format!("{}: {error}", path.display()))
}
