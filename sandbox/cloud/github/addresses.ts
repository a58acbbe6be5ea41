/** The two addresses of a repository. The second is where renamed repositories redirect to; it is not documented. */
export const repositoryAddresses = ["/repos/:owner/:repo", "/repositories/:repository_id"] as const;

/** The two addresses of a team: by slug, and by id, as Terraform's data source reads it. */
export const teamAddresses = ["/orgs/:org/teams/:team_slug", "/organizations/:org_id/team/:team_id"] as const;
