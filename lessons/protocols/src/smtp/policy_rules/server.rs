//! The rules of servers of mail: routes, queues, notices, limits (RFC 5321 sections 3 to 6).

use super::rule;
use crate::wire::Rule;

/// The rules of this topic.
pub(super) const ALL: &[&Rule] = &[
    &RELAY_DENIED,
    &SUBMISSION,
    &NO_SUCH_USER,
    &RECIPIENT_LIMIT,
    &RECEIVED,
    &RETURN_PATH,
    &LOOP,
    &MX,
    &MX_SHUFFLE,
    &MX_IMPLICIT,
    &MX_NULL,
    &MX_SELF,
    &TRY_NEXT,
    &NO_SUCH_DOMAIN,
    &ONE_CONNECTION,
    &SIZE_DECLARED,
    &EIGHT_BIT_KEPT,
    &RETRY,
    &GIVE_UP,
    &BOUNCE,
    &DOUBLE_BOUNCE,
    &TRANSIENT,
    &PERMANENT,
    &TWICE,
    &CLIENT_TIMEOUT,
    &SERVER_TIMEOUT,
    &TOO_MANY_ERRORS,
    &SERVER_FULL,
    &LINGER,
    &QUEUE_STORED,
];

/// No relay for strangers.
pub static RELAY_DENIED: Rule = rule(
    "smtp.relay-denied",
    "RFC 5321",
    "3.6.2",
    "A server may choose whose mail it passes on to other domains; ours does it for its own users \
     and networks. Others should get 550.",
    "An open relay sends advertisements for the whole world and is soon on every list of those.",
);

/// Submission.
pub static SUBMISSION: Rule = rule(
    "smtp.submission",
    "RFC 6409",
    "3",
    "Port 587 takes new mail from the users of this server and refuses senders that are not its \
     own.",
    "Handing in a letter and passing one on between offices are different trusts.",
);

/// Unknown users.
pub static NO_SUCH_USER: Rule = rule(
    "smtp.no-such-user",
    "RFC 5321",
    "3.3",
    "A recipient who has no mailbox here gets 550 at RCPT.",
    "The client learns it while it still has the sender at hand; a notice sent later might go to \
     somebody forged.",
);

/// Too many recipients.
pub static RECIPIENT_LIMIT: Rule = rule(
    "smtp.recipient-limit",
    "RFC 5321",
    "4.5.3.1.10",
    "A server must take at least 100 recipients for a mail. It answers more with 452, and the \
     client should send the mail again for the rest.",
    "The list fits a table of known size, and nobody is left out.",
);

/// Received.
pub static RECEIVED: Rule = rule(
    "smtp.received",
    "RFC 5321",
    "4.4",
    "Each server must put a Received line at the top of the mail: from whom, by whom, with what, \
     when.",
    "The way of a mail can be read backwards from its last host.",
);

/// Return-Path.
pub static RETURN_PATH: Rule = rule(
    "smtp.return-path",
    "RFC 5321",
    "4.4",
    "The server that delivers a mail for good must write the reverse-path into a Return-Path line \
     at its top.",
    "The envelope is thrown away there; what it said must be kept somewhere.",
);

/// Loops.
pub static LOOP: Rule = rule(
    "smtp.loop",
    "RFC 5321",
    "6.3",
    "A server must stop mail that goes in circles. Counting its Received lines is enough; the \
     limit should be at least a hundred.",
    "Two servers that each believe the other responsible would pass it back and forth for ever.",
);

/// Where mail goes.
pub static MX: Rule = rule(
    "smtp.mx",
    "RFC 5321",
    "5.1",
    "A sender must look up the MX records of the domain and try their hosts by preference, lowest \
     number first.",
    "The host that takes mail need not be the one of that name, and a second one can stand in for \
     it.",
);

/// Equal preferences.
pub static MX_SHUFFLE: Rule = rule(
    "smtp.mx-shuffle",
    "RFC 5321",
    "5.1",
    "Hosts of the same preference must be tried in random order, unless one is clearly better.",
    "The load is spread over them.",
);

/// No MX record.
pub static MX_IMPLICIT: Rule = rule(
    "smtp.mx-implicit",
    "RFC 5321",
    "5.1",
    "A domain without MX records is treated as its own mail host, with preference 0.",
    "Hosts had mail before they had MX records.",
);

/// The null MX.
pub static MX_NULL: Rule = rule(
    "smtp.mx-null",
    "RFC 7505",
    "3",
    "A single MX record with the root as its host says that the domain takes no mail.",
    "The sender hears at once, and not after days of trying.",
);

/// Among the hosts ourselves.
pub static MX_SELF: Rule = rule(
    "smtp.mx-self",
    "RFC 5321",
    "5.1",
    "A host that finds itself among the MX hosts must drop itself and all that are no better.",
    "They would send the mail back to it.",
);

/// The next host.
pub static TRY_NEXT: Rule = rule(
    "smtp.try-next",
    "RFC 5321",
    "5.1",
    "When a host cannot be reached, the next in the list is tried; a sender should try at least \
     two.",
    "Each stands in for those before it.",
);

