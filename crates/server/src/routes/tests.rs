use std::collections::HashSet;

use super::{Access, PREFIX, Route, table};

#[test]
fn every_route_stands_once_under_a_known_place() {
    let table = table();
    let mut seen = HashSet::new();
    for Route { method, path, .. } in &table {
        assert!(seen.insert((method, path)), "{method} {path} stands twice");
        assert!(
            path.starts_with(PREFIX) || path.starts_with("/health") || path == "/metrics",
            "{path}"
        );
    }
    assert!(table.len() > 35);
}

#[test]
fn what_changes_something_is_not_for_everybody() {
    let open: Vec<_> = table()
        .into_iter()
        .filter(|route| route.access == Access::Public && route.method != "GET")
        .map(|route| route.path)
        .collect();
    let expected = ["login", "logout", "refresh", "register", "verify"];
    assert_eq!(open, expected.map(|verb| format!("{PREFIX}/auth/{verb}")));
}
