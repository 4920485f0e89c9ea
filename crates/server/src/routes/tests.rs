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
    // Signing in; and what whoever follows a link does, who shows its pass.
    let expected = [
        "auth/login",
        "auth/logout",
        "auth/refresh",
        "auth/register",
        "auth/verify",
        "shared/{token}/archive",
        "shared/{token}/open",
    ];
    assert_eq!(open, expected.map(|path| format!("{PREFIX}/{path}")));
}
