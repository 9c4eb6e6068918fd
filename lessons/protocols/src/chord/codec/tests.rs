//! Reading what was written, and what nobody should write.

use core::net::{Ipv4Addr, SocketAddrV4};

use bytes::Bytes;
use proptest::prelude::*;

use super::super::{Body, Contact, Fault, Item, MAX_VALUE, Message, rules};
use super::*;
use crate::overlay::Key;
use crate::wire::{Notes, Rule};

fn any_key() -> impl Strategy<Value = Key> {
    any::<[u8; 20]>().prop_map(Key::new)
}

fn any_contact() -> impl Strategy<Value = Contact> {
    (any_key(), any_address()).prop_map(|(id, address)| Contact { id, address })
}

fn any_address() -> impl Strategy<Value = SocketAddrV4> {
    (any::<u32>(), any::<u16>()).prop_map(|(ip, port)| SocketAddrV4::new(ip.into(), port))
}

fn any_contacts() -> impl Strategy<Value = Vec<Contact>> {
    prop::collection::vec(any_contact(), 0..=5)
}

fn any_value() -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 0..40).prop_map(Bytes::from)
}

fn any_item() -> impl Strategy<Value = Item> {
    (any_key(), any::<u32>(), any_value()).prop_map(|(key, version, value)| Item {
        key,
        version,
        value,
    })
}

fn any_body() -> impl Strategy<Value = Body> {
    let neighbours = || (prop::option::of(any_contact()), any_contacts());
    prop_oneof![
        prop::sample::select(vec![
            Body::Ping,
            Body::GetPredecessor,
            Body::Notify,
            Body::Pong,
            Body::Taken,
            Body::Missing,
            Body::Received,
            Body::Goodbye,
        ]),
        (any_key(), prop::collection::vec(any_key(), 0..=4))
            .prop_map(|(key, avoid)| Body::FindSuccessor { key, avoid }),
        (any_key(), any_address(), any::<u32>(), any::<u16>())
            .prop_map(|(key, asker, token, hops)| Body::Forward { key, asker, token, hops }),
        (any_key(), any_value()).prop_map(|(key, value)| Body::Put { key, value }),
        any_key().prop_map(|key| Body::Get { key }),
        prop::collection::vec(any_item(), 0..4).prop_map(|items| Body::Transfer { items }),
        neighbours().prop_map(|(predecessor, successors)| Body::Leave { predecessor, successors }),
        neighbours()
            .prop_map(|(predecessor, successors)| Body::Neighbours { predecessor, successors }),
        (any::<u16>(), any_contact(), any_contacts()).prop_map(|(hops, first, more)| {
            let contacts = core::iter::once(first).chain(more).collect();
            Body::Successor { hops, contacts }
        }),
        any_contact().prop_map(|contact| Body::Closer { contact }),
        any::<u32>().prop_map(|version| Body::Stored { version }),
        (any::<u32>(), any_value()).prop_map(|(version, value)| Body::Value { version, value }),
        any::<u8>().prop_map(|code| Body::Failed(Fault::of(code))),
    ]
}

fn any_message() -> impl Strategy<Value = Message> {
    (any::<u32>(), any_key(), any_body()).prop_map(|(transaction, sender, body)| Message {
        transaction,
        sender,
        body,
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_and_every_byte_is_noted_once(message in any_message()) {
        let bytes = write(&message);
        let mut notes = Notes::on();
        prop_assert_eq!(read(&bytes, &mut notes), Ok(message));
        let mut end = 0;
        for note in notes.list().iter().filter(|note| note.depth == 0) {
            prop_assert_eq!(note.span.start, end, "at {}", note.name);
            end = note.span.end;
        }
        prop_assert_eq!(end, bytes.len());
    }

    #[test]
    fn no_message_is_the_beginning_of_another(message in any_message(), cut in any::<u16>()) {
        let bytes = write(&message);
        let cut = usize::from(cut) % bytes.len();
        let broken = read(&bytes.slice(..cut), &mut Notes::on()).unwrap_err();
        prop_assert_eq!(broken.rule, &rules::MALFORMED);
    }

    #[test]
    fn changed_bytes_are_read_or_refused_and_what_is_read_is_written_the_same(
        message in any_message(),
        at in any::<u16>(),
        to in any::<u8>(),
    ) {
        let mut bytes = write(&message).to_vec();
        let at = usize::from(at) % bytes.len();
        bytes[at] = to;
        let bytes = Bytes::from(bytes);
        if let Ok(read) = read(&bytes, &mut Notes::on()) {
            prop_assert_eq!(write(&read), bytes);
        }
    }

    #[test]
    fn any_bytes_at_all_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes.into(), &mut Notes::on());
    }
}

