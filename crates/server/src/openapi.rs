//! The OpenAPI 3.1 document, made from the handlers themselves; no running server needed.

mod examples;
mod limits;
mod tags;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use bytes::Bytes;
use domain::Code;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref, RefOr,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::app::App;
use crate::http::auth::cookie;
use crate::problem::MEDIA_TYPE;
use crate::routes::{Access, PREFIX, described, operations};

/// Why a request was refused or failed (RFC 9457).
#[derive(ToSchema)]
#[schema(as = Problem)]
#[allow(dead_code, reason = "describes what Problem's own Serialize writes")]
pub(crate) struct ProblemBody {
    /// Always `about:blank`: the code says which problem it is.
    r#type: String,
    /// A short sentence, the same for every occurrence.
    title: String,
    /// The HTTP status.
    status: u16,
    /// Stable; what a program should look at.
    #[schema(schema_with = code_schema)]
    code: String,
    /// What is wrong this time.
    detail: String,
    /// The field to correct.
    field: Option<String>,
    /// Finds the request in the log.
    request_id: Option<String>,
}

fn code_schema() -> utoipa::openapi::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(Code::ALL.iter().map(|code| code.as_str())))
        .build()
}

const SESSION: &str = "session";
const BEARER: &str = "bearer";
const KEY: &str = "api_key";

/// The document: what the handlers say of themselves, then what is checked behind them, examples, and
/// the subjects they are about.
pub fn document() -> OpenApi {
    let said = described_by_handlers();
    let mut whole = serde_json::to_value(&said).unwrap_or_default();
    limits::apply(&mut whole);
    examples::fill(&mut whole);
    tags::describe(&mut whole);
    serde_json::from_value(whole).unwrap_or(said)
}

fn described_by_handlers() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Media Vault")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Keeps photos, videos, audio and documents.\n\n\
             Programs send an API key or an access token as `Authorization: Bearer`. Lists come in pages: \
             give `next_cursor` as `cursor` until it is null. Errors are problem details (RFC 9457): \
             look at `code`, which is stable; `field` names what to correct, `request_id` finds the request \
             in the log. Fields that a body does not have are refused. Times are RFC 3339, absent facts null.",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").build()))
        .build();
    let mut document = OpenApiBuilder::new()
        .info(info)
        .components(Some(Components::new()))
        .build();
    for (access, mut api) in described() {
        for (path, item) in &mut api.paths.paths {
            for (method, operation) in operations(item) {
                if let Some(operation) = operation {
                    complete(operation, method, path, access);
                }
            }
        }
        document.merge(api);
    }
    if let Some(components) = &mut document.components {
        describe(components);
    }
    document
}

/// Adds what follows from where an operation stands: its id, its credentials, its problems.
fn complete(operation: &mut Operation, method: &str, path: &str, access: Access) {
    operation.operation_id = Some(operation_id(method, path));
    operation.security = requirements(access);
    operation
        .responses
        .responses
        .insert("default".to_owned(), problem_response());
}

/// `GET /api/v1/assets/{id}/steps` is `get_assets_id_steps`: unique, and it stays when a handler is
/// renamed.
fn operation_id(method: &str, path: &str) -> String {
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    let words = path
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    std::iter::once(method.to_ascii_lowercase().as_str())
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}

fn describe(components: &mut Components) {
    let name = ProblemBody::name().into_owned();
    components.schemas.insert(name, ProblemBody::schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An access token, or an API key (`mvk_…`)."))
        .build();
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    let session = ApiKeyValue::with_description(
        cookie::NAME,
        "A browser's session. Changes made with it must come from the vault's own pages.",
    );
    components.add_security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    let key = ApiKeyValue::with_description("X-Api-Key", "An API key (`mvk_…`).");
    components.add_security_scheme(KEY, SecurityScheme::ApiKey(ApiKey::Header(key)));
}

/// Which credentials a route takes; any one will do.
fn requirements(access: Access) -> Option<Vec<SecurityRequirement>> {
    let none = SecurityRequirement::default();
    let by = |names: &[&str]| -> Vec<SecurityRequirement> {
        names
            .iter()
            .map(|name| SecurityRequirement::new(*name, Vec::<String>::new()))
            .collect()
    };
    match access {
        Access::Public | Access::SignedOnly => None,
        Access::InPerson | Access::InPersonWith(_) => Some(by(&[SESSION, BEARER])),
        Access::SignedIn | Access::Needs(_) => Some(by(&[SESSION, BEARER, KEY])),
        Access::Signed(_) | Access::LoopbackOr(_) => {
            let mut any = by(&[SESSION, BEARER, KEY]);
            any.push(none);
            Some(any)
        }
    }
}

fn problem_response() -> RefOr<utoipa::openapi::Response> {
    let schema = Ref::from_schema_name(ProblemBody::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description("What went wrong")
        .content(MEDIA_TYPE, content)
        .build()
        .into()
}

/// `GET /api/v1/openapi.json`.
pub(crate) fn route() -> MethodRouter<App> {
    static TEXT: LazyLock<Bytes> =
        LazyLock::new(|| Bytes::from(document().to_pretty_json().unwrap_or_default()));
    get(|| async {
        let headers = [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-cache"),
        ];
        (headers, TEXT.clone()).into_response()
    })
}
