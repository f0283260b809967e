# Set-up "Contoso production", as Terraform. Written by Usher 0.1.0.
# Terraform does not look at people: it takes no care that nobody loses access. Read `terraform plan` before
# every apply, and move workspace connectors to the account with `usher plan` and `usher apply`, not with
# this.

terraform {
  required_version = ">= 1.6"

  required_providers {
    azuread = {
      source  = "hashicorp/azuread"
      version = "~> 3.0"
    }
  }
}

provider "azuread" {
  tenant_id   = "11111111-2222-4333-8444-555566667777"
  environment = "global"
}
