//! HTTP/1.0 and HTTP/1.1 (RFC 9110, RFC 9112), cookies (RFC 6265) and caching (RFC 9111).

pub mod cache;
pub mod cookies;
mod date;
mod end_to_end;
mod message;
pub mod policy_rules;
mod reason;
pub mod site;
mod url;

pub use date::parse_http_date;
pub use end_to_end::end_to_end;
pub use message::{Field, Fields, Request, Response, Version};
pub use reason::reason_phrase;
pub use url::{HTTP_PORT, MAX_URL_LEN, Url, UrlError};
