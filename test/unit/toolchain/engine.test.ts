import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { RunTool, ToolCommand, ToolResult } from "../../../sandbox/toolchain/command.ts";
import { type EngineOptions, ensureEngine } from "../../../sandbox/toolchain/engine.ts";
import { EngineError } from "../../../sandbox/toolchain/errors.ts";
import { engineVersion, officialPlugins, pulumiHome } from "../../../sandbox/toolchain/home.ts";

const version = await engineVersion();
const plugins = await officialPlugins();
const done: ToolResult = { exitCode: 0, stdout: "", stderr: "" };

let home: string;
let environment: Readonly<Record<string, string>>;
let commands: string[];
let messages: string[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "pulumi-home-"));
  environment = { PULUMI_HOME: home, PATH: join(home, "path") };
  commands = [];
  messages = [];
  onTestFinished(() => rm(home, { recursive: true }));
});

async function putProgram(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "#!/bin/sh\n");
  await chmod(path, 0o755);
}

/** A machine whose commands do what the real ones do, in no time. */
function machine(answers: Readonly<Record<string, (command: ToolCommand) => Promise<ToolResult>>> = {}): RunTool {
  return async (command, onLine = () => {}) => {
    const words = [command.file.split("/").at(-1), ...command.args];
    commands.push(words.slice(0, 3).join(" "));
    for (const [prefix, answer] of Object.entries(answers)) {
      if (words.join(" ").startsWith(prefix)) return answer(command);
    }
    if (command.file === "go" && command.args[0] === "env") return { ...done, stdout: "go1.25.1\n" };
    if (command.file === "go" && command.args[0] === "list") return { ...done, stdout: "a\nb\ncli\n" };
    if (command.file === "go" && command.args[0] === "build") {
      onLine("a");
      onLine("b");
      await putProgram(command.args[command.args.indexOf("-o") + 1] ?? "");
    }
    if (command.args[0] === "version") return { ...done, stdout: `v${version}\n` };
    return done;
  };
}

function ensure(options: EngineOptions = {}) {
  return ensureEngine({
    environment,
    run: machine(),
    isReachable: async () => false,
    platform: "linux",
    onProgress: (message) => messages.push(message),
    ...options,
  });
}

const binary = () => pulumiHome(version, environment).binary;
const languageHost = () => pulumiHome(version, environment).languageHost;

test("an engine that is in place is used as it is, without asking anybody", async () => {
  await putProgram(binary());
  const isReachable = () => Promise.reject(new Error("asked"));

  const engine = await ensure({ isReachable });

  expect(engine).toEqual({ binary: binary(), version, how: "present", parts: "offline", languageHost: "offline" });
  expect(commands).toEqual([]);
  expect(messages).toEqual([]);
});

test("an empty file is no engine", async () => {
  await mkdir(dirname(binary()), { recursive: true });
  await writeFile(binary(), "");
  await chmod(binary(), 0o755);

  expect((await ensure()).how).toBe("built");
});

test("where the download site answers, the npm package installs the engine, and the engine its plugins", async () => {
  const run = machine({
    "node ": async () => {
      await putProgram(binary());
      await putProgram(languageHost());
      return done;
    },
  });

  const engine = await ensure({ run, isReachable: async () => true });

  expect(engine).toEqual({ binary: binary(), version, how: "downloaded", parts: "official", languageHost: "official" });
  expect(commands).toEqual([
    expect.stringMatching(/^node .*run\.js version$/),
    ...plugins.map(() => "pulumi plugin install"),
  ]);
  expect(messages).toEqual([
    `downloading Pulumi ${version}`,
    ...plugins.map(({ name, version }) => `downloading the ${name} provider ${version}`),
  ]);
});

test("where the download fails, the engine is built", async () => {
  const run = machine({ "node ": async () => ({ ...done, exitCode: 1 }) });

  const engine = await ensure({ run, isReachable: async () => true });

  expect(engine.how).toBe("built");
  expect(messages.slice(0, 2)).toEqual([`downloading Pulumi ${version}`, `the download of Pulumi ${version} failed`]);
});

test("where the download site does not answer, the engine is built from its Go module", async () => {
  const engine = await ensure();

  expect(engine).toEqual({ binary: binary(), version, how: "built", parts: "offline", languageHost: "offline" });
  expect(commands).toEqual(["go env GOVERSION", "go get -tool", "go list -deps", "go build -v", "pulumi version"]);
  expect(messages).toEqual([
    `building Pulumi ${version} from its Go module: looking at the modules (0:00)`,
    `building Pulumi ${version} from its Go module: compiling, 0 % of 3 packages (0:00)`,
    `building Pulumi ${version} from its Go module: linking (0:00)`,
  ]);
  expect(await readdir(join(home, "versions"))).toEqual([version]);
  expect(await readdir(dirname(binary()))).toEqual(["pulumi"]);
});

