import { randomInt } from "node:crypto";
import { type Properties, ProviderError, type ResourceDefinition } from "../definition.ts";
import { checkInputs, oneOf, requiredText, text, texts } from "../properties.ts";
import { type Connection, isNotFound, messageOf } from "./connection.ts";
import { locations } from "./locations.ts";

/**
 * `azuredevops:index/groupMembership:GroupMembership`. Its id means nothing. It knows its own members only, unless its
 * mode is `overwrite`.
 * https://github.com/microsoft/terraform-provider-azuredevops/blob/v1.15.1/azuredevops/internal/service/graph/resource_group_membership.go
 */
export function groupMembershipResource(connection: Connection): ResourceDefinition {
  async function membersOf(group: string): Promise<readonly string[]> {
    const memberships = await connection.list<{ readonly memberDescriptor: string }>({
      location: locations.memberships,
      route: { subjectDescriptor: group },
      query: { direction: "down", depth: "1" },
    });
    return memberships.map(({ memberDescriptor }) => memberDescriptor);
  }

  async function add(group: string, members: readonly string[]): Promise<void> {
    for (const member of members) {
      const route = { subjectDescriptor: member, containerDescriptor: group };
      await connection.send({ method: "PUT", location: locations.membership, route }).catch((error) => {
        throw new ProviderError(`Error adding member ${member} to group ${group}: ${messageOf(error)}`);
      });
    }
  }

  async function remove(group: string, members: readonly string[]): Promise<void> {
    for (const member of members) {
      const route = { subjectDescriptor: member, containerDescriptor: group };
      await connection.send({ method: "DELETE", location: locations.membership, route }).catch((error) => {
        throw new ProviderError(`Error removing member from group: ${messageOf(error)}`);
      });
    }
  }

  /** The official provider looks so often whatever it sees: its own test of what it sees always holds. */
  async function look(group: string, times: number): Promise<void> {
    for (let looked = 0; looked < times; looked++) {
      await membersOf(group).catch((error) => {
        const waiting = `waiting for DevOps synching memberships for group  [${group}]`;
        throw new ProviderError(`Error ${waiting}: Reading group memberships: ${messageOf(error)}`);
      });
    }
  }

  async function read(known: Properties): Promise<Properties | undefined> {
    const group = requiredText(known, "group");
    const actual = await membersOf(group).catch((error) => {
      if (isNotFound(error)) return undefined;
      throw new ProviderError(`Eeading group memberships during read: ${messageOf(error)}`);
    });
    if (!actual) return undefined;
    const own = texts(known, "members").filter((member) => actual.includes(member));
    const others = overwrites(known) ? actual.filter((member) => !own.includes(member)) : [];
    return { group, members: [...own, ...others], mode: known.mode };
  }

  async function writtenState(id: string, inputs: Properties) {
    const outputs = await read(inputs);
    if (!outputs) throw new ProviderError(`the group ${String(inputs.group)} is gone right after it was written`);
    return { id, outputs };
  }

  return {
    token: "azuredevops:index/groupMembership:GroupMembership",
    inputs: ["group", "members", "mode"],
    requiredInputs: ["group", "members"],
    replaceOn: ["group"],
    secrets: [],
    sets: ["members"],
    defaults: { mode: "add" },

    check: (inputs) => checkInputs(inputs, { mode: oneOf(["add", "overwrite"], { ignoreCase: true }) }),

    async create(inputs) {
      const group = requiredText(inputs, "group");
      const members = texts(inputs, "members");
      if (overwrites(inputs)) {
        const actual = await membersOf(group);
        await remove(
          group,
          actual.filter((member) => !members.includes(member)),
        );
      }
      await add(group, members).catch((error) => {
        throw new ProviderError(
          `Adding group memberships during create: Adding group memberships during update: ${messageOf(error)}`,
        );
      });
      await look(group, 2);
      return writtenState(String(randomInt(2 ** 47)), inputs);
    },

    async read(id, outputs) {
      // The official provider cannot tell from an id what to import, and finds nothing.
      if (text(outputs, "group") === undefined) return undefined;
      const state = await read(outputs);
      return state && { id, outputs: state };
    },

    async update(id, inputs, outputs) {
      const group = requiredText(inputs, "group");
      const [wanted, had] = [texts(inputs, "members"), texts(outputs, "members")];
      const removed = had.filter((member) => !wanted.includes(member));
      const added = wanted.filter((member) => !had.includes(member));
      if (removed.length + added.length === 0) return { id, outputs: { ...outputs, mode: inputs.mode } };
      await remove(group, removed);
      await add(group, added);
      await look(group, 3);
      return writtenState(id, inputs);
    },

    async delete(_id, outputs) {
      const group = requiredText(outputs, "group");
      await remove(group, texts(outputs, "members"));
      await look(group, 2);
    },
  };
}

function overwrites(properties: Properties): boolean {
  return String(properties.mode).toLowerCase() === "overwrite";
}
