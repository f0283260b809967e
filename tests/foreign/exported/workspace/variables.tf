# Give the token as the environment variable TF_VAR_scim_token. Terraform keeps it in its state in clear: keep
# the state where only those may read it who may hold the token.
variable "scim_token" {
  description = "A personal access token of the workspace."
  type        = string
  sensitive   = true
}

variable "scim_url" {
  description = "The SCIM URL, as Databricks shows it."
  type        = string
  default     = "https://adb-1001.1.azuredatabricks.net/api/2.0/preview/scim"
}
