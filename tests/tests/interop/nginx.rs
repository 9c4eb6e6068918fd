//! nginx as Debian ships it: first that it is really there, since everything else rests on that.

use tests::nginx::{Nginx, SITE};
use tests::program::run;
use tests::tap::Tap;

#[test]
fn curl_fetches_a_page_and_two_objects_from_nginx_over_one_connection_through_the_tap() {
    let nginx = Nginx::start();
    let tap = Tap::before(nginx.address());
    let urls = SITE.map(|page| format!("http://{}/{}", tap.address(), page.name));
    let mut arguments = vec!["-sS"];
    arguments.extend(urls.iter().map(String::as_str));
    let answer = run("curl", &arguments);
    let site: String = SITE.iter().map(|page| page.text).collect();
    assert_eq!(String::from_utf8_lossy(&answer.stdout), site);
    let tapes = tap.tapes();
    assert_eq!(tapes.len(), 1, "RFC 9112 section 9.3: a connection persists unless it says close");
    for page in SITE {
        let head = format!("GET /{} HTTP/1.1\r\n", page.name);
        assert!(String::from_utf8_lossy(&tapes[0].sent).contains(&head));
        assert!(String::from_utf8_lossy(&tapes[0].received).contains(page.text));
    }
}
