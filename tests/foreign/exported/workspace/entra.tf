data "azuread_application_template" "databricks" {
  display_name = "Azure Databricks SCIM Provisioning Connector"
}

resource "azuread_application_from_template" "connector" {
  display_name = "Contoso Databricks"
  template_id  = data.azuread_application_template.databricks.template_id

  lifecycle {
    prevent_destroy = true
  }
}

data "azuread_application" "connector" {
  object_id = azuread_application_from_template.connector.application_object_id
}

# The enterprise application. Without the list below Terraform would also empty what it is not told about it.
resource "azuread_service_principal" "connector" {
  client_id                    = data.azuread_application.connector.client_id
  use_existing                 = true
  app_role_assignment_required = true

  lifecycle {
    prevent_destroy = true
    ignore_changes = [
      description,
      feature_tags,
      login_url,
      notes,
      owners,
      preferred_single_sign_on_mode,
      tags,
    ]
  }
}

# The role that users and groups are assigned with: "User" where the application declares roles, else default
# access.
locals {
  user_roles = [
    for role in azuread_service_principal.connector.app_roles : role.id
    if role.enabled && role.display_name == "User" && contains(role.allowed_member_types, "User")
  ]
  app_role_id = length(local.user_roles) > 0 ? local.user_roles[0] : "00000000-0000-0000-0000-000000000000"
}

# Endpoint, token and settings (Graph calls them secrets). Terraform writes the whole set and cannot test the
# credentials first: run `usher test-connection` before an apply. The provider cannot import them, so the
# first apply writes them anew.
resource "azuread_synchronization_secret" "connector" {
  service_principal_id = azuread_service_principal.connector.id

  credential {
    key   = "BaseAddress"
    value = var.scim_url
  }

  credential {
    key   = "SecretToken"
    value = var.scim_token
  }

  credential {
    key   = "SyncAll"
    value = "false"
  }

  credential {
    key   = "SyncNotificationSettings"
    value = jsonencode({
      Enabled                             = true
      Recipients                          = "iam@contoso.example"
      DeleteThresholdEnabled              = true
      DeleteThresholdValue                = 500
      HumanResourcesLookaheadQueryEnabled = false
    })
  }
}

# The sync itself. What Terraform cannot express: attribute mappings and scoping filters (Usher repairs them
# on the page Settings, or `usher apply` does), a restart, provisioning on demand, leaving quarantine.
resource "azuread_synchronization_job" "connector" {
  service_principal_id = azuread_service_principal.connector.id
  template_id          = "dataBricks"
  enabled              = false

  depends_on = [
    azuread_synchronization_secret.connector,
    azuread_app_role_assignment.assigned,
  ]
}

# Who is provisioned. Taking a line away here unassigns, and Entra then deactivates whoever is assigned
# nowhere else. Only direct members of a group are provisioned; groups inside groups and service principals
# never are.
locals {
  assigned = toset([
    "g1", # group databricks-users
    "g2", # group databricks-engineers
  ])
}

resource "azuread_app_role_assignment" "assigned" {
  for_each            = local.assigned
  app_role_id         = local.app_role_id
  principal_object_id = each.value
  resource_object_id  = azuread_service_principal.connector.object_id
}
