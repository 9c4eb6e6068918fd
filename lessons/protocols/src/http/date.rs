//! HTTP dates (RFC 9110 section 5.6.7).

use std::time::UNIX_EPOCH;

use crate::wire::Time;

/// The moment that an HTTP date names, in any of its three forms; none if it is not one, or lies
/// before 1970. [`Time`]'s `Display` writes the preferred form.
pub fn parse_http_date(text: &str) -> Option<Time> {
    let moment = httpdate::parse_http_date(text).ok()?;
    Some(Time::from_secs(moment.duration_since(UNIX_EPOCH).ok()?.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_rfc_9110_section_5_6_7_name_the_same_moment() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ] {
            assert_eq!(parse_http_date(text), Some(Time::from_secs(784_111_777)), "{text}");
        }
        assert_eq!(parse_http_date("0"), None);
        assert_eq!(Time::from_secs(784_111_777).to_string(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }
}
