//! Rules for all Rust files, which are parsed, not searched: prose may say what it likes.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, File, Ident, ImplItemFn, Item, ItemConst, ItemFn, TraitItemFn};

use crate::source::Source;

/// The file as a tree, or nothing where it is not Rust.
pub fn parsed(source: &Source) -> Option<File> {
    if source.ending() != "rs" {
        return None;
    }
    let file = syn::parse_file(&source.text);
    Some(file.unwrap_or_else(|why| panic!("{} is not Rust: {why}", source.path)))
}

/// A file opens with `//!`, what it is for.
pub fn opens_with_purpose(source: &Source) -> Vec<String> {
    if source.ending() != "rs" || source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![source.complaint(1, "does not open with //! and what it is for")]
}

/// No function is longer than [`MAX_FUNCTION_LINES`].
pub fn short_functions(source: &Source) -> Vec<String> {
    let Some(file) = parsed(source) else { return Vec::new() };
    let mut functions = Functions { source, complaints: Vec::new() };
    functions.visit_file(&file);
    functions.complaints
}

/// Nothing promises to be done later, and no test is switched off or cannot fail.
pub fn finished(source: &Source) -> Vec<String> {
    let Some(file) = parsed(source) else { return Vec::new() };
    let mut complaints = found(source, tokens(&file), &UNDONE);
    if !MEASUREMENTS.contains(&source.path.as_str()) {
        complaints.extend(found(source, tokens(&file), &["#[ignore"]));
    }
    for (at, line) in source.text.lines().enumerate() {
        if line.contains(concat!("FIX", "ME")) || line.contains(concat!("TO", "DO:")) {
            complaints.push(source.complaint(at + 1, "promises to be done later"));
        }
    }
    complaints
}

/// A constant that limits something has a doc comment, which is where its reason stands.
pub fn reasoned_limits(source: &Source) -> Vec<String> {
    let Some(file) = parsed(source).filter(|_| !source.is_test()) else { return Vec::new() };
    let mut limits = Limits { source, complaints: Vec::new() };
    limits.visit_file(&file);
    limits.complaints
}

/// Complaints about each place where the words of a phrase, such as `Instant::now`, follow each
/// other in code.
pub fn found(source: &Source, code: TokenStream, phrases: &[&str]) -> Vec<String> {
    let mut flat = Vec::new();
    flatten(code, &mut flat);
    let mut complaints = Vec::new();
    for phrase in phrases {
        let words: Vec<String> = words(phrase);
        for window in flat.windows(words.len()) {
            if window.iter().zip(&words).all(|(token, word)| token.text == *word) {
                complaints.push(source.complaint(window[0].line, &format!("has `{phrase}`")));
            }
        }
    }
    complaints
}

/// All code of a file but its tests.
pub fn code_without_tests(file: &File) -> TokenStream {
    use quote::ToTokens;
    let items = file.items.iter().filter(|item| !is_only_for_tests(item));
    items.flat_map(|item| item.to_token_stream()).collect()
}

fn tokens(file: &File) -> TokenStream {
    use quote::ToTokens;
    file.to_token_stream()
}

fn is_only_for_tests(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Mod(module) => &module.attrs,
        Item::Fn(function) => &function.attrs,
        Item::Impl(block) => &block.attrs,
        Item::Use(import) => &import.attrs,
        _ => &[],
    };
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<Ident>().is_ok_and(|condition| condition == "test")
    })
}

struct Token {
    text: String,
    line: usize,
}

fn flatten(code: TokenStream, into: &mut Vec<Token>) {
    for tree in code {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                into.push(Token { text: open.to_owned(), line });
                flatten(group.stream(), into);
                into.push(Token { text: close.to_owned(), line });
            }
            // What a string or a comment says is nobody's business.
            TokenTree::Literal(_) => into.push(Token { text: "\"\"".to_owned(), line }),
            other => into.push(Token { text: other.to_string(), line }),
        }
    }
}

fn words(phrase: &str) -> Vec<String> {
    let mut flat = Vec::new();
    let mut word = String::new();
    for letter in phrase.chars() {
        if letter.is_alphanumeric() || letter == '_' {
            word.push(letter);
            continue;
        }
        if !word.is_empty() {
            flat.push(std::mem::take(&mut word));
        }
        flat.push(letter.to_string());
    }
    flat.extend(Some(word).filter(|word| !word.is_empty()));
    flat
}

struct Functions<'a> {
    source: &'a Source,
    complaints: Vec<String>,
}

impl Functions<'_> {
    fn measure(&mut self, name: &Ident, block: &Block) {
        let from = name.span().start().line;
        let lines = block.span().end().line - from + 1;
        if lines > MAX_FUNCTION_LINES {
            let text = format!("fn {name} has {lines} lines, at most {MAX_FUNCTION_LINES}");
            self.complaints.push(self.source.complaint(from, &text));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.measure(&function.sig.ident, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.measure(&function.sig.ident, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

struct Limits<'a> {
    source: &'a Source,
    complaints: Vec<String>,
}

impl<'ast> Visit<'ast> for Limits<'_> {
    fn visit_item_const(&mut self, constant: &'ast ItemConst) {
        let name = constant.ident.to_string();
        let is_limit = name.starts_with("MAX_") || name.ends_with("_MAX") || name.contains("LIMIT");
        if is_limit && !constant.attrs.iter().any(|attribute| attribute.path().is_ident("doc")) {
            let text = format!("{name} does not say why it is as large as it is");
            self.complaints.push(self.source.complaint(constant.ident.span().start().line, &text));
        }
    }
}

/// Longer functions do more than their name says.
const MAX_FUNCTION_LINES: usize = 60;

/// Promises, and tests that are none.
const UNDONE: [&str; 5] = ["todo!", "unimplemented!", "dbg!", "assert!(true)", "assert!(true,"];

/// Files with a function that prints times for people to read. No time is right or wrong on every
/// machine, so it runs only when it is asked for.
const MEASUREMENTS: [&str; 1] = ["web/src/state/telling/tests.rs"];
