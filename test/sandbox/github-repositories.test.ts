import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { expectRoutesExercised } from "../support/coverage.ts";
import { addresses, client, createWorld, refusal, send, widgets } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-repositories.test.ts"));

describe.each(addresses)("a repository by %s", (address) => {
  const ada = client(world, "ada-classic", address);

  test("tells its ids, its owner and what the caller may do", async () => {
    const { data } = await ada.repos.get(widgets);

    expect({
      id: data.id,
      node_id: data.node_id,
      full_name: data.full_name,
      private: data.private,
      visibility: data.visibility,
      default_branch: data.default_branch,
      owner: [data.owner.login, data.owner.id, data.owner.type],
      admin: data.permissions?.admin,
      license: data.license,
      has_pages: data.has_pages,
      branches_url: data.branches_url,
    }).toEqual({
      id: 4001,
      node_id: "R_kgDOAAAPoQ",
      full_name: "contoso/widgets",
      private: true,
      visibility: "private",
      default_branch: "main",
      owner: ["contoso", 2001, "Organization"],
      admin: true,
      license: null,
      has_pages: false,
      branches_url: "https://api.github.com/repos/contoso/widgets/branches{/branch}",
    });
  });

  test("lists its branches with their protection, a page at a time", async () => {
    const all = await ada.paginate(ada.repos.listBranches, { ...widgets, per_page: 3 });
    const first = await ada.repos.listBranches({ ...widgets, per_page: 3 });
    const last = await ada.repos.listBranches({ ...widgets, per_page: 3, page: 2 });

    expect(all.map((branch) => [branch.name, branch.protected])).toEqual([
      ["develop", false],
      ["feature/login", false],
      ["main", true],
      ["release/1", true],
    ]);
    expect(first.headers.link?.match(/rel="\w+"/g)).toEqual(['rel="next"', 'rel="last"']);
    expect(last.headers.link?.match(/rel="\w+"/g)).toEqual(['rel="prev"', 'rel="first"']);
    expect(last.data.map((branch) => branch.name)).toEqual(["release/1"]);
  });

  test("lists only protected branches, or only the others", async () => {
    const isProtected = await ada.repos.listBranches({ ...widgets, protected: true });
    const others = await ada.repos.listBranches({ ...widgets, protected: false });

    expect(isProtected.data.map((branch) => branch.name)).toEqual(["main", "release/1"]);
    expect(others.data.map((branch) => branch.name)).toEqual(["develop", "feature/login"]);
  });

  test("gets a branch with its commit, also one with a slash in its name", async () => {
    const main = await ada.repos.getBranch({ ...widgets, branch: "main" });
    const feature = await ada.repos.getBranch({ ...widgets, branch: "feature/login" });

    expect([main.data.name, main.data.protected]).toEqual(["main", true]);
    expect(main.data.commit.sha).toMatch(/^[0-9a-f]{40}$/);
    expect([feature.data.name, feature.data.protected]).toEqual(["feature/login", false]);
    expect(await refusal(ada.repos.getBranch({ ...widgets, branch: "none" }))).toEqual({
      status: 404,
      message: "Branch not found",
      page: "branches/branches#get-a-branch",
    });
  });

  test("tells the protection of a branch that a rule matches", async () => {
    const { data } = await ada.repos.getBranchProtection({ ...widgets, branch: "release/1" });
    const unprotected = await refusal(ada.repos.getBranchProtection({ ...widgets, branch: "develop" }));

    expect(data.url).toBe("https://api.github.com/repos/contoso/widgets/branches/release%2F1/protection");
    expect(unprotected).toMatchObject({ status: 404, message: "Branch not protected" });
  });

  test("lists its tags and finds its refs", async () => {
    const tags = await ada.repos.listTags(widgets);
    const tag = await ada.git.getRef({ ...widgets, ref: "tags/v1.0.0" });
    const release = await ada.git.listMatchingRefs({ ...widgets, ref: "heads/rel" });

    expect(tags.data.map((found) => found.name)).toEqual(["v1.0.0"]);
    expect([tag.data.ref, tag.data.object.sha]).toEqual(["refs/tags/v1.0.0", tags.data[0]?.commit.sha]);
    expect(release.data.map((found) => found.ref)).toEqual(["refs/heads/release/1"]);
    expect((await refusal(ada.git.getRef({ ...widgets, ref: "heads/none" }))).status).toBe(404);
  });

  test("changes its description, default branch and visibility", async () => {
    const { data } = await ada.repos.update({
      ...widgets,
      description: "Small parts",
      default_branch: "develop",
      private: false,
      archived: true,
    });

    expect([data.description, data.default_branch, data.visibility, data.archived]).toEqual([
      "Small parts",
      "develop",
      "public",
      true,
    ]);
    const missing = ada.repos.update({ ...widgets, default_branch: "none" });
    expect((await refusal(missing)).status).toBe(403);
  });
});

