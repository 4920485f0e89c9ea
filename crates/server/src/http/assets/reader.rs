//! Who reads bytes: a caller with a credential, or whoever holds a signed URL.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::{AssetId, Code, Timestamp};
use identity::Caller;
use service::links::Link;

use crate::app::App;
use crate::extract::MaybeSignedIn;
use crate::problem::Problem;

/// The credential of a reading request, if it carries one.
pub struct Reader(Option<Caller>);

/// `by`, `expires` and `signature` of a signed URL.
type Signed = (Option<String>, Option<i64>, Option<String>);

impl FromRequestParts<App> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let MaybeSignedIn(caller) = MaybeSignedIn::from_request_parts(parts, app).await?;
        Ok(Self(caller))
    }
}

impl Reader {
    /// The caller by credential, where no signature can stand for one.
    pub fn credential(self) -> Option<Caller> {
        self.0
    }

    /// The caller to read as. A signature, once given, is what counts: a link must work, or fail,
    /// the same for everybody who follows it.
    pub async fn resolve(
        self,
        app: &App,
        id: AssetId,
        target: &str,
        download: bool,
        signed: Signed,
    ) -> Result<Caller, Problem> {
        let (by, expires, signature) = match signed {
            (None, None, None) => return self.0.ok_or(Problem::new(Code::Unauthenticated)),
            (Some(by), Some(expires), Some(signature)) => (by, expires, signature),
            _ => return Err(Problem::new(Code::BadSignature)),
        };
        let link = Link {
            by: by.parse()?,
            expires_at: Timestamp::from_millis(expires),
            signature,
        };
        Ok(app.vault.follow_link(&link, id, target, download).await?)
    }
}
