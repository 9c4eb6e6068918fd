//! The live page against programs that others wrote: a name asked of Knot DNS, a mail taken by
//! aiosmtpd, a mailbox read from Dovecot.

use std::fs;
use std::time::Instant;

use tests::aiosmtpd::Aiosmtpd;
use tests::authority::Software;
use tests::browser::{Look, Tab};
use tests::dovecot::Dovecot;
use tests::program::{PATIENCE, free_address};

use crate::practice::{allowed, fill, says};

#[tokio::test]
async fn knot_tells_the_tab_an_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let listen = free_address();
    let _knot = Software::Knot.start(folder.path(), listen, &[("far.test", ZONE)]);
    let (_lab, tab) = allowed("Names", Look::DESK, &["--allow", &listen.to_string()]).await;
    fill(&tab, "Name", "www.far.test").await;
    fill(&tab, "Ask", &listen.to_string()).await;
    tab.click("button", "Look up").await;
    tab.until("the answer is told", &says("says NOERROR to www.far.test")).await;
    tab.until("the address is on the page", &says("192.0.2.80")).await;
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn a_mail_with_a_file_from_the_disk_is_found_whole_at_aiosmtpd() {
    let aiosmtpd = Aiosmtpd::start();
    let folder = tempfile::tempdir().expect("a folder");
    let [file, large] = ["hello.txt", "large.bin"].map(|name| folder.path().join(name));
    fs::write(&file, "hello").expect("a file");
    fs::write(&large, vec![0; 300_000]).expect("a file");
    let (_lab, tab) =
        allowed("Mail", Look::DESK, &["--allow", &aiosmtpd.address().to_string()]).await;
    fill(&tab, "Server", &aiosmtpd.address().ip().to_string()).await;
    fill(&tab, "SMTP port", &aiosmtpd.address().port().to_string()).await;
    fill(&tab, "Subject", "Over the wire").await;
    choose(&tab, &large).await;
    tab.until("a file that is too large is refused", &says("large.bin has 300.0 kB")).await;
    choose(&tab, &file).await;
    tab.until("the file is taken", &says("hello.txt, 5 B, goes with the mail")).await;
    tab.click("button", "Send").await;
    tab.until("the server has taken it", &says("submitted mail 1")).await;
    let deadline = Instant::now() + PATIENCE;
    let mail = loop {
        let mut files = fs::read_dir(aiosmtpd.arrived()).into_iter().flatten().flatten();
        if let Some(Ok(mail)) = files.next().map(|file| fs::read_to_string(file.path())) {
            break mail;
        }
        assert!(Instant::now() < deadline, "no mail arrived");
    };
    // "hello" in base64 (RFC 2045 section 6.8).
    for part in ["Subject: Over the wire", "this was sent from a browser tab.", "aGVsbG8="] {
        assert!(mail.contains(part), "{part} is not in\n{mail}");
    }
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn a_mailbox_is_read_from_dovecot_and_a_mail_removed_at_quit() {
    let mail = b"From: bob@far.test\r\nSubject: Kept by Dovecot\r\n\r\n.dots\r\n".to_vec();
    let dovecot = Dovecot::start(&[mail.clone(), mail]);
    let (_lab, tab) =
        allowed("Mail", Look::DESK, &["--allow", &dovecot.address().to_string()]).await;
    fill(&tab, "Server", &dovecot.address().ip().to_string()).await;
    fill(&tab, "POP3 port", &dovecot.address().port().to_string()).await;
    tab.role("textbox", "Password").await.send_keys("alice-secret").await.expect("keys");
    tab.click("button", "Open mailbox").await;
    tab.until("the mailbox is open", &says("maildrop 2 messages")).await;
    tab.click("button", "Retrieve").await;
    tab.until("the mail is here", &says("Kept by Dovecot")).await;
    tab.click("button", "Delete").await;
    tab.until("it is marked", &says("marked 1")).await;
    assert_eq!(dovecot.left(), 2, "RFC 1939 section 6: nothing goes before QUIT");
    tab.click("button", "Quit").await;
    tab.until("the mailbox is closed", &says("maildrop closed")).await;
    assert_eq!(dovecot.left(), 1);
    assert_eq!(tab.complaints().await, Vec::<String>::new());
    tab.close().await;
}

async fn choose(tab: &Tab, file: &std::path::Path) {
    let field = tab.role("button", "Your file").await;
    field.send_keys(file.to_str().expect("a path in UTF-8")).await.expect("the field takes a file");
}

const ZONE: &str = "\
$TTL 600
far.test.      SOA ns.far.test. hostmaster.far.test. 1 7200 900 604800 300
far.test.      NS  ns.far.test.
ns.far.test.   A   192.0.2.53
www.far.test.  A   192.0.2.80
";
