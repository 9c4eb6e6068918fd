//! Our head reader against httparse 1, on heads that are right and heads that were tampered with.
//!
//! Where they differ, and why. Anything else is a failure.
//!
//! We refuse what httparse takes:
//! 1. A line that ends with LF alone. RFC 9112 section 2.2 lets a reader choose; taking it lets
//!    two readers see different lines.
//! 2. More than eight empty lines before the start line; httparse skips any number.
//! 3. A target that is no URI, or in a form that its method does not have (RFC 9112 section 3.2);
//!    httparse takes any visible byte, and any above 127 that is UTF-8.
//! 4. A status code below 100 (RFC 9110 section 15).
//!
//! We take what httparse refuses:
//! 5. HTTP/1.2 to HTTP/1.9, read as HTTP/1.1 (RFC 9110 section 2.5).
//! 6. A folded line in a response, read as one space (RFC 9112 section 5.2: a user agent MUST).
//!
//! We read differently:
//! 7. A reason phrase with bytes above 127: we keep it, httparse gives an empty one.
//! 8. A fault in a line that has not ended: httparse tells at once, we when the line ends, unless
//!    it is a byte that may stand in no line. The test ends the line and asks again.
mod http_common;

use proptest::prelude::*;
use protocols::http::codec::{Head, HeadReader, StartLine};
use protocols::http::{Fields, Limits, Role, Version};
use protocols::wire::{Notes, Violation};

/// What a head says, in httparse's terms.
#[derive(PartialEq, Debug)]
struct Said {
    first: String,
    second: String,
    minor: u8,
    fields: Vec<(String, Vec<u8>)>,
    len: usize,
}

fn read(role: Role, bytes: &[u8]) -> Result<Option<Head>, Violation> {
    HeadReader::new(role).read(bytes, &Limits::default(), &mut Notes::off())
}

fn said(head: Head) -> Said {
    let minor = |version| match version {
        Version::Http10 => 0,
        Version::Http11 => 1,
    };
    let fields = listed(&head.fields);
    let (len, start_line) = (head.len, head.start_line);
    match start_line {
        StartLine::Request(line) => {
            let minor = minor(line.version);
            Said { first: line.method, second: line.target, minor, fields, len }
        }
        StartLine::Status(line) => {
            let minor = minor(line.version);
            Said { first: line.status.to_string(), second: line.reason, minor, fields, len }
        }
    }
}

fn listed(fields: &Fields) -> Vec<(String, Vec<u8>)> {
    let bytes = |value: &str| value.chars().map(|c| u8::try_from(c).unwrap()).collect();
    fields.iter().map(|field| (field.name.clone(), bytes(&field.value))).collect()
}

fn theirs(role: Role, bytes: &[u8]) -> Result<Option<Said>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let list = |headers: &[httparse::Header<'_>]| {
        headers.iter().map(|h| (h.name.to_string(), h.value.to_vec())).collect()
    };
    match role {
        Role::Server => {
            let mut request = httparse::Request::new(&mut headers);
            let httparse::Status::Complete(len) = request.parse(bytes)? else { return Ok(None) };
            let (first, second) = (request.method.unwrap().into(), request.path.unwrap().into());
            let (minor, fields) = (request.version.unwrap(), list(request.headers));
            Ok(Some(Said { first, second, minor, fields, len }))
        }
        Role::Client => {
            let mut response = httparse::Response::new(&mut headers);
            let httparse::Status::Complete(len) = response.parse(bytes)? else { return Ok(None) };
            let first = response.code.unwrap().to_string();
            let second = response.reason.unwrap_or_default().to_string();
            let (minor, fields) = (response.version.unwrap(), list(response.headers));
            Ok(Some(Said { first, second, minor, fields, len }))
        }
    }
}

/// The number of the known difference that this is; none where the two must agree.
fn difference(
    role: Role,
    bytes: &[u8],
    ours: &Result<Option<Head>, Violation>,
    theirs: &Result<Option<Said>, httparse::Error>,
) -> Option<u8> {
    match (ours, theirs) {
        (Err(violation), Ok(_)) => match violation.rule.id {
            "http.bare-lf" => Some(1),
            "http.empty-lines" => Some(2),
            "http.request-target" => Some(3),
            "http.status-code" if violation.found.starts_with("`0") => Some(4),
            _ => None,
        },
        (Ok(_), Err(httparse::Error::Version)) if has_newer_minor(bytes) => Some(5),
        (Ok(_), Err(httparse::Error::HeaderName)) if role == Role::Client && has_fold(bytes) => {
            Some(6)
        }
        (Ok(Some(head)), Ok(Some(they))) => match &head.start_line {
            StartLine::Status(line) if !line.reason.is_ascii() && they.second.is_empty() => Some(7),
            StartLine::Status(_) | StartLine::Request(_) => None,
        },
        (Ok(None), Err(_)) => {
            let ended = [bytes.strip_suffix(b"\r").unwrap_or(bytes), b"\r\n"].concat();
            read(role, &ended).is_err().then_some(8)
        }
        _ => None,
    }
}

