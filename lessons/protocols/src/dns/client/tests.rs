//! The text of commands.

use super::*;

#[test]
fn commands_are_read_back_from_what_they_are_written_as() {
    let written = [
        "lookup www.a.test A",
        "lookup a.test MX",
        "lookup www.a.test AAAA @192.0.2.53:53",
        "watch www.a.test A every 20 s 4 times",
        "trace www.a.test A",
        "forget",
    ];
    for text in written {
        assert_eq!(text.parse::<Command>().unwrap().to_string(), text);
    }
    let short = "lookup www.a.test @192.0.2.53".parse::<Command>().unwrap();
    assert_eq!(short.to_string(), "lookup www.a.test A @192.0.2.53:53");
    for text in [
        "lookup",
        "lookup a..b",
        "lookup a.test NO",
        "lookup a @b",
        "trace a b c",
        "watch a every 0 s 1 times",
        "x",
    ] {
        assert!(text.parse::<Command>().is_err(), "{text}");
    }
}
