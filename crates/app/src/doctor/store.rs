//! Where bytes are kept: whether a bucket answers, takes our keys, and will not write over anything.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use blobs::{BlobError, Looked, S3Store};

use super::Finding;
use crate::config::Config;
use crate::wiring::{SystemClock, SystemEntropy};

const SUBJECT: &str = "store";

/// Clocks further apart than this will be too far apart some day: S3 draws the line at 15 minutes.
const SKEW: Duration = Duration::from_secs(60);

pub async fn look(config: &Config) -> Finding {
    let Some((address, settings)) = config.bucket() else {
        let url = config.store_url.as_deref();
        return Finding::fine(SUBJECT, url.unwrap_or("a folder in the data directory"));
    };
    let store = S3Store::new(
        &address,
        &settings,
        Arc::new(SystemClock),
        Arc::new(SystemEntropy),
    );
    let looked = match store {
        Ok(store) => store.look().await,
        Err(error) => Err(error),
    };
    match looked {
        Ok(looked) => judge(&address.to_string(), looked),
        Err(error) => refused(&address.to_string(), &error),
    }
}

fn judge(address: &str, looked: Looked) -> Finding {
    if looked.skew() > SKEW {
        let words = format!(
            "{address} can be used, but its clock and this machine's are {} s apart",
            looked.skew().as_secs()
        );
        return Finding::limited(SUBJECT, words, "set it: timedatectl set-ntp true");
    }
    if !looked.conditional {
        let words = format!("{address} can be used, but ignores If-None-Match");
        let remedy =
            "names are looked up before they are written; a newer release of the store may heed it";
        return Finding::limited(SUBJECT, words, remedy);
    }
    Finding::fine(
        SUBJECT,
        format!("{address} can be listed, written, read and deleted"),
    )
}

fn refused(address: &str, error: &BlobError) -> Finding {
    let why = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let remedy = if why.contains("NoSuchBucket") {
        "make the bucket, or correct store_url"
    } else if why.contains("clock") {
        "set it: timedatectl set-ntp true"
    } else if why.contains(" 40") || why.contains(" 30") {
        "correct s3_access_key_id, s3_secret_access_key and s3_region, and let the key list, read, write and delete"
    } else {
        "start the store, or correct s3_endpoint"
    };
    Finding::broken(SUBJECT, format!("{address}: {why}"), remedy)
}

#[cfg(test)]
mod tests;
