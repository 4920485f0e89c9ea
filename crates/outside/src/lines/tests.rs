use super::LineCutter;

fn cut(limit: usize, chunks: &[&[u8]]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut cutter = LineCutter::new(limit);
    for chunk in chunks {
        cutter.push(chunk, |line| lines.push(line.to_owned()));
    }
    cutter.finish(|line| lines.push(line.to_owned()));
    lines
}

#[test]
fn lines_come_whole_however_the_bytes_arrive() {
    assert_eq!(
        cut(80, &[b"one\ntw", b"o\n\n", b"three"]),
        ["one", "two", "three"]
    );
}

#[test]
fn a_long_line_is_cut_and_the_next_one_is_not() {
    assert_eq!(cut(4, &[b"abcdefgh\nxy\n"]), ["abcd…", "xy"]);
}

#[test]
fn control_characters_and_broken_utf8_do_not_reach_the_log() {
    assert_eq!(cut(80, &[b"a\x1b[31mb\xff\r\n"]), ["a [31mb\u{fffd}"]);
}
