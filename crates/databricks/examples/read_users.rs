//! Reads every user at a SCIM URL and prints how many came: `read_users ENDPOINTS_FILE SCIM_URL`, the token in `USHER_SCIM_TOKEN`.
//!
//! The measurements run it beside other clients doing the same.

use std::error::Error;
use std::io::Write as _;

use usher_core::model::scim_url::{self, UrlVerdict};
use usher_core::model::{Endpoints, Secret, World};
use usher_databricks::Scim;
use usher_databricks::scim::{Query, User};
use usher_transport::{CancellationToken, Client, ClientConfig};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [endpoints, url] = arguments.as_slice() else {
        return Err("read_users ENDPOINTS_FILE SCIM_URL".into());
    };
    let world = World::Mapped(Endpoints::parse(&std::fs::read_to_string(endpoints)?)?);
    let UrlVerdict::Good(url) = scim_url::recognise(url, &world) else {
        return Err("that is no SCIM URL of these endpoints".into());
    };
    let token = Secret::new(std::env::var("USHER_SCIM_TOKEN")?);
    let scim = Scim::new(Client::new(ClientConfig::new(world))?, url, token);
    let users = scim
        .read_all::<User>(&Query::default(), |_, _| {}, &CancellationToken::new())
        .await?;
    writeln!(std::io::stdout(), "{}", users.resources.len())?;
    Ok(())
}
