use super::{Page, one_more};

#[test]
fn a_page_says_where_the_next_begins_only_when_there_is_one() {
    let cut = |found: &[u8], limit| Page::cut(found.to_vec(), limit, |item| *item);
    let page = |items: &[u8], next| Page {
        items: items.to_vec(),
        next,
    };
    assert_eq!(cut(&[], 2), page(&[], None));
    assert_eq!(cut(&[1, 2], 2), page(&[1, 2], None));
    assert_eq!(cut(&[1, 2, 3], 2), page(&[1, 2], Some(2)));
    assert_eq!(one_more(2), 3);
}

#[test]
fn a_page_keeps_its_place_when_it_is_shown() {
    let page = Page::cut(vec![1, 2, 3], 2, |item| *item);
    let shown = page.map(|item: u8| item * 10).written();
    assert_eq!(shown.items, [10, 20]);
    assert_eq!(shown.next.as_deref(), Some("2"));
}
