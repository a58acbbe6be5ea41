import { onRepository, type Requirement } from "../access.ts";
import type { Api, Call } from "../api.ts";
import { optionalText, readBody, requiredText } from "../bodies.ts";
import type { DeploymentPolicy, Environment, Repository } from "../entities.ts";
import { deleteEnvironment, openEnvironment, policiesOf, putEnvironment, readSettings } from "../environments.ts";
import { invalidRequest, notFound } from "../errors.ts";
import { newId } from "../identifiers.ts";
import { paginate } from "../pagination.ts";
import { environmentView, policyView } from "../views/environments.ts";
import { repositoryUrl } from "../views/repositories.ts";

const read: Requirement = { permission: "actions", access: "read", role: "read", publicly: true };
const administer: Requirement = { permission: "administration", access: "write", role: "admin" };

const environmentPath = "/environments/:environment_name";
const policiesPath = `${environmentPath}/deployment-branch-policies`;
const policyPath = `${policiesPath}/:branch_policy_id`;

/** Environments, their protection, and the refs that may deploy to them. */
export function environmentRoutes(api: Api): void {
  onRepository(api, "GET", "/environments", read, (call, repository) => {
    const { data } = call.var;
    const all = data.environments.filter((environment) => environment.repositoryId === repository.id);
    const environments = paginate(call, all).map((environment) => environmentView(data, repository, environment));
    return call.json({ total_count: all.length, environments });
  });

  onRepository(api, "GET", environmentPath, read, (call, repository) =>
    call.json(environmentView(call.var.data, repository, openEnvironment(call, repository))),
  );

  onRepository(api, "PUT", environmentPath, administer, async (call, repository) => {
    const { data, now } = call.var;
    const settings = readSettings(data, repository, await readBody(call));
    const name = call.req.param("environment_name") ?? "";
    return call.json(environmentView(data, repository, putEnvironment(data, repository, name, settings, now)));
  });

  onRepository(api, "DELETE", environmentPath, administer, (call, repository) => {
    deleteEnvironment(call.var.data, openEnvironment(call, repository));
    return call.body(null, 204);
  });

  onRepository(api, "GET", policiesPath, read, (call, repository) => {
    const environment = openCustomEnvironment(call, repository);
    const all = policiesOf(call.var.data, environment);
    const policies = paginate(call, all).map((policy) => policyView(environment, policy));
    return call.json({ total_count: all.length, branch_policies: policies });
  });

  onRepository(api, "POST", policiesPath, administer, async (call, repository) => {
    const { data } = call.var;
    const environment = openCustomEnvironment(call, repository);
    const body = await readBody(call);
    const name = requiredText(body, "name");
    const type = optionalText(body, "type") ?? "branch";
    if (type !== "branch" && type !== "tag") {
      throw invalidRequest(`For 'properties/type', ${JSON.stringify(type)} is not branch or tag.`);
    }
    const same = policiesOf(data, environment).find((policy) => policy.name === name && policy.type === type);
    if (same) return call.redirect(policyUrl(call, repository, environment, same), 303);
    const policy = { id: newId(data.policies), environmentId: environment.id, name, type } as const;
    return call.json(policyView(environment, data.policies.insert(policy)));
  });

  onRepository(api, "GET", policyPath, read, (call, repository) => {
    const environment = openCustomEnvironment(call, repository);
    return call.json(policyView(environment, openPolicy(call, environment)));
  });

  onRepository(api, "PUT", policyPath, administer, async (call, repository) => {
    const { data } = call.var;
    const environment = openCustomEnvironment(call, repository);
    const policy = openPolicy(call, environment);
    const name = requiredText(await readBody(call), "name");
    return call.json(policyView(environment, data.policies.update(policy.id, { name })));
  });

  onRepository(api, "DELETE", policyPath, administer, (call, repository) => {
    call.var.data.policies.delete(openPolicy(call, openCustomEnvironment(call, repository)).id);
    return call.body(null, 204);
  });
}

/** Without custom policies, an environment's policies are not there, not even as an empty list. */
function openCustomEnvironment(call: Call, repository: Repository): Environment {
  const environment = openEnvironment(call, repository);
  if (environment.deployFrom !== "custom") throw notFound();
  return environment;
}

function openPolicy(call: Call, environment: Environment): DeploymentPolicy {
  const policy = call.var.data.policies.get(call.req.param("branch_policy_id") ?? "");
  if (policy?.environmentId !== environment.id) throw notFound();
  return policy;
}

function policyUrl(call: Call, repository: Repository, environment: Environment, policy: DeploymentPolicy): string {
  const base = repositoryUrl(call.var.data, repository);
  return `${base}/environments/${encodeURIComponent(environment.name)}/deployment-branch-policies/${policy.id}`;
}
