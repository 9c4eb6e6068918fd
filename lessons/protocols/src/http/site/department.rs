//! The web site of a small computer science department, `www.cs.test`: what most lessons visit.

use core::time::Duration;

use super::{Document, Resource, Site, gif_of_size};
use crate::wire::Time;

impl Site {
    /// The department's site, as it stands at a moment: its dates lie before it.
    ///
    /// Every kind of resource is there: documents that live for different times, redirects of each
    /// kind, forms, a tree of notes, visits counted, seminars in chunks, two languages, failures.
    pub fn department(now: Time) -> Site {
        let page = |html: &'static str, days_old: u64| {
            Document::new("text/html; charset=utf-8", html, before(now, days_old))
        };
        let site = Site::new()
            .with_document("/", page(HOME, 3).cached("max-age=60"))
            .with_document("/news.html", page(NEWS, 0).cached("no-cache"))
            .with_document("/courses.html", page(COURSES, 20).cached("max-age=3600"))
            .with_document("/staff.html", page(STAFF, 100).untagged())
            .with_document("/thanks.html", page(THANKS, 200).cached("max-age=3600"));
        let site = with_objects(site, now);
        with_machinery(site, now)
    }
}

fn with_objects(site: Site, now: Time) -> Site {
    let gif = |size: usize, n: usize| {
        Document::new("image/gif", gif_of_size(size, n), before(now, 400)).cached("max-age=86400")
    };
    site.with_document(
        "/style.css",
        Document::new("text/css", STYLE, before(now, 90)).cached("max-age=86400"),
    )
    .with_document(
        "/logo.svg",
        Document::new("image/svg+xml", LOGO, before(now, 700)).cached("max-age=86400"),
    )
    .with_document("/building.gif", gif(14_600, 1))
    .with_document("/library.gif", gif(8_760, 2))
    .with_document("/lab.gif", gif(5_840, 3))
}

fn with_machinery(site: Site, now: Time) -> Site {
    let text = |body: &'static str| {
        Document::new("text/plain; charset=utf-8", body, before(now, 30)).cached("max-age=60")
    };
    let note = Document::new("text/plain", "Bring chalk to room 2.\n", before(now, 1));
    site.with_redirect("/index.html", 301, "/")
        .with_redirect("/today", 302, "/news.html")
        .with_redirect("/apply", 307, "/enrol")
        .with_redirect("/teaching.html", 308, "/courses.html")
        .with_redirect("/round", 302, "/and-round")
        .with_redirect("/and-round", 302, "/round")
        .with("/search", Resource::Search)
        .with("/enrol", Resource::Form { then: None })
        .with("/feedback", Resource::Form { then: Some("/thanks.html".to_string()) })
        .with("/visits", Resource::Visits)
        .with("/theme/dark", cookie("theme=dark; Path=/", Some(30 * DAY_SECS)))
        .with("/theme/none", cookie("theme=; Path=/", Some(-DAY_SECS)))
        .with("/theme/today", cookie("theme=light; Path=/; Max-Age=3600", None))
        .with("/members", cookie("member=anna; Path=/; Secure; HttpOnly", None))
        .with("/seminars", Resource::Stream { media_type: "text/plain".into(), pieces: seminars() })
        .with("/welcome", in_two_languages(&text, false))
        .with("/welcome-strict", in_two_languages(&text, true))
        .with("/broken", Resource::Failing { status: 500, retry_after_secs: None })
        .with("/busy", Resource::Failing { status: 503, retry_after_secs: Some(120) })
        .with_tree("/notes/")
        .with_document("/notes/chalk", note.cached("no-cache"))
}

fn cookie(line: &str, expires_secs: Option<i64>) -> Resource {
    Resource::SetCookie { cookie: line.to_string(), expires_secs }
}

fn in_two_languages(text: &dyn Fn(&'static str) -> Document, strict: bool) -> Resource {
    let english = text("Welcome to the Department of Computer Science.\n");
    let danish = text("Velkommen til Datalogisk Institut.\n");
    let variants = vec![("en".to_string(), english), ("da".to_string(), danish)];
    Resource::Languages { variants, strict }
}

fn seminars() -> Vec<bytes::Bytes> {
    SEMINARS.iter().map(|line| bytes::Bytes::from_static(line.as_bytes())).collect()
}

fn before(now: Time, days: u64) -> Time {
    Time::from_secs((now - Duration::from_secs(days * 86_400 + 3_600)).secs())
}

/// Seconds of a day.
const DAY_SECS: i64 = 86_400;

const HOME: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<title>Department of Computer Science</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<img src="/logo.svg" alt="Department of Computer Science">
<h1>Department of Computer Science</h1>
<p>We teach some four hundred students how computers, and the networks between them, do what they
do. <a href="/courses.html">Courses</a>, <a href="/staff.html">staff</a> and
<a href="/news.html">news</a> are a click away.</p>
<img src="/building.gif" alt="The building from the park">
<img src="/library.gif" alt="The reading room">
<img src="/lab.gif" alt="The networking laboratory">
</body>
</html>
"#;

const NEWS: &str = r#"<!DOCTYPE html>
<html lang="en"><head><title>News</title></head>
<body>
<h1>News</h1>
<ul>
<li>The networking laboratory is closed on Thursday while the switches are replaced.</li>
<li>The seminar on name systems has moved to room 2.</li>
</ul>
</body></html>
"#;

const COURSES: &str = r#"<!DOCTYPE html>
<html lang="en"><head><title>Courses</title></head>
<body>
<h1>Courses</h1>
<ul>
<li>Computer networks, second year: the application layer, the transport layer, routing.</li>
<li>Operating systems, second year: processes, memory, files.</li>
<li>Compilers, third year: from text to machine code.</li>
</ul>
</body></html>
"#;

const STAFF: &str = r#"<!DOCTYPE html>
<html lang="en"><head><title>Staff</title></head>
<body>
<h1>Staff</h1>
<dl>
<dt>Anna Holm</dt><dd>Computer networks, room 114</dd>
<dt>Peter Lund</dt><dd>Operating systems, room 117</dd>
<dt>Ida Skov</dt><dd>Compilers, room 120</dd>
</dl>
</body></html>
"#;

const THANKS: &str = r#"<!DOCTYPE html>
<html lang="en"><head><title>Thank you</title></head>
<body>
<h1>Thank you</h1>
<p>We have received what you sent.</p>
</body></html>
"#;

const STYLE: &str = "body { font-family: serif; max-width: 40em; margin: 2em auto; }\n\
                     h1 { font-weight: normal; }\nimg { max-width: 100%; }\n";

const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64">
<title>Department of Computer Science</title>
<rect width="64" height="64" rx="8" fill="#234"/>
<path d="M14 44 L32 16 L50 44 Z" fill="none" stroke="#fff" stroke-width="4"/>
</svg>
"##;

const SEMINARS: [&str; 4] = [
    "Monday 14:15, room 2: How names become addresses\n",
    "Tuesday 10:15, room 5: What a cache may promise\n",
    "Wednesday 13:15, room 2: Peers without a server\n",
    "Friday 09:15, room 1: Mail that waits its turn\n",
];
