import { onRepository, type Requirement } from "../access.ts";
import type { Api, Call } from "../api.ts";
import { optionalText, readBody, requiredText } from "../bodies.ts";
import type { Permission, Repository, Variable } from "../entities.ts";
import { environmentScope, openEnvironment } from "../environments.ts";
import { conflict, notFound, unprocessable } from "../errors.ts";
import { timestamp } from "../identifiers.ts";
import { keptName, mostBytes } from "../names.ts";
import { paginate } from "../pagination.ts";
import { repositoryVariableScope, variablesIn } from "../variables.ts";

/** One of the places that can hold variables. */
interface Place {
  readonly path: string;
  readonly permission: Permission;
  readonly most: number;
  scope(call: Call, repository: Repository): string;
}

const places: readonly Place[] = [
  {
    path: "/actions/variables",
    permission: "actions_variables",
    most: 500,
    scope: (_call, repository) => repositoryVariableScope(repository),
  },
  {
    path: "/environments/:environment_name/variables",
    permission: "environments",
    most: 100,
    scope: (call, repository) => environmentScope(openEnvironment(call, repository)),
  },
];

/** Variables of repositories and environments. */
export function variableRoutes(api: Api): void {
  for (const place of places) placeRoutes(api, place);
}

function placeRoutes(api: Api, { path, permission, most, scope }: Place): void {
  const read: Requirement = { permission, access: "read", role: "write" };
  const write: Requirement = { permission, access: "write", role: "write" };

  onRepository(api, "GET", path, read, (call, repository) => {
    const all = variablesIn(call.var.data, scope(call, repository));
    const variables = paginate(call, all, { usual: 10, most: 30 }).map(variableView);
    return call.json({ total_count: all.length, variables });
  });

  onRepository(api, "POST", path, write, async (call, repository) => {
    const { data, now } = call.var;
    const where = scope(call, repository);
    const body = await readBody(call);
    const name = keptName("Variable", requiredText(body, "name"));
    const value = checkedValue(requiredText(body, "value"));
    const id = `${where}/${name}`;
    if (data.variables.get(id)) throw alreadyExists();
    if (variablesIn(data, where).length >= most) {
      throw unprocessable(`Variable limit exceeded: there can be ${most} variables here.`);
    }
    const createdAt = timestamp(now);
    data.variables.insert({ id, scope: where, name, value, createdAt, updatedAt: createdAt });
    return call.json({}, 201);
  });

  onRepository(api, "GET", `${path}/:name`, read, (call, repository) =>
    call.json(variableView(openVariable(call, scope(call, repository)))),
  );

  onRepository(api, "PATCH", `${path}/:name`, write, async (call, repository) => {
    const { data, now } = call.var;
    const variable = openVariable(call, scope(call, repository));
    const body = await readBody(call);
    const newName = optionalText(body, "name");
    const newValue = optionalText(body, "value");
    const name = newName === undefined ? variable.name : keptName("Variable", newName);
    const value = newValue === undefined ? variable.value : checkedValue(newValue);
    const id = `${variable.scope}/${name}`;
    if (id !== variable.id && data.variables.get(id)) throw alreadyExists();
    data.variables.delete(variable.id);
    data.variables.insert({ ...variable, id, name, value, updatedAt: timestamp(now) });
    return call.body(null, 204);
  });

  onRepository(api, "DELETE", `${path}/:name`, write, (call, repository) => {
    call.var.data.variables.delete(openVariable(call, scope(call, repository)).id);
    return call.body(null, 204);
  });
}

const alreadyExists = () => conflict("Already exists - Variable already exists");

function checkedValue(value: string): string {
  if (Buffer.byteLength(value) > mostBytes) throw unprocessable("Variable value is too large: it may have 48 KB.");
  return value;
}

function openVariable(call: Call, scope: string): Variable {
  const name = (call.req.param("name") ?? "").toUpperCase();
  const variable = call.var.data.variables.get(`${scope}/${name}`);
  if (!variable) throw notFound();
  return variable;
}

function variableView({ name, value, createdAt, updatedAt }: Variable) {
  return { name, value, created_at: createdAt, updated_at: updatedAt };
}
