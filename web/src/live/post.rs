//! The form for mail: whose account it is, a mail to write, and a mailbox to read.

use protocols::mail::agent::{Account, Command, Step};
use protocols::mime::Attachment;
use yew::prelude::*;

use super::ask::ask;
use super::attach::own_file;
use super::fields::{FormProps, choice, line, password, text};
use super::practice::Practice;
use super::task::FILES;

/// The form as it is filled in. It lives as long as it is shown and is kept nowhere: there is a
/// password in it.
#[derive(Clone, PartialEq, Debug)]
struct Letter {
    server: String,
    submission: String,
    pop: String,
    user: String,
    password: String,
    to: String,
    from: String,
    subject: String,
    text: String,
    file: String,
    number: String,
}

impl Letter {
    fn new(practice: &[Practice]) -> Letter {
        let port = |protocol: &str| {
            let server = practice.iter().rfind(|server| server.protocol == protocol);
            server.map(|server| server.port.to_string()).unwrap_or_default()
        };
        let server = practice.iter().find(|server| server.protocol == "smtp");
        Letter {
            server: server.map(|server| server.host.clone()).unwrap_or_default(),
            submission: port("smtp"),
            pop: port("pop3"),
            user: "alice".to_string(),
            password: String::new(),
            to: "bob@mail.test".to_string(),
            from: "alice@cs.test".to_string(),
            subject: "Hello".to_string(),
            text: "Hello Bob,\n\nthis was sent from a browser tab.\n\nAlice\n".to_string(),
            file: String::new(),
            number: "1".to_string(),
        }
    }

    /// The command that turns the program to this account.
    fn account(&self) -> Result<String, String> {
        let port = |text: &str, what: &str| {
            let port = text.trim().parse();
            port.map_err(|_| format!("Give the port of the server's {what}, such as 25 or 110."))
        };
        if self.server.trim().is_empty() {
            return Err("Give the name or address of a mail server.".to_string());
        }
        let account = Account {
            user: self.user.trim().to_string(),
            password: self.password.clone(),
            server: self.server.trim().to_string(),
            submission_port: port(&self.submission, "SMTP")?,
            pop_port: port(if self.pop.is_empty() { "110" } else { &self.pop }, "POP3")?,
        };
        Ok(Command::Account(account).to_string())
    }

    /// The commands that write the mail, with the student's own file if there is one.
    fn send(&self, own: Option<&Attachment>) -> Result<Vec<String>, String> {
        let sample = Some(&self.file).filter(|file| !file.is_empty());
        let own_name = own.map(|own| &own.name);
        let send = Command::Send {
            from: self.from.trim().to_string(),
            to: self.to.split(',').map(|to| to.trim().to_string()).collect(),
            subject: self.subject.clone(),
            text: self.text.clone(),
            files: sample.into_iter().chain(own_name).cloned().collect(),
        };
        let text = send.to_string();
        // As typed it may be no command at all: an address without an @.
        text.parse::<Command>().map_err(|error| error.to_string())?;
        let file = own.map(|own| Command::File(own.clone()).to_string());
        Ok(file.into_iter().chain([text]).collect())
    }

    fn number(&self) -> Result<u32, String> {
        let number = self.number.trim().parse().ok().filter(|number| *number > 0);
        number.ok_or_else(|| "Messages are numbered from 1.".to_string())
    }

    /// The commands behind a button.
    fn commands(&self, wanted: Wanted, own: Option<&Attachment>) -> Result<Vec<String>, String> {
        let step = |step: Step| Ok(vec![Command::Step(step).to_string()]);
        match wanted {
            Wanted::Send => Ok([vec![self.account()?], self.send(own)?].concat()),
            Wanted::Open if self.password.is_empty() => {
                Err("A mailbox opens only with its password.".to_string())
            }
            Wanted::Open => Ok(vec![self.account()?, Command::Open.to_string()]),
            Wanted::List => step(Step::List),
            Wanted::Retrieve => step(Step::Retr(self.number()?)),
            Wanted::Delete => step(Step::Dele(self.number()?)),
            Wanted::Reset => step(Step::Reset),
            Wanted::Quit => step(Step::Quit),
        }
    }
}

/// What a button of the form is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wanted {
    Send,
    Open,
    List,
    Retrieve,
    Delete,
    Reset,
    Quit,
}

