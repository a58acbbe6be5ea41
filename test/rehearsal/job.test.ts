import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seedPypi } from "../../sandbox/cloud/pypi/seed.ts";
import type { Step } from "../../sandbox/rehearsal/definitions.ts";
import { type JobRun, runJob, type Stage } from "../../sandbox/rehearsal/run-job.ts";
import { privatePackage } from "../../sandbox/rehearsal/world.ts";
import { findPythonTools } from "../support/python.ts";
import { openStage, pushToMain } from "../support/rehearsal.ts";

// Proves what the action leaves in a job and takes back, and that a private name is never taken from the public index.

const tools = await findPythonTools();

describe.skipIf(!tools)("a job", () => {
  let stage: Stage;

  beforeAll(async () => {
    if (!tools) return;
    stage = await openStage(tools);
    seedPypi(stage.world.cloud.store, {
      packages: [{ ...privatePackage, version: "99.0", files: { "feedpass_rehearsal_core.py": "answer = 0\n" } }],
    });
  });
  afterAll(() => stage?.world.close());

  const release = { ...pushToMain, ref: "refs/tags/v1.0.0", environment: "release" };

  const signIn: Step = {
    id: "sign-in",
    uses: "./actions/azure-artifacts",
    with: {
      "client-id": `\${{ vars.AZURE_CLIENT_ID }}`,
      "tenant-id": `\${{ vars.AZURE_TENANT_ID }}`,
      "index-url": `\${{ vars.AZURE_ARTIFACTS_INDEX_URL }}`,
      "upload-url": `\${{ vars.AZURE_ARTIFACTS_UPLOAD_URL }}`,
    },
  };
  const cleanUp: Step = { uses: "./actions/azure-artifacts", with: { mode: "cleanup" }, if: "always()" };
  const run = (request: typeof pushToMain | typeof release, steps: readonly Step[]): Promise<JobRun> =>
    runJob(stage, { request, approved: true, steps });
  const logOf = (job: JobRun, id: string) => (job.started ? job.steps.find((step) => step.id === id)?.log : job.reason);

  test("has .pypirc for itself alone while it is signed in, and nothing of it after the cleanup", async () => {
    const look = `python - <<'END'
import os, stat
file = os.path.expanduser("~/.pypirc")
print(oct(stat.S_IMODE(os.stat(file).st_mode)) if os.path.exists(file) else "none")
print({name: bool(os.environ.get(name)) for name in ("PIP_INDEX_URL", "TWINE_PASSWORD", "UV_DEFAULT_INDEX")})
END`;

    const job = await run(release, [signIn, { id: "during", run: look }, cleanUp, { id: "after", run: look }]);

    expect(logOf(job, "during")).toBe(
      "0o600\n{'PIP_INDEX_URL': True, 'TWINE_PASSWORD': True, 'UV_DEFAULT_INDEX': True}",
    );
    expect(logOf(job, "after")).toBe(
      "none\n{'PIP_INDEX_URL': False, 'TWINE_PASSWORD': False, 'UV_DEFAULT_INDEX': False}",
    );
  });

  test("that prints its token has it hidden, and that is counted", async () => {
    const token = `\${{ steps.sign-in.outputs.token }}`;

    const job = await run(pushToMain, [signIn, { id: "leak", run: 'echo "token $TOKEN"', env: { TOKEN: token } }]);

    expect(logOf(job, "leak")).toBe("token ***");
    expect(job.started && job.revealed).toBe(1);
  });

  test("never takes a private name from the public index, where an extra index would, even at a higher version", async () => {
    const install = (folder: string) =>
      `python -m pip install --target "$RUNNER_TEMP/${folder}" ${privatePackage.name}\n` +
      `PYTHONPATH="$RUNNER_TEMP/${folder}" python -c "import feedpass_rehearsal_core as core; print('answer', core.answer)"`;
    const extra = { PIP_EXTRA_INDEX_URL: "https://pypi.org/simple/" };

    const job = await run(release, [
      signIn,
      { id: "ours", run: install("ours") },
      { id: "confused", run: install("confused"), env: extra },
      cleanUp,
    ]);

    expect(logOf(job, "ours")).toContain("Successfully installed feedpass-rehearsal-core-1.0\nanswer 42");
    expect(logOf(job, "confused")).toContain("Successfully installed feedpass-rehearsal-core-99.0\nanswer 0");
  });

  test("does not sign in beside a second index", async () => {
    const job = await run(pushToMain, [
      { run: 'echo "PIP_EXTRA_INDEX_URL=https://pypi.org/simple/" >> "$GITHUB_ENV"' },
      signIn,
    ]);

    expect(logOf(job, "sign-in")).toContain("there is a second package index: PIP_EXTRA_INDEX_URL");
  });
});
