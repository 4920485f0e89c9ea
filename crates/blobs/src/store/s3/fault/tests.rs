use super::{Fault, Kind};

fn document(code: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>So it is.</Message>\
         <AWSAccessKeyId>AKIDSECRET</AWSAccessKeyId></Error>"
    )
}

#[test]
fn answers_are_sorted_by_what_to_do_next() {
    for (status, code, kind) in [
        (404, "NoSuchKey", Kind::Absent),
        (404, "NoSuchUpload", Kind::Absent),
        (404, "NoSuchBucket", Kind::Refused),
        (403, "AccessDenied", Kind::Refused),
        (403, "QuotaExceeded", Kind::Full),
        (507, "XMinioStorageFull", Kind::Full),
        (412, "PreconditionFailed", Kind::Taken),
        (409, "ConditionalRequestConflict", Kind::Unwell),
        (416, "InvalidRange", Kind::OutOfRange),
        (200, "InternalError", Kind::Unwell),
        (503, "SlowDown", Kind::Unwell),
        (500, "Whatever", Kind::Unwell),
        (400, "InvalidArgument", Kind::Refused),
    ] {
        assert_eq!(
            Fault::answered(status, &document(code)).kind,
            kind,
            "{code}"
        );
    }
    assert_eq!(Fault::answered(404, "").kind, Kind::Absent);
}

#[test]
fn what_is_passed_on_names_no_key() {
    let fault = Fault::answered(403, &document("SignatureDoesNotMatch"));
    assert_eq!(
        fault.words,
        "it answered 403 SignatureDoesNotMatch: So it is."
    );
}
