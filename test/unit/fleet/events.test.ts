import { DiffKind, type EngineEvent, type StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, test } from "vitest";
import { EventCollector } from "../../../cli/fleet/events.ts";

const urn =
  "urn:pulumi:widgets::feedpass::feedpass:index:RepositoryAccess$github:index/actionsVariable:ActionsVariable::access/X";
const type = "github:index/actionsVariable:ActionsVariable";

function step(op: StepEventMetadata["op"], rest: Partial<StepEventMetadata> = {}): StepEventMetadata {
  return { op, urn, type, provider: "", old: state(), new: state(), ...rest };
}

function state(inputs: Record<string, unknown> = {}, of = type, custom = true) {
  return { type: of, urn, custom, id: "1", parent: "", inputs, outputs: {}, provider: "" };
}

function event(content: Partial<EngineEvent>): EngineEvent {
  return { sequence: 0, timestamp: 0, ...content };
}

function told(...events: readonly EngineEvent[]) {
  const collector = new EventCollector();
  for (const each of events) collector.add(each);
  return collector.told();
}

const planned = (metadata: StepEventMetadata) => event({ resourcePreEvent: { metadata } });
const done = (metadata: StepEventMetadata) => event({ resOutputsEvent: { metadata } });

describe("the events of an engine", () => {
  test("tell a changed property with its values before and after", () => {
    const detailedDiff = { "reviewers[0].teams": { diffKind: DiffKind.update, inputDiff: true } };
    const metadata = step("update", {
      detailedDiff,
      old: state({ reviewers: [{ teams: [1] }] }),
      new: state({ reviewers: [{ teams: [1, 2] }] }),
    });

    expect(told(planned(metadata)).changes).toEqual([
      {
        action: "update",
        type: "ActionsVariable",
        name: "access/X",
        properties: [{ path: "reviewers[0].teams", before: "[1]", after: "[1,2]" }],
      },
    ]);
  });

  test("tell what a refresh found, which is known only after it looked, and each resource once", () => {
    const found = step("update", { diffs: ["value"], old: state({ value: "a" }), new: state({}) });

    expect(told(planned(step("refresh")), done(found), done(found)).changes).toEqual([
      { action: "update", type: "ActionsVariable", name: "access/X", properties: [{ path: "value", before: '"a"' }] },
    ]);
  });

  test("keep secrets to themselves, and say what is not known yet", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' };
    const metadata = step("update", {
      diffs: ["password", "list", "id"],
      old: state({ password: secret, list: ["a", secret] }),
      new: state({ password: secret, list: ["b", secret], id: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }),
    });

    const [change] = told(planned(metadata)).changes;

    expect(JSON.stringify(change)).not.toContain("hunter2");
    expect(change?.properties).toEqual([
      { path: "password", before: '"[secret]"', after: '"[secret]"' },
      { path: "list", before: '["a","[secret]"]', after: '["b","[secret]"]' },
      { path: "id", after: "known after the up" },
    ]);
  });

  test("leave out what lives at no service, and what stays", () => {
    const provider = state({}, "pulumi:providers:github");
    const component = state({}, "feedpass:index:RepositoryAccess", false);

    const { changes } = told(
      planned(step("create", { new: provider })),
      planned(step("create", { new: component })),
      planned(step("same")),
      done(step("same")),
    );

    expect(changes).toEqual([]);
  });

  test("count a replacement once, beside its two halves", () => {
    const { changes } = told(
      planned(step("create-replacement")),
      planned(step("replace")),
      planned(step("delete-replaced")),
    );

    expect(changes.map(({ action }) => action)).toEqual(["replace"]);
  });

  test("count what changes, and not what stays or is only read", () => {
    const resourceChanges = { same: 20, read: 1, create: 2, delete: 0 };
    const summaryEvent = { maybeCorrupt: false, durationSeconds: 1, resourceChanges, policyPacks: {} };

    expect(told(event({ summaryEvent })).counts).toEqual({ create: 2 });
  });

  test("tell each error once and without colours, and the engine's last words only where there are no others", () => {
    const error = (message: string) => event({ diagnosticEvent: { message, color: "never", severity: "error" } });
    const info = event({ diagnosticEvent: { message: "hello", color: "never", severity: "info" } });

    expect(
      told(error("<{%fg 1%}>no feed<{%reset%}>\n"), error("no feed\n"), info, error("update failed")).errors,
    ).toEqual(["no feed"]);
    expect(told(error("update failed")).errors).toEqual(["update failed"]);
  });

  test("are cut where a value is long", () => {
    const metadata = step("update", { diffs: ["value"], new: state({ value: "x".repeat(500) }) });

    expect(told(planned(metadata)).changes[0]?.properties[0]?.after).toBe(`"${"x".repeat(199)}…`);
  });
});
