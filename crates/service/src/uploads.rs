//! Presigned uploads: announced with a credential, sent with a link that carries its own
//! permission — one PUT, of that size, of that type, until that time.

use catalog::uploads::{self, UploadState};
use domain::{Code, MediaType, Permission, Sha256, Timestamp, UploadId};
use futures::FutureExt;
use identity::{Caller, Trace};

pub use catalog::uploads::Upload;

use crate::Vault;
use crate::error::{Error, Result};
use crate::ingest::{Announced, Receiving};
use crate::links::{Grant, Link, Signatory};

/// How long the link of an upload works when nobody says: an hour.
const DEFAULT_SECONDS: u32 = 3600;

/// Longest life of such a link: a day.
const MAX_SECONDS: u32 = 24 * 3600;

/// What a client announces.
#[derive(Debug, Clone, Default)]
pub struct NewUpload {
    /// Name as the client has it.
    pub file_name: String,
    /// Exact number of bytes.
    pub size: u64,
    /// The type it claims.
    pub mime_type: Option<String>,
    /// The digest it promises.
    pub sha256: Option<Sha256>,
    /// Life of the link in seconds.
    pub expires_in: Option<u32>,
}

/// An announced upload and the link it is sent by.
#[derive(Debug)]
pub struct Announcement {
    /// Its row.
    pub upload: Upload,
    /// Allows the one PUT.
    pub link: Link,
}

impl Vault {
    /// Announces an upload.
    ///
    /// # Errors
    /// `Forbidden`, `TooLarge`, `QuotaExceeded`, `TypeNotAllowed`, a field problem.
    pub async fn announce(&self, caller: &Caller, new: NewUpload) -> Result<Announcement> {
        caller.require(Permission::AssetsWrite)?;
        let file_name = crate::ingest::clean_name(&new.file_name)?;
        let seconds = new.expires_in.unwrap_or(DEFAULT_SECONDS);
        if !(1..=MAX_SECONDS).contains(&seconds) {
            return Err(Error::field(
                "expires_in",
                format!("1 to {MAX_SECONDS} seconds"),
            ));
        }
        let max = self.live().max_upload_size;
        if new.size > max {
            return Err(Error::refused(
                Code::TooLarge,
                format!("a file may have at most {max} bytes"),
            ));
        }
        let media_type = match new.mime_type.as_deref() {
            None | Some("") => None,
            Some(claimed) => Some(self.claimed_type(claimed)?),
        };
        self.require_quota(caller, new.size).await?;
        let now = self.clock().now();
        let upload = Upload {
            tenant: caller.tenant,
            id: self.ids().fresh(),
            owner: caller.user,
            file_name,
            size: new.size,
            media_type,
            sha256: new.sha256,
            state: UploadState::Open,
            asset: None,
            problem: None,
            created_at: now,
            expires_at: now.plus_millis(i64::from(seconds) * 1000),
        };
        let row = upload.clone();
        self.catalog()
            .write(move |tx| async move { uploads::insert(tx, &row).await }.boxed())
            .await?;
        let by = Signatory {
            tenant: caller.tenant,
            user: caller.user,
        };
        let expires_at = upload.expires_at;
        let signature = self.signer().sign(&grant(&upload), expires_at);
        Ok(Announcement {
            upload,
            link: Link {
                by,
                expires_at,
                signature,
            },
        })
    }

    fn claimed_type(&self, claimed: &str) -> Result<MediaType> {
        let found: MediaType = claimed
            .parse()
            .map_err(|text: String| Error::field("mime_type", text))?;
        if self.live().allows(found) {
            Ok(found)
        } else {
            Err(Error::refused(
                Code::TypeNotAllowed,
                format!("{found} is not accepted here"),
            ))
        }
    }

