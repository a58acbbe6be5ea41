import { randomUUID } from "node:crypto";
import { pause } from "../../http.ts";
import { ImportError, type Properties, ProviderError, type ResourceDefinition } from "../definition.ts";
import { checkInputs, notBlank, oneOf, requiredText, text, uuid, withoutAbsent } from "../properties.ts";
import { type Connection, isNotFound, messageOf } from "./connection.ts";
import { locations } from "./locations.ts";

/** An identity of the organization: what a feed's permissions speak of. */
interface Identity {
  readonly id: string;
  /** The older form, e.g. `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;TENANT\OBJECT`. */
  readonly descriptor: string;
}

interface Permission {
  readonly role: string;
  readonly identityDescriptor: string;
  readonly displayName?: string | null;
}

/** Which identity's role on which feed. */
interface Subject {
  readonly feedId: string;
  readonly identityDescriptor: string;
  readonly project: string | undefined;
}

/** Milliseconds between two looks for a permission that was just set, and how many may miss it. */
const pollDelay = 100;
const pollMisses = 20;

/**
 * `azuredevops:index/feedPermission:FeedPermission`. Its id is made up (`fp-…`), an imported one keeps the id that it was
 * imported by.
 * https://github.com/microsoft/terraform-provider-azuredevops/blob/v1.15.1/azuredevops/internal/service/feed/resource_feed_permission.go
 */
export function feedPermissionResource(connection: Connection): ResourceDefinition {
  async function readIdentity(subject: Subject): Promise<Identity> {
    const key = await connection.get<{ readonly value: string }>({
      location: locations.storageKeys,
      route: { subjectDescriptor: subject.identityDescriptor },
    });
    return connection.get<Identity>({ location: locations.identities, route: { identityId: key.value } });
  }

  async function look(subject: Subject): Promise<{ identity: Identity; permission: Permission | undefined }> {
    const identity = await readIdentity(subject);
    const route = { project: subject.project, feedId: subject.feedId };
    const permissions = await connection
      .list<Permission>({ location: locations.feedPermissions, route })
      .catch((error) => {
        throw unreadable(subject, error);
      });
    return { identity, permission: permissions.find((one) => one.identityDescriptor === identity.descriptor) };
  }

  async function set(subject: Subject, permission: object): Promise<void> {
    const route = { project: subject.project, feedId: subject.feedId };
    await connection.send({ method: "PATCH", location: locations.feedPermissions, route, body: [permission] });
  }

  /** Looks until the permission was there twice in a row: the service takes a while to give it to every reader. */
  async function untilSeen(subject: Subject): Promise<void> {
    for (let seen = 0, missed = 0; seen < 2; ) {
      const found = await look(subject).catch((error) => {
        if (isNotFound(error)) return undefined;
        throw new ProviderError(`Sync Feed Permission for Feed failed: ${messageOf(error)}`);
      });
      seen = found?.permission ? seen + 1 : 0;
      if (seen > 0) continue;
      if (++missed > pollMisses) {
        const waited = "Failed waiting for Feed Permission create.";
        throw new ProviderError(`Sync Feed Permission for Feed failed: ${waited} couldn't find resource`);
      }
      await pause(pollDelay, connection.cancelled);
    }
  }

  async function write(subject: Subject, inputs: Properties, identity: Identity, doing: string): Promise<void> {
    await set(subject, {
      displayName: text(inputs, "displayName") ?? "",
      identityDescriptor: identity.descriptor,
      identityId: identity.id,
      role: inputs.role,
    }).catch((error) => {
      throw failed(doing, subject, error);
    });
    await untilSeen(subject);
  }

  async function readState(subject: Subject, known: Properties): Promise<Properties | undefined> {
    const found = await look(subject).catch((error) => {
      if (isNotFound(error)) return undefined;
      throw new ProviderError(`error reading feed permission during read: ${messageOf(error)}`);
    });
    if (!found?.permission) return undefined;
    return withoutAbsent({
      displayName: found.permission.displayName ?? known.displayName,
      feedId: subject.feedId,
      identityDescriptor: subject.identityDescriptor,
      identityId: found.identity.id,
      projectId: subject.project,
      role: found.permission.role,
    });
  }

  async function writtenState(id: string, subject: Subject, inputs: Properties) {
    const outputs = await readState(subject, inputs);
    if (!outputs) throw new ProviderError(`the permission of ${named(subject)} is gone right after it was written`);
    return { id, outputs };
  }

  return {
    token: "azuredevops:index/feedPermission:FeedPermission",
    inputs: ["displayName", "feedId", "identityDescriptor", "projectId", "role"],
    requiredInputs: ["feedId", "identityDescriptor", "role"],
    replaceOn: ["feedId", "identityDescriptor", "projectId"],
    secrets: [],

    check: (inputs) =>
      checkInputs(inputs, {
        feedId: uuid,
        identityDescriptor: notBlank,
        projectId: uuid,
        displayName: notBlank,
        role: oneOf(["reader", "contributor", "administrator", "collaborator"]),
      }),

    async create(inputs) {
      const subject = subjectOf(inputs);
      const { identity, permission } = await look(subject).catch((error) => {
        throw failed("Creating", subject, error);
      });
      if (permission) throw new ProviderError(`Feed Permission for ${named(subject)} already exists`);
      await write(subject, inputs, identity, "creating");
      return writtenState(`fp-${randomUUID()}`, subject, inputs);
    },

    async read(id, outputs) {
      const known = text(outputs, "feedId") ? outputs : imported(id);
      const state = await readState(subjectOf(known), known);
      return state && { id, outputs: state };
    },

    async update(id, inputs) {
      const subject = subjectOf(inputs);
      const { identity, permission } = await look(subject).catch((error) => {
        throw new ProviderError(`error reading feed permission during update: ${messageOf(error)}`);
      });
      if (!permission) {
        throw new ProviderError(`error reading feed permission during update: ${missing(subject)}`);
      }
      await write(subject, inputs, identity, "updating");
      return writtenState(id, subject, inputs);
    },

    async delete(_id, outputs) {
      const subject = subjectOf(outputs);
      try {
        const identity = await readIdentity(subject);
        await set(subject, { identityDescriptor: identity.descriptor, role: "none" });
      } catch (error) {
        throw failed("deleting", subject, error);
      }
    },
  };
}

