//! Gallery templates, and making an application from one (facts/entra §1.1, §1.2).

use serde::Deserialize;
use serde_json::json;

use super::call::{Answer, Call, Endpoint, Method, Page, odata_text};
use super::error::DecodeError;
use super::lenient;
use super::service_principals::{Application, ServicePrincipal};

/// The gallery's name of the connector, as it is searched for.
pub const CONNECTOR_NAME: &str = "Azure Databricks SCIM Provisioning Connector";
/// The connector's template id as last seen in public; the one found by name is preferred (facts/entra §0).
pub const CONNECTOR_TEMPLATE: &str = "9c9818d2-2900-49e8-8ba4-22688be7c675";
/// The template of applications that are not from the gallery.
pub const CUSTOM_TEMPLATE: &str = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621";

/// A gallery template.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationTemplate {
    /// Its id.
    pub id: String,
    /// Its name in the gallery.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Who publishes it.
    #[serde(default)]
    pub publisher: Option<String>,
    /// `sync` among them means that it can provision.
    #[serde(default, deserialize_with = "lenient::list")]
    pub supported_provisioning_types: Vec<String>,
}

impl ApplicationTemplate {
    /// Whether applications made from it can provision.
    pub fn can_provision(&self) -> bool {
        self.supported_provisioning_types
            .iter()
            .any(|kind| kind.eq_ignore_ascii_case("sync"))
    }
}

/// `GET /applicationTemplates` by display name.
#[derive(Debug, Clone)]
pub struct FindTemplates {
    /// The exact name.
    pub display_name: String,
}

impl Endpoint for FindTemplates {
    type Output = Page<ApplicationTemplate>;

    fn call(&self) -> Call {
        Call::new(
            "applicationTemplates.list",
            &[],
            Method::Get,
            &["applicationTemplates"],
        )
        .query(
            "$filter",
            format!("displayName eq {}", odata_text(&self.display_name)),
        )
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `GET /applicationTemplates/{id}`.
#[derive(Debug, Clone)]
pub struct GetTemplate {
    /// The template.
    pub id: String,
}

impl Endpoint for GetTemplate {
    type Output = ApplicationTemplate;

    fn call(&self) -> Call {
        Call::new(
            "applicationTemplates.get",
            &[],
            Method::Get,
            &["applicationTemplates", &self.id],
        )
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// `POST /applicationTemplates/{id}/instantiate`.
#[derive(Debug, Clone)]
pub struct Instantiate {
    /// The template.
    pub template_id: String,
    /// The name to give.
    pub display_name: String,
}

/// What instantiating brings.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Instantiated {
    /// The registration half.
    pub application: Application,
    /// The enterprise-application half.
    pub service_principal: ServicePrincipal,
}

impl Endpoint for Instantiate {
    type Output = Instantiated;

    fn call(&self) -> Call {
        let path = [
            "applicationTemplates",
            self.template_id.as_str(),
            "instantiate",
        ];
        Call::new(
            "applicationTemplates.instantiate",
            &["Application.ReadWrite.All"],
            Method::Post,
            &path,
        )
        .body(json!({ "displayName": self.display_name }))
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}
