//! Notices of failed delivery (RFC 5321 section 6.1), in the form of RFC 3464: what went wrong, for
//! people and then for programs, and the header of the mail that it is about.

use super::queue::{QueueId, Queued};
use super::trace::{date, header};
use crate::smtp::Address;
use crate::wire::Time;

/// A recipient who cannot be reached, and why.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Failure {
    pub(super) address: Address,
    pub(super) why: String,
}

/// A notice to the sender of a mail. Its parts are kept apart by a line that is taken out of the
/// header that it encloses.
pub(super) fn notice(
    host: &str,
    id: QueueId,
    to: &Address,
    mail: &Queued,
    failures: &[Failure],
    now: Time,
) -> String {
    let boundary = format!("=_{id}.{host}");
    let mut people = String::new();
    let mut programs = format!("Reporting-MTA: dns; {host}\r\n");
    for Failure { address, why } in failures {
        people.push_str(&format!("<{address}>\r\n    {why}\r\n"));
        programs.push_str(&format!(
            "\r\nFinal-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: {}\r\n\
             Diagnostic-Code: smtp; {why}\r\n",
            status(why)
        ));
    }
    let original = enclosed(&mail.octets, &boundary);
    format!(
        "From: Mail Delivery System <postmaster@{host}>\r\nTo: <{to}>\r\n\
         Subject: Undelivered mail\r\nDate: {date}\r\nMessage-ID: <{id}@{host}>\r\n\
         Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status;\r\n\
         \tboundary=\"{boundary}\"\r\n\r\n\
         --{boundary}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         This is the mail server at {host}. Your mail could not be delivered to:\r\n\r\n\
         {people}\r\n\
         --{boundary}\r\nContent-Type: message/delivery-status\r\n\r\n{programs}\r\n\
         --{boundary}\r\nContent-Type: text/rfc822-headers\r\n\r\n{original}\r\n\
         --{boundary}--\r\n",
        date = date(now),
    )
}

/// The header of the mail in ASCII, as much of it as a notice should carry, without anything that
/// could be taken for the end of its part.
fn enclosed(octets: &[u8], boundary: &str) -> String {
    let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte) } else { '?' };
    let text: String = header(octets).iter().map(ascii).collect();
    let lines = text.split_inclusive("\r\n").take(LINES_MAX);
    lines.filter(|line| !line.starts_with("--") || !line.contains(boundary)).collect()
}

/// The enhanced code in a reason such as `550 5.1.1 No such user`; `5.0.0` where it has none.
fn status(why: &str) -> &str {
    let is_code = |word: &&str| {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        word.starts_with(['4', '5']) && word.split('.').count() == 3 && word.split('.').all(digits)
    };
    why.split(' ').find(is_code).unwrap_or("5.0.0")
}

/// More lines than any honest header has; a mail without an empty line is all header.
const LINES_MAX: usize = 400;
