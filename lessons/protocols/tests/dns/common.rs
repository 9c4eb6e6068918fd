//! Messages by chance.

use bytes::Bytes;
use proptest::prelude::*;
use protocols::dns::{
    CharacterString, Class, Data, Edns, EdnsOption, Header, Message, Name, Opcode, Question,
    Record, RecordType, ResponseCode, Soa,
};

/// Labels mostly from a few words, so that names share endings, and sometimes of any bytes.
fn label() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => prop::sample::select(vec!["www", "example", "com", "ns1", "Mail", "a"])
            .prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..=63),
    ]
}

/// Names of up to 255 bytes, the root among them.
pub fn name() -> impl Strategy<Value = Name> {
    let labels = prop::collection::vec(label(), 0..6);
    labels.prop_filter_map("longer than a name can be", |labels| {
        Name::from_labels(labels.iter().map(Vec::as_slice)).ok()
    })
}

fn string() -> impl Strategy<Value = CharacterString> {
    prop::collection::vec(any::<u8>(), 0..40)
        .prop_map(|bytes| CharacterString::new(bytes).expect("shorter than 256 bytes"))
}

fn soa() -> impl Strategy<Value = Soa> {
    (name(), name(), any::<[u32; 5]>()).prop_map(|(primary, mailbox, numbers)| {
        let [serial, refresh, retry, expire, minimum] = numbers;
        Soa { primary, mailbox, serial, refresh, retry, expire, minimum }
    })
}

/// Data of each type; the numbers of unknown ones are of no type that the oracle knows.
pub fn data() -> impl Strategy<Value = Data> {
    prop_oneof![
        any::<[u8; 4]>().prop_map(|octets| Data::A(octets.into())),
        any::<[u8; 16]>().prop_map(|octets| Data::Aaaa(octets.into())),
        name().prop_map(Data::Ns),
        name().prop_map(Data::Cname),
        name().prop_map(Data::Ptr),
        soa().prop_map(Data::Soa),
        (any::<u16>(), name()).prop_map(|(preference, exchange)| Data::Mx { preference, exchange }),
        prop::collection::vec(string(), 1..4).prop_map(Data::Txt),
        (any::<[u16; 3]>(), name()).prop_map(|([priority, weight, port], target)| Data::Srv {
            priority,
            weight,
            port,
            target
        }),
        (60_000u16..65_000, prop::collection::vec(any::<u8>(), 0..30)).prop_map(|(code, bytes)| {
            Data::Unknown { kind: RecordType::from_code(code), bytes: bytes.into() }
        }),
    ]
}

pub fn record() -> impl Strategy<Value = Record> {
    (name(), 0u32..=0x7fff_ffff, data()).prop_map(|(name, ttl, data)| Record::new(name, ttl, data))
}

fn question() -> impl Strategy<Value = Question> {
    let kinds = [1u16, 2, 5, 6, 12, 15, 16, 28, 33, 252, 255].map(RecordType::from_code);
    let classes = vec![Class::In, Class::Ch, Class::Any];
    (name(), prop::sample::select(kinds.to_vec()), prop::sample::select(classes))
        .prop_map(|(name, kind, class)| Question { name, kind, class })
}

fn header() -> impl Strategy<Value = Header> {
    (any::<u16>(), any::<[bool; 7]>(), 0u8..3, 0u16..6).prop_map(|(id, bits, opcode, code)| {
        let [response, aa, tc, rd, ra, ad, cd] = bits;
        Header {
            id,
            response,
            opcode: Opcode::from_code(opcode),
            authoritative: aa,
            truncated: tc,
            recursion_desired: rd,
            recursion_available: ra,
            reserved: false,
            authentic_data: ad,
            checking_disabled: cd,
            code: ResponseCode::from_code(code),
        }
    })
}

fn edns() -> impl Strategy<Value = Edns> {
    let bytes = prop::collection::vec(any::<u8>(), 0..12).prop_map(Bytes::from);
    let option = (any::<u16>(), bytes).prop_map(|(code, bytes)| EdnsOption { code, bytes });
    (any::<u16>(), any::<u8>(), any::<u16>(), prop::collection::vec(option, 0..3)).prop_map(
        |(payload_size, version, flags, options)| Edns { payload_size, version, flags, options },
    )
}

/// Whole messages, queries and responses.
pub fn message() -> impl Strategy<Value = Message> {
    let records = || prop::collection::vec(record(), 0..4);
    let questions = prop::collection::vec(question(), 0..3);
    let rest = (records(), records(), records(), prop::option::of(edns()));
    (header(), questions, rest).prop_map(|(header, questions, rest)| {
        let (answers, authorities, additionals, edns) = rest;
        Message { header, questions, answers, authorities, additionals, edns }
    })
}

/// What is done to the bytes of a message: some are replaced, and it may end early.
pub fn damage() -> impl Strategy<Value = (Vec<(u16, u8)>, Option<u16>)> {
    (prop::collection::vec((any::<u16>(), any::<u8>()), 0..4), prop::option::of(any::<u16>()))
}

/// The bytes, damaged.
pub fn damaged(mut bytes: Vec<u8>, damage: &(Vec<(u16, u8)>, Option<u16>)) -> Vec<u8> {
    for (at, byte) in &damage.0 {
        let at = usize::from(*at) % bytes.len();
        bytes[at] = *byte;
    }
    if let Some(end) = damage.1 {
        bytes.truncate(usize::from(end) % (bytes.len() + 1));
    }
    bytes
}
