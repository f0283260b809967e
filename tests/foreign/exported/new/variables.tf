# Give the token as the environment variable TF_VAR_scim_token. Terraform keeps it in its state in clear: keep
# the state where only those may read it who may hold the token.
variable "scim_token" {
  description = "The account's SCIM token."
  type        = string
  sensitive   = true
}

variable "scim_url" {
  description = "The SCIM URL, as Databricks shows it."
  type        = string
  default     = "https://accounts.azuredatabricks.net/api/2.1/accounts/0a1b2c3d-1111-4222-8333-444455556666/scim/v2"
}