/// No such domain.
pub static NO_SUCH_DOMAIN: Rule = rule(
    "smtp.no-such-domain",
    "RFC 5321",
    "5.1",
    "A domain that does not exist must be reported as an error; after a lookup that failed for \
     now, the mail must wait and be tried again.",
    "Waiting makes no name appear, but it does mend a name server.",
);

/// Several mails.
pub static ONE_CONNECTION: Rule = rule(
    "smtp.one-connection",
    "RFC 5321",
    "4.1.4",
    "A session may have any number of transactions: several mails for the same host go over one \
     connection, one after another.",
    "A connection costs round trips, and the far host room in its tables.",
);

/// Saying the size.
pub static SIZE_DECLARED: Rule = rule(
    "smtp.size-declared",
    "RFC 1870",
    "6",
    "Where EHLO offered SIZE, the client may say the size with MAIL. It need not try what is over \
     the limit.",
    "It would be carried all the way only to be refused.",
);

/// Mail with octets above 127.
pub static EIGHT_BIT_KEPT: Rule = rule(
    "smtp.eight-bit-kept",
    "RFC 6152",
    "3",
    "A mail with octets above 127 for a host without 8BITMIME is turned into a 7-bit one or \
     returned. We return it.",
    "Sent as it is it would arrive damaged, and nobody would know.",
);

/// Trying again.
pub static RETRY: Rule = rule(
    "smtp.retry",
    "RFC 5321",
    "4.5.4.1",
    "A mail that could not be delivered for a while must stay in the queue and be tried again, in \
     general not before 30 minutes. We wait longer each time.",
    "Hosts are down for minutes or hours, mostly; the sender should not have to care.",
);

/// Giving up.
pub static GIVE_UP: Rule = rule(
    "smtp.give-up",
    "RFC 5321",
    "4.5.4.1",
    "A sender gives up after at least four or five days, and returns the mail.",
    "By then the sender should know, and try another way.",
);

/// Notices.
pub static BOUNCE: Rule = rule(
    "smtp.bounce",
    "RFC 5321",
    "6.1",
    "A server that accepted a mail and cannot deliver it must send a notice to the reverse-path, \
     from the null one.",
    "Mail must not vanish: it arrives, or its sender is told.",
);

/// No notices about notices.
pub static DOUBLE_BOUNCE: Rule = rule(
    "smtp.double-bounce",
    "RFC 5321",
    "6.1",
    "A notice that cannot be delivered must not lead to another. We drop it.",
    "It has the null reverse-path: there is nobody to tell, and a chain of notices would not end.",
);

/// 4yz.
pub static TRANSIENT: Rule = rule(
    "smtp.transient",
    "RFC 5321",
    "4.2.1",
    "A reply 4yz means not now: the mail stays in the queue, and should be tried again.",
    "The disk is full, the user is at the limit, the server is starting.",
);

/// 5yz.
pub static PERMANENT: Rule = rule(
    "smtp.permanent",
    "RFC 5321",
    "4.2.1",
    "A reply 5yz means never: the same command should not be tried again.",
    "The answer would be the same, and the sender would wait for nothing.",
);

/// Delivered twice.
pub static TWICE: Rule = rule(
    "smtp.twice",
    "RFC 1047",
    "1",
    "A client that loses the connection between the final dot and its answer sends the mail \
     again, though it may have been accepted.",
    "It cannot know; a mail that comes twice is better than one that is lost.",
);

/// Time-outs of the client.
pub static CLIENT_TIMEOUT: Rule = rule(
    "smtp.client-timeout",
    "RFC 5321",
    "4.5.3.2",
    "A client must set a time-out for each command, and should wait at least so long: five \
     minutes, two for 354, ten for the final dot.",
    "The final dot takes long where the server stores and checks; to give up early is to deliver \
     twice.",
);

/// Time-out of the server.
pub static SERVER_TIMEOUT: Rule = rule(
    "smtp.server-timeout",
    "RFC 5321",
    "4.5.3.2.7",
    "A server should wait at least five minutes for the next command; then it may say 421 and \
     close.",
    "A client that has crashed would hold its place for ever.",
);

/// Too many errors.
pub static TOO_MANY_ERRORS: Rule = rule(
    "smtp.too-many-errors",
    "RFC 5321",
    "7.8",
    "A server may close, with 421, on a client that only makes errors.",
    "It is guessing addresses or speaks something else.",
);

/// Too many sessions.
pub static SERVER_FULL: Rule = rule(
    "smtp.server-full",
    "RFC 5321",
    "4.5.4.2",
    "A server may limit how many sessions it has at a time. Ours sends those beyond away: with \
     421 where it speaks SMTP.",
    "It is better to send some away than to fail all.",
);

/// Closing.
pub static LINGER: Rule = rule(
    "smtp.linger",
    "RFC 5321",
    "4.1.1.10",
    "The server ends its side after the last reply and waits for the client to end its own.",
    "A connection that is reset may lose the reply that is still on its way.",
);

/// The queue.
pub static QUEUE_STORED: Rule = rule(
    "smtp.queue-stored",
    "RFC 5321",
    "6.1",
    "Accepted mail is stored before 250 is sent, and outlives the server being switched off.",
    "Mail must not be lost because a host crashes.",
);
