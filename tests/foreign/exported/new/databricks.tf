# Terraform cannot set up user provisioning or make the account's SCIM token: in the account console open
# Security, then User provisioning (formerly Settings), and press Set up user provisioning.
# Users and groups of the connector are not declared here: Entra makes and changes them, and a second owner
# would fight it.
# Which groups may enter which workspace was not seen (it takes an account admin's sign-in to Databricks), so
# nothing is declared. The resource for it is databricks_mws_permission_assignment.
