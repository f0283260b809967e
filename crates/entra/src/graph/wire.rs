//! Graph's calls over HTTP, with the bound credential of a sign-in.

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use usher_transport::{Client, Event, HeaderName, HeaderValue, Request, Retry, retry_after};

use super::call::{Call, Exchange, Method, Outgoing, RawAnswer};
use super::error::GraphError;
use crate::signin::SignedIn;

/// Sends over HTTP.
pub(super) struct Wire {
    signed_in: SignedIn,
    client: Client,
}

impl Wire {
    pub(super) fn new(signed_in: SignedIn, client: Client) -> Self {
        Self { signed_in, client }
    }

    async fn send(
        &self,
        outgoing: Outgoing<'_>,
        cancel: &CancellationToken,
    ) -> Result<RawAnswer, GraphError> {
        let credential = self.signed_in.credential(cancel).await?;
        let mut request = Request::new(
            outgoing.call.name,
            method(outgoing.call.method),
            outgoing.url,
        )
        .bearer(&credential)
        .retry(retry(outgoing.call));
        let is_list = outgoing.call.method == Method::Get;
        if let Some(body) = &outgoing.body {
            request = request.json(body.expose());
        }
        if outgoing.call.eventual {
            request = request.header(
                HeaderName::from_static("consistencylevel"),
                HeaderValue::from_static("eventual"),
            );
        }
        let response = self.client.send(request, cancel).await?;
        let asked = retry_after(&response.headers, jiff::Timestamp::now());
        let answer = RawAnswer {
            status: response.status.as_u16(),
            body: response.body,
            request_id: response.request_id,
            retry_after: asked.map(|wait| wait.as_secs_f64()),
        };
        // Lists are long, and nobody is shown their text; a batch holds refusals under a status of its own.
        let is_shown = !is_list || !(200..300).contains(&answer.status);
        let id = answer.request_id.as_deref().unwrap_or_default();
        let hides = is_shown && (credential.is_in(&answer.body) || credential.is_in(id.as_bytes()));
        Ok(match hides {
            true => answer.hiding(|text| credential.hide_in(text)),
            false => answer,
        })
    }
}

impl Exchange for Wire {
    fn exchange<'a>(
        &'a self,
        call: Outgoing<'a>,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<RawAnswer, GraphError>> {
        self.send(call, cancel).boxed()
    }

    fn tell(&self, event: Event) {
        self.client.tell(event);
    }
}

fn method(method: Method) -> usher_transport::Method {
    match method {
        Method::Get => usher_transport::Method::GET,
        Method::Post => usher_transport::Method::POST,
        Method::Patch => usher_transport::Method::PATCH,
        Method::Put => usher_transport::Method::PUT,
        Method::Delete => usher_transport::Method::DELETE,
    }
}

/// Reads are repeated; writes on 429 alone. A test of credentials that gets a 500 has its answer: what broke is told in
/// its body, so it is not repeated either (facts/entra §9).
fn retry(call: &Call) -> Retry {
    if call.is_read && !call.wants_an_answer_as_it_is() {
        Retry::Read
    } else {
        Retry::Write
    }
}
