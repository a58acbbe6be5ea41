import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AzureDevOps, connectAzureDevOps } from "../../infra/azure-devops/client.ts";
import { issuerOfSite } from "../../infra/github/address.ts";
import { machineNetwork, Unanswered } from "../../infra/network.ts";
import { usualPatience } from "../../infra/patience.ts";
import { type FeedRole, feedPath } from "../../src/feed.ts";
import { parseRepository } from "../../src/repository.ts";
import { stackFilePath, stackOf } from "../../src/settings/config.ts";
import { renderProblems } from "../../src/settings/problem.ts";
import { readProjectFile, stackSettings } from "../../src/settings/stack-file.ts";
import { type ExitCode, Failure } from "../failure.ts";
import { complain, print, visible } from "../output.ts";
import { findProject, type Project, projectFileName, stackFolder } from "../project.ts";
import { listFeeds } from "./azure-devops.ts";
import { askRepository, type RepositoryFacts } from "./github.ts";
import type { InitOptions } from "./options.ts";
import { type Questions, terminalQuestions } from "./questions.ts";
import { type NewStack, stackText } from "./stack-text.ts";

/** Runs `feedpass init`. */
export async function writeStackFile(repository: string, options: InitOptions): Promise<ExitCode> {
  if (!/^[\w-]+\/[\w.-]+$/.test(repository)) {
    throw new Failure(`got ${JSON.stringify(repository)}, expected OWNER/REPOSITORY, as in contoso/widgets`);
  }
  const project = findProject();
  const questions = terminalQuestions();
  try {
    const network = machineNetwork({ ...usualPatience, tell: complain });
    const facts = await answerOf("GitHub", askRepository(network, parseRepository(repository), process.env));
    const suggestion = facts.fullName.toLowerCase().replace("/", "-");
    const stack = options.stack ?? (await questions?.text("Name of the stack", suggestion)) ?? suggestion;
    const file = freeFile(project, stack);
    const text = stackText(await decide(connectAzureDevOps({ network }), facts, options, questions));
    check(project, stack, text);
    mkdirSync(join(project.root, stackFolder), { recursive: true });
    // Never over a file that somebody made meanwhile.
    writeFileSync(join(project.root, file), text, { flag: "wx" });
    print(file);
    complain(`Next: look it over, and preview it with npx feedpass fleet preview --stacks ${stack}`);
    return 0;
  } finally {
    questions?.close();
  }
}

function freeFile({ root }: Project, stack: string): string {
  const file = stackFilePath(stack);
  if (stackOf(`Pulumi.${stack}.yaml`) === undefined) {
    throw new Failure(`--stack: got ${JSON.stringify(stack)}, expected letters, digits, hyphens, dots and underscores`);
  }
  if (existsSync(join(root, file))) {
    throw new Failure(`${file} is there already, and was left as it is; edit it, or name another stack with --stack`);
  }
  return file;
}

/** @throws Failure where the service gives no answer */
async function answerOf<T>(service: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    throw new Failure(`${service} could not be asked: ${error.message}`);
  }
}

/** What the flags leave open, from whoever sits there or from the defaults. */
async function decide(
  azureDevOps: AzureDevOps,
  { fullName, defaultBranch, environments }: RepositoryFacts,
  options: InitOptions,
  questions: Questions | undefined,
): Promise<NewStack> {
  const feed = await decideFeed(azureDevOps, options, questions);
  const roles = ["reader", "collaborator", "contributor"] as const;
  const role: FeedRole =
    options.role ??
    (await questions?.choose("The most that its workflows may do on the feed", roles, "reader")) ??
    "reader";
  if (options.environment !== undefined && role !== "contributor") {
    throw new Failure("--environment is for --role contributor: the others publish nothing");
  }
  const suggestion = environments?.find(({ name }) => /release|publish|pypi/i.test(name))?.name ?? "release";
  const names = environments?.map(({ name }) => name) ?? [];
  const hint = names.length === 0 ? "" : `, at GitHub are ${visible(names.join(", "))}`;
  const asked = role === "contributor" && options.environment === undefined;
  const environment =
    options.environment ??
    (asked ? await questions?.text(`The environment that publishes${hint}`, suggestion) : undefined) ??
    "release";
  const issuer = issuerOfSite(process.env.GITHUB_BASE_URL);
  return { repository: fullName, defaultBranch, issuer, feed, role, environment, environments };
}

async function decideFeed(
  azureDevOps: AzureDevOps,
  { feed: written }: InitOptions,
  questions: Questions | undefined,
): Promise<NewStack["feed"]> {
  const path = written ?? (await questions?.text("The feed: ORGANIZATION/PROJECT/FEED, or ORGANIZATION/FEED"));
  if (path === undefined) throw new Failure("without a terminal to ask on, --feed is needed");
  const [organization = "", ...rest] = path.split("/");
  const name = rest.pop();
  const [project, ...more] = rest;
  if (organization === "" || !name || project === "" || more.length > 0) {
    throw new Failure(`--feed: got ${JSON.stringify(path)}, expected ORGANIZATION/PROJECT/FEED or ORGANIZATION/FEED`);
  }
  const feeds = await answerOf("Azure DevOps", listFeeds(azureDevOps, organization));
  if (feeds === undefined) {
    complain("Nobody has signed in at Azure DevOps, so the feed is taken as it is written.");
    return { organization, project, name, hasUpstreams: undefined };
  }
  const isSame = (left: string | undefined, right: string | undefined) => left?.toLowerCase() === right?.toLowerCase();
  const found = feeds.find((feed) => isSame(feed.name, name) && isSame(feed.project, project));
  if (found !== undefined) return found;
  const paths = feeds.map(({ project, ...feed }) =>
    feedPath({ ...feed, ...(project === undefined ? {} : { project }) }),
  );
  const others = paths.length === 0 ? "it sees no feed there" : `it sees ${paths.sort().join(", ")}`;
  throw new Failure(`there is no feed ${path} that this sign-in can see; ${others}`);
}

/** Nothing is written that the next command would refuse. */
function check({ projectFile }: Project, stack: string, text: string): void {
  const shared = readProjectFile(projectFile.toString());
  if (shared.file === undefined) throw new Failure(renderProblems(projectFileName, shared.problems));
  const { problems } = stackSettings(text, shared.file, new Date().toISOString().slice(0, 10));
  if (problems.length > 0) throw new Failure(renderProblems(stackFilePath(stack), problems));
}
