//! Opaque secrets: what sessions and keys look like outside, and what is stored of them.
//!
//! A session's secret names its session, holds 256 random bits and ends in a tag that only we can
//! make. The tag lets a forgery be refused without asking the database, and tells a spent secret,
//! which was ours once, from an invented one.

#[cfg(test)]
mod tests;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Entropy, SessionId, Sha256};
use hmac::{Hmac, KeyInit, Mac};
use subtle::ConstantTimeEq;

use crate::error::Error;

const RANDOM: usize = 32;
const ID: usize = 16;
const TAG: usize = 16;

/// What every API key begins with, so that people and secret scanners recognise one.
const KEY_LEAD: &str = "mvk_";

/// How much of a key is shown in lists.
const KEY_SHOWN: usize = KEY_LEAD.len() + 6;

/// The secret of a session, as a cookie or refresh token carries it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SessionSecret {
    pub(crate) session: SessionId,
    random: [u8; RANDOM],
}

impl SessionSecret {
    pub(crate) fn fresh(session: SessionId, entropy: &dyn Entropy) -> Self {
        let mut random = [0; RANDOM];
        entropy.fill(&mut random);
        Self { session, random }
    }

    /// What is stored: nobody who reads the database can sign in with it.
    pub(crate) fn hash(&self) -> [u8; 32] {
        *Sha256::of(&self.random).as_bytes()
    }

    /// The text to hand out: 86 characters of base64url.
    pub(crate) fn write(&self, key: &TagKey) -> String {
        let mut bytes = Vec::with_capacity(ID + RANDOM + TAG);
        bytes.extend_from_slice(self.session.uuid().as_bytes());
        bytes.extend_from_slice(&self.random);
        let tag = key.tag(&bytes);
        bytes.extend_from_slice(&tag);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a text we handed out; `None` for anything else.
    pub(crate) fn read(text: &str, key: &TagKey) -> Option<Self> {
        let mut bytes = [0; ID + RANDOM + TAG];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        if length != bytes.len() {
            return None;
        }
        let (body, tag) = bytes.split_at(ID + RANDOM);
        if !bool::from(key.tag(body).ct_eq(tag)) {
            return None;
        }
        let (id, random) = body.split_at(ID);
        let id: [u8; ID] = id.try_into().ok()?;
        Some(Self {
            session: SessionId::from_uuid(uuid::Uuid::from_bytes(id)),
            random: random.try_into().ok()?,
        })
    }
}

/// The key under which session secrets are tagged.
#[derive(Clone)]
pub(crate) struct TagKey(Hmac<sha2::Sha256>);

impl TagKey {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self, Error> {
        Hmac::new_from_slice(key)
            .map(Self)
            .map_err(|_| Error::Defect("HMAC refused its key"))
    }

    fn tag(&self, bytes: &[u8]) -> [u8; TAG] {
        let mut mac = self.0.clone();
        mac.update(bytes);
        let whole = mac.finalize().into_bytes();
        let mut tag = [0; TAG];
        tag.copy_from_slice(&whole[..TAG]);
        tag
    }
}

/// A fresh secret of an invitation: 43 characters of base64url.
pub(crate) fn fresh_invitation(entropy: &dyn Entropy) -> String {
    let mut random = [0; RANDOM];
    entropy.fill(&mut random);
    URL_SAFE_NO_PAD.encode(random)
}

/// The hash an invitation is stored and found under; `None` when the text cannot be one of ours.
pub(crate) fn invitation_hash(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; RANDOM];
    let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (length == RANDOM).then(|| *Sha256::of(&bytes).as_bytes())
}

/// A fresh API key: `mvk_` and 43 characters of base64url.
pub(crate) fn fresh_key(entropy: &dyn Entropy) -> String {
    let mut random = [0; RANDOM];
    entropy.fill(&mut random);
    format!("{KEY_LEAD}{}", URL_SAFE_NO_PAD.encode(random))
}

/// Whether a bearer credential is meant to be an API key.
pub(crate) fn is_key(text: &str) -> bool {
    text.starts_with(KEY_LEAD)
}

/// The hash a key is stored and found under; `None` when the text cannot be a key of ours.
pub(crate) fn key_hash(text: &str) -> Option<[u8; 32]> {
    let random = text.strip_prefix(KEY_LEAD)?;
    let mut bytes = [0; RANDOM];
    let length = URL_SAFE_NO_PAD.decode_slice(random, &mut bytes).ok()?;
    (length == RANDOM).then(|| *Sha256::of(text.as_bytes()).as_bytes())
}

/// The part of a key that tells it from others without giving it away.
pub(crate) fn key_prefix(key: &str) -> &str {
    key.get(..KEY_SHOWN).unwrap_or(key)
}