fn compare(role: Role, bytes: &[u8]) -> Result<(), TestCaseError> {
    let (we, they) = (read(role, bytes), theirs(role, bytes));
    if difference(role, bytes, &we, &they).is_some() {
        return Ok(());
    }
    let shown = bytes.escape_ascii();
    match (we, they) {
        (Ok(Some(head)), Ok(Some(they))) => prop_assert_eq!(said(head), they, "{}", shown),
        (Ok(None), Ok(None)) | (Err(_), Err(_)) => {}
        (we, they) => prop_assert!(false, "{}\n{:?}\n{:?}", shown, we, they),
    }
    Ok(())
}

/// Whether the start line states a minor version that httparse does not know.
fn has_newer_minor(bytes: &[u8]) -> bool {
    let newer = |w: &[u8]| w.starts_with(b"HTTP/1.") && matches!(w.last(), Some(b'2'..=b'9'));
    bytes.windows(8).any(newer)
}

/// Whether a line begins with white space.
fn has_fold(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|w| w.starts_with(b"\r\n") && matches!(w.last(), Some(b' ' | b'\t')))
}

fn head(role: Role) -> impl Strategy<Value = Vec<u8>> {
    let line = match role {
        Role::Server => "(\r\n){0,2}[A-Z]{1,7} /[a-z0-9?=&./%]{0,12} HTTP/1\\.[01]\r\n",
        Role::Client => "(\r\n){0,2}HTTP/1\\.[01] [1-5][0-9]{2}( [ -~]{0,12})?\r\n",
    };
    let field = "[A-Za-z-]{1,10}:[ \t]{0,2}([!-~\u{80}-\u{ff}]([ -~\t]{0,8}[!-~])?)?[ \t]{0,2}\r\n";
    (line, prop::collection::vec(field, 0..4)).prop_map(|(line, fields)| {
        let text = line + &fields.concat() + "\r\n";
        text.chars().map(|c| u8::try_from(c).unwrap()).collect()
    })
}

fn several() -> impl Strategy<Value = Vec<Tampering>> {
    prop::collection::vec(tampering(), 0..3)
}

/// One byte put in, taken out, or changed, mostly to one that means something.
#[derive(Clone, Debug)]
enum Tampering {
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Change(prop::sample::Index, u8),
    Cut(prop::sample::Index),
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let sharp = prop::sample::select(b"\r\n\t \0:;,/()[]%#?*0129HTP.\x7f\x80\xff\x0b".to_vec());
    let byte = prop_oneof![3 => sharp, 1 => any::<u8>()];
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), byte.clone()).prop_map(|(at, byte)| Tampering::Insert(at, byte)),
        at().prop_map(Tampering::Remove),
        (at(), byte).prop_map(|(at, byte)| Tampering::Change(at, byte)),
        at().prop_map(Tampering::Cut),
    ]
}

fn tampered(mut bytes: Vec<u8>, with: &[Tampering]) -> Vec<u8> {
    for tampering in with {
        if bytes.is_empty() {
            break;
        }
        match tampering {
            Tampering::Insert(at, byte) => bytes.insert(at.index(bytes.len()), *byte),
            Tampering::Remove(at) => drop(bytes.remove(at.index(bytes.len()))),
            Tampering::Change(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Tampering::Cut(at) => bytes.truncate(at.index(bytes.len())),
        }
    }
    bytes
}

#[test]
fn each_listed_difference_is_there() {
    for (number, role, text) in [
        (1, Role::Server, "GET / HTTP/1.1\n\n".to_string()),
        (2, Role::Server, "\r\n".repeat(9) + "GET / HTTP/1.1\r\n\r\n"),
        (3, Role::Server, "GET /{a} HTTP/1.1\r\n\r\n".into()),
        (3, Role::Server, "GET a HTTP/1.1\r\n\r\n".into()),
        (4, Role::Client, "HTTP/1.1 099 Low\r\n\r\n".into()),
        (5, Role::Server, "GET / HTTP/1.2\r\n\r\n".into()),
        (6, Role::Client, "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n".into()),
        (7, Role::Client, "HTTP/1.1 200 Schön\r\n\r\n".into()),
        (8, Role::Server, "GET / HTTP/1.1\r\nA b".into()),
    ] {
        let bytes = text.as_bytes();
        let found = difference(role, bytes, &read(role, bytes), &theirs(role, bytes));
        assert_eq!(found, Some(number), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn request_heads(bytes in head(Role::Server), with in several()) {
        compare(Role::Server, &tampered(bytes, &with))?;
    }

    #[test]
    fn response_heads(bytes in head(Role::Client), with in several()) {
        compare(Role::Client, &tampered(bytes, &with))?;
    }
}
