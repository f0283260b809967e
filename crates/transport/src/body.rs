//! Reading an answer's body with a cap, as it comes.

use bytes::{Bytes, BytesMut};

use crate::classify;
use crate::error::ErrorKind;

/// Reads the whole body. The cap counts decompressed bytes, so a small answer that unpacks to a huge one ends here too,
/// and a body that announces more than the cap is not read at all.
pub(crate) async fn read(mut response: reqwest::Response, limit: u64) -> Result<Bytes, ErrorKind> {
    let status = response.status().as_u16();
    let too_large = || ErrorKind::TooLarge { status, limit };
    if response
        .content_length()
        .is_some_and(|announced| announced > limit)
    {
        return Err(too_large());
    }
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                if received(&body).saturating_add(received(&chunk)) > limit {
                    return Err(too_large());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(None) => return Ok(body.freeze()),
            Err(error) if classify::is_cut_body(&error) => {
                return Err(ErrorKind::BodyTruncated {
                    status,
                    received: received(&body),
                });
            }
            Err(error) => {
                return Err(ErrorKind::Unreadable {
                    status,
                    path: ".".to_owned(),
                    detail: words(&error),
                    truncated: false,
                });
            }
        }
    }
}

fn received(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn words(error: &reqwest::Error) -> String {
    // Without the URL, which may hold a filter.
    let mut words = "the body cannot be decoded".to_owned();
    if let Some(source) = std::error::Error::source(error) {
        words = format!("{words}: {source}");
    }
    words
}
