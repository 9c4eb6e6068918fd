//! Our reader of messages against dnspython's, on what our server answers, whole and damaged.
//!
//! Where they differ, and why. Anything else is a failure.
//!
//! We refuse what dnspython takes:
//! 1. A pointer into the header, or to labels that do not end before the pointer's own name.
//!
//! We take what dnspython refuses:
//! 2. Data that is wrong for a type or an option that we do not know: we keep the bytes.
//! 3. Opcodes and response codes that have no name, and updates (RFC 2136), whose sections it
//!    reads in their own meaning.
//!
//! We read differently:
//! 4. Data of a known type in a class other than IN and CH: we keep the bytes, dnspython reads it.

use protocols::dns::codec::{read, write};
use protocols::dns::{Data, Edns, Message, Name, Opcode, Record, RecordType, ResponseCode, Zone};
use protocols::wire::{Notes, Violation};
use tests::program::run;

use crate::text;

#[test]
fn both_read_the_same_or_differ_as_listed() {
    let samples = samples();
    let folder = tempfile::tempdir().expect("a folder");
    let write_file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("a file in the folder");
        path.to_str().expect("a path in UTF-8").to_owned()
    };
    let lines: String = samples.iter().map(|bytes| format!("{}\n", hex(bytes))).collect();
    let (script, list) = (write_file("read.py", SCRIPT), write_file("messages", &lines));
    // Debian's Python, which has Debian's dnspython.
    let theirs = text(&run("env", &["/usr/bin/python3", &script, &list]));
    let theirs: Vec<&str> = theirs.lines().collect();
    assert_eq!(theirs.len(), samples.len());
    let (mut agreed, mut refused) = (0, 0);
    for (bytes, theirs) in samples.iter().zip(theirs) {
        let ours = read(bytes, &mut Notes::off());
        match (&ours, theirs.strip_prefix("error ")) {
            (Ok(message), None) => {
                agreed += usize::from(said(message) == theirs);
                let same = said(message) == theirs || message.records().any(of_other_class);
                assert!(same, "{}\n{theirs}\n{}", said(message), hex(bytes));
            }
            (Err(_), Some(_)) => refused += 1,
            (_, error) => assert!(known(&ours, error), "{ours:?}\n{theirs}\n{}", hex(bytes)),
        }
    }
    assert!(agreed > 300 && refused > 300, "{agreed} agreed, {refused} refused by both");
}

/// A record whose type we know, in a class in which we do not read it.
fn of_other_class(record: &Record) -> bool {
    let known = !matches!(record.kind(), RecordType::Other(_));
    known && matches!(record.data, Data::Unknown { .. })
}

/// Whether it is one of the differences 1 to 3.
fn known(ours: &Result<Message, Violation>, error: Option<&str>) -> bool {
    match (ours, error) {
        (Err(violation), None) => violation.rule.id == "dns.pointer-back",
        (Ok(message), Some(_)) => {
            let kept = |record: &Record| matches!(record.data, Data::Unknown { .. });
            let options = message.edns.iter().any(|edns| !edns.options.is_empty());
            let nameless = matches!(message.header.opcode, Opcode::Other(_))
                || matches!(message.header.code, ResponseCode::Other(_));
            nameless || options || message.records().any(kept)
        }
        _ => false,
    }
}

/// Answers of our zone to several questions, each as it is and with some bytes changed.
fn samples() -> Vec<Vec<u8>> {
    let zone = Zone::parse(ZONE, &Name::root()).unwrap_or_else(|error| panic!("{error}"));
    let mut samples = Vec::new();
    let mut number = 1u32;
    // A linear congruential generator, so that every run has the same samples.
    let mut next = |below: usize| {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (number >> 8) as usize % below
    };
    for (index, name) in ["www", "", "text", "none", "x.sub", "_s._tcp", "v6"].iter().enumerate() {
        let asked: Name = format!("{name}.a.test").trim_start_matches('.').parse().expect("a name");
        let mut query = Message::query(7, asked.clone(), RecordType::Any);
        query.edns = (index % 2 == 0).then(|| Edns::new(1232));
        let mut answer = zone.look_up(&asked, RecordType::Any).to_response(&query);
        answer.edns.clone_from(&query.edns);
        for whole in [write(&query), write(&answer)] {
            samples.push(whole.clone());
            for _ in 0..100 {
                let mut bytes = whole.clone();
                for _ in 0..=next(2) {
                    let at = next(bytes.len());
                    bytes[at] = u8::try_from(next(256)).expect("below 256");
                }
                if next(8) == 0 {
                    bytes.truncate(next(bytes.len()));
                }
                samples.push(bytes);
            }
        }
    }
    samples
}

