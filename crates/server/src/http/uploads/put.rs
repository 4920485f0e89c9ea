//! `PUT /uploads/{id}/content`: the one PUT a presigned URL allows.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use domain::{Code, Timestamp, UploadId};
use futures::TryStreamExt;
use serde::Deserialize;
use service::ingest::{Received, Receiving};
use service::links::Link;
use utoipa::IntoParams;

use crate::app::App;
use crate::extract::{Path, Query, Remote};
use crate::http::assets::{body::ReceivedBody, create};
use crate::problem::Problem;

/// What the URL carries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Who announced it.
    by: String,
    /// Milliseconds since the epoch.
    expires: i64,
    signature: String,
}

/// Send the bytes of an announced upload.
#[utoipa::path(put, path = "/uploads/{id}/content", tag = "uploads", params(("id" = String, Path), Params),
    request_body(content = String, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "Stored", body = ReceivedBody),
        (status = 200, description = "Already there", body = ReceivedBody),
    ))]
pub async fn put(
    State(app): State<App>,
    Remote(peer): Remote,
    Path(id): Path<UploadId>,
    Query(params): Query<Params>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let link = Link {
        by: params.by.parse()?,
        expires_at: Timestamp::from_millis(params.expires),
        signature: params.signature,
    };
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let size = text(header::CONTENT_LENGTH).and_then(|size| size.parse().ok());
    let kind = text(header::CONTENT_TYPE);
    let trace = peer.trace();
    let receiving = app
        .vault
        .receive_upload(&link, id, size, kind, trace)
        .await?;
    let caller = receiving.caller().clone();
    match stream_in(receiving, body).await {
        Ok(received) => Ok(create::single(&caller, received)),
        Err(Ended::Refused(error)) => {
            app.vault.reopen_upload(caller.tenant, id, &error).await;
            Err(error.into())
        }
        Err(Ended::Cut) => {
            let cut = service::Error::refused(Code::UploadInterrupted, "send it again");
            app.vault.reopen_upload(caller.tenant, id, &cut).await;
            Err(cut.into())
        }
    }
}

/// Why nothing came of it.
enum Ended {
    Refused(service::Error),
    Cut,
}

impl From<service::Error> for Ended {
    fn from(error: service::Error) -> Self {
        Self::Refused(error)
    }
}

async fn stream_in(mut receiving: Receiving, body: Body) -> Result<Received, Ended> {
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.try_next().await.map_err(|_| Ended::Cut)? {
        receiving.write(chunk).await?;
    }
    Ok(receiving.finish().await?)
}