function subjectOf(properties: Properties): Subject {
  return {
    feedId: requiredText(properties, "feedId"),
    identityDescriptor: requiredText(properties, "identityDescriptor"),
    project: text(properties, "projectId"),
  };
}

function imported(id: string): Properties {
  const parts = id.split("/");
  if (parts.length < 2 || parts.length > 3) {
    const expected = "<feedId>/<identityDescriptor> or <projetId>/<feedId>/<identityDescriptor>";
    throw new ImportError(`Unexpected ID format ("${id}"), Expected: ${expected}`);
  }
  const [identityDescriptor, feedId, projectId] = parts.reverse();
  return { identityDescriptor, feedId, projectId };
}

function named({ feedId, identityDescriptor }: Subject): string {
  return `Feed : ${feedId} and Identity : ${identityDescriptor}`;
}

function missing({ feedId, identityDescriptor }: Subject): string {
  return `error reading permission for Feed: ${feedId} and Identity: ${identityDescriptor}`;
}

function failed(doing: string, subject: Subject, error: unknown): ProviderError {
  return new ProviderError(`${doing} feed Permission for ${named(subject)}, Error: ${messageOf(error)}`);
}

/** A feed that is not there is no permission that is not there: the official provider fails, also in a refresh. */
function unreadable({ project, feedId }: Subject, error: unknown): ProviderError {
  const details = `Project ID: ${project ?? ""}\n Feed ID: ${feedId}\n Error: ${messageOf(error)}`;
  if (!isNotFound(error)) return new ProviderError(`\n${details}`);
  const advice = "Please ensure you have set the `project_id` correctly.";
  return new ProviderError(
    `Feed Permissions Not Found. Feed may exist at organization or project level. ${advice} \n ${details}`,
  );
}
