use super::{Page, Upload, parse};

#[test]
fn a_page_of_uploads_is_read() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<ListMultipartUploadsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
  <Bucket>b</Bucket><KeyMarker/><NextKeyMarker>a&amp;b</NextKeyMarker>
  <NextUploadIdMarker>2~x</NextUploadIdMarker><IsTruncated>true</IsTruncated>
  <Upload><Key>a&amp;b</Key><UploadId>2~x</UploadId>
    <Initiator><ID>i</ID></Initiator><Owner><ID>o</ID></Owner>
    <Initiated>2026-11-30T18:00:00.000Z</Initiated></Upload>
</ListMultipartUploadsResult>";
    let upload = Upload {
        key: "a&b".to_owned(),
        id: "2~x".to_owned(),
        initiated: "2026-11-30T18:00:00.000Z".to_owned(),
    };
    let page = Page {
        uploads: vec![upload],
        next: Some(("a&b".to_owned(), "2~x".to_owned())),
    };
    assert_eq!(parse(xml), Ok(page));
}

#[test]
fn what_is_no_list_is_said_to_be_none() {
    assert!(parse("<a><b></a>").is_err());
}
