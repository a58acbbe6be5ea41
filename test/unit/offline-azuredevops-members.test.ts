import { expect, test } from "vitest";
import { azuredevops } from "../../sandbox/offline/providers/azuredevops/definition.ts";
import {
  callsOf,
  entitlementType,
  feedType,
  identitySteps,
  membershipType,
  outcomeOf,
  permissionType,
  signIn,
} from "../support/azuredevops-provider.ts";
import { tenant } from "../support/directory.ts";
import { create, definitionOf, refusalOf, update } from "../support/offline-provider.ts";

test("a feed permission looks the identity and the list up before it writes, and until it sees it twice", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, permissionType);
  const inputs = {
    feedId: world.python,
    projectId: world.data,
    identityDescriptor: world.descriptors.member,
    role: "reader",
  };
  const permissions = `feeds.dev.azure.com/contoso/${world.data}/_apis/Packaging/Feeds/${world.python}/Permissions`;
  const look = [...identitySteps(world.descriptors.member, world.keys.member), `GET ${permissions}`];
  const writes = [...look, `PATCH ${permissions}`, ...look, ...look, ...look];

  const [created, made] = await outcomeOf(world, () => create(definition, inputs));
  const [changed, kept] = await outcomeOf(world, () => update(definition, made, { ...inputs, role: "contributor" }));
  const removed = await callsOf(world, () => definition.delete(kept.id, kept.outputs));

  expect(made.id).toMatch(/^fp-[0-9a-f-]{36}$/);
  expect(made.outputs).toEqual({ ...inputs, identityId: world.keys.member });
  expect(kept).toEqual({ id: made.id, outputs: { ...made.outputs, role: "contributor" } });
  expect(created).toEqual(writes);
  expect(changed).toEqual(writes);
  expect(removed).toEqual([...identitySteps(world.descriptors.member, world.keys.member), `PATCH ${permissions}`]);
  const legacy = `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenant.id}\\${world.member.servicePrincipalId}`;
  expect(world.host.sent.filter(({ method }) => method === "PATCH").map(({ body }) => body)).toEqual([
    [{ displayName: "", identityDescriptor: legacy, identityId: world.keys.member, role: "reader" }],
    [{ displayName: "", identityDescriptor: legacy, identityId: world.keys.member, role: "contributor" }],
    [{ identityDescriptor: legacy, role: "none" }],
  ]);
  expect(await definition.read(made.id, kept.outputs)).toBe(undefined);
});

test("a permission that exists already is not taken over, but can be imported", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, permissionType);
  const inputs = { feedId: world.shared, identityDescriptor: world.descriptors.member, role: "reader" };
  const made = await create(definition, inputs);

  const second = await refusalOf(create(definition, { ...inputs, role: "contributor" }));
  const imported = await definition.read(`${world.shared}/${world.descriptors.member}`, {});

  expect(second).toBe(
    `Feed Permission for Feed : ${world.shared} and Identity : ${world.descriptors.member} already exists`,
  );
  expect(imported).toEqual({ id: `${world.shared}/${world.descriptors.member}`, outputs: made.outputs });
});

test("a permission of a feed that is gone fails a refresh, one of an identity that is gone is gone", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, permissionType);
  const feed = definitionOf(world.provider, feedType);
  const inputs = { feedId: world.shared, identityDescriptor: world.descriptors.member, role: "reader" };
  const made = await create(definition, inputs);

  await feed.delete(world.shared, { name: "shared" });
  const withoutFeed = await refusalOf(definition.read(made.id, made.outputs));
  const entitlement = definitionOf(world.provider, entitlementType);
  await entitlement.delete(world.keys.member, {});
  const withoutIdentity = await definition.read(made.id, made.outputs);

  expect(withoutFeed).toContain(
    "error reading feed permission during read: Feed Permissions Not Found. Feed may exist at organization or project level.",
  );
  expect(withoutIdentity).toBe(undefined);
});

test("a permission is waited for while the service still hides it", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, permissionType);
  const inputs = { feedId: world.shared, identityDescriptor: world.descriptors.member, role: "reader" };
  let hidden = 0;
  const provider = await azuredevops.configure(
    {},
    {
      ...world.host,
      async fetch(input, init) {
        const response = await world.host.fetch(input, init);
        const isList = init?.method === "GET" && String(input).endsWith("/Permissions");
        if (!isList || ++hidden < 2 || hidden > 4) return response;
        return Response.json({ count: 0, value: [] });
      },
    },
  );

  const made = await create(definitionOf(provider, permissionType), inputs);

  expect(made.outputs.role).toBe("reader");
  // Before the write, three times in vain, twice in a row, and for the state.
  expect(hidden).toBe(7);
  expect((await definition.read(made.id, made.outputs))?.outputs.role).toBe("reader");
});

test("members are added to a group, changed by the difference, and taken out again", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, membershipType);
  const readers = await world.group("Readers", world.data);
  const graph = "vssps.dev.azure.com/contoso/_apis/Graph/Memberships";
  const { admin, member } = world.descriptors;
  const inputs = { group: readers, members: [member] };

  const [created, made] = await outcomeOf(world, () => create(definition, inputs));
  const [changed, kept] = await outcomeOf(world, () => update(definition, made, { ...inputs, members: [admin] }));
  const unchanged = await callsOf(world, () => update(definition, kept, { ...inputs, members: [admin] }));
  const removed = await callsOf(world, () => definition.delete(kept.id, kept.outputs));

  const list = `GET ${graph}/${readers}`;
  expect(made).toEqual({ id: expect.stringMatching(/^\d+$/), outputs: { ...inputs, mode: "add" } });
  expect(created).toEqual([`PUT ${graph}/${member}/${readers}`, list, list, list]);
  expect(kept).toEqual({ id: made.id, outputs: { ...inputs, members: [admin], mode: "add" } });
  expect(changed).toEqual([
    `DELETE ${graph}/${member}/${readers}`,
    `PUT ${graph}/${admin}/${readers}`,
    list,
    list,
    list,
    list,
  ]);
  expect(unchanged).toEqual([]);
  expect(removed).toEqual([`DELETE ${graph}/${admin}/${readers}`, list, list]);
});

test("a membership knows its own members only, unless it overwrites", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, membershipType);
  const readers = await world.group("Readers", world.data);
  const { admin, member } = world.descriptors;
  const mine = await create(definition, { group: readers, members: [member] });
  await create(definition, { group: readers, members: [admin] });

  const added = await definition.read(mine.id, mine.outputs);
  const overwriting = await definition.read(mine.id, { ...mine.outputs, mode: "overwrite" });
  const overwritten = await create(definition, { group: readers, members: [member], mode: "overwrite" });
  const gone = await definition.read("2", { group: readers, members: [admin], mode: "add" });

  expect(added?.outputs.members).toEqual([member]);
  expect(overwriting?.outputs.members).toEqual([member, admin]);
  expect(overwritten.outputs.members).toEqual([member]);
  expect(gone?.outputs.members).toEqual([]);
});

test("a membership cannot be imported: there is none to find by an id", async () => {
  const world = await signIn();

  expect(await definitionOf(world.provider, membershipType).read("3", {})).toBeUndefined();
});
