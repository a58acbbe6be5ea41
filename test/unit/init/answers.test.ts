import { describe, expect, test } from "vitest";
import { listFeeds } from "../../../cli/init/azure-devops.ts";
import { askRepository } from "../../../cli/init/github.ts";
import type { Http, HttpAnswer, HttpRequest } from "../../../cli/init/http.ts";
import { questionsBy } from "../../../cli/init/questions.ts";

/** Services that answer as told, by address, and 404 elsewhere. */
function services(answers: Readonly<Record<string, HttpAnswer>>) {
  const asked: { readonly url: string; readonly request: HttpRequest | undefined }[] = [];
  const http: Http = async (url, request) => {
    asked.push({ url, request });
    return answers[url] ?? { status: 404, body: { message: "Not Found" } };
  };
  return { http, asked };
}

const widgets = { owner: "contoso", name: "widgets" };
const home = "https://api.github.com/repos/contoso/widgets";
const repository = {
  status: 200,
  body: { full_name: "contoso/Widgets", default_branch: "trunk", archived: false },
};

describe("what GitHub is asked", () => {
  test("is the repository, its environments and what stands before each", async () => {
    const { http } = services({
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

    expect(await askRepository(http, widgets, { GITHUB_TOKEN: "t" })).toEqual({
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
    const { http } = services({ [home]: repository });

    expect((await askRepository(http, widgets, {})).environments).toBe(undefined);
  });

  test.each([
    [404, {}, { GITHUB_TOKEN: "t" }, "GitHub knows no repository contoso/widgets that this sign-in can see"],
    [404, {}, {}, "GitHub knows no repository contoso/widgets that is public; a private one needs GITHUB_TOKEN"],
    [401, {}, {}, "GitHub does not accept the sign-in (401)"],
    [503, { message: "busy" }, {}, "GitHub answered 503 (busy); run it again"],
    [200, { ...repository.body, archived: true }, {}, "contoso/Widgets is archived"],
  ])("is refused with what to do: %d", async (status, body, environment, words) => {
    const { http } = services({ [home]: { status, body } });

    await expect(askRepository(http, widgets, environment)).rejects.toThrow(words);
  });
});

describe("what Azure DevOps is asked", () => {
  const feeds = "https://feeds.dev.azure.com/contoso/_apis/packaging/feeds?api-version=7.1";
  const answer = {
    status: 200,
    body: { value: [{ name: "python", project: { name: "data" }, upstreamSources: [{}] }, { name: "internal" }] },
  };

  test("are the feeds of the organization and of its projects, signed in as the provider does", async () => {
    const { http, asked } = services({
      "https://login.microsoftonline.com/t/oauth2/v2.0/token": { status: 200, body: { access_token: "abc" } },
      [feeds]: answer,
    });

    const found = await listFeeds(http, "contoso", { ARM_TENANT_ID: "t", ARM_CLIENT_ID: "c", ARM_CLIENT_SECRET: "s" });

    expect(found).toEqual([
      { organization: "contoso", project: "data", name: "python", hasUpstreams: true },
      { organization: "contoso", project: undefined, name: "internal", hasUpstreams: false },
    ]);
    expect(asked[0]?.request?.form).toEqual({
      grant_type: "client_credentials",
      client_id: "c",
      client_secret: "s",
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
    });
    expect(asked[1]?.request?.headers?.authorization).toBe("Bearer abc");
  });

  test("takes a personal access token first", async () => {
    const { http, asked } = services({ [feeds]: answer });

    await listFeeds(http, "contoso", { AZDO_PERSONAL_ACCESS_TOKEN: "pat", ARM_CLIENT_ID: "c" });

    expect(asked.map(({ url, request }) => [url, request?.headers?.authorization])).toEqual([
      [feeds, `Basic ${Buffer.from(":pat").toString("base64")}`],
    ]);
  });

  test("is refused with what to do, and without the secret", async () => {
    const { http } = services({});
    const signIn = { ARM_TENANT_ID: "t", ARM_CLIENT_ID: "c", ARM_CLIENT_SECRET: "hunter2" };

    await expect(listFeeds(http, "contoso", signIn)).rejects.toThrow(
      /^Entra refuses the sign-in of ARM_CLIENT_ID \(404\); check ARM_TENANT_ID and ARM_CLIENT_SECRET$/,
    );
    await expect(listFeeds(http, "contoso", { AZDO_PERSONAL_ACCESS_TOKEN: "hunter2" })).rejects.toThrow(
      /^Azure DevOps does not tell the feeds of contoso \(404\); check the organization's name/,
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
