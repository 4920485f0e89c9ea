use super::{FRAME, HEADER, SEALED_FRAME, TAG, frame_count, frame_span, plain_size, sealed_size};

#[test]
fn sizes_lead_back() {
    for plain in [
        0,
        1,
        FRAME - 1,
        FRAME,
        FRAME + 1,
        2 * FRAME,
        5 * 1024 * 1024 * 1024,
    ] {
        assert_eq!(plain_size(sealed_size(plain)), Some(plain), "{plain}");
    }
}

#[test]
fn emptiness_has_a_frame() {
    assert_eq!(frame_count(0), 1);
    assert_eq!(sealed_size(0), HEADER + TAG);
}

#[test]
fn sizes_no_object_has() {
    for stored in [
        0,
        HEADER - 1,
        HEADER,
        HEADER + TAG - 1,
        HEADER + SEALED_FRAME + 1,
        HEADER + SEALED_FRAME + TAG,
    ] {
        assert_eq!(plain_size(stored), None, "{stored}");
    }
}

#[test]
fn the_last_frame_ends_with_the_object() {
    let stored = sealed_size(FRAME + 10);
    assert_eq!(
        frame_span(&(1..2), stored),
        HEADER + SEALED_FRAME..HEADER + SEALED_FRAME + 10 + TAG
    );
}
