import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Cloud, createCloud } from "../../sandbox/cloud/cloud.ts";
import { type Internet, openInternet } from "../../sandbox/internet.ts";
import { type OfflineParts, startOfflineParts } from "../../sandbox/offline/parts.ts";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { createPulumiProject, type PulumiProject } from "../support/pulumi-project.ts";
import { createToyService, type Note, toyProvider } from "../support/toy-provider.ts";

const { binary } = await ensureEngine();
const upAtOnce = ["up", "--yes", "--skip-preview"] as const;
const sdk = `
import * as pulumi from "@pulumi/pulumi";
class Shelf extends pulumi.ProviderResource {
  constructor(name, shelf) { super("toy", name, { shelf }); }
}
class Note extends pulumi.CustomResource {
  constructor(name, args, options) { super("toy:index/note:Note", name, { ...args, address: undefined }, options); }
}
`;
const onShelf = `${sdk}
const provider = new Shelf("first", "first");
`;

let notes: Map<string, Note>;
let cloud: Cloud;
let internet: Internet;
let parts: OfflineParts;
let projects: PulumiProject[];
let project: PulumiProject;

beforeEach(async () => {
  const toy = createToyService();
  notes = toy.notes;
  cloud = createCloud({ services: [() => toy.service] });
  internet = await openInternet(cloud);
  const environment = { ...process.env, GREETING: "hello from the environment" };
  parts = await startOfflineParts({ internet, environment, providers: [toyProvider] });
  projects = [];
  project = await newProject();
});

afterEach(async () => {
  for (const made of projects) await made.remove();
  await parts.close();
  await internet.close();
});

async function newProject(): Promise<PulumiProject> {
  const made = await createPulumiProject(binary, parts.variables);
  projects.push(made);
  return made;
}

async function succeed(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await project.pulumi(...args);
  expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

async function fail(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await project.pulumi(...args);
  expect(exitCode).not.toBe(0);
  return `${stdout}\n${stderr}`;
}

const expectNoChanges = async () => {
  await succeed("preview", "--expect-no-changes");
  await succeed("refresh", "--preview-only", "--expect-no-changes");
};

function edit(id: string, change: Partial<Note>): void {
  const note = notes.get(id);
  if (!note) throw new Error(`no note ${id}`);
  notes.set(id, { ...note, ...change });
}

describe("a resource on the offline parts", () => {
  const program = `${onShelf}
    const note = new Note("note", { title: "hello", tags: ["b", "a"], password: pulumi.secret("hunter2") }, { provider });
    export const address = note.address;
    export const password = note.password;
  `;

  test("is previewed, made, left alone and destroyed", async () => {
    await project.program(program);

    expect(await succeed("preview")).toContain("address : [unknown]");
    expect(notes.size).toBe(0);
    expect(await succeed(...upAtOnce)).toContain('address : "https://toy.example/first/1"');
    const made = notes.get("1");
    await expectNoChanges();
    await succeed("destroy", "--yes", "--skip-preview");

    expect(made).toEqual({
      id: "1",
      shelf: "first",
      title: "hello",
      text: "empty",
      tags: ["b", "a"],
      password: "hunter2",
    });
    expect(notes.size).toBe(0);
    expect(await project.resources()).toEqual([]);
  });

  test("keeps its secrets encrypted in the state", async () => {
    await project.program(program);

    await succeed(...upAtOnce);

    const encrypted = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: expect.any(String),
    };
    const note = (await project.resources()).find(({ id }) => id === "1");
    expect(await project.stateFile()).not.toContain("hunter2");
    expect(note?.inputs?.password).toEqual(encrypted);
    expect(note?.outputs?.password).toEqual(encrypted);
    expect(await succeed("stack", "output")).toMatch(/password\s+\[secret\]/);
    expect(await succeed("stack", "output", "password", "--show-secrets")).toBe("hunter2\n");
  });

  test("is updated in place by the diff of its properties", async () => {
    await project.program(program);
    await succeed(...upAtOnce);
    await project.program(program.replace('["b", "a"]', '["c", "b", "a"]').replace("{ title", '{ text: "more", title'));

    const preview = await succeed("preview", "--diff");
    await succeed(...upAtOnce);

    expect(preview).toContain('~ text: "empty" => "more"');
    expect(preview).toContain("~ 1 to update");
    expect(notes.get("1")).toMatchObject({ text: "more", tags: ["c", "b", "a"] });
    await expectNoChanges();
  });

  test("does not change when a set is only reordered, by the program or by the service", async () => {
    await project.program(program);
    await succeed(...upAtOnce);

    edit("1", { tags: ["a", "b"] });
    await expectNoChanges();
    await project.program(program.replace('["b", "a"]', '["a", "b"]'));
    await succeed("preview", "--expect-no-changes");
  });

  test("is replaced where it cannot be updated, the old one first", async () => {
    await project.program(program);
    await succeed(...upAtOnce);
    await project.program(program.replace('"hello"', '"goodbye"'));
    cloud.requests.clear();

    const preview = await succeed("preview", "--diff");
    const requestsOfPreview = cloud.requests.all().length;
    await succeed(...upAtOnce);

    expect(preview).toContain('~ title: "hello" => "goodbye"');
    expect(requestsOfPreview).toBe(0);
    expect(cloud.requests.all().map(({ method, path }) => `${method} ${path}`)).toEqual([
      "DELETE /first/1",
      "POST /first",
    ]);
    expect([...notes.keys()]).toEqual(["2"]);
  });

  test("shows what was changed behind its back, and mends it", async () => {
    await project.program(program);
    await succeed(...upAtOnce);
    edit("1", { text: "edited by hand" });

    const drift = await fail("refresh", "--preview-only", "--diff", "--expect-no-changes");
    await succeed(...upAtOnce, "--refresh");

    expect(drift).toContain('~ text: "empty" => "edited by hand"');
    expect(drift).toContain("~ 1 to update");
    expect(drift).toContain("no changes were expected for refresh but changes were proposed");
    expect(notes.get("1")?.text).toBe("empty");
    await expectNoChanges();
  });

  test("shows that it was deleted behind its back, and is made again", async () => {
    await project.program(program);
    await succeed(...upAtOnce);
    notes.clear();

    const drift = await fail("refresh", "--preview-only", "--expect-no-changes");
    await succeed(...upAtOnce, "--refresh");

    expect(drift).toContain("- 1 to delete");
    expect([...notes.keys()]).toEqual(["2"]);
  });

  test("ignores the changes that the program says", async () => {
    await project.program(program);
    await succeed(...upAtOnce);
    edit("1", { text: "edited by hand" });
    await project.program(program.replace("{ provider }", '{ provider, ignoreChanges: ["text"] }'));

    await succeed(...upAtOnce, "--refresh");

    expect(notes.get("1")?.text).toBe("edited by hand");
    await succeed("preview", "--expect-no-changes");
  });

  test("is imported with the inputs that it has", async () => {
    notes.set("7", { id: "7", shelf: "first", title: "old", text: "words", tags: [] });
    const imported = (text: string) =>
      `${onShelf} new Note("old", { title: "old", text: "${text}" }, { provider, import: "7" });`;

    await project.program(imported("other words"));
    const differing = await succeed("preview");
    await project.program(imported("words"));
    await succeed(...upAtOnce);

    expect(differing).toContain("update [diff: ~text]");
    expect((await project.resources()).find(({ id }) => id === "7")?.inputs).toEqual({
      __defaults: [],
      text: "words",
      title: "old",
    });
    await expectNoChanges();
  });
});

