//! Cookies: how a stateless protocol is made to remember (RFC 6265).
//!
//! A server hands out a small text with `Set-Cookie`, the browser keeps it in a [`Jar`] and sends
//! it back with `Cookie`. What the text means only the server knows.

mod date;
mod jar;
mod set_cookie;
#[cfg(test)]
mod tests;

pub use date::parse_cookie_date;
pub use jar::{Cookie, Jar, MAX_COOKIES, MAX_COOKIES_PER_DOMAIN, Stored};
pub use set_cookie::{MAX_COOKIE_LEN, SetCookie, parse_cookie_line};