/// The form.
#[component]
pub fn MailForm(props: &FormProps) -> Html {
    let desk = &props.desk.0;
    let practice = desk.session.practice();
    let letter = use_state_eq(|| Letter::new(&practice));
    let wrong = use_state_eq(|| None::<AttrValue>);
    let own = use_state_eq(|| None::<Attachment>);
    let onown = {
        let (own, wrong) = (own.setter(), wrong.setter());
        Callback::from(move |chosen: Result<Option<Attachment>, String>| match chosen {
            Ok(file) => {
                own.set(file);
                wrong.set(None);
            }
            Err(why) => wrong.set(Some(why.into())),
        })
    };
    {
        let letter = letter.clone();
        use_effect_with(practice, move |practice| {
            if letter.server.is_empty() {
                letter.set(Letter::new(practice));
            }
        });
    }
    let want = |wanted: Wanted| {
        let (desk, act, letter, wrong, own) =
            (desk.clone(), props.act.clone(), letter.clone(), wrong.clone(), own.clone());
        Callback::from(move |()| {
            let done =
                letter.commands(wanted, own.as_ref()).and_then(|texts| ask(&desk, &act, texts));
            wrong.set(done.err().map(AttrValue::from));
        })
    };
    let change = |fill: fn(&mut Letter, String)| {
        let letter = letter.clone();
        Callback::from(move |value: String| {
            let mut changed = (*letter).clone();
            fill(&mut changed, value);
            letter.set(changed);
        })
    };
    html! {
        <div class="wish post">
            { account(&letter, &change) }
            <p id="live-wrong" class="warn" role="alert">{ (*wrong).clone() }</p>
            { props.children.clone() }
            { write(&letter, &change, own_file(own.as_ref(), &onown), want(Wanted::Send)) }
            { read(&letter, &change, &want) }
        </div>
    }
}

type Fill = fn(&mut Letter, String);

fn account(letter: &Letter, change: &impl Fn(Fill) -> Callback<String>) -> Html {
    html! {
        <form onsubmit={|event: SubmitEvent| event.prevent_default()} novalidate={true}><fieldset>
            <legend>{ "Account" }</legend>
            { line("post-server", "Server", &letter.server, change(|l, v| l.server = v)) }
            { line("post-smtp", "SMTP port", &letter.submission, change(|l, v| l.submission = v)) }
            { line("post-pop", "POP3 port", &letter.pop, change(|l, v| l.pop = v)) }
            { line("post-user", "User", &letter.user, change(|l, v| l.user = v)) }
            { password("post-password", "Password", &letter.password,
                change(|l, v| l.password = v)) }
            <p class="small">{ "On the practice server: alice, bob or carol, with the password \
                alice-secret and so on. POP3 sends the password as it is, so it can be read in \
                the run; it is stored nowhere, and leaves with this page." }</p>
        </fieldset></form>
    }
}

fn write(
    letter: &Letter,
    change: &impl Fn(Fill) -> Callback<String>,
    own: Html,
    send: Callback<()>,
) -> Html {
    let onsubmit = send.reform(|event: SubmitEvent| event.prevent_default());
    let none = [("", "none")];
    let files = FILES.iter().map(|file| (*file, *file));
    let files: Vec<(&str, &str)> = none.into_iter().chain(files).collect();
    html! {
        <form {onsubmit} novalidate={true}><fieldset>
            <legend>{ "Write" }</legend>
            { line("post-from", "From", &letter.from, change(|l, v| l.from = v)) }
            { line("post-to", "To", &letter.to, change(|l, v| l.to = v)) }
            { line("post-subject", "Subject", &letter.subject, change(|l, v| l.subject = v)) }
            { text("post-text", "Text", &letter.text, change(|l, v| l.text = v)) }
            { choice("post-file", "Attach", &files, &letter.file, change(|l, v| l.file = v)) }
            { own }
            <div class="acts"><button class="button main" type="submit">{ "Send" }</button></div>
        </fieldset></form>
    }
}

fn read(
    letter: &Letter,
    change: &impl Fn(Fill) -> Callback<String>,
    want: &impl Fn(Wanted) -> Callback<()>,
) -> Html {
    let button = |label: &'static str, wanted: Wanted| {
        let onclick = want(wanted).reform(|_: MouseEvent| ());
        html! { <button class="button small" type="button" {onclick}>{ label }</button> }
    };
    let onopen = want(Wanted::Open).reform(|event: SubmitEvent| event.prevent_default());
    html! {
        <form onsubmit={onopen} novalidate={true}><fieldset>
            <legend>{ "Read" }</legend>
            <div class="acts">
                <button class="button main" type="submit">{ "Open mailbox" }</button>
                { button("List", Wanted::List) }
                { button("Reset", Wanted::Reset) }
                { button("Quit", Wanted::Quit) }
            </div>
            { line("post-number", "Message", &letter.number, change(|l, v| l.number = v)) }
            <div class="acts">
                { button("Retrieve", Wanted::Retrieve) }
                { button("Delete", Wanted::Delete) }
            </div>
        </fieldset></form>
    }
}
