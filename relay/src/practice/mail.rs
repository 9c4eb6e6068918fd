//! The mail server of the practice internet, with mail in its mailboxes.

use std::time::Duration;

use bytes::Bytes;
use protocols::mail::MailServer;
use protocols::mail::server::Config;
use protocols::mime::{Attachment, Draft};
use protocols::wire::Time;

/// A server of two domains with three users. It takes mail for them and passes none on: what has
/// another domain is refused, so that nobody can send to strangers through it.
pub fn server(now: Time) -> MailServer {
    let mut config = Config::new("mx.cs.test", "cs.test", &USERS);
    config.domains.push("mail.test".to_owned());
    config.smtp_port = Some(SMTP);
    // Submission would be for its own networks only, and students come from anywhere.
    config.submission_port = None;
    config.pop_port = Some(POP);
    let mut server = MailServer::new(config);
    for (index, (user, draft)) in mails(now).into_iter().enumerate() {
        let octets = draft.write(index as u64 + 1, false);
        if let Some(mailbox) = server.mailboxes_mut().of_user_mut(user) {
            mailbox.store(octets, draft.date);
        }
    }
    server
}

/// What lies in the mailboxes when the server starts.
fn mails(now: Time) -> Vec<(&'static str, Draft)> {
    let ago = |hours: u64| now - Duration::from_secs(hours * 3_600);
    let draft = |from: &str, to: &str, subject: &str, date, text: &str| Draft {
        from: from.to_owned(),
        to: vec![to.to_owned()],
        subject: subject.to_owned(),
        date,
        text: text.to_owned(),
        attachments: Vec::new(),
    };
    let timetable = Attachment {
        name: "timetable.csv".to_owned(),
        media_type: "text/csv".to_owned(),
        bytes: Bytes::from_static(TIMETABLE.as_bytes()),
    };
    let (alice, bob) = ("Alice <alice@cs.test>", "Bob <bob@mail.test>");
    let office = "Office <carol@cs.test>";
    let with_table = draft(office, alice, "Timetable", ago(26), "The timetable is attached.\n");
    vec![
        ("alice", Draft { attachments: vec![timetable], ..with_table }),
        ("alice", draft(bob, alice, "Lunch", ago(3), LUNCH)),
        ("alice", draft(bob, alice, "Caf\u{e9}", ago(2), "The caf\u{e9} is open after all.\n")),
        ("bob", draft(alice, bob, "Re: Lunch", ago(1), "See you at noon.\n")),
    ]
}

/// Each has the password `NAME-secret`.
const USERS: [&str; 3] = ["alice", "bob", "carol"];

/// A line that begins with a dot, as mail has them: on the way it has two.
const LUNCH: &str = "Lunch at noon?\n.\n..and a coffee after it?\n\nBob\n";

const TIMETABLE: &str = "day,from,to,what\nMonday,10:15,11:45,Networks\n\
                         Wednesday,14:15,15:45,Networks lab\n";

/// Where it would like to listen: the usual numbers are the system's.
const SMTP: u16 = 12_525;
/// Where they read it (RFC 1939).
const POP: u16 = 11_110;