/// A message in the words of the script.
fn said(message: &Message) -> String {
    let header = &message.header;
    let mut parts = vec![format!("{} {}", header.id, header.code.code())];
    for question in &message.questions {
        let (kind, class) = (question.kind.code(), question.class.code());
        parts.push(format!("{} {kind} {class}", name(&question.name)));
    }
    for section in [&message.answers, &message.authorities, &message.additionals] {
        parts.push(section.len().to_string());
        for record in section {
            let (owner, kind, class) = (name(&record.name), record.kind(), record.class.code());
            let data = hex(&data(&record.data));
            parts.push(format!("{owner} {} {class} {} {data}", kind.code(), record.ttl));
        }
    }
    if let Some(edns) = &message.edns {
        let Edns { payload_size, version, flags, options } = edns;
        parts.push(format!("edns {version} {payload_size} {flags} {}", options.len()));
    }
    parts.join("|")
}

/// Data on the wire, without compression.
fn data(data: &Data) -> Vec<u8> {
    match data {
        Data::A(address) => address.octets().to_vec(),
        Data::Aaaa(address) => address.octets().to_vec(),
        Data::Ns(name) | Data::Cname(name) | Data::Ptr(name) => name.wire().to_vec(),
        Data::Soa(soa) => {
            let mut bytes = [soa.primary.wire(), soa.mailbox.wire()].concat();
            for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
                bytes.extend(number.to_be_bytes());
            }
            bytes
        }
        Data::Mx { preference, exchange } => [&preference.to_be_bytes(), exchange.wire()].concat(),
        Data::Txt(strings) => {
            let length = |len: usize| u8::try_from(len).expect("at most 255");
            let one = |string: &[u8]| [&[length(string.len())], string].concat();
            strings.iter().flat_map(|string| one(string.bytes())).collect()
        }
        Data::Srv { priority, weight, port, target } => {
            let numbers = [priority, weight, port].map(|number| number.to_be_bytes());
            [&numbers.concat(), target.wire()].concat()
        }
        Data::Unknown { bytes, .. } => bytes.to_vec(),
    }
}

fn name(name: &Name) -> String {
    hex(name.wire())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const ZONE: &str = "$ORIGIN a.test.\n$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\n@ MX 5 mail\n\
    ns A 192.0.2.1\nmail A 192.0.2.2\nwww CNAME web\nweb A 192.0.2.80\nv6 AAAA 2001:db8::1\n\
    text TXT \"a\" \"b c\"\nsub NS ns.sub\nns.sub A 192.0.2.3\n_s._tcp SRV 1 2 80 web\n";

/// Reads each message of a file in hexadecimal; says what is in it, or that it cannot be read.
const SCRIPT: &str = r#"
import sys
import dns.exception, dns.message, dns.name

def record(rrset):
    data = rrset[0].to_wire().hex()
    owner = rrset.name.to_wire().hex()
    return f"{owner} {int(rrset.rdtype)} {int(rrset.rdclass)} {rrset.ttl} {data}"

for line in open(sys.argv[1]):
    try:
        message = dns.message.from_wire(bytes.fromhex(line.strip()), one_rr_per_rrset=True)
    except Exception as error:
        print("error", type(error).__name__)
        continue
    parts = [f"{message.id} {int(message.rcode())}"]
    for q in message.question:
        parts.append(f"{q.name.to_wire().hex()} {int(q.rdtype)} {int(q.rdclass)}")
    for section in (message.answer, message.authority, message.additional):
        parts.append(str(len(section)))
        parts.extend(record(rrset) for rrset in section)
    if message.edns >= 0:
        flags = message.ednsflags & 0xFFFF
        parts.append(f"edns {message.edns} {message.payload} {flags} {len(message.options)}")
    print("|".join(parts))
"#;
