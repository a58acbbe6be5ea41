data "azuread_client_config" "caller" {}

resource "azuread_application_registration" "identity" {
  for_each = local.identities

  display_name     = "feedpass ${local.owner}/${local.repository} ${each.key}"
  notes            = "Managed by Terraform: what is changed by hand is changed back."
  sign_in_audience = "AzureADMyOrg"
}

resource "azuread_service_principal" "identity" {
  for_each = local.identities

  client_id = azuread_application_registration.identity[each.key].client_id
  owners    = [data.azuread_client_config.caller.object_id]
}

resource "azuread_application_federated_identity_credential" "trust" {
  for_each = local.credentials

  application_id = azuread_application_registration.identity[each.value.identity].id
  display_name   = each.key
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:${local.owner}/${local.repository}:${each.value.subject}"
  audiences      = ["api://AzureADTokenExchange"]

  # Protection stands before access.
  depends_on = [github_repository_environment_deployment_policy.tags]
}
