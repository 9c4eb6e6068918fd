//! HTTP/1.0 and HTTP/1.1 (RFC 9110, RFC 9112), cookies (RFC 6265) and caching (RFC 9111).

mod message;

pub use message::{Field, Fields, Request, Response, Version};
