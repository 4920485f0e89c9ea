//! Telling whether a token is good, whose it is and what it allows.

use domain::{Permissions, Timestamp};

use crate::account::Account;
use crate::caller::Caller;
use crate::error::Error;
use crate::identity::Identity;
use crate::secret;

/// What is known of a good token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Whose it is.
    pub account: Account,
    /// What it allows.
    pub scopes: Permissions,
    /// When it ends; `None`: when it is revoked.
    pub expires_at: Option<Timestamp>,
}

impl Identity {
    /// Looks at an access token or API key; `None` when it is not (or no longer) good.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn verify(&self, token: &str) -> Result<Option<Verified>, Error> {
        match self.read_bearer(token).await {
            Ok((caller, expires_at)) => {
                let account = self.account(&caller).await?;
                Ok(Some(Verified {
                    account,
                    scopes: caller.permissions,
                    expires_at,
                }))
            }
            Err(Error::SignIn) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn read_bearer(&self, token: &str) -> Result<(Caller, Option<Timestamp>), Error> {
        if secret::is_key(token) {
            let presented = self.presented_key(token, self.now()).await?;
            let caller = self
                .authenticate(crate::caller::Credential::Bearer(token))
                .await?;
            return Ok((caller, presented.key.expires_at));
        }
        let (caller, claims) = self.by_access_token(token).await?;
        let end = Timestamp::from_millis(claims.exp.saturating_mul(1000));
        Ok((caller, Some(end)))
    }
}