test("names do not depend on case, answers have the spelling that was given", async () => {
  const { data } = await client(world, "ada-classic").repos.get({ owner: "CONTOSO", repo: "Widgets" });

  expect(data.full_name).toBe("contoso/widgets");
});

test("a ref is found with its slashes written out, as Go's client sends them", async () => {
  const url = "https://api.github.com/repos/contoso/widgets/git/ref/heads/feature/login";

  const response = await send(world, "GET", url, "ada-classic");

  expect(await response.json()).toMatchObject({ ref: "refs/heads/feature/login" });
});

test("a default branch must be there, a name must be free and legal", async () => {
  const ada = client(world, "ada-classic");

  const messages = await Promise.all(
    [{ default_branch: "none" }, { name: "Open" }, { name: "a/b" }].map(
      async (changes) => (await refusal(ada.repos.update({ ...widgets, ...changes }))).message,
    ),
  );

  expect(messages).toEqual([
    "Validation Failed: the branch none was not found",
    "Repository creation failed: name already exists on this account",
    "Validation Failed: name is invalid",
  ]);
});

test("a renamed repository redirects from its old name, with whatever follows it", async () => {
  const url = "https://api.github.com/repos/contoso/widgets";
  await client(world, "ada-classic").repos.update({ ...widgets, name: "gizmos" });

  const read = await send(world, "GET", `${url}/branches?per_page=1`, "ada-classic");
  const written = await send(world, "PUT", `${url}/environments/a%2Fb`, "ada-classic");
  const stranger = await send(world, "GET", url, "mallory-classic");

  expect(read.status).toBe(301);
  expect(read.headers.get("location")).toBe("https://api.github.com/repositories/4001/branches?per_page=1");
  expect(await read.json()).toMatchObject({ message: "Moved Permanently" });
  expect([written.status, written.headers.get("location")]).toEqual([
    307,
    "https://api.github.com/repositories/4001/environments/a%2Fb",
  ]);
  expect(stranger.status).toBe(404);
});

test("a repository that takes the old name ends the redirect", async () => {
  const ada = client(world, "ada-classic");
  await ada.repos.update({ ...widgets, name: "gizmos" });

  await ada.repos.update({ owner: "contoso", repo: "gadgets", name: "widgets" });

  expect((await ada.repos.get(widgets)).data.id).toBe(4004);
});

describe.each(addresses)("a file of a repository by %s", (address) => {
  const path = ".github/workflows/publish.yml";
  const ask = (changes: { path?: string; ref?: string }, token = "ada-classic") =>
    client(world, token, address).repos.getContent({ ...widgets, path, ...changes });

  test.each([undefined, "main", "refs/heads/main", "refs/tags/v1.0.0", "a".repeat(40)])(
    "is there at %s",
    async (ref) => {
      const { data } = await ask(ref === undefined ? {} : { ref });

      expect(data).toMatchObject({ type: "file", name: "publish.yml", path });
    },
  );

  test("is not there under another name, nor at a ref that is not there", async () => {
    const [other, nowhere] = await Promise.all([
      refusal(ask({ path: "x.yml" })),
      refusal(ask({ ref: "refs/tags/v9" })),
    ]);

    expect([other.status, other.message]).toEqual([404, "Not Found"]);
    expect([nowhere.status, nowhere.message]).toEqual([404, "No commit found for the ref refs/tags/v9"]);
  });

  test("takes the permission to read contents", async () => {
    expect(await refusal(ask({}, "ada-fine"))).toEqual({
      status: 403,
      message: "Resource not accessible by personal access token",
      page: "repos/contents#get-repository-content",
    });
  });
});
