use blobs::Looked;
use testkit::s3::Place;

use super::{judge, look};
use crate::config::{Config, Secret};
use crate::doctor::Verdict;

fn config(place: &Place) -> Config {
    let mut config = Config {
        store_url: Some(format!("s3://{}/vault", place.bucket)),
        s3_access_key_id: Some(Secret::new(&place.key_id)),
        s3_secret_access_key: Some(Secret::new(&place.secret)),
        ..Config::default()
    };
    config.s3.endpoint = Some(place.endpoint.clone());
    config
}

#[tokio::test]
async fn a_bucket_is_used_a_little_or_said_to_be_out_of_reach() {
    let place = Place::fresh().await;
    let found = look(&config(&place)).await;
    assert_eq!(found.verdict, Verdict::Fine, "{found:?}");

    let absent = Place {
        bucket: "there-is-none".to_owned(),
        ..place.clone()
    };
    let found = look(&config(&absent)).await;
    assert_eq!(found.verdict, Verdict::Broken);
    assert!(found.words.contains("NoSuchBucket"), "{found:?}");

    let nowhere = Place {
        endpoint: "http://127.0.0.1:1".to_owned(),
        ..place
    };
    let found = look(&config(&nowhere)).await;
    assert_eq!(found.verdict, Verdict::Broken);
    assert!(found.words.contains("refused"), "{found:?}");
}

#[test]
fn what_works_with_something_missing_is_limited() {
    let verdict = |conditional, ahead_millis| {
        let looked = Looked {
            conditional,
            ahead_millis,
        };
        judge("s3://b/", looked).verdict
    };
    assert_eq!(verdict(true, Some(-900)), Verdict::Fine);
    assert_eq!(verdict(true, None), Verdict::Fine);
    assert_eq!(verdict(false, Some(0)), Verdict::Limited);
    assert_eq!(verdict(true, Some(-120_000)), Verdict::Limited);
}
