import { once } from "node:events";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, beforeEach, vi } from "vitest";
import { connect } from "../../infra/github/connect.ts";
import { askGitHub } from "../../infra/github/facts.ts";
import { parseRepository } from "../../src/repository.ts";
import { type Problem, renderProblems } from "../../src/settings/problem.ts";
import { hastyPatience } from "./patience.ts";
import { createWorld, type World } from "./github.ts";
import { settingsOf, stackFile } from "./stack-check.ts";

/** Where the emulated GitHub believes that it is. */
export const production = "https://api.github.com";

/** The file that the user is told of. */
export const file = "  stacks/Pulumi.x.yaml: ";

/** What tests change of the file. */
export interface Asked {
  /** Trust entries, as YAML. Default: the branch main. */
  readonly trust?: string;
  /** More lines of the file. */
  readonly more?: string;
}

export interface AskedGitHub {
  readonly world: World;
  /** Where it is for the questions of this process. */
  address(): string;
  /** Whether a repository's answer leaves out the template that it has from its organization. Reset before each test. */
  leaveTemplateUnsaid(): void;
  /** What GitHub says of a repository, for a file with these trust entries and more. */
  facts(name: string, asked?: Asked): ReturnType<typeof askGitHub>;
  /** The same as the user is told of it. */
  ask(
    name: string,
    asked?: Asked,
  ): Promise<{ readonly subjectPrefix: string; readonly template: string; readonly lines: readonly string[] }>;
  /** The paths that were asked of GitHub, in the order of the alphabet. */
  asked(): string[];
}

/** An emulated GitHub that the program's questions reach. Signed in as its owner, unless a test stubs GITHUB_TOKEN. */
export function askedGitHub(): AskedGitHub {
  const world = createWorld();
  const server = serve({ fetch: forward, hostname: "127.0.0.1", port: 0 });
  let address = "";
  let unsaid = false;

  /** Hands a request to the emulated GitHub as if it had come to its production address. */
  async function forward(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const response = await world.cloud.fetch(
      new Request(`${production}${pathname}${search}`, { method: request.method, headers: request.headers }),
    );
    if (unsaid && pathname.startsWith("/repos/") && pathname.endsWith("/customization/sub")) {
      const { include_claim_keys, ...rest } = (await response.json()) as Record<string, unknown>;
      return Response.json(rest);
    }
    const location = response.headers.get("location");
    if (location !== null) response.headers.set("location", location.replace(production, address));
    return response;
  }

  beforeAll(async () => {
    if (!server.listening) await once(server, "listening");
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("the server has no port");
    address = `http://127.0.0.1:${bound.port}`;
    vi.stubEnv("GITHUB_BASE_URL", `${address}/`);
    for (const name of ["HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, undefined);
  });

  beforeEach(() => {
    world.reset();
    world.cloud.requests.clear();
    unsaid = false;
    vi.stubEnv("GITHUB_TOKEN", "ada-classic");
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });

  function facts(name: string, { trust = "{ branch: main }", more = "" }: Asked = {}) {
    const settings = settingsOf(
      stackFile({
        repository: `feedpass:repository: ${name}`,
        identities: `feedpass:identities: { reader: { role: reader, trust: [${trust}] } }`,
        more,
      }),
    );
    return askGitHub(parseRepository(settings.repository), settings, connect(settings.issuer, hastyPatience));
  }

  return {
    world,
    address: () => address,
    leaveTemplateUnsaid() {
      unsaid = true;
    },
    facts,
    async ask(name, asked) {
      const { subjects, problems } = await facts(name, asked);
      return { subjectPrefix: subjects.prefix, template: subjects.template.join(), lines: linesOf(problems) };
    },
    asked: () =>
      world.cloud.requests
        .all()
        .map(({ path }) => path)
        .sort(),
  };
}

/** As the user is shown them, without the headline. */
export function linesOf(problems: readonly Problem[]): string[] {
  return renderProblems("stacks/Pulumi.x.yaml", problems).split("\n").slice(1);
}
