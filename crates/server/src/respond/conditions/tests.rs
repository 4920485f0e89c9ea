use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use domain::Timestamp;

use super::{Conditions, Unsatisfiable, Verdict, http_date};

const ETAG: &str = "abc";
/// 14 November 2023, 22:13:20.5 UTC.
const MODIFIED: Timestamp = Timestamp::from_millis(1_700_000_000_500);
const DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT";
const EARLIER: &str = "Tue, 14 Nov 2023 22:13:19 GMT";
const LATER: &str = "Tue, 14 Nov 2023 22:13:21 GMT";

fn conditions(method: Method, headers: &[(HeaderName, &'static str)]) -> Conditions {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(name, HeaderValue::from_static(value));
    }
    Conditions::new(method, &map)
}

fn weigh(method: Method, headers: &[(HeaderName, &'static str)]) -> Verdict {
    conditions(method, headers).weigh(ETAG, Some(MODIFIED))
}

fn get(headers: &[(HeaderName, &'static str)]) -> Verdict {
    weigh(Method::GET, headers)
}

#[test]
fn dates_are_written_in_whole_seconds() {
    assert_eq!(http_date(MODIFIED), DATE);
    assert_eq!(
        http_date(Timestamp::from_millis(-1)),
        "Thu, 01 Jan 1970 00:00:00 GMT"
    );
    assert_eq!(
        http_date(Timestamp::from_millis(i64::MAX)),
        "Fri, 31 Dec 9999 23:59:59 GMT"
    );
}

#[test]
fn who_has_it_need_not_read_it_again() {
    for value in [
        "\"abc\"",
        "W/\"abc\"",
        "*",
        "\"x\", \"abc\"",
        "\"x\",W/\"abc\" , \"y\"",
    ] {
        assert_eq!(
            get(&[(header::IF_NONE_MATCH, value)]),
            Verdict::NotModified,
            "{value}"
        );
        let head = weigh(Method::HEAD, &[(header::IF_NONE_MATCH, value)]);
        assert_eq!(head, Verdict::NotModified, "{value}");
        let put = weigh(Method::PUT, &[(header::IF_NONE_MATCH, value)]);
        assert_eq!(put, Verdict::Failed, "{value}");
    }
    for value in ["\"abd\"", "abc", "\"abc", "", "\"a\"bc\""] {
        assert_eq!(
            get(&[(header::IF_NONE_MATCH, value)]),
            Verdict::Proceed,
            "{value}"
        );
    }
    let split = [
        (header::IF_NONE_MATCH, "\"x\""),
        (header::IF_NONE_MATCH, "\"abc\""),
    ];
    assert_eq!(get(&split), Verdict::NotModified);
}

#[test]
fn who_insists_gets_that_state_or_nothing() {
    assert_eq!(get(&[(header::IF_MATCH, "\"abc\"")]), Verdict::Proceed);
    assert_eq!(get(&[(header::IF_MATCH, "*")]), Verdict::Proceed);
    // A weak tag cannot promise the same bytes.
    assert_eq!(get(&[(header::IF_MATCH, "W/\"abc\"")]), Verdict::Failed);
    assert_eq!(get(&[(header::IF_MATCH, "\"x\"")]), Verdict::Failed);
    assert_eq!(
        get(&[(header::IF_UNMODIFIED_SINCE, DATE)]),
        Verdict::Proceed
    );
    assert_eq!(
        get(&[(header::IF_UNMODIFIED_SINCE, EARLIER)]),
        Verdict::Failed
    );
    // The tag says it better than the date.
    let both = [
        (header::IF_MATCH, "\"abc\""),
        (header::IF_UNMODIFIED_SINCE, EARLIER),
    ];
    assert_eq!(get(&both), Verdict::Proceed);
}

#[test]
fn dates_count_when_there_is_no_tag() {
    assert_eq!(
        get(&[(header::IF_MODIFIED_SINCE, DATE)]),
        Verdict::NotModified
    );
    assert_eq!(
        get(&[(header::IF_MODIFIED_SINCE, LATER)]),
        Verdict::NotModified
    );
    assert_eq!(
        get(&[(header::IF_MODIFIED_SINCE, EARLIER)]),
        Verdict::Proceed
    );
    assert_eq!(
        get(&[(header::IF_MODIFIED_SINCE, "yesterday")]),
        Verdict::Proceed
    );
    let both = [
        (header::IF_NONE_MATCH, "\"x\""),
        (header::IF_MODIFIED_SINCE, LATER),
    ];
    assert_eq!(get(&both), Verdict::Proceed);
    let old = "Tuesday, 14-Nov-23 22:13:20 GMT";
    assert_eq!(
        get(&[(header::IF_MODIFIED_SINCE, old)]),
        Verdict::NotModified
    );
}

#[test]
fn a_part_fits_only_what_the_client_has() {
    let part = |condition: &'static str| {
        let headers = [(header::RANGE, "bytes=0-1"), (header::IF_RANGE, condition)];
        conditions(Method::GET, &headers).part(ETAG, MODIFIED, 10)
    };
    assert_eq!(part("\"abc\""), Ok(Some(0..2)));
    assert_eq!(part(DATE), Ok(Some(0..2)));
    for other in ["W/\"abc\"", "\"x\"", EARLIER, LATER, "nonsense"] {
        assert_eq!(part(other), Ok(None), "{other}");
    }
}

#[test]
fn only_get_knows_ranges() {
    let headers = [(header::RANGE, "bytes=20-")];
    let part = |method| conditions(method, &headers).part(ETAG, MODIFIED, 10);
    assert_eq!(part(Method::GET), Err(Unsatisfiable));
    assert_eq!(part(Method::HEAD), Ok(None));
}
