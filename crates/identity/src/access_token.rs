//! Access tokens: JSON Web Tokens (RFC 7519) signed with HS256, good for minutes.
//!
//! A token says whose it is and what it allows at most. It is no proof by itself: its session must
//! still be live, so that signing out ends its tokens too.

#[cfg(test)]
mod tests;

use domain::{Permissions, SessionId, TenantId, Timestamp, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Longest text looked at: ours have some 700 bytes.
const MAX: usize = 4096;

/// What a token claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The account.
    pub(crate) sub: UserId,
    /// When it was made, in seconds since the epoch.
    pub(crate) iat: i64,
    /// When it ends, in seconds since the epoch.
    pub(crate) exp: i64,
    /// What it allows at most.
    pub(crate) scopes: Permissions,
    /// The most telling of the account's roles.
    pub(crate) role: String,
    /// The account's tenant.
    pub(crate) tenant: TenantId,
    /// The session it was made for.
    pub(crate) sid: SessionId,
    iss: String,
    aud: String,
}

/// What a new token is to say.
pub(crate) struct Subject {
    pub(crate) user: UserId,
    pub(crate) tenant: TenantId,
    pub(crate) session: SessionId,
    pub(crate) scopes: Permissions,
    pub(crate) role: String,
}

/// Makes and checks tokens.
pub(crate) struct AccessTokens {
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
    issuer: String,
    seconds: i64,
}

impl AccessTokens {
    pub(crate) fn new(key: &[u8; 32], issuer: &str, seconds: u32) -> Self {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[issuer]);
        rules.set_audience(&[issuer]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Held against our own clock below: the library only knows the ambient one.
        rules.validate_exp = false;
        Self {
            signing: EncodingKey::from_secret(key),
            checking: DecodingKey::from_secret(key),
            rules,
            issuer: issuer.to_owned(),
            seconds: seconds.into(),
        }
    }

    /// Life of a token, in seconds.
    pub(crate) const fn seconds(&self) -> i64 {
        self.seconds
    }

    /// A signed token.
    ///
    /// # Errors
    /// [`Error::Defect`] when the library refuses.
    pub(crate) fn sign(&self, subject: Subject, now: Timestamp) -> Result<String, Error> {
        let claims = Claims {
            sub: subject.user,
            iat: now.seconds(),
            exp: now.seconds() + self.seconds,
            scopes: subject.scopes,
            role: subject.role,
            tenant: subject.tenant,
            sid: subject.session,
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .map_err(|_| Error::Defect("an access token could not be signed"))
    }

    /// The claims of a token that we signed and that has not ended; `None` for anything else.
    pub(crate) fn read(&self, token: &str, now: Timestamp) -> Option<Claims> {
        if token.len() > MAX {
            return None;
        }
        let claims = decode::<Claims>(token, &self.checking, &self.rules)
            .ok()?
            .claims;
        (now.seconds() < claims.exp).then_some(claims)
    }
}
