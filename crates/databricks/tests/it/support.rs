//! What the tests share.

use usher_core::model::scim_url::{self, UrlVerdict};
use usher_core::model::{Endpoints, Origin, Secret, World};
use usher_databricks::Scim;
use usher_transport::{Client, ClientConfig};
use wiremock::MockServer;

pub(crate) const ACCOUNT: &str = "f6e5d4c3-0a1b-4c2d-8e3f-0123456789ab";
pub(crate) const TOKEN: &str = "dsapi0123456789abcdef0123456789canary";

pub(crate) fn world(server: &MockServer) -> World {
    let uri = server.uri();
    let text = format!(
        r#"{{"name":"t","login":"http://127.0.0.1:1","graph":"http://127.0.0.1:2","databricksAccounts":"{uri}"}}"#
    );
    World::Mapped(Endpoints::parse(&text).unwrap())
}

pub(crate) fn client(server: &MockServer) -> Client {
    Client::new(ClientConfig {
        wait_scale: 0.001,
        ..ClientConfig::new(world(server))
    })
    .unwrap()
}

pub(crate) fn origin(server: &MockServer) -> Origin {
    server.uri().parse().unwrap()
}

/// Account SCIM of the given version (`2.0` or `2.1`) at the server.
pub(crate) fn scim(server: &MockServer, version: &str) -> Scim {
    let text = format!("{}/api/{version}/accounts/{ACCOUNT}/scim/v2", server.uri());
    let UrlVerdict::Good(url) = scim_url::recognise(&text, &world(server)) else {
        panic!("{text}")
    };
    Scim::new(client(server), url, Secret::new(TOKEN))
}
