//! What the browser makes of cookies, against RFC 6265 and the `cookie` crate.

use super::*;
use crate::http::Url;
use crate::http::policy_rules as rules;
use crate::wire::Time;

const NOW: Time = Time::from_secs(1_700_000_000);

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn jar(sets: &[(&str, &str)]) -> Jar {
    let mut jar = Jar::default();
    for (from, line) in sets {
        jar.store(&url(from), line, NOW);
    }
    jar
}

#[test]
fn a_cookie_goes_back_to_its_host_and_path_only_unless_it_names_a_domain() {
    let mut jar = jar(&[
        ("http://www.cs.test/a/b", "own=1"),
        ("http://www.cs.test/", "shared=2; Domain=cs.test"),
        ("http://www.cs.test/", "deep=3; Path=/a/b"),
        ("http://www.cs.test/", "safe=4; Secure; Path=/"),
    ]);
    for (to, line) in [
        ("http://www.cs.test/a/x", Some("own=1; shared=2")),
        ("http://www.cs.test/a/b/c", Some("deep=3; own=1; shared=2")),
        ("http://www.cs.test/ab", Some("shared=2")),
        ("http://ftp.cs.test/", Some("shared=2")),
        ("http://cs.test/", Some("shared=2")),
        ("http://xcs.test/", None),
        ("http://test/", None),
    ] {
        assert_eq!(jar.cookie_line(&url(to), false, NOW).as_deref(), line, "{to}");
    }
    let secure = jar.cookie_line(&url("http://www.cs.test/"), true, NOW);
    assert_eq!(secure.as_deref(), Some("shared=2; safe=4"), "section 5.4 step 1");
}

#[test]
fn a_foreign_domain_a_whole_suffix_and_a_malformed_line_are_refused_by_rule() {
    for (line, rule) in [
        ("a=1; Domain=other.test", &rules::COOKIE_DOMAIN),
        ("a=1; Domain=ftp.www.cs.test", &rules::COOKIE_DOMAIN),
        ("a=1; Domain=test", &rules::COOKIE_PUBLIC_SUFFIX),
        ("no pair", &rules::COOKIE_SYNTAX),
        ("=nameless", &rules::COOKIE_SYNTAX),
    ] {
        let mut jar = Jar::default();
        match jar.store(&url("http://www.cs.test/"), line, NOW) {
            Stored::Refused { rule: by, .. } => assert_eq!(by, rule, "{line}"),
            other => panic!("{line}: {other:?}"),
        }
    }
    let long = format!("a={}", "x".repeat(MAX_COOKIE_LEN));
    assert_eq!(SetCookie::parse(&long), Err(&rules::COOKIE_LIMITS));
}

#[test]
fn expiry_forgets_and_max_age_wins_over_expires() {
    let site = url("http://cs.test/");
    let mut jar = jar(&[
        ("http://cs.test/", "brief=1; Max-Age=10; Expires=Wed, 01 Jan 2200 00:00:00 GMT"),
        ("http://cs.test/", "session=2"),
        ("http://cs.test/", "past=3; Expires=Thu, 01 Jan 1970 00:00:01 GMT"),
    ]);
    let later = NOW + core::time::Duration::from_secs(10);
    assert_eq!(jar.cookie_line(&site, false, NOW).as_deref(), Some("brief=1; session=2"));
    assert_eq!(jar.cookie_line(&site, false, later).as_deref(), Some("session=2"));
    let gone = jar.store(&site, "session=; Max-Age=0", later);
    assert_eq!(gone, Stored::Deleted { name: "session".into(), domain: "cs.test".into() });
    assert_eq!(jar.cookie_line(&site, false, later), None);
}

#[test]
fn replacing_keeps_the_place_in_the_order() {
    let mut jar =
        jar(&[("http://cs.test/", "a=1"), ("http://cs.test/", "b=2"), ("http://cs.test/", "a=3")]);
    let line = jar.cookie_line(&url("http://cs.test/"), false, NOW);
    assert_eq!(line.as_deref(), Some("a=3; b=2"), "section 5.3 step 11.3");
}

#[test]
fn a_domain_that_hands_out_too_many_loses_the_one_unused_for_longest() {
    let site = url("http://cs.test/");
    let mut jar = Jar::default();
    for n in 0..=MAX_COOKIES_PER_DOMAIN {
        jar.store(&site, &format!("c{n}=x"), NOW);
    }
    assert_eq!(jar.iter().count(), MAX_COOKIES_PER_DOMAIN);
    assert!(jar.iter().all(|c| c.name != "c0"));
}

#[test]
fn dates_are_read_in_every_way_that_section_5_1_1_allows() {
    let expected = Some(Time::from_secs(784_111_777));
    for text in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "6 november 1994 8:49:37",
        "Mon, 06 Nov 1994 08:49:37 GMT",
    ] {
        assert_eq!(parse_cookie_date(text), expected, "{text}");
    }
    for text in ["", "tomorrow", "06 Nov 1994", "32 Nov 1994 08:49:37", "6 Nov 1994 24:00:00"] {
        assert_eq!(parse_cookie_date(text), None, "{text}");
    }
}

/// Differences understood: the `cookie` crate keeps the path even if it does not begin with `/`
/// (section 5.2.4 ignores it), keeps an empty domain out as we do, and takes only HTTP dates in
/// Expires where section 5.1.1 is lenient; none of the lines here touch those.
#[test]
fn set_cookie_lines_read_as_the_cookie_crate_reads_them() {
    for line in [
        "a=1",
        "a=1; Path=/x; Domain=.cs.test",
        "a=\"quoted\"; secure; HTTPONLY",
        " a = b ;  Max-Age=60",
        "a=b=c; Max-Age=-5",
        "a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT",
        "a=; Path=/",
        "a=1; Unknown=thing; Max-Age=many",
    ] {
        let ours = SetCookie::parse(line).unwrap();
        let theirs = cookie::Cookie::parse(line).unwrap();
        assert_eq!(ours.name, theirs.name(), "{line}");
        assert_eq!(ours.value, theirs.value(), "{line}");
        assert_eq!(ours.path.as_deref(), theirs.path(), "{line}");
        assert_eq!(ours.domain.as_deref(), theirs.domain(), "{line}");
        assert_eq!(ours.secure, theirs.secure().unwrap_or(false), "{line}");
        assert_eq!(ours.http_only, theirs.http_only().unwrap_or(false), "{line}");
        let max_age = theirs.max_age().map(|d| d.whole_seconds());
        assert_eq!(ours.max_age_secs.map(|s| s.max(0)), max_age, "{line}");
        let expires = theirs.expires_datetime().map(|d| d.unix_timestamp().unsigned_abs());
        assert_eq!(ours.expires.map(Time::secs), expires, "{line}");
    }
}

#[test]
fn the_line_the_jar_sends_reads_back_as_the_pairs_it_holds() {
    let mut jar = jar(&[("http://cs.test/", "a=1"), ("http://cs.test/", "b=x=y")]);
    let line = jar.cookie_line(&url("http://cs.test/"), false, NOW).unwrap();
    assert_eq!(parse_cookie_line(&line).collect::<Vec<_>>(), [("a", "1"), ("b", "x=y")]);
}
