use domain::AssetId;
use proptest::prelude::{any, prop_assert_eq, proptest};
use uuid::Uuid;

use super::{Cursor, Key, Sort};

proptest! {
    #[test]
    fn a_place_reads_as_it_is_written(number: i64, text: String, id: u128, by_name: bool) {
        let key = if by_name { Key::Text(text) } else { Key::Number(number) };
        let cursor = Cursor { key, id: AssetId::from_uuid(Uuid::from_u128(id)) };
        prop_assert_eq!(cursor.to_string().parse(), Ok(cursor.clone()));
        prop_assert_eq!(cursor.fits(Sort::Name), by_name);
        prop_assert_eq!(cursor.fits(Sort::Size), !by_name);
    }

    #[test]
    fn nonsense_is_no_place(text in any::<String>()) {
        if let Ok(cursor) = text.parse::<Cursor>() {
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }
}
