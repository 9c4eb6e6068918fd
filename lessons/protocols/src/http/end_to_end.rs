//! Which fields are about one connection, and which travel from end to end (RFC 9110
//! section 7.6.1).

use super::Fields;

/// The fields that may be stored and forwarded: without Connection, those that it names, and the
/// others that are about one connection only.
pub fn end_to_end(fields: &Fields) -> Fields {
    let named: Vec<String> = fields.list("Connection").map(str::to_ascii_lowercase).collect();
    let hop_by_hop = |name: &str| {
        let name = name.to_ascii_lowercase();
        HOP_BY_HOP.contains(&name.as_str()) || named.contains(&name)
    };
    fields.iter().filter(|f| !hop_by_hop(&f.name)).cloned().collect()
}

/// In lower case. Proxy-Authenticate and its kin are for the next hop only (RFC 9110 section 11.7).
const HOP_BY_HOP: [&str; 10] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_connection_and_those_it_names_stay_behind() {
        let fields = Fields::new()
            .with("Host", "cs.test")
            .with("Connection", "close, X-Trace")
            .with("x-trace", "1")
            .with("TE", "trailers")
            .with("Accept", "*/*");
        let names: Vec<_> = end_to_end(&fields).iter().map(|f| f.name.clone()).collect();
        assert_eq!(names, ["Host", "Accept"]);
    }
}
