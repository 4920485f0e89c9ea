//! Signed links: a URL that carries its own permission. HMAC-SHA-256 (RFC 2104) over exactly what
//! the link allows, so nothing in it can be changed, and a time after which it is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalog::users::UserState;
use catalog::{roles, users, visibility};
use domain::{
    AssetId, Code, Level, Permission, Permissions, TenantId, Timestamp, UploadId, UserId,
};
use identity::{Caller, Trace, Via};

use crate::Vault;
use futures::FutureExt;
use hmac::{Hmac, KeyInit, Mac};
use subtle::ConstantTimeEq;

use crate::error::{Error, Result};

/// What one link allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grant {
    /// GET and HEAD of one asset's original or one of its renditions.
    Read {
        /// The tenant of the asset.
        tenant: TenantId,
        /// Who made the link: it reaches what that account may still see.
        signer: UserId,
        /// The asset.
        asset: AssetId,
        /// `content` or the name of a rendition.
        target: String,
        /// Whether a browser saves it instead of showing it.
        download: bool,
    },
    /// One PUT of an announced upload, bound to its size and type.
    Put {
        /// The tenant of the upload.
        tenant: TenantId,
        /// The upload.
        upload: UploadId,
        /// Exact number of bytes.
        size: u64,
        /// Claimed media type, or empty.
        mime_type: String,
    },
}

/// Signs and checks links.
#[derive(Clone)]
pub struct Signer {
    key: [u8; 32],
}

impl Signer {
    /// The key must be the same on every node: it is derived from the master key.
    pub const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The signature for `grant` until `expires`, 43 characters of unpadded base64url.
    pub fn sign(&self, grant: &Grant, expires: Timestamp) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(grant, expires))
    }

    /// Holds a link against what it claims to allow.
    ///
    /// # Errors
    /// `BadSignature` for a forged or altered link, `LinkExpired` for a genuine one past its time.
    pub fn check(
        &self,
        grant: &Grant,
        expires: Timestamp,
        signature: &str,
        now: Timestamp,
    ) -> Result<()> {
        let given = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        if !bool::from(self.mac(grant, expires).as_slice().ct_eq(&given)) {
            return Err(Error::refused(
                Code::BadSignature,
                "the link was altered or cut off",
            ));
        }
        if now >= expires {
            return Err(Error::refused(Code::LinkExpired, "ask for a new link"));
        }
        Ok(())
    }

    /// A tag over these parts, the first of which says what they are. 128 bits: it is sent back to us to
    /// be checked, so nobody can try more than we answer.
    pub(crate) fn tag(&self, parts: &[&[u8]]) -> [u8; 16] {
        let mut mac = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes a key of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut tag = [0; 16];
        tag.copy_from_slice(&whole[..16]);
        tag
    }

    fn mac(&self, grant: &Grant, expires: Timestamp) -> [u8; 32] {
        let mut mac = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes a key of any length");
        // Each part is preceded by its length, so that no two grants give the same bytes.
        let mut part = |bytes: &[u8]| {
            mac.update(&(bytes.len() as u64).to_be_bytes());
            mac.update(bytes);
        };
        match grant {
            Grant::Read {
                tenant,
                signer,
                asset,
                target,
                download,
            } => {
                part(b"read");
                part(tenant.uuid().as_bytes());
                part(signer.uuid().as_bytes());
                part(asset.uuid().as_bytes());
                part(target.as_bytes());
                part(&[u8::from(*download)]);
            }
            Grant::Put {
                tenant,
                upload,
                size,
                mime_type,
            } => {
                part(b"put");
                part(tenant.uuid().as_bytes());
                part(upload.uuid().as_bytes());
                part(&size.to_be_bytes());
                part(mime_type.as_bytes());
            }
        }
        part(&expires.millis().to_be_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Longest life of a link: a week.
const MAX_SECONDS: u32 = 7 * 24 * 3600;

/// A link that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Who made it.
    pub by: Signatory,
    /// When it stops working.
    pub expires_at: Timestamp,
    /// Over everything it allows.
    pub signature: String,
}

/// Who made a link, as it is spelled in the URL: `<tenant>.<user>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signatory {
    /// The tenant.
    pub tenant: TenantId,
    /// The account.
    pub user: UserId,
}

