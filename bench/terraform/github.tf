data "github_team" "reviewers" {
  slug         = "release-managers"
  summary_only = true
}

resource "github_repository_environment" "release" {
  repository          = local.repository
  environment         = "release"
  can_admins_bypass   = false
  prevent_self_review = false

  reviewers {
    teams = [data.github_team.reviewers.id]
  }
  deployment_branch_policy {
    protected_branches     = false
    custom_branch_policies = true
  }
}

resource "github_repository_environment_deployment_policy" "tags" {
  repository  = local.repository
  environment = github_repository_environment.release.environment
  tag_pattern = "v*"
}

# Variables come last: a workflow that finds them gets in.

resource "github_actions_variable" "reader" {
  for_each = local.names

  repository    = local.repository
  variable_name = each.key
  value         = local.settings.reader[each.key]

  depends_on = [azuredevops_feed_permission.role, azuread_application_federated_identity_credential.trust]
}

resource "github_actions_environment_variable" "publisher" {
  for_each = local.names

  repository    = local.repository
  environment   = github_repository_environment.release.environment
  variable_name = each.key
  value         = local.settings.publisher[each.key]

  depends_on = [azuredevops_feed_permission.role, azuread_application_federated_identity_credential.trust]
}
