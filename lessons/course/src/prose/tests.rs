//! Prose from anybody is safe, and its numbers are computed.

use super::*;

fn read(text: &str) -> Result<Prose, LessonError> {
    Prose::read(&text.lines().collect::<Vec<_>>(), 7)
}

#[test]
fn markdown_becomes_html() {
    let prose = read("A *persistent* connection, see [RFC](https://www.rfc-editor.org/rfc/x).");
    let html = prose.unwrap().html(|_| None);
    let link = "<a href=\"https://www.rfc-editor.org/rfc/x\">RFC</a>";
    assert_eq!(html, format!("<p>A <em>persistent</em> connection, see {link}.</p>\n"));
}

#[test]
fn html_images_and_foreign_links_are_refused_where_they_stand() {
    let at = |text: &str| read(text).unwrap_err().to_string();
    let html = at("Two\nlines <b onclick=x>and</b>");
    assert!(html.starts_with("line 8, column 7: found HTML `<b onclick=x>`"), "{html}");
    let block = at("<script>alert(1)</script>");
    assert!(block.starts_with("line 7, column 1: found HTML"), "{block}");
    let script = at("[x](javascript:alert(1))");
    assert!(script.contains("a link to `javascript:alert(1)`"), "{script}");
    for dest in ["http://a.test/", "//a.test/", "data:text/html,x", "/\\a.test"] {
        assert!(read(&format!("[x]({dest})")).is_err(), "{dest}");
    }
    assert!(at("![x](/x.png)").contains("an image"));
}

#[test]
fn what_the_check_would_refuse_the_renderer_would_not_pass_either() {
    let html = |raw: &str| Prose { pieces: vec![Piece::Text(raw.to_string())] }.html(|_| None);
    assert_eq!(html("<script>x</script>"), "&lt;script&gt;x&lt;/script&gt;");
    assert_eq!(html("a <b>"), "<p>a &lt;b&gt;</p>\n");
    assert_eq!(html("![i](https://a.test/i.png)"), "<p>i</p>\n");
    assert_eq!(html("[l](javascript:x) [m](/m)"), "<p>l <a href=\"/m\">m</a></p>\n");
}

#[test]
fn numbers_are_computed_and_shown_in_their_unit() {
    let prose = read("It took {{measured | ms}}, {{measured / rtt | RTT @ mode=serial}}.").unwrap();
    let shown = prose.markdown(&|n| Some(if n.with.is_empty() { 0.0612 } else { 18.0 }));
    assert_eq!(shown, "It took 61.2\u{a0}ms, 18\u{a0}RTT.\n");
    let unknown = prose.markdown(&|_| None);
    assert_eq!(unknown, "It took \u{2026}, \u{2026}.\n");
}

#[test]
fn a_number_that_cannot_be_read_is_shown_where_it_is() {
    let error = read("It took {{measured + }} then").unwrap_err();
    assert_eq!((error.at.line, error.at.column), (7, 22));
    let error = read("It took {{measured").unwrap_err();
    assert_eq!((error.at.line, error.at.column), (7, 9));
}
