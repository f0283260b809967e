//! Which proxy is in force for a URL: `HTTPS_PROXY`, `NO_PROXY`, and the system's own settings.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;
use usher_core::model::World;

use crate::error::ErrorKind;

/// The rules of this machine. Plain http (loopback origins of an endpoints file alone) bypasses every proxy, and in a
/// mapped world a proxy off loopback is not used (`contracts/cli.md`, rule 12).
#[derive(Clone)]
pub(crate) struct ProxyRules {
    matcher: Arc<Matcher>,
    loopback_only: bool,
}

/// A proxy that a request will go through: one that takes `CONNECT`, or one that speaks SOCKS 5.
#[derive(Clone)]
pub struct ProxyInForce {
    /// Its URL, user name and password included: never shown as it is.
    url: Url,
    /// What to send as `Proxy-Authorization`.
    authorization: Option<HeaderValue>,
}

impl ProxyInForce {
    /// Where the proxy is, as a URL without user name and password.
    pub fn address(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let port = self
            .url
            .port_or_known_default()
            .map_or_else(String::new, |port| format!(":{port}"));
        format!("{}://{host}{port}", self.url.scheme())
    }

    /// Whether a user name and password are set for it.
    pub fn has_password(&self) -> bool {
        !self.url.username().is_empty()
    }

    /// Why this proxy cannot be used, where it cannot: SOCKS 4 cannot take a user's password, nor, in its first form, a name.
    pub(crate) fn unusable(&self) -> Option<ErrorKind> {
        self.url
            .scheme()
            .starts_with("socks4")
            .then(|| ErrorKind::ProxyRefused {
                detail: format!(
                    "{} is a SOCKS 4 proxy, and only HTTP and SOCKS 5 proxies can be used",
                    self.address()
                ),
            })
    }

    pub(crate) fn is_socks(&self) -> bool {
        self.url.scheme().starts_with("socks")
    }

    fn is_loopback(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        bare == "localhost"
            || bare
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }

    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }
}

/// The user name and password in a basic authorization.
fn user_and_password(authorization: &HeaderValue) -> Option<(String, String)> {
    let encoded = authorization.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

impl fmt::Debug for ProxyInForce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProxyInForce")
            .field(&self.address())
            .finish()
    }
}

impl ProxyRules {
    /// The rules of the environment and the system, or a fixed proxy for every https URL.
    pub(crate) fn new(world: &World, fixed: Option<&Url>) -> Self {
        let matcher = match fixed {
            Some(url) => Matcher::builder().https(url.as_str().to_owned()).build(),
            None => Matcher::from_system(),
        };
        Self {
            matcher: Arc::new(matcher),
            loopback_only: matches!(world, World::Mapped(_)),
        }
    }

    /// The proxy for `url`, if one is in force.
    pub(crate) fn in_force(&self, url: &Url) -> Option<ProxyInForce> {
        if url.scheme() != "https" {
            return None;
        }
        let destination = url.as_str().parse().ok()?;
        let intercept = self.matcher.intercept(&destination)?;
        let mut proxy = Url::parse(&intercept.uri().to_string()).ok()?;
        let authorization = intercept.basic_auth().cloned();
        let basic = authorization.as_ref().and_then(user_and_password);
        let raw = intercept
            .raw_auth()
            .map(|(user, password)| (user.to_owned(), password.to_owned()));
        if let Some((user, password)) = basic.or(raw) {
            proxy.set_username(&user).ok()?;
            proxy.set_password(Some(&password)).ok()?;
        }
        // A proxy looks names up itself (`contracts/cli.md`), whichever of the two ways of writing SOCKS 5 was used.
        if proxy.scheme() == "socks5" {
            proxy.set_scheme("socks5h").ok()?;
        }
        let proxy = ProxyInForce {
            url: proxy,
            authorization,
        };
        (!self.loopback_only || proxy.is_loopback()).then_some(proxy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(world: &World, proxy: &str) -> ProxyRules {
        ProxyRules::new(world, Some(&Url::parse(proxy).unwrap()))
    }

    fn mapped() -> World {
        let text = r#"{"name":"t","login":"http://127.0.0.1:1","graph":"http://127.0.0.1:2",
            "databricksAccounts":"https://127.0.0.1:3"}"#;
        World::Mapped(usher_core::model::Endpoints::parse(text).unwrap())
    }

    #[test]
    fn plain_http_bypasses_every_proxy() {
        let rules = rules(&mapped(), "http://127.0.0.1:9");
        assert!(
            rules
                .in_force(&Url::parse("http://127.0.0.1:1/x").unwrap())
                .is_none()
        );
        assert!(
            rules
                .in_force(&Url::parse("https://127.0.0.1:3/x").unwrap())
                .is_some()
        );
    }

    #[test]
    fn a_mapped_world_uses_no_proxy_off_loopback() {
        let url = Url::parse("https://127.0.0.1:3/x").unwrap();
        assert!(
            rules(&mapped(), "http://10.0.0.1:9")
                .in_force(&url)
                .is_none()
        );
        assert!(
            rules(&World::Live, "http://10.0.0.1:9")
                .in_force(&url)
                .is_some()
        );
    }

    #[test]
    fn socks_5_is_used_and_looks_names_up_and_socks_4_is_refused_in_words() {
        let url = Url::parse("https://accounts.azuredatabricks.net/").unwrap();
        let of = |proxy: &str| rules(&World::Live, proxy).in_force(&url).unwrap();
        for written in [
            "socks5://me:s@10.0.0.1:1080",
            "socks5h://me:s@10.0.0.1:1080",
        ] {
            let proxy = of(written);
            assert_eq!(proxy.address(), "socks5h://10.0.0.1:1080");
            assert!(proxy.has_password() && proxy.unusable().is_none());
        }
        assert!(of("socks4a://10.0.0.1:1080").unusable().is_some());
        let local = Url::parse("https://127.0.0.1:3/x").unwrap();
        let rules = rules(&mapped(), "socks5://10.0.0.1:1080");
        assert!(rules.in_force(&local).is_none());
    }

    #[test]
    fn user_and_password_are_kept_and_never_shown() {
        let url = Url::parse("https://accounts.azuredatabricks.net/").unwrap();
        let proxy = rules(&World::Live, "http://me:s%40cret@127.0.0.1:9")
            .in_force(&url)
            .unwrap();
        assert!(proxy.has_password());
        assert_eq!(proxy.url().password(), Some("s%40cret"));
        assert_eq!(format!("{proxy:?}"), "ProxyInForce(\"http://127.0.0.1:9\")");
    }
}
