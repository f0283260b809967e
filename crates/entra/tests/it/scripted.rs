//! An exchange that answers from a script and keeps what was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use usher_entra::graph::{Exchange, Graph, GraphError, Outgoing, RawAnswer};

/// What was sent.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) url: String,
    pub(crate) body: Option<Value>,
    pub(crate) eventual: bool,
}

/// The script.
#[derive(Clone)]
pub(crate) struct Scripted(Arc<Mutex<Script>>);

struct Script {
    answers: VecDeque<(u16, Value)>,
    forever: Option<(u16, Value)>,
    sent: Vec<Sent>,
}

impl Scripted {
    /// These answers, one after the other.
    pub(crate) fn new(answers: impl IntoIterator<Item = (u16, Value)>) -> Self {
        let answers = answers.into_iter().collect();
        Self(Arc::new(Mutex::new(Script {
            answers,
            forever: None,
            sent: Vec::new(),
        })))
    }

    /// The same answer again and again.
    pub(crate) fn repeating(answer: (u16, Value)) -> Self {
        let script = Self::new([]);
        script.0.lock().unwrap().forever = Some(answer);
        script
    }

    pub(crate) fn graph(&self) -> Graph {
        Graph::over(
            Arc::new(self.clone()),
            "https://graph.test/v1.0".parse().unwrap(),
            1.0,
        )
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.0.lock().unwrap().sent.clone()
    }
}

impl Exchange for Scripted {
    fn exchange<'a>(
        &'a self,
        call: Outgoing<'a>,
        _: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<RawAnswer, GraphError>> {
        let mut script = self.0.lock().unwrap();
        script.sent.push(Sent {
            url: call.url.to_string(),
            body: call.body.as_ref().map(|body| body.expose().clone()),
            eventual: call.call.eventual,
        });
        let (status, body) = script
            .answers
            .pop_front()
            .or_else(|| script.forever.clone())
            .expect("the script is over");
        let body = match body {
            Value::Null => bytes::Bytes::new(),
            Value::String(text) => text.into(),
            other => other.to_string().into(),
        };
        async move {
            Ok(RawAnswer {
                status,
                body,
                request_id: None,
                retry_after: None,
            })
        }
        .boxed()
    }
}
