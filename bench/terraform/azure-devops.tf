data "azuredevops_project" "data" {
  name = "data"
}

data "azuredevops_feed" "python" {
  name       = "python"
  project_id = data.azuredevops_project.data.id
}

data "azuredevops_group" "readers" {
  name       = "Readers"
  project_id = data.azuredevops_project.data.id
}

resource "azuredevops_service_principal_entitlement" "identity" {
  for_each = local.identities

  origin               = "aad"
  origin_id            = azuread_service_principal.identity[each.key].object_id
  account_license_type = "stakeholder"
  licensing_source     = "account"
}

resource "azuredevops_group_membership" "project" {
  for_each = local.identities

  group   = data.azuredevops_group.readers.descriptor
  members = [azuredevops_service_principal_entitlement.identity[each.key].descriptor]
  mode    = "add"
}

resource "azuredevops_feed_permission" "role" {
  for_each = local.identities

  project_id          = data.azuredevops_project.data.id
  feed_id             = data.azuredevops_feed.python.id
  role                = each.value.role
  identity_descriptor = azuredevops_service_principal_entitlement.identity[each.key].descriptor

  # Protection stands before access.
  depends_on = [github_repository_environment_deployment_policy.tags]
}