describe("the configuration of a provider", () => {
  test("is that of its own resource, though all are attached to one port", async () => {
    await project.program(`${sdk}
      const [one, two] = [new Shelf("one", "red"), new Shelf("two", "blue")];
      const titles = ["a", "b", "c"];
      for (const title of titles) new Note("red " + title, { title }, { provider: one });
      for (const title of titles) new Note("blue " + title, { title }, { provider: two });
      export const shelves = [one, two].map((provider) =>
        pulumi.runtime.invoke("toy:index/getNotes:getNotes", {}, { provider }).then(({ shelf }) => shelf));
    `);

    await succeed(...upAtOnce);

    const places = [...notes.values()].map(({ shelf, title }) => `${shelf} ${title}`).sort();
    expect(places).toEqual(["blue a", "blue b", "blue c", "red a", "red b", "red c"]);
    expect(JSON.parse(await succeed("stack", "output", "shelves", "--json"))).toEqual(["red", "blue"]);
    await expectNoChanges();
  });

  test("is that of its own engine, though two engines share the parts", async () => {
    const other = await newProject();
    await project.program(`${sdk} new Note("note", { title: "mine" }, { provider: new Shelf("shelf", "red") });`);
    await other.program(`${sdk} new Note("note", { title: "theirs" }, { provider: new Shelf("shelf", "blue") });`);

    const results = await Promise.all([project.pulumi(...upAtOnce), other.pulumi(...upAtOnce)]);

    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect([...notes.values()].map(({ shelf, title }) => `${shelf} ${title}`).sort()).toEqual([
      "blue theirs",
      "red mine",
    ]);
  });

  test("that is changed changes no resource by itself", async () => {
    const on = (shelf: string) =>
      `${sdk} new Note("note", { title: "a" }, { provider: new Shelf("shelf", "${shelf}") });`;
    await project.program(on("red"));
    await succeed(...upAtOnce);
    await project.program(on("blue"));

    expect(await succeed("preview")).toMatch(/~ 1 to update\s+2 unchanged/);
  });

  test("that is not enough is an error before anything is made", async () => {
    await project.program(`${sdk} new Note("note", { title: "a" });`);

    const output = await fail(...upAtOnce);

    expect(output).toContain("no shelf: set toy:shelf, or shelf of the provider");
    expect(output).not.toMatch(/^\s+at /m);
  });

  test("may come from the stack's configuration", async () => {
    await project.program(`${sdk} new Note("note", { title: "a" });`);
    await succeed("config", "set", "toy:shelf", "green");

    await succeed(...upAtOnce);

    expect([...notes.values()].map(({ shelf }) => shelf)).toEqual(["green"]);
  });
});

