# The access of stacks/Pulumi.contoso-widgets.yaml as Terraform has it: the rival that feedpass is measured against.
# The same 23 resources with the same inputs, and what feedpass asks of the services as data sources.

terraform {
  required_providers {
    # What the Pulumi plugins of package.json are made of.
    azuread     = { source = "hashicorp/azuread", version = "3.8.0" }
    azuredevops = { source = "microsoft/azuredevops", version = "1.15.1" }
    github      = { source = "integrations/github", version = "6.13.0" }
  }
}

variable "tenant_id" {
  description = "The Entra tenant. The providers sign in by ARM_TENANT_ID, ARM_CLIENT_ID, ARM_CLIENT_SECRET and GITHUB_TOKEN."
  type        = string
}

locals {
  owner      = "contoso"
  repository = "widgets"
  index      = "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi"

  identities = {
    reader    = { role = "reader" }
    publisher = { role = "contributor" }
  }
  credentials = {
    branch-main         = { identity = "reader", subject = "ref:refs/heads/main" }
    pull-request        = { identity = "reader", subject = "pull_request" }
    environment-release = { identity = "publisher", subject = "environment:release" }
  }
  settings = {
    for identity, application in azuread_application_registration.identity : identity => {
      AZURE_TENANT_ID            = var.tenant_id
      AZURE_CLIENT_ID            = application.client_id
      AZURE_ARTIFACTS_INDEX_URL  = "${local.index}/simple/"
      AZURE_ARTIFACTS_UPLOAD_URL = "${local.index}/upload"
    }
  }
  # What the settings are called is known before what they say.
  names = toset(["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_ARTIFACTS_INDEX_URL", "AZURE_ARTIFACTS_UPLOAD_URL"])
}

provider "azuread" {
  tenant_id = var.tenant_id
}

provider "azuredevops" {
  org_service_url = "https://dev.azure.com/contoso"
  tenant_id       = var.tenant_id
}

provider "github" {
  owner = local.owner
}
