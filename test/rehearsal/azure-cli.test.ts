import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobRun, runJob, type Stage } from "../../sandbox/rehearsal/run-job.ts";
import { findPythonTools } from "../support/python.ts";
import { openStage, pushToMain } from "../support/rehearsal.ts";

// Proves that Azure's own command line signs in with a job's token, and gets one that the feed takes. It is a large package
// (azure-cli on PyPI), and no part of the tools that the rehearsal installs: the test runs where it is on PATH.

const tools = await findPythonTools();
const found = await execa("az", ["version", "--output", "json"], { reject: false });
const hasAzure = found.exitCode === 0;
if (!hasAzure) process.stderr.write("the test with the Azure CLI is skipped: there is no az on PATH\n");

describe.skipIf(!tools || !hasAzure)("the Azure CLI", () => {
  let stage: Stage;

  beforeAll(async () => {
    if (tools) stage = await openStage(tools);
  });
  afterAll(() => stage?.world.close());

  const signIn = `
export AZURE_CONFIG_DIR="$HOME/.azure" AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_LOGIN_EXPERIENCE_V2=off
assertion=$(curl --silent --header "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\
  "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=api://AzureADTokenExchange" | python -c 'import json, sys; print(json.load(sys.stdin)["value"])')
az login --service-principal --username "$CLIENT_ID" --tenant "$TENANT_ID" --federated-token "$assertion" \\
  --allow-no-subscriptions --output none
`;
  const askFeed = `
token=$(az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken --output tsv)
curl --silent --output /dev/null --write-out '%{http_code}\\n' --user "az:$token" "$INDEX_URL"
`;
  const run = (ref: string): Promise<JobRun> =>
    runJob(stage, {
      request: { ...pushToMain, ref },
      approved: true,
      steps: [
        {
          run: signIn + askFeed,
          shell: "bash",
          env: {
            CLIENT_ID: `\${{ vars.AZURE_CLIENT_ID }}`,
            TENANT_ID: `\${{ vars.AZURE_TENANT_ID }}`,
            INDEX_URL: `\${{ vars.AZURE_ARTIFACTS_INDEX_URL }}`,
          },
        },
      ],
    });
  const logOf = (job: JobRun) => (job.started ? job.steps[0]?.log : job.reason);

  test("signs in with the token of a trusted job, and the feed takes what it gets", async () => {
    const job = await run("refs/heads/main");

    expect(logOf(job)?.split("\n").at(-1)).toBe("200");
  });

  test("is refused with the token of another branch's job, in Entra's words", async () => {
    const job = await run("refs/heads/other");

    expect(logOf(job)).toContain("AADSTS700213");
    expect(logOf(job)).toContain("Error: Process completed with exit code 1.");
  });
});
