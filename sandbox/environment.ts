import { pathToFileURL } from "node:url";
import { machineEnvironment } from "./machine-environment.ts";

/** The throw-away credentials of one sandbox: made at random with its state, worth nothing anywhere else. */
export interface Credentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly githubToken: string;
  /** Encrypts the secrets of the stacks that live in the sandbox. */
  readonly passphrase: string;
}

/** Environment variables: set where there is a value, unset where there is none. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentOptions {
  readonly proxyUrl: string;
  /** The file that holds the sandbox's certificate authority. */
  readonly authorityFile: string;
  /** The folder that the engine keeps its stacks in. */
  readonly backendFolder: string;
  readonly credentials: Credentials;
}

/**
 * What makes a command live in the sandbox: the way in, whom to trust, and credentials that only the sandbox knows.
 * Together with what `mergedEnvironment` lets in of the machine, it is all that a command is given.
 */
export function sandboxEnvironment(options: EnvironmentOptions): Environment {
  const { backendFolder, credentials } = options;
  return {
    ...networkEnvironment(options),
    // Who one is: the platform team's service principal, and a token of one of its people, by the team's GitHub App.
    ARM_TENANT_ID: credentials.tenantId,
    ARM_CLIENT_ID: credentials.clientId,
    ARM_CLIENT_SECRET: credentials.clientSecret,
    ARM_USE_CLI: "false",
    GITHUB_TOKEN: credentials.githubToken,
    GH_TOKEN: credentials.githubToken,
    // Where the engine keeps its stacks.
    PULUMI_BACKEND_URL: pathToFileURL(backendFolder).href,
    PULUMI_CONFIG_PASSPHRASE: credentials.passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** The way into the private internet alone, for commands that sign in as somebody else. */
export function networkEnvironment({
  proxyUrl,
  authorityFile,
}: Pick<EnvironmentOptions, "proxyUrl" | "authorityFile">): Environment {
  const loopback = "127.0.0.1,localhost,::1";
  return {
    // The way in. curl reads only the lower-case names for http, Go and Python read either.
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    HTTP_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    ALL_PROXY: proxyUrl,
    all_proxy: proxyUrl,
    NO_PROXY: loopback,
    no_proxy: loopback,
    // Node looks at the proxy by itself from 22.21 and 24 on, and only when it is asked to.
    NODE_USE_ENV_PROXY: "1",
    // Whom to trust: Go, Node, Python's requests (twine, az), curl, pip, git.
    SSL_CERT_FILE: authorityFile,
    NODE_EXTRA_CA_CERTS: authorityFile,
    REQUESTS_CA_BUNDLE: authorityFile,
    CURL_CA_BUNDLE: authorityFile,
    PIP_CERT: authorityFile,
    GIT_SSL_CAINFO: authorityFile,
  };
}

/**
 * The environment of a process in the sandbox: of the present one only what is no secret and leads nowhere, and the
 * changes, the last of which counts. The same for a command that starts its sandbox and for one that joins another's.
 */
export function mergedEnvironment(...changes: readonly Environment[]): Record<string, string> {
  const merged: Environment = Object.assign({}, machineEnvironment(process.env), ...changes);
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
