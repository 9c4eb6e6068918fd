//! Rules for the taught machines: a run is decided by its stage, seed and meddlings alone; a peer's
//! bytes cannot stop it; and whatever it does, it does because of a rule that stands somewhere.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Expr, Item, ItemConst, ItemStatic, Lit, Type};

use crate::rust::{code_without_tests, found, parsed};
use crate::source::Source;

/// In protocols, world and course there is no clock, socket, thread, chance or hash order.
pub fn decided(source: &Source) -> Vec<String> {
    if !source.is_under("lessons/") || source.is_test() {
        return Vec::new();
    }
    parsed(source)
        .map_or_else(Vec::new, |file| found(source, code_without_tests(&file), &UNDECIDED))
}

/// Where bytes of outsiders are read, nothing unwraps: it answers or it refuses.
pub fn total(source: &Source) -> Vec<String> {
    let reads_outsiders = READERS.iter().any(|folder| source.is_under(folder));
    if !reads_outsiders || source.is_test() {
        return Vec::new();
    }
    parsed(source).map_or_else(Vec::new, |file| found(source, code_without_tests(&file), &PANICS))
}

/// Each rule names its document, or is made by a function that does, and has an id of the form
/// `protocol.what-it-is-about`.
pub fn sourced(source: &Source, makers: &BTreeSet<String>) -> Vec<String> {
    let mut complaints = Vec::new();
    for rule in rules(source) {
        let is_made = rule.maker.as_ref().is_some_and(|maker| makers.contains(maker));
        if !is_made && !rule.texts.iter().any(|text| names_a_document(text)) {
            complaints.push(source.complaint(rule.line, &format!("{} has no source", rule.id)));
        }
        if rule.texts.iter().any(|text| text.trim().is_empty()) {
            complaints.push(source.complaint(rule.line, &format!("{} has an empty part", rule.id)));
        }
        let letters = |part: &str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        if !rule.id.split_once('.').is_some_and(|(front, back)| letters(front) && letters(back)) {
            complaints.push(source.complaint(rule.line, &format!("{:?} is no id", rule.id)));
        }
    }
    complaints
}

/// The functions of a file that make a rule and name its document themselves.
pub fn makers(source: &Source) -> BTreeSet<String> {
    if !source.is_under("lessons/protocols/src/") || source.is_test() {
        return BTreeSet::new();
    }
    let items = parsed(source).map_or_else(Vec::new, |file| file.items);
    let made = items.iter().filter_map(|item| match item {
        Item::Fn(function) => {
            let makes = function.sig.output.to_token_stream().to_string() == "-> Rule";
            let mut texts = Texts::default();
            texts.visit_block(&function.block);
            (makes && texts.found.iter().any(|text| names_a_document(text)))
                .then(|| function.sig.ident.to_string())
        }
        _ => None,
    });
    made.collect()
}

fn names_a_document(text: &str) -> bool {
    DOCUMENTS.iter().any(|kind| text.starts_with(kind))
}

/// The rules that a file of the protocols defines, outside of its tests.
pub fn rules(source: &Source) -> Vec<Defined> {
    if !source.is_under("lessons/protocols/src/") || source.is_test() {
        return Vec::new();
    }
    let Some(file) = parsed(source) else { return Vec::new() };
    let mut rules = Rules::default();
    for item in &file.items {
        rules.visit_item(item);
    }
    rules.found
}

/// One rule, as it is written down.
pub struct Defined {
    pub id: String,
    pub line: usize,
    texts: Vec<String>,
    /// The function that is called to make it.
    maker: Option<String>,
}

#[derive(Default)]
struct Rules {
    found: Vec<Defined>,
}

impl Rules {
    fn look_at(&mut self, kind: &Type, value: &Expr) {
        if kind.to_token_stream().to_string() != "Rule" {
            return;
        }
        let mut texts = Texts::default();
        texts.visit_expr(value);
        let line = syn::spanned::Spanned::span(value).start().line;
        let id = texts.found.first().cloned().unwrap_or_default();
        let maker = match value {
            Expr::Call(call) => Some(call.func.to_token_stream().to_string()),
            _ => None,
        };
        self.found.push(Defined { id, line, texts: texts.found, maker });
    }
}

impl<'ast> Visit<'ast> for Rules {
    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        self.look_at(&item.ty, &item.expr);
    }

    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        self.look_at(&item.ty, &item.expr);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.ident != "tests" {
            visit::visit_item_mod(self, module);
        }
    }
}

#[derive(Default)]
struct Texts {
    found: Vec<String>,
}

impl<'ast> Visit<'ast> for Texts {
    fn visit_lit(&mut self, literal: &'ast Lit) {
        if let Lit::Str(text) = literal {
            self.found.push(text.value());
        }
    }
}

/// What would make two runs differ.
const UNDECIDED: [&str; 15] = [
    "HashMap",
    "HashSet",
    "RandomState",
    "Instant::now",
    "time::Instant",
    "SystemTime",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "std::thread",
    "thread::spawn",
    "rand::rng",
    "thread_rng",
    "getrandom",
    "js_sys",
];

/// What stops the program when an outsider wants it to.
const PANICS: [&str; 4] = [".unwrap()", ".expect(", "panic!", "unreachable!"];

/// Where outsiders' bytes are read.
const READERS: [&str; 3] = ["lessons/protocols/src/", "relay/wire/src/", "relay/src/bridge"];

/// Who writes down how protocols work.
const DOCUMENTS: [&str; 7] = ["RFC ", "BEP ", "ISO", "WHATWG", "W3C", "ITU", "Chord"];
