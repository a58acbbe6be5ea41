import { AsyncLocalStorage } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { lookUps, type Places } from "./already-there.ts";
import { applicationType, type Own, servicePrincipalType } from "../own/applications.ts";
import { stateKey } from "../own/state.ts";
import { explanation } from "./explanation.ts";
import { type Inputs, wayOut } from "./way-out.ts";

/** What the program knows of a resource that it registers. */
interface Registration {
  readonly parent: pulumi.Resource | undefined;
  readonly provider: pulumi.ProviderResource | undefined;
}

const entitlement = "azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement";

/**
 * Binds two hooks to the resources of a component, for its `transformations`:
 * - Before something is made that a provider does not make over what is there, the service is asked, and the refusal
 *   says how to adopt it. What the state has is not asked for.
 * - When a provider fails with an error that the catalogue knows, its cause and what ends it are told beside it.
 *
 * https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
 * @param imports what is taken into the state instead of being made
 */
export function bindHooks(places: Places, imports: Own["imports"]): pulumi.ResourceTransformation {
  const [stack, isPreview] = [pulumi.getStack(), pulumi.runtime.isDryRun()];
  const inProgram = AsyncLocalStorage.snapshot();
  const registered: Inputs[] = [];
  const asked = lookUps(places, registered);
  const registrations = new Map<string, Registration>();
  /** What this run makes: the URNs of components, and the object ids of service principals. */
  const born = new Set<string>();
  /** The object id of the service principal that a component is about. */
  const principals = new Map<pulumi.Resource, string>();

  const check = new pulumi.ResourceHook(
    "what is there already",
    async ({ type, name, newInputs = {} }) => {
      const { parent, provider } = registrations.get(stateKey(type, name)) ?? {};
      const objectId = parent && principals.get(parent);
      // Nobody can have given a role, or a credential, to what this run has just made.
      if ((objectId !== undefined && born.has(objectId)) || born.has(String(newInputs.applicationId))) return;
      const found = await asked[type]?.(newInputs, objectId);
      if (found === undefined) return;
      if (found.takeAway !== undefined) {
        // A preview changes nothing, and the up goes on by itself.
        if (isPreview) return;
        await found.takeAway();
        const text = `${found.what}: an up before this one made it and did not learn of it, so it is made anew`;
        await inProgram(() => pulumi.log.info(text));
        return;
      }
      const parentUrn = await urnOf(parent);
      throw new Error(
        wayOut(found, {
          ...{ stack, type, name, parent: parentUrn, provider: await urnOf(provider) },
          isParentNew: isPreview && parentUrn !== undefined && born.has(parentUrn),
        }),
      );
    },
    { onDryRun: true },
  );
  const noteComponent = new pulumi.ResourceHook("what is new", ({ urn }) => void born.add(urn), { onDryRun: true });
  const notePrincipal = new pulumi.ResourceHook("who is new", ({ newOutputs }) => void born.add(newOutputs?.objectId));
  const noteApplication = new pulumi.ResourceHook("what application is new", ({ newOutputs }) => {
    born.add(applicationIdOf(newOutputs?.objectId));
  });
  const explain = new pulumi.ErrorHook("what it means", async ({ urn, errors: [error = ""] }) => {
    const text = explanation(error, stack);
    // Its resource cannot be waited for: it is not there before this hook ends.
    const resource = { urn: pulumi.output(urn) } as pulumi.Resource;
    if (text !== undefined) await inProgram(() => pulumi.log.error(text, resource));
    return false;
  });

  return ({ resource, type, name, props, opts }) => {
    if (!(resource instanceof pulumi.CustomResource)) {
      return isPreview ? { props, opts: { ...opts, hooks: { beforeCreate: [noteComponent] } } } : undefined;
    }
    const { parent } = opts;
    registrations.set(stateKey(type, name), { parent, provider: parent?.getProvider(type) });
    if (type === entitlement && parent) {
      pulumi.output(props.originId).apply((objectId: string) => principals.set(parent, objectId));
    }
    if (props.variableName !== undefined) {
      const { repository, environment, variableName } = props;
      pulumi.output({ repository, environment, variableName }).apply((inputs) => registered.push(inputs));
    }
    const id = imports.get(stateKey(type, name));
    const hooks = {
      onError: [explain],
      ...(type in asked ? { beforeCreate: [check] } : {}),
      ...(type === servicePrincipalType ? { afterCreate: [notePrincipal] } : {}),
      ...(type === applicationType ? { afterCreate: [noteApplication] } : {}),
    };
    return { props, opts: { ...opts, hooks, ...(id === undefined ? {} : { import: id }) } };
  };
}

/** How the provider names an application. */
const applicationIdOf = (objectId: unknown): string => `/applications/${String(objectId)}`;

/** The SDK keeps the way to a value out of its types. A parent's and a provider's are known before a child's hook. */
async function urnOf(resource: pulumi.Resource | undefined): Promise<string | undefined> {
  return (resource?.urn as unknown as { promise(): Promise<string> } | undefined)?.promise();
}
