import { onRepository, type Requirement } from "../access.ts";
import type { Api, Call } from "../api.ts";
import { readBody, requiredText } from "../bodies.ts";
import type { Permission, Repository, Secret } from "../entities.ts";
import { environmentScope, openEnvironment } from "../environments.ts";
import { invalidRequest, notFound, unprocessable } from "../errors.ts";
import { timestamp } from "../identifiers.ts";
import { keptName, mostBytes } from "../names.ts";
import { paginate } from "../pagination.ts";
import { openSealedBox } from "../sealed-box.ts";
import { repositorySecretScope, secretKeyOf, secretsIn } from "../secrets.ts";

/** One of the places that can hold secrets. */
interface Place {
  readonly path: string;
  readonly permission: Permission;
  scope(call: Call, repository: Repository): string;
}

const places: readonly Place[] = [
  {
    path: "/actions/secrets",
    permission: "secrets",
    scope: (_call, repository) => repositorySecretScope(repository, "actions"),
  },
  {
    path: "/dependabot/secrets",
    permission: "dependabot_secrets",
    scope: (_call, repository) => repositorySecretScope(repository, "dependabot"),
  },
  {
    path: "/environments/:environment_name/secrets",
    permission: "environments",
    scope: (call, repository) => environmentScope(openEnvironment(call, repository)),
  },
];

const mostSecrets = 100;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;

/** Secrets of repositories and environments, for Actions and for Dependabot. Their values go in and never come out. */
export function secretRoutes(api: Api): void {
  for (const place of places) placeRoutes(api, place);
}

function placeRoutes(api: Api, { path, permission, scope }: Place): void {
  const read: Requirement = { permission, access: "read", role: "write" };
  const write: Requirement = { permission, access: "write", role: "write" };

  onRepository(api, "GET", path, read, (call, repository) => {
    const all = secretsIn(call.var.data, scope(call, repository));
    return call.json({ total_count: all.length, secrets: paginate(call, all).map(secretView) });
  });

  onRepository(api, "GET", `${path}/public-key`, read, (call, repository) => {
    const { keyId, publicKey } = secretKeyOf(call.var.data, scope(call, repository));
    return call.json({ key_id: keyId, key: publicKey });
  });

  onRepository(api, "GET", `${path}/:secret_name`, read, (call, repository) =>
    call.json(secretView(openSecret(call, scope(call, repository)))),
  );

  onRepository(api, "PUT", `${path}/:secret_name`, write, async (call, repository) => {
    const { data, now } = call.var;
    const where = scope(call, repository);
    const name = keptName("Secret", call.req.param("secret_name") ?? "");
    const sealed = await readSealed(call, where);
    const id = `${where}/${name}`;
    const updatedAt = timestamp(now);
    if (data.secrets.get(id)) {
      data.secrets.update(id, { sealed, updatedAt });
      return call.body(null, 204);
    }
    if (secretsIn(data, where).length >= mostSecrets) {
      throw unprocessable(`Secret limit exceeded: there can be ${mostSecrets} secrets here.`);
    }
    data.secrets.insert({ id, scope: where, name, sealed, createdAt: updatedAt, updatedAt });
    return call.json({}, 201);
  });

  onRepository(api, "DELETE", `${path}/:secret_name`, write, (call, repository) => {
    call.var.data.secrets.delete(openSecret(call, scope(call, repository)).id);
    return call.body(null, 204);
  });
}

/** The sealed box of the body, which must open with the place's present key. The value is never repeated in an error. */
async function readSealed(call: Call, scope: string): Promise<string> {
  const body = await readBody(call);
  const keyId = requiredText(body, "key_id");
  const sealed = requiredText(body, "encrypted_value");
  if (!base64.test(sealed)) throw invalidRequest(`encrypted_value does not match ${String(base64)}.`);
  const key = secretKeyOf(call.var.data, scope);
  const opened = key.keyId === keyId ? openSealedBox(sealed, key) : undefined;
  if (!opened) throw unprocessable("Bad request - validation failed due to an improperly encrypted secret");
  if (opened.byteLength > mostBytes) throw unprocessable("Secret value is too large: it may have 48 KB.");
  return sealed;
}

function openSecret(call: Call, scope: string): Secret {
  const name = (call.req.param("secret_name") ?? "").toUpperCase();
  const secret = call.var.data.secrets.get(`${scope}/${name}`);
  if (!secret) throw notFound();
  return secret;
}

function secretView({ name, createdAt, updatedAt }: Secret) {
  return { name, created_at: createdAt, updated_at: updatedAt };
}
