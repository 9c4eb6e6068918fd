//! Choosing a language by Accept-Language (RFC 9110 section 12.5.4).

/// The index of the language that a client likes best among those there are; none if it accepts
/// none of them. Without the field every language is as good as any, and the first is chosen.
pub(super) fn choose(accept: Option<&str>, languages: &[&str]) -> Option<usize> {
    let Some(accept) = accept else { return (!languages.is_empty()).then_some(0) };
    let ranges: Vec<(&str, u16)> = accept.split(',').filter_map(range).collect();
    let mut best: Option<(u16, usize)> = None;
    for (at, language) in languages.iter().enumerate() {
        let weight = weight(&ranges, language);
        if weight > 0 && best.is_none_or(|(found, _)| weight > found) {
            best = Some((weight, at));
        }
    }
    best.map(|(_, at)| at)
}

/// The weight in thousandths that the most specific matching range gives to a language
/// (RFC 4647 section 3.3.1: a range matches a tag that it equals or begins up to a hyphen).
fn weight(ranges: &[(&str, u16)], language: &str) -> u16 {
    let matching = ranges.iter().filter(|(range, _)| {
        *range == "*" || {
            let head = language.get(..range.len()).unwrap_or("");
            let rest = language.get(range.len()..).unwrap_or("");
            head.eq_ignore_ascii_case(range) && (rest.is_empty() || rest.starts_with('-'))
        }
    });
    let specificity = |range: &str| if range == "*" { 0 } else { range.len() };
    matching.max_by_key(|(range, _)| specificity(range)).map_or(0, |(_, weight)| *weight)
}

/// A language range with its weight in thousandths (RFC 9110 section 12.4.2); none if malformed.
fn range(text: &str) -> Option<(&str, u16)> {
    let (range, parameters) = text.split_once(';').unwrap_or((text, ""));
    let range = range.trim();
    let weight = match parameters.trim().split_once('=') {
        None if parameters.trim().is_empty() => 1000,
        Some((name, value)) if name.trim().eq_ignore_ascii_case("q") => thousandths(value.trim())?,
        _ => return None,
    };
    (!range.is_empty()).then_some((range, weight))
}

/// A quality value from `0` to `1` with at most three digits after the point.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    match (whole, part) {
        ("0", part) => Some(part),
        ("1", 0) => Some(1000),
        _ => None,
    }
}
