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
  default     = "a\"b'c\\d\n# $${file(\"/etc/passwd\")} %%{ if true } $(id) `id` \u0024$${x} {\u202e\r\n}"
}
