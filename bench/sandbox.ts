// npm run bench:sandbox: what a request costs as the sandbox's services hold more, what keeping its state costs, and memory.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { createCloud } from "../sandbox/cloud/cloud.ts";
import { allServices } from "../sandbox/cloud/services.ts";
import { seedContoso } from "../sandbox/contoso.ts";
import { keepState } from "../sandbox/kept-state.ts";

const sizes = [1_000, 10_000, 20_000];
const folder = mkdtempSync(join(tmpdir(), "feedpass-bench-"));
// GitHub's budget of an hour would be what is measured.
let now = Date.now();
const cloud = createCloud({ services: allServices, now: () => now });
const state = await keepState(folder, cloud.store, seedContoso);
const { tenantId, clientId, clientSecret, githubToken } = state.credentials;

const graph = "https://graph.microsoft.com/v1.0";
const variables = "https://api.github.com/repos/contoso/widgets/actions/variables";
const gitHubHeaders = { Authorization: `Bearer ${githubToken}`, "User-Agent": "bench" };

async function send(method: string, url: string, headers: Record<string, string>, json?: unknown): Promise<unknown> {
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const response = await cloud.fetch(new Request(url, { method, headers, ...body }));
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function signIn(): Promise<Record<string, string>> {
  const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  const body = new URLSearchParams({ ...form, scope: "https://graph.microsoft.com/.default" });
  const url = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
  const response = await cloud.fetch(new Request(url, { method: "POST", body }));
  const { access_token } = (await response.json()) as { access_token: string };
  return { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" };
}

/** The median of some requests, in milliseconds. */
async function latency(once: (turn: number) => Promise<unknown>, turns = 30): Promise<string> {
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const begin = performance.now();
    await once(turn);
    times.push(performance.now() - begin);
  }
  return (times.sort((one, other) => one - other)[Math.floor(turns / 2)] ?? Number.NaN).toFixed(2);
}

const table = new Table({
  head: [
    "applications",
    "create",
    "get by id",
    "by appId",
    "by filter",
    "GitHub variable",
    "mean of the last 1,000 creations",
    "MB kept",
    "MB RSS",
  ],
});
let signed: { until: number; headers: Record<string, string> } | undefined;
let held = 0;
const ids: string[] = [];
for (const size of sizes) {
  let begin = performance.now();
  while (held < size) {
    if (held % 1000 === 0) {
      now += 3_600_000;
      begin = performance.now();
    }
    const displayName = `bench ${held++}`;
    const { id } = (await send("POST", `${graph}/applications`, await headersNow(), { displayName })) as { id: string };
    ids.push(id);
  }
  const each = (performance.now() - begin) / 1000;
  const headers = await headersNow();
  const { appId } = (await send("GET", `${graph}/applications/${ids.at(-1)}`, headers)) as { appId: string };
  table.push([
    size,
    await latency((turn) => send("POST", `${graph}/applications`, headers, { displayName: `more ${size} ${turn}` })),
    await latency((turn) => send("GET", `${graph}/applications/${ids[ids.length - 1 - turn * 30]}`, headers)),
    await latency(() => send("GET", `${graph}/applications(appId='${appId}')`, headers)),
    await latency(() => send("GET", `${graph}/applications?$filter=displayName eq 'bench 7'`, headers), 5),
    await latency(() => send("GET", `${variables}?per_page=30`, gitHubHeaders)),
    each.toFixed(2),
    (readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0) / 1e6).toFixed(1),
    (process.memoryUsage().rss / 1e6).toFixed(0),
  ]);
}
const begin = performance.now();
state.close();
const whole = performance.now() - begin;
process.stdout.write(
  `milliseconds, medians of 30, by filter of 5\n${table}\nThe whole is written in ${whole.toFixed(0)} ms.\n`,
);
rmSync(folder, { recursive: true });

async function headersNow(): Promise<Record<string, string>> {
  if (signed === undefined || signed.until < now) signed = { until: now + 1_800_000, headers: await signIn() };
  return signed.headers;
}