impl std::fmt::Display for Signatory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}.{}",
            self.tenant.uuid().simple(),
            self.user.uuid().simple()
        )
    }
}

impl std::str::FromStr for Signatory {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::refused(Code::BadSignature, "the link was altered or cut off");
        let (tenant, user) = text.split_once('.').ok_or_else(bad)?;
        Ok(Self {
            tenant: tenant.parse().map_err(|_| bad())?,
            user: user.parse().map_err(|_| bad())?,
        })
    }
}

impl Vault {
    /// Makes a link that reads one original (`content`) or rendition without a credential.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` without the permission to share, a field problem for its life.
    pub async fn link(
        &self,
        caller: &Caller,
        asset: AssetId,
        target: &str,
        seconds: u32,
        download: bool,
    ) -> Result<Link> {
        caller.require(Permission::AssetsShare)?;
        if !(1..=MAX_SECONDS).contains(&seconds) {
            return Err(Error::field(
                "expires_in",
                format!("1 to {MAX_SECONDS} seconds"),
            ));
        }
        let found = self.asset_at(caller, asset, Level::Download).await?;
        if target != CONTENT && !found.renditions.iter().any(|made| made.name == target) {
            return Err(Error::field(
                "target",
                "content, or the name of a rendition it has",
            ));
        }
        let expires_at = self.clock().now().plus_millis(i64::from(seconds) * 1000);
        let by = Signatory {
            tenant: caller.tenant,
            user: caller.user,
        };
        let grant = read_grant(by, asset, target, download);
        Ok(Link {
            by,
            expires_at,
            signature: self.signer().sign(&grant, expires_at),
        })
    }

    /// The caller a reading link stands for: whoever made it, for that one thing. What its owner has
    /// thrown away is out of reach, though the owner still sees it in the trash.
    ///
    /// # Errors
    /// `BadSignature`, `LinkExpired`, `NotFound`.
    pub async fn follow_link(
        &self,
        link: &Link,
        asset: AssetId,
        target: &str,
        download: bool,
    ) -> Result<Caller> {
        let grant = read_grant(link.by, asset, target, download);
        self.signer()
            .check(&grant, link.expires_at, &link.signature, self.clock().now())?;
        let caller = self.on_behalf(link.by, Permission::AssetsRead).await?;
        if self.asset(&caller, asset).await?.trashed_at.is_some() {
            return Err(Error::not_found());
        }
        Ok(caller)
    }

    /// Acts for the account that signed something, with one permission, while it is in good standing.
    pub(crate) async fn on_behalf(&self, by: Signatory, permission: Permission) -> Result<Caller> {
        let (held, visibility) = self
            .catalog()
            .read(move |tx| {
                async move {
                    let user = users::by_id(tx, by.tenant, by.user).await?;
                    match user.filter(|user| user.state == UserState::Active) {
                        Some(user) => {
                            let (_, held) = roles::permissions_of(tx, by.tenant, user.id).await?;
                            let visibility = visibility::of_user(tx, by.tenant, user.id).await?;
                            Ok(Some((held, visibility)))
                        }
                        None => Ok(None),
                    }
                }
                .boxed()
            })
            .await?
            .ok_or_else(|| Error::refused(Code::LinkExpired, "whoever made this link has left"))?;
        Ok(Caller {
            tenant: by.tenant,
            user: by.user,
            permissions: held.intersect([permission].into_iter().collect::<Permissions>()),
            visibility,
            via: Via::Link,
            trace: Trace::default(),
        })
    }
}

/// The target that means the original.
pub const CONTENT: &str = "content";

fn read_grant(by: Signatory, asset: AssetId, target: &str, download: bool) -> Grant {
    Grant::Read {
        tenant: by.tenant,
        signer: by.user,
        asset,
        target: target.to_owned(),
        download,
    }
}

#[cfg(test)]
mod tests;