    /// How an upload of the caller's stands.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn upload(&self, caller: &Caller, id: UploadId) -> Result<Upload> {
        caller.require(Permission::AssetsWrite)?;
        let mut upload = self.upload_row(caller.tenant, id).await?;
        if upload.owner != caller.user {
            return Err(Error::not_found());
        }
        // The keeper that writes this down comes by now and then; the clock is exact.
        if upload.state == UploadState::Open && upload.expires_at <= self.clock().now() {
            upload.state = UploadState::Expired;
        }
        Ok(upload)
    }

    async fn upload_row(&self, tenant: domain::TenantId, id: UploadId) -> Result<Upload> {
        let row = self
            .catalog()
            .read(move |tx| async move { uploads::get(tx, tenant, id).await }.boxed())
            .await?;
        row.ok_or_else(Error::not_found)
    }

    /// Opens the way in for the one PUT that `link` allows. `size` and `mime_type` are what the
    /// request says of its body.
    ///
    /// # Errors
    /// `BadSignature`, `LinkExpired`, `SizeMismatch`, `TypeMismatch`, `WrongState` when it was used.
    pub async fn receive_upload(
        &self,
        link: &Link,
        id: UploadId,
        size: Option<u64>,
        mime_type: Option<&str>,
        from: Trace,
    ) -> Result<Receiving> {
        let bad = |_| Error::refused(Code::BadSignature, "the link was altered or cut off");
        let upload = self.upload_row(link.by.tenant, id).await.map_err(bad)?;
        let now = self.clock().now();
        self.signer()
            .check(&grant(&upload), link.expires_at, &link.signature, now)?;
        if size.is_some_and(|size| size != upload.size) {
            let detail = format!("this link takes exactly {} bytes", upload.size);
            return Err(Error::refused(Code::SizeMismatch, detail));
        }
        if let (Some(bound), Some(sent)) = (upload.media_type, mime_type)
            && sent.parse() != Ok(bound)
        {
            return Err(Error::refused(
                Code::TypeMismatch,
                format!("this link takes {bound}"),
            ));
        }
        let caller = self
            .on_behalf(
                Signatory {
                    tenant: upload.tenant,
                    user: upload.owner,
                },
                Permission::AssetsWrite,
            )
            .await?
            .traced(from);
        self.begin_upload(&upload, now).await?;
        let announced = Announced {
            file_name: upload.file_name,
            mime_type: upload.media_type.map(|bound| bound.mime().to_owned()),
            sha256: upload.sha256,
            size: Some(upload.size),
            upload: Some(id),
            ..Announced::default()
        };
        let receiving = self.receive(&caller, announced).await;
        if let Err(error) = &receiving {
            self.reopen_upload(upload.tenant, id, error).await;
        }
        receiving
    }

    async fn begin_upload(&self, upload: &Upload, now: Timestamp) -> Result<()> {
        let (tenant, id) = (upload.tenant, upload.id);
        let begun = self
            .catalog()
            .write(move |tx| async move { uploads::begin(tx, tenant, id, now).await }.boxed())
            .await?;
        if begun {
            Ok(())
        } else {
            Err(Error::refused(
                Code::WrongState,
                "this link was used already, or is being used",
            ))
        }
    }

    /// Notes why a PUT came to nothing. A file that can never be accepted ends the upload; a broken
    /// connection leaves its link good for another try.
    pub async fn reopen_upload(&self, tenant: domain::TenantId, id: UploadId, error: &Error) {
        let now = self.clock().now();
        let (code, message) = (error.code(), error.to_string());
        let hopeless = matches!(
            code,
            Code::DigestMismatch | Code::TypeNotAllowed | Code::TypeMismatch | Code::QuotaExceeded
        );
        let noted = self
            .catalog()
            .write(move |tx| {
                async move {
                    if hopeless {
                        uploads::fail(tx, tenant, id, code.as_str(), &message, now).await
                    } else {
                        uploads::reopen(tx, tenant, id, now).await
                    }
                }
                .boxed()
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(%id, %error, "the end of an upload could not be noted; it will expire");
        }
    }
}

/// What the link of an upload allows.
fn grant(upload: &Upload) -> Grant {
    Grant::Put {
        tenant: upload.tenant,
        upload: upload.id,
        size: upload.size,
        mime_type: upload
            .media_type
            .map(|bound| bound.mime().to_owned())
            .unwrap_or_default(),
    }
}
