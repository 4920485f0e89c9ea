use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{Album, Area, Circle, Filter, Stars, Term, Test, parse_query};
use crate::{CollectionId, Day, MediaKind, Status};

fn yes(test: Test) -> Term {
    Term {
        negated: false,
        test,
    }
}

fn no(test: Test) -> Term {
    Term {
        negated: true,
        test,
    }
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

#[test]
fn filters_and_words_mix() {
    let filter = parse_query(
        r#"beach type:image camera:"iPhone 12" after:2024-05 -tag:work rating:>=3 is:shared album:"Summer 24" "#,
    );
    let expected = Filter {
        terms: vec![
            yes(Test::Word("beach".to_owned())),
            yes(Test::Kind(MediaKind::Image)),
            yes(Test::Camera("iPhone 12".to_owned())),
            yes(Test::After(day("2024-05-01"))),
            no(Test::Tag("work".to_owned())),
            yes(Test::Rating(Stars { from: 3, to: 5 })),
        ],
        shared: true,
        albums: vec![Album::Name("Summer 24".to_owned())],
        ..Filter::default()
    };
    assert_eq!(filter, Ok(expected));
}

#[test]
fn quotes_make_words_of_what_looks_like_more() {
    let word = |text: &str| parse_query(text).expect("a query").terms;
    assert_eq!(word(r#""tag:x""#), [yes(Test::Word("tag:x".to_owned()))]);
    assert_eq!(word(r#""-x""#), [yes(Test::Word("-x".to_owned()))]);
    assert_eq!(word(r#"-"a b""#), [no(Test::Word("a b".to_owned()))]);
    assert_eq!(word("-"), [yes(Test::Word("-".to_owned()))]);
    assert_eq!(word("IMG:1"), [yes(Test::Word("IMG:1".to_owned()))]);
}

#[test]
fn places_are_read() {
    let near = Circle {
        lat: 40.7,
        lon: -74.0,
        radius: 10.0,
    };
    let area = Area {
        south: -10.0,
        west: 170.0,
        north: 10.0,
        east: -170.0,
    };
    let filter = parse_query("near:40.7,-74,10km box:-10,170,10,-170 has:place");
    let expected = [Test::Near(near), Test::Within(area), Test::HasPlace].map(yes);
    assert_eq!(filter.expect("a query").terms, expected);
    for bad in [
        "near:40.7,-74",
        "near:91,0,1km",
        "near:1,1,0km",
        "near:1,1,2000km",
        "near:1,1,5",
        "near:nan,1,5km",
        "box:1,2,3",
        "box:5,0,1,0",
        "box:0,0,1,181",
        "has:tags",
    ] {
        assert!(parse_query(bad).is_err(), "{bad}");
    }
}

#[test]
fn stars_are_ranges() {
    let stars = |text: &str| match &parse_query(text).expect("a query").terms[0].test {
        Test::Rating(stars) => (stars.from, stars.to),
        other => panic!("{other:?}"),
    };
    assert_eq!(stars("rating:4"), (4, 4));
    assert_eq!(stars("rating:0"), (0, 0));
    assert_eq!(stars("rating:>3"), (4, 5));
    assert_eq!(stars("rating:<=2"), (0, 2));
    for bad in [
        "rating:6",
        "rating:>5",
        "rating:<0",
        "rating:=>3",
        "rating:x",
        "rating:",
    ] {
        assert!(parse_query(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_mistake_names_its_place() {
    let error = parse_query("sea type:picture").expect_err("picture is no kind");
    assert_eq!(error.position, 4);
    assert!(error.message.contains("image"), "{error}");
    assert_eq!(parse_query("\"sea").expect_err("open quote").position, 0);
    assert_eq!(
        parse_query("a tag:\"sea").expect_err("open quote").position,
        6
    );
    let error = parse_query("beach colour:teal").expect_err("no such filter");
    assert_eq!(error.position, 6);
    assert!(error.message.contains("camera"), "{error}");
    for bad in [
        "after:2024-13",
        "before:2023-02-29",
        "is:old",
        "tag:",
        "-is:trashed",
        "-after:2024",
        "-album:x",
    ] {
        assert!(parse_query(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_query_has_an_end() {
    assert!(parse_query(&"a ".repeat(50)).is_ok());
    let error = parse_query(&"a ".repeat(51)).expect_err("too many words");
    assert_eq!(error.position, 100);
    assert!(parse_query(&"tag:x ".repeat(3000)).is_err());
    let error = parse_query(&"x".repeat(5000)).expect_err("too long");
    assert_eq!(error.position, 4000);
}

/// Text as a query can name it.
fn text() -> impl Strategy<Value = String> {
    r#"[^"\p{White_Space}][^"]{0,10}"#.prop_filter("trimmed", |text| text.trim() == text)
}

fn a_test() -> impl Strategy<Value = Test> {
    let day = || (-719_528..2_932_896_i64).prop_map(Day::from_number);
    prop_oneof![
        text().prop_map(Test::Word),
        text().prop_map(Test::Name),
        (0..MediaKind::ALL.len()).prop_map(|at| Test::Kind(MediaKind::ALL[at])),
        text().prop_map(Test::Camera),
        day().prop_map(Test::After),
        day().prop_map(Test::Before),
        text().prop_map(Test::Tag),
        (0..=5_u8).prop_map(|stars| Test::Rating(Stars {
            from: stars,
            to: stars
        })),
        (0..=5_u8).prop_map(|from| Test::Rating(Stars { from, to: 5 })),
        (0..=5_u8).prop_map(|to| Test::Rating(Stars { from: 0, to })),
        Just(Test::Favourite),
        (0..Status::ALL.len()).prop_map(|at| Test::Status(Status::ALL[at])),
        Just(Test::HasPlace),
        (-90.0..90.0, -180.0..180.0, 0.001..1000.0)
            .prop_map(|(lat, lon, radius)| Test::Near(Circle { lat, lon, radius })),
        (-90.0..0.0, -180.0..180.0, 0.0..90.0, -180.0..180.0).prop_map(
            |(south, west, north, east)| Test::Within(Area {
                south,
                west,
                north,
                east
            })
        ),
    ]
}

fn a_term() -> impl Strategy<Value = Term> {
    (any::<bool>(), a_test()).prop_map(|(negated, test)| Term {
        negated: negated && !matches!(test, Test::After(_) | Test::Before(_)),
        test,
    })
}

fn an_album() -> impl Strategy<Value = Album> {
    prop_oneof![
        any::<u128>().prop_map(|id| Album::Id(CollectionId::from_uuid(uuid::Uuid::from_u128(id)))),
        text()
            .prop_filter("no id", |name| name.parse::<CollectionId>().is_err())
            .prop_map(Album::Name),
    ]
}

fn a_filter() -> impl Strategy<Value = Filter> {
    (
        vec(a_term(), 0..20),
        any::<[bool; 4]>(),
        vec(an_album(), 0..3),
    )
        .prop_map(
            |(terms, [trashed, archived, locked, shared], albums)| Filter {
                terms,
                trashed,
                archived,
                locked,
                shared,
                albums,
            },
        )
}

proptest! {
    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = parse_query(&text);
    }

    #[test]
    fn what_looks_like_a_query_never_panics(
        text in "(-?(is|tag|near|box|rating|after|album|type|has|status)?:?[<>=0-9,\\-\" kma-z]{0,8}){0,6}"
    ) {
        let _ = parse_query(&text);
    }

    #[test]
    fn a_filter_reads_as_it_is_written(filter in a_filter()) {
        let text = filter.to_string();
        prop_assert_eq!(parse_query(&text), Ok(filter), "{}", text);
    }

    #[test]
    fn a_mistake_lies_within_the_query(text in "[-a-z:\" 0-9]{0,40}") {
        if let Err(error) = parse_query(&text) {
            prop_assert!(error.position < text.chars().count().max(1));
        }
    }
}
