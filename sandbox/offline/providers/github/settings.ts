import { type HttpResponse, retryAfter, type RetryPolicy } from "../../http.ts";
import { type Properties, ProviderError, type ProviderHost } from "../definition.ts";
import { text } from "../properties.ts";

/** Who a GitHub App is, and which of its installations is meant. */
export interface AppCredentials {
  readonly id: string;
  readonly installationId: string;
  /** PEM, as GitHub gives it. */
  readonly privateKey: string;
}

/** What the provider's arguments and the environment come to. */
export interface Settings {
  /** The API's root without a slash at its end. */
  readonly root: string;
  /** Undefined where only the token tells it. */
  readonly owner: string | undefined;
  readonly app: AppCredentials | undefined;
  readonly token: string | undefined;
  readonly retry: RetryPolicy;
}

/**
 * Reads the settings as the official provider does: GITHUB_OWNER beats the owner that the program names, an App beats a
 * token. Its fixed waits between writes are not imitated: the sandbox's GitHub has no use for them.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/provider.go
 */
export function readSettings(config: Properties, { environment }: ProviderHost): Settings {
  const setting = (name: string, variable: string) => text(config, name) ?? (environment[variable] || undefined);
  const owner = setting("organization", "GITHUB_ORGANIZATION") ?? (environment.GITHUB_OWNER || text(config, "owner"));
  const app = readApp(config, environment);
  if (app && !owner) throw new ProviderError("owner must be set for github app authentication");
  return {
    root: apiRoot(setting("baseUrl", "GITHUB_BASE_URL") ?? "https://api.github.com/"),
    owner,
    app,
    token: app ? undefined : setting("token", "GITHUB_TOKEN"),
    retry: readRetry(config),
  };
}

function readApp(config: Properties, environment: ProviderHost["environment"]): AppCredentials | undefined {
  const given = config.appAuth as Properties | undefined;
  const value = (name: string, variable: string) => text(given ?? {}, name) ?? (environment[variable] || undefined);
  const id = value("id", "GITHUB_APP_ID");
  const installationId = value("installationId", "GITHUB_APP_INSTALLATION_ID");
  const privateKey = value("pemFile", "GITHUB_APP_PEM_FILE")?.replaceAll("\\n", "\n");
  if (id && installationId && privateKey) return { id, installationId, privateKey };
  if (!given) return undefined;
  throw new ProviderError("app_auth block is set but required fields are missing or contains empty values");
}

/** GitHub itself answers at its API host; any other host is a GitHub Enterprise Server. */
function apiRoot(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) throw new ProviderError("base url must be absolute");
  const url = new URL(baseUrl);
  const isGitHub = url.host === "github.com" || url.host === "api.github.com" || url.host.endsWith(".ghe.com");
  if (!isGitHub) return `${url.href.replace(/\/+$/, "").replace(/\/api\/v3$/, "")}/api/v3`;
  if (url.protocol !== "https:") {
    throw new ProviderError("base url for github.com or ghe.com must use the https scheme");
  }
  if (url.pathname !== "/") {
    throw new ProviderError(`base url for github.com or ghe.com must not contain a path, got ${url.pathname}`);
  }
  return url.host.startsWith("api.") ? url.origin : `https://api.${url.host}`;
}

/**
 * Server errors and broken connections are tried again, writes too, a second apart; what GitHub limits when it says so,
 * however often.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/transport.go
 */
function readRetry(config: Properties): RetryPolicy {
  const delay = Number(config.retryDelayMs ?? 1000);
  const retryable = Array.isArray(config.retryableErrors) ? config.retryableErrors.map(Number) : [500, 502, 503, 504];
  return {
    maximum: Number(config.maxRetries ?? 3),
    delay: () => delay,
    retries: ({ status }) => retryable.includes(status),
    retriesBroken: () => true,
    limit: waitOfLimit,
  };
}

/** As go-github knows a limit: https://github.com/google/go-github/blob/v85.0.0/github/github.go */
function waitOfLimit({ status, headers }: HttpResponse): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = retryAfter(headers);
  if (after !== undefined || headers.get("X-RateLimit-Remaining") !== "0") return after;
  return Math.max(0, Number(headers.get("X-RateLimit-Reset")) * 1000 - Date.now());
}