describe("a failure", () => {
  const note = (args: string) => `${onShelf} new Note("note", ${args}, { provider });`;

  test("of the inputs names all of them, and makes nothing", async () => {
    await project.program(note('{ titel: "a", colour: "red" }'));

    const output = await fail("preview");

    expect(output).toContain("Invalid or unknown key. Examine values at 'note.titel'.");
    expect(output).toContain("Invalid or unknown key. Examine values at 'note.colour'.");
    expect(output).toContain("Missing required property 'title'");
    expect(notes.size).toBe(0);
  });

  test("of the service is told in its words, without a stack", async () => {
    await project.program(note('{ title: "a", text: "broken" }'));

    const output = await fail(...upAtOnce);

    expect(output).toContain("error: the service is broken");
    expect(output).not.toMatch(/^\s+at /m);
    expect((await project.resources()).map(({ type }) => type)).toEqual(["pulumi:providers:toy"]);
  });

  test("halfway keeps what was made, and the next update completes it", async () => {
    await project.program(note('{ title: "a", text: "half" }'));
    const output = await fail(...upAtOnce);
    const kept = (await project.resources()).filter(({ id }) => id === "1");
    await project.program(note('{ title: "a", text: "whole" }'));

    await succeed(...upAtOnce);

    expect(output).toContain("the note is there, but not whole");
    expect(kept).toHaveLength(1);
    expect([...notes.values()].map(({ id, text }) => [id, text])).toEqual([["1", "whole"]]);
    await expectNoChanges();
  });

  test("of a type or a function that the stand-in does not know is an error that says so", async () => {
    await project.program(`${onShelf}
      new pulumi.CustomResource("toy:index/book:Book", "book", {}, { provider });
    `);
    expect(await fail("preview")).toContain("the offline toy provider does not know the type toy:index/book:Book");

    await project.program(`${onShelf}
      await pulumi.runtime.invoke("toy:index/getBook:getBook", {}, { provider });
    `);
    expect(await fail("preview")).toContain(
      "the offline toy provider does not know the function toy:index/getBook:getBook",
    );
  });
});

describe("a program", () => {
  test("has the environment of its sandbox, and its output is shown", async () => {
    await project.program(`
      console.log(process.env.GREETING);
      console.error("and to standard error");
      process.stdout.write("without an end of line");
    `);

    const output = await succeed("preview");

    expect(output).toContain("hello from the environment");
    expect(output).toContain("and to standard error");
    expect(output).toContain("without an end of line");
  });

  test("has the stack's configuration, its secrets too", async () => {
    await succeed("config", "set", "colour", "red");
    await succeed("config", "set", "--secret", "token", "hunter2");
    await project.program(`
      import { Config } from "@pulumi/pulumi";
      const config = new Config();
      export const found = [config.require("colour"), config.requireSecret("token")];
    `);

    await succeed(...upAtOnce);

    expect(await project.stateFile()).not.toContain("hunter2");
    expect(JSON.parse(await succeed("stack", "output", "found", "--json", "--show-secrets"))).toEqual([
      "red",
      "hunter2",
    ]);
  });

  test("that fails for the user fails without further words", async () => {
    await project.program(`
      import { RunError } from "@pulumi/pulumi";
      const error = new RunError("the stack file is wrong");
      // The SDK formats the stack that it does not show, and Node 20.20 never ends on paths like node_modules/@a/b.ts.
      error.stack = "";
      throw error;
    `);

    const output = await fail("preview");

    expect(output).toContain("error: the stack file is wrong");
    expect(output).not.toContain("non-zero exit code");
  });

  test("that ends itself is an error", async () => {
    await project.program("process.exit(3);");

    expect(await fail("preview")).toContain("Program exited with non-zero exit code: 3");
  });

  test("is described by pulumi about", async () => {
    await project.program("");

    const about = JSON.parse(await succeed("about", "--json"));

    expect(about.runtime).toEqual({ language: "nodejs", executable: process.execPath, version: process.version });
  });
});
