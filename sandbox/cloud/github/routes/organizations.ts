import { findOrganization, findRepository, findTeam, lineOf } from "../accounts.ts";
import { requireOrganization } from "../access.ts";
import { teamAddresses } from "../addresses.ts";
import type { Api, Call } from "../api.ts";
import type { GitHubData } from "../data.ts";
import type { Organization, Team } from "../entities.ts";
import { notFound } from "../errors.ts";
import { paginate } from "../pagination.ts";
import { roleOfTeam } from "../roles.ts";
import { accountView, fullTeamView, organizationView, teamView } from "../views/accounts.ts";
import { repositoryView } from "../views/repositories.ts";

/** Organizations and their teams. */
export function organizationRoutes(api: Api): void {
  api.get("/orgs/:org", (call) => call.json(organizationView(call.var.data, openOrganization(call))));

  api.get("/orgs/:org/teams", (call) => {
    const { data } = call.var;
    const organization = openOrganization(call);
    requireOrganization(call, organization, "members", "read");
    const teams = data.teams.filter(
      (team) => team.organizationId === organization.id && sees(call, organization, team),
    );
    return call.json(paginate(call, teams).map((team) => teamView(data, team)));
  });

  for (const address of teamAddresses) {
    api.get(address, (call) => call.json(fullTeamView(call.var.data, openTeam(call))));

    api.get(`${address}/members`, (call) => {
      const { data } = call.var;
      const members = membersOf(data, openTeam(call));
      return call.json(paginate(call, members).map((user) => accountView(data.site, user, "User")));
    });

    api.get(`${address}/repos`, (call) => {
      const { data } = call.var;
      const team = openTeam(call);
      const repositories = data.repositories
        .filter((repository) => roleOfTeam(data, team, repository) !== "none")
        .map((repository) => {
          const role = roleOfTeam(data, team, repository);
          return { ...repositoryView(data, repository, role), role_name: role };
        });
      return call.json(paginate(call, repositories));
    });

    // Without the media type that asks for the repository, the answer is that there is a role, and no more.
    api.get(`${address}/repos/:owner/:repo`, (call) => {
      const { data } = call.var;
      const team = openTeam(call);
      const repository = findRepository(data, call.req.param("owner") ?? "", call.req.param("repo") ?? "");
      if (!repository || roleOfTeam(data, team, repository) === "none") throw notFound();
      return call.body(null, 204);
    });
  }
}

/** The organization of the call's path. Organizations are public. */
export function openOrganization(call: Call): Organization {
  const { data } = call.var;
  const id = call.req.param("org_id");
  const found = id === undefined ? findOrganization(data, call.req.param("org") ?? "") : data.organizations.get(id);
  if (!found) throw notFound();
  return found;
}

function openTeam(call: Call): Team {
  const { data } = call.var;
  const organization = openOrganization(call);
  requireOrganization(call, organization, "members", "read");
  const id = call.req.param("team_id");
  const team = id === undefined ? findTeam(data, organization, call.req.param("team_slug") ?? "") : data.teams.get(id);
  if (team?.organizationId !== organization.id || !sees(call, organization, team)) throw notFound();
  return team;
}

/** Secret teams are there for their own members and for owners of the organization. */
function sees(call: Call, organization: Organization, team: Team): boolean {
  const { caller } = call.var;
  if (team.privacy === "closed" || caller.kind !== "user") return true;
  const userId = caller.user.id;
  const isOwner = organization.members.some((member) => member.userId === userId && member.role === "admin");
  return isOwner || team.memberIds.includes(userId);
}

/** A team's own members and those of the teams under it. */
function membersOf(data: GitHubData, team: Team) {
  const under = data.teams.filter((other) => lineOf(data, other).some((ancestor) => ancestor.id === team.id));
  const ids = new Set(under.flatMap((found) => found.memberIds));
  return data.users.filter((user) => ids.has(user.id));
}
