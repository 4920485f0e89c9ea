//! The one table of public error codes: what a client can rely on, with its HTTP status and title.

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $status:literal, $word:literal, $title:literal;)*) => {
        /// A stable, public reason why something was refused or failed (RFC 9457 `code`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// HTTP status it is answered with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The stable word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// A short sentence, the same for every occurrence.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

codes! {
    /// A field is missing, malformed or out of range; the problem names it.
    InvalidField = 400, "invalid_field", "A field is not valid";
    /// The body could not be read as what it claims to be.
    InvalidBody = 400, "invalid_body", "The request body could not be read";
    /// The transfer ended early.
    UploadInterrupted = 400, "upload_interrupted", "The upload ended before it was complete";
    /// The bytes do not have the digest that was announced.
    DigestMismatch = 400, "digest_mismatch", "The bytes do not match the announced digest";
    /// The bytes do not have the size that was announced.
    SizeMismatch = 400, "size_mismatch", "The bytes do not match the announced size";
    /// A signed URL is forged or altered.
    BadSignature = 403, "bad_signature", "The signature of this link is not valid";
    /// A signed URL is past its time.
    LinkExpired = 403, "link_expired", "This link has expired";
    /// No credential, or one that is not (or no longer) good.
    Unauthenticated = 401, "unauthenticated", "Sign in first";
    /// E-mail and password do not belong together.
    BadCredentials = 401, "bad_credentials", "E-mail or password is wrong";
    /// A rotated refresh token came again: the whole session was ended.
    TokenReused = 401, "token_reused", "This session was ended because its token was used twice";
    /// The credential lacks a permission.
    Forbidden = 403, "forbidden", "This is not allowed with these credentials";
    /// A cookie-authenticated change that did not come from our own pages.
    CrossSite = 403, "cross_site", "The request did not come from this site";
    /// A final upload takes no bytes of its own.
    FinalUpload = 403, "final_upload", "A final upload takes no bytes of its own";
    /// Accounts can only be made by invitation.
    RegistrationClosed = 403, "registration_closed", "Registration is closed";
    /// The one-time set-up code is needed or wrong.
    SetupCode = 403, "setup_code", "The set-up code is needed to make the first account";
    /// Does not exist, or may not be known to exist.
    NotFound = 404, "not_found", "Not found";
    /// The route exists, the method does not.
    MethodNotAllowed = 405, "method_not_allowed", "This method is not allowed here";
    /// Something with that name is already there.
    Conflict = 409, "conflict", "This is already there";
    /// The thing is not in a state in which this can be done.
    WrongState = 409, "wrong_state", "This cannot be done now";
    /// Bytes were sent for another place than where the upload goes on.
    OffsetMismatch = 409, "offset_mismatch", "The upload goes on at another place";
    /// The upload was ended, or its time ran out.
    UploadGone = 410, "upload_gone", "This upload does not exist any more";
    /// It lay in a folder outside of the vault and does no more.
    OriginalGone = 410, "original_gone", "The original is not in its folder any more";
    /// `If-Match` or `If-None-Match` did not hold.
    PreconditionFailed = 412, "precondition_failed", "The precondition does not hold";
    /// A version of the tus protocol that is not spoken here.
    TusVersion = 412, "tus_version", "This version of the tus protocol is not spoken here";
    /// A body or file over its limit.
    TooLarge = 413, "too_large", "Too large";
    /// The address of the request, with its query, is over the limit.
    UrlTooLong = 414, "url_too_long", "The address of the request is too long";
    /// The body is in a `Content-Encoding`; nothing is unpacked here.
    EncodingNotAccepted = 415, "encoding_not_accepted", "Send the body without a Content-Encoding";
    /// The type is not on the allow-list.
    TypeNotAllowed = 415, "type_not_allowed", "Files of this type are not accepted";
    /// The content is not of the claimed type and policy refuses that.
    TypeMismatch = 415, "type_mismatch", "The content is not of the claimed type";
    /// The body is not of the media type that is taken here.
    ContentType = 415, "content_type", "The body must be of another type";
    /// A range outside the content.
    RangeNotSatisfiable = 416, "range_not_satisfiable", "The range lies outside the content";
    /// Somebody else is writing to the upload.
    UploadLocked = 423, "upload_locked", "This upload is busy";
    /// The bytes of one request do not have the checksum sent with them.
    ChecksumMismatch = 460, "checksum_mismatch", "The bytes do not match their checksum";
    /// Too many attempts; `Retry-After` says when.
    TooManyRequests = 429, "too_many_requests", "Too many attempts";
    /// The headers of the request are over the limit.
    HeadersTooLarge = 431, "headers_too_large", "The headers of the request are too large";
    /// Owner's quota is used up.
    QuotaExceeded = 413, "quota_exceeded", "The storage quota is used up";
    /// A defect of ours; the request id finds it in the log.
    Internal = 500, "internal", "Something went wrong on our side";
    /// A dependency is down or the vault is stopping; `Retry-After` says when.
    Unavailable = 503, "unavailable", "Not available just now";
    /// The disk is (nearly) full.
    StorageFull = 507, "storage_full", "The storage is full";
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
