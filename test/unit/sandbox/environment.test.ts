import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { openDoor } from "../../../sandbox/door.ts";
import { mergedEnvironment, sandboxEnvironment } from "../../../sandbox/environment.ts";
import { machineEnvironment } from "../../../sandbox/machine-environment.ts";
import { announce, findRunning } from "../../../sandbox/running.ts";

// Proves what a command in the sandbox is told of the machine that it runs on: a list of names, whatever else is set.

const inside = sandboxEnvironment({
  proxyUrl: "http://127.0.0.1:1",
  authorityFile: "/sandbox/authority.pem",
  backendFolder: "/sandbox/stacks",
  credentials: { tenantId: "t", clientId: "c", clientSecret: "s", githubToken: "g", passphrase: "p" },
});

/** What signs a program in somewhere, or leads it elsewhere. The sandbox sets a few of these itself, to values of its own. */
const others = [
  ...["ARM_OIDC_TOKEN", "ARM_USE_OIDC", "ARM_USE_MSI", "ARM_ENVIRONMENT", "ARM_METADATA_HOSTNAME", "ARM_CLIENT_SECRET"],
  ...["AZDO_PERSONAL_ACCESS_TOKEN", "AZDO_ORG_SERVICE_URL", "AZURE_CLIENT_SECRET", "AZURE_DEVOPS_EXT_PAT"],
  ...["GITHUB_TOKEN", "GITHUB_BASE_URL", "GITHUB_OWNER", "GITHUB_ENV", "GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS"],
  ...["GH_TOKEN", "GH_HOST", "GH_ENTERPRISE_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN"],
  ...[
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_STACK",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
    "PULUMI_CONFIG",
    "PULUMI_DEBUG_LANGUAGES",
  ],
  ...["AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "GOOGLE_APPLICATION_CREDENTIALS", "VAULT_TOKEN", "KUBECONFIG"],
  ...["NPM_TOKEN", "NODE_AUTH_TOKEN", "npm_config_registry", "NPM_CONFIG_USERCONFIG", "npm_config__authToken"],
  ...[
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "TWINE_PASSWORD",
    "POETRY_HTTP_BASIC_X",
  ],
  ...["SSH_AUTH_SOCK", "GIT_CONFIG_COUNT", "GIT_ASKPASS", "NETRC", "NODE_OPTIONS", "PYTHONPATH", "LD_PRELOAD"],
  ...["DBUS_SESSION_BUS_ADDRESS", "HTTPS_PROXY", "no_proxy", "SSL_CERT_DIR", "FEEDPASS_TOKEN", "LC_x; secret"],
];

afterEach(() => vi.unstubAllEnvs());

test("no credential of the machine is let in, and nothing that leads elsewhere", () => {
  for (const name of others) vi.stubEnv(name, "of the machine");

  const environment = mergedEnvironment(inside);

  expect(Object.keys(environment).filter((name) => environment[name] === "of the machine")).toEqual([]);
  expect(environment).toMatchObject({ GITHUB_TOKEN: "g", ARM_CLIENT_SECRET: "s", HTTPS_PROXY: "http://127.0.0.1:1" });
  expect(environment.PATH).toBe(process.env.PATH);
});

test("a command that joins has the environment of one that starts its own", async () => {
  for (const name of others) vi.stubEnv(name, "of the machine");
  const folder = mkdtempSync(join(tmpdir(), "feedpass-test-"));
  const file = join(folder, "running.json");
  const door = await openDoor();

  announce(file, { stays: true, door: door.address, environment: { ...inside, GITHUB_OWNER: undefined } });
  const running = await findRunning(file);

  expect(mergedEnvironment(running?.environment ?? {})).toEqual(
    mergedEnvironment({ ...inside, GITHUB_OWNER: undefined }),
  );
  await door.close();
  rmSync(folder, { recursive: true });
});

test("programs, folders, the terminal and the language are let in", () => {
  const machine = {
    ...{ PATH: "/bin", HOME: "/home/ada", USER: "ada", TMPDIR: "/tmp", TERM: "xterm", COLUMNS: "120", NO_COLOR: "1" },
    ...{ LANG: "de_DE.UTF-8", LC_ALL: "C", LC_TIME: "C", CI: "true", FEEDPASS_PROVIDERS: "offline", PULUMI_HOME: "/p" },
  };

  expect(machineEnvironment(machine, "linux")).toEqual(machine);
});

test("Windows compares names without case", () => {
  const machine = { Path: "C:\\bin", SYSTEMROOT: "C:\\Windows", "ProgramFiles(x86)": "C:\\x86", Home: "H:" };

  expect(machineEnvironment(machine, "win32")).toEqual({
    PATH: "C:\\bin",
    SystemRoot: "C:\\Windows",
    "ProgramFiles(x86)": "C:\\x86",
    HOME: "H:",
  });
  expect(machineEnvironment(machine, "linux")).toEqual({ "ProgramFiles(x86)": "C:\\x86" });
});

test("changes come after it, and the last one counts", () => {
  vi.stubEnv("HOME", "/home/ada");

  expect(mergedEnvironment({ HOME: "/job", NAME: "a" }, { NAME: "b" })).toMatchObject({ HOME: "/job", NAME: "b" });
  expect(mergedEnvironment({ HOME: undefined })).not.toHaveProperty("HOME");
});
