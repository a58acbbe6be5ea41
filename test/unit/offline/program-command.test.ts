import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import language from "@pulumi/pulumi/proto/language_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { programCommand, runOutcome } from "../../../sandbox/offline/program-command.ts";
import { installedDependencies } from "../../../sandbox/offline/program-dependencies.ts";

const folder = join(import.meta.dirname, "program");
const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run");

function runRequest(options: Readonly<Record<string, string | boolean>> = {}) {
  const info = new language.ProgramInfo();
  info.setRootDirectory("/project");
  info.setProgramDirectory(folder);
  info.setEntryPoint("index.ts");
  info.setOptions(structs.Struct.fromJavaScript(options));
  const request = new language.RunRequest();
  request.setInfo(info);
  request.setProject("project");
  request.setStack("test");
  request.setOrganization("organization");
  request.setMonitorAddress("127.0.0.1:1");
  request.setParallel(4);
  request.setArgsList(["--verbose"]);
  request.getConfigMap().set("feedpass:token", "hunter2").set("project:colour", "red");
  request.setConfigsecretkeysList(["feedpass:token"]);
  return request;
}

const environment = { PATH: "/bin", COLOUR: "red" };

test("runs the program by the SDK that is installed for it", () => {
  const command = programCommand(runRequest({ typescript: false }), "127.0.0.1:2", environment);

  expect(command).toEqual({
    file: process.execPath,
    args: [
      ...[runner, "--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2", "--organization", "organization"],
      ...["--project", "project", "--root-directory", "/project", "--stack", "test", "--pwd", folder],
      ...["--parallel", "4", "index.ts", "--verbose"],
    ],
    cwd: folder,
    environment: {
      ...environment,
      PULUMI_CONFIG: '{"feedpass:token":"hunter2","project:colour":"red"}',
      PULUMI_CONFIG_SECRET_KEYS: '["feedpass:token"]',
    },
  });
});

test("says when it is a preview", () => {
  const request = runRequest();
  request.setDryrun(true);

  expect(programCommand(request, "e", environment).args).toContain("--dry-run");
});

test("gives Node the arguments of the project file, quoted ones whole", () => {
  const nodeargs = `--import tsx --title="a b" '--conditions=c d'`;

  const { args } = programCommand(runRequest({ nodeargs }), "e", environment);

  expect(args.slice(0, 5)).toEqual(["--import", "tsx", "--title=a b", "--conditions=c d", runner]);
});

test("has the SDK compile TypeScript unless the project file says otherwise", () => {
  const { environment: compiled } = programCommand(runRequest({ tsconfig: "tsconfig.build.json" }), "e", environment);
  const { environment: plain } = programCommand(runRequest({ typescript: false }), "e", environment);

  expect(compiled.PULUMI_NODEJS_TYPESCRIPT).toBe("true");
  expect(compiled.PULUMI_NODEJS_TSCONFIG_PATH).toBe("tsconfig.build.json");
  expect(plain).not.toHaveProperty("PULUMI_NODEJS_TYPESCRIPT");
});

test("takes another runner where the environment names one", () => {
  const { args } = programCommand(runRequest(), "e", { PULUMI_LANGUAGE_NODEJS_RUN_PATH: "/other/run.js" });

  expect(args[0]).toBe("/other/run.js");
});

test("says what to do where the SDK is not installed", () => {
  const request = runRequest();
  request.getInfo()?.setProgramDirectory(tmpdir());

  expect(() => programCommand(request, "e", environment)).toThrow(
    `It looks like the Pulumi SDK has not been installed. Have you run npm install or yarn install? (@pulumi/pulumi is not found from ${tmpdir()})`,
  );
});

test.each([
  [
    { code: 0, signal: null },
    { error: "", bail: false },
  ],
  [
    { code: 32, signal: null },
    { error: "", bail: true },
  ],
  [
    { code: 7, signal: null },
    { error: "Program exited with non-zero exit code: 7", bail: false },
  ],
  [
    { code: null, signal: "SIGTERM" as const },
    { error: "Program exited unexpectedly: SIGTERM", bail: false },
  ],
])("tells the engine of the end %j", (exit, outcome) => {
  expect(runOutcome(exit)).toEqual(outcome);
});

test("lists what a program depends on, as it is installed above it", async () => {
  const root = await mkdtemp(join(tmpdir(), "dependencies-"));
  onTestFinished(() => rm(root, { recursive: true }));
  const program = join(root, "infra");
  await mkdir(program);
  const dependencies = { left: "^1.0.0", "@scope/right": "2.x", missing: "1.0.0" };
  await writeFile(join(root, "package.json"), JSON.stringify({ dependencies, devDependencies: { tool: "*" } }));
  for (const [name, version] of [
    ["left", "1.2.3"],
    ["@scope/right", "2.0.1"],
    ["tool", "9.0.0"],
  ] as const) {
    await mkdir(join(root, "node_modules", name), { recursive: true });
    await writeFile(join(root, "node_modules", name, "package.json"), JSON.stringify({ version }));
  }

  expect(await installedDependencies(program)).toEqual([
    { name: "left", version: "1.2.3" },
    { name: "@scope/right", version: "2.0.1" },
    { name: "tool", version: "9.0.0" },
  ]);
});
