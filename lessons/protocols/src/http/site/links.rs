//! Which objects a page needs: the client's reading of HTML.

/// The references of a page to the objects that a browser fetches with it, in order and each once:
/// `src` of img and script, and `href` of link to a style sheet or icon.
///
/// Deliberately simple: it looks for tags and their quoted attributes, passes over comments, and
/// knows nothing else of HTML. What pages of the lessons use, it finds; a browser finds more.
pub fn object_links(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or("");
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (tag, after) = split_tag(rest);
        rest = after;
        if let Some(link) = object_of(tag)
            && !found.contains(&link)
            && found.len() < MAX_LINKS
        {
            found.push(link);
        }
    }
    found
}

/// A tag's text up to the `>` that does not stand in quotes, and what follows it.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => {
                return (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or(""));
            }
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    (text, "")
}

/// The object that a tag asks for, if it is one of those that do.
fn object_of(tag: &str) -> Option<String> {
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    let (name, attributes) = (tag.get(..end)?, tag.get(end..)?);
    let wanted = match name.to_ascii_lowercase().as_str() {
        "img" | "script" => "src",
        "link" => {
            let rel = attribute(attributes, "rel")?.to_ascii_lowercase();
            let fetched = rel.split_ascii_whitespace().any(|r| r == "stylesheet" || r == "icon");
            if !fetched {
                return None;
            }
            "href"
        }
        _ => return None,
    };
    attribute(attributes, wanted).filter(|link| !link.is_empty())
}

/// The value of an attribute, quoted or not, with `&amp;` read as `&`.
fn attribute(mut text: &str, wanted: &str) -> Option<String> {
    loop {
        text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if text.is_empty() {
            return None;
        }
        let end = text.find(|c: char| c.is_ascii_whitespace() || c == '=').unwrap_or(text.len());
        let (name, after) = text.split_at(end.max(1).min(text.len()));
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(value) => split_value(value.trim_start()),
            None => ("", after),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value.trim().replace("&amp;", "&"));
        }
        text = after;
    }
}

fn split_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    let end = text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len());
    text.split_at(end)
}

/// The most objects that one page may have: a page that names more is cut there, so that it cannot
/// keep a client busy for ever.
pub const MAX_LINKS: usize = 200;
