use domain::SeededEntropy;
use proptest::prelude::{any, prop_assert_eq, proptest};

use super::{canonical, code};

#[test]
fn a_code_reads_well() {
    let code = code(3, &SeededEntropy::new(1));
    assert_eq!(code.len(), 14);
    assert!(code.split('-').all(|group| group.len() == 4));
    assert!(
        code.bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-')
    );
    assert!(!code.contains(['I', 'L', 'O', 'U']));
}

proptest! {
    #[test]
    fn how_it_is_typed_does_not_matter(seed in any::<u64>(), zero in "[0oO]", one in "[1iIlL]") {
        let code = code(4, &SeededEntropy::new(seed));
        let typed = code.to_lowercase().replace('-', " ").replace('0', &zero).replace('1', &one);
        prop_assert_eq!(canonical(&typed), canonical(&code));
        prop_assert_eq!(canonical(&code).len(), 16);
    }
}
