import { describe, expect, test } from "vitest";
import { listFeeds } from "../../../cli/init/azure-devops.ts";
import { askRepository } from "../../../cli/init/github.ts";
import { questionsBy } from "../../../cli/init/questions.ts";
import { connectAzureDevOps } from "../../../infra/azure-devops/client.ts";
import { type Network, type NetworkRequest, Unanswered } from "../../../infra/network.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Services that answer as told, by address, and 404 elsewhere. */
function services(answers: Readonly<Record<string, Answer>>) {
  const asked: { readonly url: string; readonly request: NetworkRequest | undefined }[] = [];
  const network: Network = async (url, request) => {
    asked.push({ url, request });
    return { headers: {}, ...(answers[url] ?? { status: 404, body: { message: "Not Found" } }) };
  };
  return { network, asked };
}

const widgets = { owner: "contoso", name: "widgets" };
const home = "https://api.github.com/repos/contoso/widgets";
const repository = {
  status: 200,
  body: { full_name: "contoso/Widgets", default_branch: "trunk", archived: false },
};

describe("what GitHub is asked", () => {
  test("is the repository, its environments and what stands before each", async () => {
    const { network } = services({
      [home]: repository,
      [`${home}/environments?per_page=100`]: {
        status: 200,
        body: {
          environments: [
            { name: "open", protection_rules: [], deployment_branch_policy: null },
            {
              name: "release",
              protection_rules: [
                { type: "required_reviewers", reviewers: [{}, {}] },
                { type: "wait_timer", wait_timer: 30 },
                { type: "branch_policy" },
              ],
              deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
            },
            {
              name: "staging",
              protection_rules: [],
              deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
            },
          ],
        },
      },
      [`${home}/environments/release/deployment-branch-policies?per_page=100`]: {
        status: 200,
        body: { branch_policies: [{ name: "main" }, { name: "v*", type: "tag" }] },
      },
    });

    expect(await askRepository(network, widgets, { GITHUB_TOKEN: "t" })).toEqual({
      fullName: "contoso/Widgets",
      defaultBranch: "trunk",
      environments: [
        { name: "open", protection: [] },
        {
          name: "release",
          protection: ["approval by one of 2 reviewers", "a wait of 30 minutes", "only from branch main, tag v*"],
        },
        { name: "staging", protection: ["only from protected branches"] },
      ],
    });
  });

  test("says nothing of environments that the sign-in may not see", async () => {
    const { network } = services({ [home]: repository });

    expect((await askRepository(network, widgets, {})).environments).toBe(undefined);
  });

  test.each([
    [404, {}, { GITHUB_TOKEN: "t" }, "GitHub knows no repository contoso/widgets that this sign-in can see"],
    [404, {}, {}, "GitHub knows no repository contoso/widgets that is public; a private one needs GITHUB_TOKEN"],
    [401, {}, {}, "GitHub does not accept the sign-in (401)"],
    [503, { message: "busy" }, {}, "GitHub answered 503 (busy); run it again"],
    [200, { ...repository.body, archived: true }, {}, "contoso/Widgets is archived"],
  ])("is refused with what to do: %d", async (status, body, environment, words) => {
    const { network } = services({ [home]: { status, body } });

    await expect(askRepository(network, widgets, environment)).rejects.toThrow(words);
  });
});

describe("what Azure DevOps is asked", () => {
  const feeds = "https://feeds.dev.azure.com/contoso/_apis/packaging/feeds?api-version=7.1";
  const signIn = { AZDO_PERSONAL_ACCESS_TOKEN: "hunter2" };

  test("are the feeds of the organization and of its projects", async () => {
    const { network, asked } = services({
      [feeds]: {
        status: 200,
        body: {
          value: [
            { name: "python", project: { name: "data" }, upstreamEnabled: true, upstreamSources: [{}] },
            { name: "switched-off", upstreamEnabled: false, upstreamSources: [{}] },
            { name: "internal" },
          ],
        },
      },
    });

    const found = await listFeeds(connectAzureDevOps({ environment: signIn, network }), "contoso");

    expect(found).toEqual([
      { organization: "contoso", project: "data", name: "python", hasUpstreams: true },
      { organization: "contoso", project: undefined, name: "switched-off", hasUpstreams: false },
      { organization: "contoso", project: undefined, name: "internal", hasUpstreams: false },
    ]);
    expect(asked.map(({ url }) => url)).toEqual([feeds]);
  });

  test("is nothing where nobody has signed in", async () => {
    const { network, asked } = services({});

    const found = await listFeeds(connectAzureDevOps({ environment: { ARM_USE_CLI: "false" }, network }), "contoso");

    expect(found).toBe(undefined);
    expect(asked).toEqual([]);
  });

  test("is refused with what to do, and without the secret", async () => {
    const { network } = services({});

    await expect(listFeeds(connectAzureDevOps({ environment: signIn, network }), "contoso")).rejects.toThrow(
      new Unanswered("it answers 404 (Not Found); check the names"),
    );
  });
});

describe("a question", () => {
  /** Somebody who types these lines. */
  function typist(...lines: readonly string[]) {
    const shown: string[] = [];
    const left = [...lines];
    const questions = questionsBy(async (text) => {
      shown.push(text);
      return left.shift() ?? "";
    });
    return { questions, shown };
  }

  test("takes the suggestion for an empty line, and asks again where there is none", async () => {
    const { questions, shown } = typist("", "", "  data  ");

    expect(await questions.text("Stack", "contoso-widgets")).toBe("contoso-widgets");
    expect(await questions.text("Feed")).toBe("data");
    expect(shown).toEqual(["Stack (contoso-widgets): ", "Feed: ", "Feed: "]);
  });

  test("takes a choice by its number or its name, and nothing else", async () => {
    const { questions, shown } = typist("9", "2", "reader", "");
    const roles = ["reader", "contributor"] as const;

    expect(await questions.choose("Role", roles, "reader")).toBe("contributor");
    expect(await questions.choose("Role", roles, "reader")).toBe("reader");
    expect(await questions.choose("Role", roles, "contributor")).toBe("contributor");
    expect(shown[0]).toBe("Role\n  1 reader\n  2 contributor\nnumber (1): ");
  });
});
