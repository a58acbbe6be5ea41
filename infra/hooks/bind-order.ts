import * as pulumi from "@pulumi/pulumi";
import { feedRoles } from "../../src/feed.ts";
import type { Graph } from "../graph.ts";
import { applicationType } from "../own/applications.ts";
import { credentialTypes } from "../own/credentials.ts";
import { type KnownProofs, silenceFormerCredentials } from "./former-credentials.ts";
import { completeProtection, type KeptEnvironments } from "./standing-protection.ts";

const role = "azuredevops:index/feedPermission:FeedPermission";
const federated: ReadonlySet<string> = new Set([credentialTypes.classic, credentialTypes.flexible]);

/** What the program registers of one identity. */
interface Registered {
  application?: pulumi.CustomResource;
  readonly credentials: Set<string>;
  hasSecret: boolean;
}

/**
 * Binds a hook to what gives access: roles, credentials and client secrets, for the `transformations` of a component,
 * after any other. The engine's order alone is not enough where a stack changes: it deletes at its end. So before access
 * is given, what the file no longer has is made worth nothing: former patterns of environments, and former credentials of
 * an identity whose role is to be higher. A stack without changes asks nothing for it.
 */
export function bindOrder(kept: KeptEnvironments, graph: Graph): pulumi.ResourceTransformation {
  const names = new Map<pulumi.Resource, string>();
  const identities = new Map<string, Registered>();
  const born = new Set<string>();
  let completed: Promise<void> | undefined;
  const protect = () => (completed ??= completeProtection(kept));

  const noteApplication = new pulumi.ResourceHook("which application is new", ({ name }) => void born.add(name));
  const beforeProof = new pulumi.ResourceHook("protection before credentials", protect);
  const beforeRole = new pulumi.ResourceHook("protection before roles", async ({ name, newInputs, oldInputs }) => {
    if (rank(newInputs?.role) <= rank(oldInputs?.role)) return;
    await protect();
    const [identity, registered] = [...identities].find(([one]) => name.startsWith(`${one}/`)) ?? [];
    if (identity === undefined || registered?.application === undefined || born.has(identity)) return;
    await silenceFormerCredentials(graph, await idOf(registered.application), registered as KnownProofs);
  });

  return ({ resource, type, name, props, opts }) => {
    if (!(resource instanceof pulumi.CustomResource)) {
      names.set(resource, name);
      return undefined;
    }
    const identity = names.get(opts.parent as pulumi.Resource) ?? "";
    const registered = identities.get(identity) ?? { credentials: new Set<string>(), hasSecret: false };
    const isProof = federated.has(type) || type === credentialTypes.password;
    if (type === applicationType) registered.application = resource;
    if (type === credentialTypes.password) registered.hasSecret = true;
    if (federated.has(type)) registered.credentials.add(String(props.displayName));
    if (type === applicationType || isProof) identities.set(identity, registered);
    const { hooks = {} } = opts;
    const hook =
      type === applicationType ? noteApplication : type === role ? beforeRole : isProof ? beforeProof : undefined;
    if (hook === undefined) return undefined;
    const beforeCreate = [...(hooks.beforeCreate ?? []), hook];
    const beforeUpdate = [...(hooks.beforeUpdate ?? []), hook];
    return {
      props,
      opts: { ...opts, hooks: { ...hooks, beforeCreate, ...(type === applicationType ? {} : { beforeUpdate }) } },
    };
  };
}

/** -1 for none. */
const rank = (name: unknown): number => (feedRoles as readonly unknown[]).indexOf(name);

/** The SDK keeps the way to a value out of its types. An application's is known before its identity's role is made. */
function idOf({ id }: pulumi.CustomResource): Promise<string> {
  return (id as unknown as { promise(): Promise<string> }).promise();
}
