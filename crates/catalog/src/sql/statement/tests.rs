use super::{Builder, Dialect, Sql, render};

#[test]
fn parameters_are_numbered_for_sqlite() {
    let sql = "UPDATE t SET a = $2, b = $10 WHERE c = $1";
    assert_eq!(
        render(Dialect::Sqlite, sql),
        "UPDATE t SET a = ?2, b = ?10 WHERE c = ?1"
    );
    assert_eq!(render(Dialect::Postgres, sql), sql);
}

#[test]
fn literals_names_and_comments_are_left_alone() {
    let sql = r#"SELECT 'costs $1 {x} -- not ''that''', "odd$1" -- $1 {gone}
 FROM t WHERE a = $1 - -1"#;
    assert_eq!(
        render(Dialect::Sqlite, sql),
        "SELECT 'costs $1 {x} -- not ''that''', \"odd$1\" \n FROM t WHERE a = ?1 - -1"
    );
}

#[test]
fn fragments_differ_by_dialect() {
    let sql = "CREATE TABLE t (id {uuid} PRIMARY KEY) {typed}";
    assert_eq!(
        render(Dialect::Sqlite, sql),
        "CREATE TABLE t (id BLOB PRIMARY KEY) STRICT"
    );
    assert_eq!(
        render(Dialect::Postgres, sql),
        "CREATE TABLE t (id UUID PRIMARY KEY) "
    );
}

#[test]
fn lists_come_in_few_lengths() {
    let text = |count: i64| {
        let mut builder = Builder::new("SELECT x FROM t WHERE x");
        builder.is_one_of(0..count);
        match builder.finish() {
            (Sql::Built(built), args) => (built.0, args.len()),
            (Sql::Fixed(_), _) => unreachable!("a builder builds"),
        }
    };
    assert_eq!(text(0), ("SELECT x FROM t WHERE x IN (NULL)".to_owned(), 0));
    assert_eq!(text(1), ("SELECT x FROM t WHERE x = $1".to_owned(), 1));
    assert_eq!(
        text(3),
        ("SELECT x FROM t WHERE x IN ($1, $2, $3, $4)".to_owned(), 4)
    );
    assert_eq!(text(5), text(8));
}
