//! One request to a loopback address, without a library: enough to ask the practice tenant for an id.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::process::{Failure, Outcome};

/// Sends a request to `origin` (`http://127.0.0.1:PORT`) and reads the JSON it answers with.
///
/// `head` is method and path; `headers` end with a line break each.
pub(crate) fn json(origin: &str, head: &str, headers: &str, body: &str) -> Outcome<Value> {
    let address = origin.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_secs(30)))?;
    write!(
        connection,
        "{head} HTTP/1.0\r\nHost: {address}\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    answer
        .split_once("\r\n\r\n")
        .and_then(|(_, body)| serde_json::from_str(body).ok())
        .ok_or_else(|| Failure::new(format!("✕ {origin} answered {head} with no JSON.")))
}

/// A value of a form, with what has a meaning there written as `%XX`.
pub(crate) fn form_value(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::form_value;

    #[test]
    fn a_form_value_holds_nothing_with_a_meaning() {
        assert_eq!(form_value("a~b c&d=e"), "a%7Eb%20c%26d%3De");
    }
}
