//! The tenant, its licences, and who is signed in (facts/entra §1.15).

use serde::Deserialize;

use super::call::{Answer, Call, Endpoint, Method, Page};
use super::error::DecodeError;
use super::lenient;

/// Service plan of Entra ID P1.
pub const PLAN_P1: &str = "41781fb2-bc02-4b7c-bd55-b576c07bb09d";
/// Service plan of Entra ID P2.
pub const PLAN_P2: &str = "eec0eb4f-6444-4f95-aba0-50c24d67f998";
/// Service plan of Entra ID Governance.
pub const PLAN_GOVERNANCE: &str = "e866a266-3cff-43a3-acca-0c90a7e00c8b";

/// The organisation.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The tenant's id.
    pub id: String,
    /// Its name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub display_name: String,
    /// `AAD`, `CIAM`, …
    #[serde(default)]
    pub tenant_type: Option<String>,
    /// Its domains.
    #[serde(default, deserialize_with = "lenient::list")]
    pub verified_domains: Vec<VerifiedDomain>,
}

/// A domain.
#[derive(Debug, Clone, Deserialize)]
pub struct VerifiedDomain {
    /// Its name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub name: String,
}

/// `GET /organization`.
#[derive(Debug, Clone, Copy)]
pub struct GetOrganization;

impl Endpoint for GetOrganization {
    type Output = Page<Organization>;

    fn call(&self) -> Call {
        Call::new(
            "organization.list",
            &["User.Read", "Organization.Read.All"],
            Method::Get,
            &["organization"],
        )
        .query(
            "$select",
            "id,displayName,verifiedDomains,tenantType,countryLetterCode",
        )
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// A product the tenant has.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscribedSku {
    /// The product's name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub sku_part_number: String,
    /// `Enabled`, `Warning`, `Suspended` …
    #[serde(default, deserialize_with = "lenient::default")]
    pub capability_status: String,
    /// What is in it.
    #[serde(default, deserialize_with = "lenient::list")]
    pub service_plans: Vec<ServicePlan>,
}

impl SubscribedSku {
    /// Whether the product is in force and holds a plan.
    pub fn gives(&self, plan: &str) -> bool {
        let has = self
            .service_plans
            .iter()
            .any(|held| held.service_plan_id.eq_ignore_ascii_case(plan));
        self.capability_status.eq_ignore_ascii_case("Enabled") && has
    }
}

/// A part of a product.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServicePlan {
    /// Its id.
    #[serde(default, deserialize_with = "lenient::default")]
    pub service_plan_id: String,
}

/// `GET /subscribedSkus`.
#[derive(Debug, Clone, Copy)]
pub struct ListSkus;

impl Endpoint for ListSkus {
    type Output = Page<SubscribedSku>;

    fn call(&self) -> Call {
        let needs = &[
            "LicenseAssignment.Read.All",
            "Organization.Read.All",
            "Directory.Read.All",
        ];
        Call::new(
            "subscribedSkus.list",
            needs,
            Method::Get,
            &["subscribedSkus"],
        )
        .query("$select", "id,skuPartNumber,capabilityStatus,servicePlans")
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// Who is signed in.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Object id.
    pub id: String,
    /// Name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub display_name: String,
    /// Sign-in name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub user_principal_name: String,
}

/// `GET /me`.
#[derive(Debug, Clone, Copy)]
pub struct GetMe;

impl Endpoint for GetMe {
    type Output = Me;

    fn call(&self) -> Call {
        Call::new("me.get", &["User.Read"], Method::Get, &["me"])
            .query("$select", "id,displayName,userPrincipalName")
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}

/// A directory role that is active.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryRole {
    /// Its name.
    #[serde(default, deserialize_with = "lenient::default")]
    pub display_name: String,
    /// The template it was made from, the same in every tenant.
    #[serde(default, deserialize_with = "lenient::default")]
    pub role_template_id: String,
}

/// `GET /me/transitiveMemberOf/graph.directoryRole`: active roles only; an eligible one shows after it was activated and a
/// new token was obtained.
#[derive(Debug, Clone, Copy)]
pub struct ListMyRoles;

impl Endpoint for ListMyRoles {
    type Output = Page<DirectoryRole>;

    fn call(&self) -> Call {
        Call::new(
            "me.directoryRoles.list",
            &["User.Read"],
            Method::Get,
            &["me", "transitiveMemberOf", "graph.directoryRole"],
        )
        .query("$select", "id,displayName,roleTemplateId")
        .advanced()
    }

    fn parse(&self, answer: &Answer) -> Result<Self::Output, DecodeError> {
        answer.json()
    }
}
