//! The OPT record of EDNS (RFC 6891 section 6.1).

use core::fmt;

use bytes::Bytes;

use super::cursor::{Cursor, FORMERR, Field};
use crate::dns::{Edns, EdnsOption, Name, rules};
use crate::wire::{Span, Violation};

/// What an OPT record says, with the bits of the response code that belong to the header's.
pub(super) struct Opt {
    pub(super) edns: Edns,
    /// Bits 4 to 11 of the response code.
    pub(super) upper_code: u8,
}

impl fmt::Display for Opt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Edns { payload_size, version, .. } = self.edns;
        write!(f, "OPT: EDNS {version}, datagrams of up to {payload_size} B")
    }
}

/// Reads an OPT record behind its type.
pub(super) fn read_opt(
    cursor: &mut Cursor<'_>,
    owner: &Name,
    additional: bool,
    start: usize,
) -> Result<Opt, Violation> {
    let fault = |rule, found: String, legal: &str| {
        let span = Span::new(start, start + owner.wire().len() + 2);
        Err(Violation { rule, span, found, legal: legal.into(), code: FORMERR })
    };
    if !additional {
        let found = "An OPT record stands outside of the additional section.".to_string();
        return fault(&rules::ONE_OPT, found, "an OPT record among the additional ones");
    }
    if !owner.is_root() {
        let found = format!("The owner of the OPT record is {owner}.");
        return fault(&rules::OPT, found, "the root, a single zero byte");
    }
    let payload_size = cursor.u16(Field {
        name: "UDP payload size",
        rule: &rules::OPT,
        says: |size| format!("{size} B"),
    })?;
    let upper_code = cursor.u8(Field {
        name: "EXTENDED-RCODE",
        rule: &rules::OPT,
        says: |code| format!("{code}, the upper bits"),
    })?;
    let version =
        cursor.u8(Field { name: "VERSION", rule: &rules::OPT, says: |v| v.to_string() })?;
    let flags =
        cursor.u16(Field { name: "DO and Z", rule: &rules::OPT, says: |v| format!("{v:#06x}") })?;
    let len = cursor.u16(Field {
        name: "RDLENGTH",
        rule: &rules::RDLENGTH,
        says: |len| format!("{len} B"),
    })?;
    let options = cursor.bounded(usize::from(len), options)?;
    Ok(Opt { edns: Edns { payload_size, version, flags, options }, upper_code })
}

fn options(cursor: &mut Cursor<'_>) -> Result<Vec<EdnsOption>, Violation> {
    let mut options = Vec::new();
    while cursor.left() > 0 {
        let says = |option: &EdnsOption| format!("{}, {} B", option.code, option.bytes.len());
        options.push(cursor.group("option", &rules::OPT, says, |cursor| {
            let decimal: fn(u16) -> String = |value| value.to_string();
            let field = |name| Field { name, rule: &rules::OPT, says: decimal };
            let code = cursor.u16(field("OPTION-CODE"))?;
            let len = usize::from(cursor.u16(field("OPTION-LENGTH"))?);
            let bytes = cursor.take(len, "an option of EDNS")?;
            if len > 0 {
                let span = Span::new(cursor.at() - len, cursor.at());
                cursor.note(span, "OPTION-DATA", &rules::OPT, || format!("{len} B"));
            }
            Ok(EdnsOption { code, bytes: Bytes::copy_from_slice(bytes) })
        })?);
    }
    Ok(options)
}
