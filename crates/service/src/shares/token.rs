//! The secrets of links: the address, and the pass of a browser that was let in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ShareId, Timestamp};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::links::Signer;

const ID: usize = 16;
const TAG: usize = 16;
const TIME: usize = 8;

impl Signer {
    /// The secret part of a link's address: 43 characters of base64url, its id and a tag over it.
    pub(crate) fn share_token(&self, id: ShareId) -> String {
        let mut bytes = Vec::with_capacity(ID + TAG);
        bytes.extend_from_slice(id.uuid().as_bytes());
        bytes.extend_from_slice(&self.tag(&[b"share", id.uuid().as_bytes()]));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The link whose address this is; `None` for whatever we have not made.
    pub(crate) fn read_share_token(&self, text: &str) -> Option<ShareId> {
        let mut bytes = [0; ID + TAG];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        let (id, tag) = bytes.split_at(ID);
        let genuine = length == bytes.len() && bool::from(self.tag(&[b"share", id]).ct_eq(tag));
        genuine.then(|| Uuid::from_slice(id).ok().map(ShareId::from_uuid))?
    }

    /// The pass of a browser that was let in by a link, good until `until` as long as the link's
    /// password stays what it is.
    pub(crate) fn pass(&self, id: ShareId, password: Option<&str>, until: Timestamp) -> String {
        let mut bytes = Vec::with_capacity(TIME + TAG);
        bytes.extend_from_slice(&until.millis().to_be_bytes());
        bytes.extend_from_slice(&self.pass_tag(id, password, until));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether this is a pass for the link at `now`.
    pub(crate) fn admits(
        &self,
        pass: &str,
        id: ShareId,
        password: Option<&str>,
        now: Timestamp,
    ) -> bool {
        let mut bytes = [0; TIME + TAG];
        let Ok(length) = URL_SAFE_NO_PAD.decode_slice(pass, &mut bytes) else {
            return false;
        };
        let (until, tag) = bytes.split_at(TIME);
        let Ok(until) = until.try_into().map(i64::from_be_bytes) else {
            return false;
        };
        let until = Timestamp::from_millis(until);
        let genuine = bool::from(self.pass_tag(id, password, until).ct_eq(tag));
        length == bytes.len() && genuine && now < until
    }

    fn pass_tag(&self, id: ShareId, password: Option<&str>, until: Timestamp) -> [u8; TAG] {
        let (id, until) = (id.uuid(), until.millis().to_be_bytes());
        let password = password.unwrap_or_default().as_bytes();
        self.tag(&[b"pass", id.as_bytes(), password, &until])
    }
}

#[cfg(test)]
mod tests;