test("the build is of the pinned version, in a module of its own, whatever the user's Go is set to", async () => {
  let built: ToolCommand | undefined;
  let module = "";
  const run = machine({
    "go get": async ({ cwd = "" }) => {
      module = await readFile(join(cwd, "go.mod"), "utf8");
      return done;
    },
    "go build": async (command) => {
      built = command;
      await putProgram(command.args[command.args.indexOf("-o") + 1] ?? "");
      return done;
    },
  });

  await ensure({ run, environment: { ...environment, GOFLAGS: "-mod=vendor", GOOS: "plan9" } });

  expect(module).toContain("replace github.com/atotto/clipboard => github.com/tgummerer/clipboard ");
  expect(built?.args).toContain(`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`);
  expect(built?.environment).toMatchObject({ GOFLAGS: "-mod=mod", GOWORK: "off", GOOS: undefined });
});

test.each([
  ["there is no Go", { exitCode: undefined, stdout: "", stderr: "" }, "there is no Go on this machine"],
  ["Go is too old", { exitCode: 0, stdout: "go1.19.8\n", stderr: "" }, "go1.19.8 is too old"],
])("says what to do where %s", async (_what, answer, reason) => {
  const run = machine({ "go env": async () => answer });

  const failure = await ensure({ run }).catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(EngineError);
  expect(String(failure)).toBe(
    `Error: Pulumi's download site cannot be reached, and the engine cannot be built: ${reason}. ` +
      "Either install Go 1.25 or newer (https://go.dev/dl/) and run this again, " +
      `or put Pulumi ${version} (https://www.pulumi.com/docs/install/) at ${binary()}, ` +
      "or run this where https://get.pulumi.com can be reached.",
  );
});

test("a build that fails says how, and leaves nothing", async () => {
  const run = machine({ "go build": async () => ({ exitCode: 1, stdout: "", stderr: "disk full" }) });

  await expect(ensure({ run })).rejects.toThrow(
    new EngineError("go build failed while building the engine:\ndisk full"),
  );

  expect(await readdir(join(home, "versions"))).toEqual([]);
});

test("what a killed build left is removed by the next one", async () => {
  const left = join(home, "versions", `.building-${version}-killed`);
  await putProgram(join(left, "pulumi"));

  await ensure();

  expect(await readdir(join(home, "versions"))).toEqual([version]);
});

test("an engine that does not run is not put in place", async () => {
  const run = machine({ "pulumi version": async () => ({ exitCode: 1, stdout: "", stderr: "bad format" }) });

  await expect(ensure({ run })).rejects.toThrow(/ does not run:\nbad format$/);

  await expect(access(binary())).rejects.toThrow("ENOENT");
});

test("of two that need the engine at once one builds it, and the other waits and takes it", async () => {
  const engines = await Promise.all([ensure(), ensure()]);

  expect(engines.map(({ how }) => how).sort()).toEqual(["built", "present"]);
  expect(commands.filter((command) => command === "go build -v")).toHaveLength(1);
  expect(messages).toContain(`waiting for process ${process.pid}, which gets Pulumi ${version}`);
});

test("the official parts are used where all of them are there", async () => {
  for (const path of [binary(), languageHost(), ...plugins.map(pulumiHome(version, environment).plugin)])
    await putProgram(path);
  const isReachable = () => Promise.reject(new Error("asked"));

  expect((await ensure({ isReachable })).parts).toBe("official");
});

test("a language host on PATH is found", async () => {
  await putProgram(binary());
  await putProgram(join(home, "path", "pulumi-language-nodejs"));

  expect((await ensure()).languageHost).toBe("official");
});

test("where a plugin cannot be had the offline parts are used", async () => {
  for (const path of [binary(), languageHost()]) await putProgram(path);

  expect((await ensure()).parts).toBe("offline");
});

test("where Go programs do not take their authority from the environment the offline parts are used", async () => {
  for (const path of [binary(), languageHost(), ...plugins.map(pulumiHome(version, environment).plugin)])
    await putProgram(path);

  expect((await ensure({ platform: "darwin" })).parts).toBe("offline");
});

test.each([
  ["offline", true, "offline"],
  ["official", false, "official"],
] as const)("FEEDPASS_PROVIDERS=%s forces the parts", async (forced, hasLanguageHost, parts) => {
  const paths = [binary(), ...plugins.map(pulumiHome(version, environment).plugin)];
  for (const path of hasLanguageHost ? [...paths, languageHost()] : paths) await putProgram(path);

  const engine = await ensure({ environment: { ...environment, FEEDPASS_PROVIDERS: forced } });

  expect(engine).toMatchObject({ parts, languageHost: hasLanguageHost ? "official" : "offline" });
});

test("official parts that are forced but missing are an error that names them", async () => {
  await putProgram(binary());

  await expect(ensure({ environment: { ...environment, FEEDPASS_PROVIDERS: "official" } })).rejects.toThrow(
    "FEEDPASS_PROVIDERS is official, but these plugins are not installed and cannot be downloaded: azuread 6.9.1, azuredevops 3.15.0, github 6.15.0.",
  );
});

test("another value of FEEDPASS_PROVIDERS is refused", async () => {
  await expect(ensure({ environment: { ...environment, FEEDPASS_PROVIDERS: "real" } })).rejects.toThrow(
    'FEEDPASS_PROVIDERS: got "real", expected official or offline',
  );
});
