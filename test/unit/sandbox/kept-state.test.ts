import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Entity, Store } from "../../../sandbox/cloud/store.ts";
import type { Credentials } from "../../../sandbox/environment.ts";
import { keepState } from "../../../sandbox/kept-state.ts";

// Proves that a state is whole whenever its process ends, and what a folder has where it cannot be.

interface Thing extends Entity {
  readonly name: string;
}

const credentials: Credentials = {
  ...{ tenantId: "t", clientId: "c", clientSecret: "a-secret", githubToken: "ghu_token", passphrase: "p" },
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "feedpass-state-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const file = (name: string) => join(folder, name);

async function open() {
  const store = new Store();
  const state = await keepState(folder, store, async () => credentials);
  return { store, state, things: store.collection<Thing>("things") };
}

/** What the changes of one stretch wait for. */
const written = () => Promise.resolve();

test("each kind of change is there for the next process, without an end of this one", async () => {
  const { store, things } = await open();
  for (const id of ["a", "b", "c", "d"]) things.insert({ id, name: id });
  things.update("b", { name: "é" });
  things.delete("a");
  things.deleteWhere(({ id }) => id === "c");
  store.collection<Thing>("others").replaceAll([{ id: "z", name: "z" }]);
  await written();

  const next = await open();

  expect(next.store.snapshot()).toEqual(store.snapshot());
  expect(next.state).toMatchObject({ lost: "nothing", credentials });
  expect(next.things.all()).toEqual([
    { id: "b", name: "é" },
    { id: "d", name: "d" },
  ]);
});

test("a change that a kill cut off is left out, and what comes after it is kept", async () => {
  const { things } = await open();
  things.insert({ id: "a", name: "a" });
  await written();
  appendFileSync(file("changes-1.jsonl"), '{"in":"things","put":{"id":"b","na');

  const next = await open();
  next.things.insert({ id: "c", name: "c" });
  await written();

  expect((await open()).things.all().map(({ id }) => id)).toEqual(["a", "c"]);
});

test("a kill between the two files of a new whole loses nothing", async () => {
  const { things } = await open();
  things.insert({ id: "a", name: "a" });
  await written();
  writeFileSync(file("changes-2.jsonl"), "");
  writeFileSync(file("state.json.new"), '{"version":2,"cred');

  const next = await open();

  expect(next.things.all()).toEqual([{ id: "a", name: "a" }]);
  expect(readdirSync(folder).sort()).toEqual(["changes-2.jsonl", "state.json"]);
});

test("the files grow with what is kept, not with how often it changes", async () => {
  const { store, things } = await open();
  things.insert({ id: "a", name: "" });
  for (let turn = 0; turn < 3000; turn++) {
    things.update("a", { name: String(turn).padStart(1000, "0") });
    await written();
  }

  const size = readdirSync(folder).reduce((sum, name) => sum + statSync(file(name)).size, 0);
  expect(size).toBeLessThan(1_100_000);
  expect((await open()).store.snapshot()).toEqual(store.snapshot());
});

test("only the owner may read what holds keys", async () => {
  await open();

  expect(readdirSync(folder).map((name) => statSync(file(name)).mode & 0o077)).toEqual([0, 0]);
});

test("a damaged line is told with its number, and without what is in it", async () => {
  const { things } = await open();
  things.insert({ id: "a", name: "a" });
  await written();
  appendFileSync(file("changes-1.jsonl"), 'a-secret\n{"in":"things","gone":"a"}\n');

  await expect(open()).rejects.toThrow(
    `${file("changes-1.jsonl")}: line 2 is damaged; "npm run sandbox -- --reset" begins anew, without its services, stacks and credentials`,
  );
});

test("a state without its changes says that they are lost, and no state that everything is", async () => {
  expect((await open()).state.lost).toBe("everything");
  rmSync(file("changes-1.jsonl"));

  expect((await open()).state.lost).toBe("changes");
});

test("a state of version 1 goes on", async () => {
  const { state } = await open();
  state.close();
  const { store } = JSON.parse(readFileSync(file("state.json"), "utf8"));
  writeFileSync(
    file("state.json"),
    JSON.stringify({ version: 1, credentials, store: { ...store, things: [{ id: "a" }] } }),
  );

  const next = await open();

  expect(next.things.all()).toEqual([{ id: "a" }]);
  expect(next.state.lost).toBe("nothing");
});

test("what is looked up by a property is found after each kind of change, and nothing else", () => {
  const things = new Store().collection<Thing>("things");
  things.insert({ id: "a", name: "one" });
  expect(things.where("name", "one").map(({ id }) => id)).toEqual(["a"]);
  things.insert({ id: "b", name: "one" });
  things.insert({ id: "c", name: "two" });
  things.update("a", { name: "two" });
  things.delete("c");

  expect(["one", "two", "three"].map((name) => things.where("name", name).map(({ id }) => id))).toEqual([
    ["b"],
    ["a"],
    [],
  ]);
  things.replaceAll([{ id: "z", name: "one" }]);
  expect(things.where("name", "one")).toEqual([{ id: "z", name: "one" }]);
});