/// A message of this kind whose body is these bytes.
fn raw(kind: u8, body: &[u8]) -> Bytes {
    let header = [&[VERSION, kind, 0, 0, 0, 7][..], &[1; Key::BYTES]].concat();
    [&header, body].concat().into()
}

#[test]
fn a_question_in_bytes() {
    let message = Message {
        transaction: 7,
        sender: Key::new([1; 20]),
        body: Body::FindSuccessor { key: Key::from_value(54), avoid: vec![Key::from_value(42)] },
    };
    let mut expected = [0; 41];
    (expected[19], expected[20], expected[40]) = (54, 1, 42);
    assert_eq!(write(&message), raw(0x02, &expected));
}

#[test]
fn a_contact_in_bytes_is_its_identifier_address_and_port() {
    let address = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 42), 4000);
    let body = Body::Closer { contact: Contact { id: Key::from_value(42), address } };
    let message = Message { transaction: 7, sender: Key::new([1; 20]), body };
    let mut expected = vec![0; 19];
    expected.extend([42, 10, 0, 0, 42, 0x0f, 0xa0]);
    assert_eq!(write(&message), raw(0x83, &expected));
}

#[test]
fn what_breaks_the_format_is_refused_with_the_right_code() {
    let key = [0; Key::BYTES];
    let long = (MAX_VALUE as u16 + 1).to_be_bytes();
    let huge = [&key[..], &long, &[b'x'; MAX_VALUE + 1]].concat();
    let mut other_version = raw(0x01, &[]).to_vec();
    other_version[0] = 2;
    let cases: [(&str, Bytes, &Rule, Fault); 9] = [
        ("nothing", Bytes::new(), &rules::MALFORMED, Fault::Malformed),
        ("another version", other_version.into(), &rules::FORMAT, Fault::Version),
        ("an unknown request", raw(0x7f, &[]), &rules::UNKNOWN_KIND, Fault::UnknownKind),
        ("an unknown answer", raw(0x8b, &[]), &rules::UNKNOWN_KIND, Fault::UnknownKind),
        ("more than a ping", raw(0x01, &[0]), &rules::MALFORMED, Fault::Malformed),
        ("half a key", raw(0x07, &[0; 10]), &rules::MALFORMED, Fault::Malformed),
        ("no successor", raw(0x82, &[0, 0, 0]), &rules::MALFORMED, Fault::Malformed),
        ("a count of 33", raw(0x82, &[0, 0, 33]), &rules::MALFORMED, Fault::Malformed),
        ("a value of 513 bytes", raw(0x06, &huge), &rules::MALFORMED, Fault::Malformed),
    ];
    for (what, bytes, rule, fault) in cases {
        let broken = read(&bytes, &mut Notes::off()).unwrap_err();
        assert_eq!((broken.rule, broken.code), (rule, fault.code().into()), "{what}");
    }
}

#[test]
fn two_predecessors_are_one_too_many() {
    let body = [&[2][..], &[0; 52], &[0]].concat();
    let broken = read(&raw(0x84, &body), &mut Notes::off()).unwrap_err();
    assert_eq!(broken.legal, "at most 1");
}
