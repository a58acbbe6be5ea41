import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

const page = readFileSync(new URL("../../../docs/workflows.md", import.meta.url), "utf8");
const action = readFileSync(new URL("../../../actions/azure-artifacts/action.yml", import.meta.url), "utf8");

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const snippets = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => parse(text) as readonly Step[]);
const uses = snippets.flat().flatMap((step) => step.uses ?? []);
const { inputs, outputs } = parse(action) as Record<"inputs" | "outputs", Readonly<Record<string, unknown>>>;

test("every action in the page's snippets is pinned by a commit, but for our own, which is yours", () => {
  const [own, ...others] = uses;

  expect(own).toBe("OWNER/feedpass/actions/azure-artifacts@COMMIT");
  expect(others.map((name) => name.replace(/@[0-9a-f]{40}$/, ""))).toEqual([
    "pypa/gh-action-pypi-publish",
    "hynek/build-and-inspect-python-package",
    "azure/login",
  ]);
});

test("the page tells of every input and output of the action, and of every variable that it sets", () => {
  const setup = readFileSync(new URL("../../../actions/azure-artifacts/setup.sh", import.meta.url), "utf8");
  const variables = [...setup.matchAll(/set_variable (\w+)/g)].map(([, name = ""]) => name);
  const names = [...Object.keys(inputs), ...Object.keys(outputs), ...variables];

  expect(names).toHaveLength(22);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("our own action is given inputs that it has", () => {
  expect(Object.keys(snippets[0]?.[0]?.with ?? {}).filter((name) => !(name in inputs))).toEqual([]);
});
