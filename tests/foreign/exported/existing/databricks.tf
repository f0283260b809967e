# Terraform cannot set up user provisioning or make the account's SCIM token: in the account console open
# Security, then User provisioning (formerly Settings), and press Set up user provisioning.
# Users and groups of the connector are not declared here: Entra makes and changes them, and a second owner
# would fight it.

# databricks-engineers in prod (1001).
resource "databricks_mws_permission_assignment" "w1001_p7002" {
  workspace_id = 1001
  principal_id = 7002
  permissions  = ["ADMIN"]
}

import {
  to = databricks_mws_permission_assignment.w1001_p7002
  id = "1001|7002"
}

# databricks-users in prod (1001).
resource "databricks_mws_permission_assignment" "w1001_p7001" {
  workspace_id = 1001
  principal_id = 7001
  permissions  = ["USER"]
}

import {
  to = databricks_mws_permission_assignment.w1001_p7001
  id = "1001|7001"
}
