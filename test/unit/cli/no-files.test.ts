import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Checkout, createCheckout, feedpass, projectFile, stackFile } from "./checkout.ts";

// Proves that what a pull request puts in the place of a stack file is never read, and never hides another one.

const secret = "hunter2hunter2";
const publisher = "    publisher: { role: contributor, trust: [{ environment: release }] }";

/** A file of this machine that no pull request may have shown. */
function machineFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-machine-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "credentials");
  writeFileSync(file, `${secret}\n`);
  return file;
}

interface Attack {
  readonly what: string;
  /** Puts it in the place of `stacks/Pulumi.tools.yaml`. */
  readonly put: (checkout: Checkout, file: string) => void;
  /** What is said of it, in a commit and in the working tree. */
  readonly says: string;
  readonly saysOnDisk?: string;
}

const attacks: readonly Attack[] = [
  {
    what: "a link to a file of the machine",
    put: (_, file) => symlinkSync(machineFile(), file),
    says: "line 1: got a symbolic link, expected a regular file; put the file itself there",
  },
  {
    what: "a link to a file of the repository",
    put: ({ write }, file) => {
      write("elsewhere.yaml", stackFile("contoso/tools"));
      symlinkSync("../elsewhere.yaml", file);
    },
    says: "line 1: got a symbolic link, expected a regular file",
  },
  {
    what: "a link to nothing",
    put: (_, file) => symlinkSync("nowhere", file),
    says: "line 1: got a symbolic link, expected a regular file",
  },
  {
    what: "a folder",
    put: (_, file) => {
      mkdirSync(file);
      writeFileSync(join(file, "a"), secret);
    },
    says: "line 1: got a folder, expected a regular file",
  },
  {
    what: "a submodule",
    put: ({ folder, git }, file) => {
      mkdirSync(file);
      git("-C", file, "init", "--quiet");
      git("-C", file, "commit", "--quiet", "--allow-empty", "--message", "Inner");
      git("-C", folder, "-c", "advice.addEmbeddedRepo=false", "add", "stacks/Pulumi.tools.yaml");
    },
    says: "line 1: got a submodule, expected a regular file",
    saysOnDisk: "line 1: got a folder, expected a regular file",
  },
  {
    what: "too much",
    put: (_, file) => writeFileSync(file, `# ${secret}${" ".repeat(256 * 1024)}\n${stackFile("contoso/tools")}`),
    says: "line 1: got 257 KiB, expected 256 KiB at most; a stack file is for one repository",
  },
  {
    what: "bytes that are no text",
    put: (_, file) =>
      writeFileSync(file, Buffer.concat([Buffer.from(stackFile("contoso/tools")), Buffer.from([0x23, 0xff, 0x0a])])),
    says: "line 6: got bytes that are no UTF-8, expected text; save the file as UTF-8",
  },
  {
    what: "one word that is no table",
    put: (_, file) => writeFileSync(file, secret),
    says: "line 1: got text, expected a table with the key config",
  },
];

/** A checkout whose branch `change` has the attack, and beside it a file that gives more than before. */
function attacked({ put }: Attack): Checkout {
  const checkout = createCheckout();
  checkout.write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets"));
  checkout.commit();
  checkout.git("checkout", "--quiet", "-b", "change");
  checkout.write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", publisher));
  put(checkout, join(checkout.folder, "stacks/Pulumi.tools.yaml"));
  checkout.commit();
  return checkout;
}

/** As the workflow's job has it: the checkout is of main, and the change is in git alone. */
function onMain(attack: Attack): Checkout {
  const checkout = attacked(attack);
  checkout.git("checkout", "--quiet", "--force", "main");
  checkout.git("clean", "--quiet", "-ffdx");
  return checkout;
}

const gain = "contoso/widgets: environment release gains install and publish on contoso/data/python";

describe.each(attacks)("in the place of a stack file: $what", (attack) => {
  const { says, saysOnDisk = says } = attack;

  test("is told by access, of a commit, and so is the rest", async () => {
    const { folder } = onMain(attack);

    const { exitCode, stdout, stderr } = await feedpass(folder, "access", "--diff", "main", "--head", "change");

    expect(exitCode).toBe(1);
    expect(stdout).toContain(`! ${gain}\n`);
    expect(stderr).toContain(`1 problem in stacks/Pulumi.tools.yaml, nothing was changed:
  stacks/Pulumi.tools.yaml: ${says}`);
    expect(stdout + stderr).not.toContain(secret);
  });

  test("is told in the comment, from the commit alone", async () => {
    const { folder } = onMain(attack);
    const results = join(folder, "no-results");

    const { stdout } = await feedpass(
      folder,
      ...["report", "comment", results, "--changed-since", "main", "--head", "change", "--print"],
    );

    expect(stdout).toContain("environment release gains install and publish on contoso/data/python");
    expect(stdout).toContain("stacks/Pulumi.tools.yaml");
    expect(stdout).toContain(says.replace(/^line \d+: /, ""));
    expect(stdout).not.toContain(secret);
  });

  test("is told of the working tree", async () => {
    const { folder } = attacked(attack);

    const listed = await feedpass(folder, "access", "--json");
    const { stdout, stderr } = await feedpass(folder, "access", "--diff", "main");

    expect(JSON.parse(listed.stdout).broken).toHaveLength(1);
    expect(stdout).toContain(`! ${gain}\n`);
    expect(stderr).toContain(`stacks/Pulumi.tools.yaml: ${saysOnDisk}`);
    expect(listed.stdout + listed.stderr + stdout + stderr).not.toContain(secret);
  });

  test("is no file to look at for the other commands", async () => {
    const { folder } = attacked(attack);

    for (const command of [
      ["explain", "tools", "--event", "push", "--ref", "refs/heads/main"],
      ["workflow", "tools"],
    ]) {
      const { exitCode, stdout, stderr } = await feedpass(folder, ...command);
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`stacks/Pulumi.tools.yaml: ${saysOnDisk}`);
    }
  });
});

test("an executable file is refused in a commit, with what takes the bit away", async () => {
  const checkout = createCheckout();
  checkout.commit();
  checkout.git("checkout", "--quiet", "-b", "change");
  checkout.write("stacks/Pulumi.tools.yaml", stackFile("contoso/tools"));
  checkout.git("add", "--all");
  checkout.git("update-index", "--chmod=+x", "stacks/Pulumi.tools.yaml");
  checkout.git("commit", "--quiet", "--message", "A change");

  const { stderr } = await feedpass(checkout.folder, "access", "--diff", "main", "--head", "change");

  expect(stderr).toContain(
    "stacks/Pulumi.tools.yaml: line 1: got an executable file, expected a regular file; " +
      "git update-index --chmod=-x takes the bit away",
  );
});

describe("what every stack needs", () => {
  const change = (put: (checkout: Checkout) => void): Checkout => {
    const checkout = createCheckout();
    for (const stack of ["gadgets", "widgets"]) {
      checkout.write(`stacks/Pulumi.${stack}.yaml`, stackFile(`contoso/${stack}`));
    }
    checkout.commit();
    checkout.git("checkout", "--quiet", "-b", "change");
    put(checkout);
    checkout.commit();
    return checkout;
  };
  const replaced =
    (name: string, target: string) =>
    ({ folder }: Checkout) => {
      rmSync(join(folder, name), { recursive: true });
      symlinkSync(target, join(folder, name));
    };

  test.each([
    ["the folder is a link", replaced("stacks", tmpdir()), "stacks: line 1: got a symbolic link, expected a folder;"],
    [
      "the folder is a file",
      ({ folder, write }: Checkout) => {
        rmSync(join(folder, "stacks"), { recursive: true });
        write("stacks", secret);
      },
      "stacks: line 1: got a file, expected a folder;",
    ],
    [
      "Pulumi.yaml is a link",
      replaced("Pulumi.yaml", "/etc/hostname"),
      "Pulumi.yaml: line 1: got a symbolic link, expected a regular file;",
    ],
    [
      "Pulumi.yaml is gone",
      ({ remove }: Checkout) => remove("Pulumi.yaml"),
      "Pulumi.yaml: line 1: got nothing, expected a regular file",
    ],
    [
      "Pulumi.yaml is one word",
      ({ write }: Checkout) => write("Pulumi.yaml", secret),
      "Pulumi.yaml: line 1: got text, expected a table with the key config",
    ],
  ])("is told of every stack where %s, and nothing is taken for removed", async (_what, put, says) => {
    const { folder, git } = change(put);
    git("checkout", "--quiet", "--force", "main");

    const { exitCode, stdout, stderr } = await feedpass(folder, "access", "--diff", "main", "--head", "change");

    expect(exitCode).toBe(1);
    expect(stdout).toBe("No change of access since main.\n");
    for (const stack of ["gadgets", "widgets"]) expect(stderr).toContain(`stacks/Pulumi.${stack}.yaml: ${says}`);
    expect(stderr).not.toContain(secret);
  });

  test.each([
    ["stacks", "stacks: line 1: got a symbolic link, expected a folder;"],
    ["Pulumi.yaml", "Pulumi.yaml: line 1: got a symbolic link, expected a regular file;"],
  ])("ends every command where %s of the working tree is a link", async (name, says) => {
    const { folder } = change(({ folder, write }) => {
      write("elsewhere/Pulumi.tools.yaml", stackFile("contoso/tools"));
      write("elsewhere.yaml", projectFile);
      rmSync(join(folder, name), { recursive: true });
      symlinkSync(name === "stacks" ? "elsewhere" : "elsewhere.yaml", join(folder, name));
    });

    for (const command of [["access"], ["access", "--diff", "main"], ["report", "matrix"], ["fleet", "preview"]]) {
      const { exitCode, stdout, stderr } = await feedpass(folder, ...command);
      expect([exitCode, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(says);
    }
  });
});

test("a pipe in the working tree is refused, and not waited for", async () => {
  const { folder, write } = createCheckout();
  write("stacks/README", "");
  execFileSync("env", ["mkfifo", join(folder, "stacks/Pulumi.tools.yaml")]);

  const { stderr } = await feedpass(folder, "access");

  expect(stderr).toContain("stacks/Pulumi.tools.yaml: line 1: got something else, expected a regular file");
});

test("the change of a commit is the same as that of the working tree which has it", async () => {
  const checkout = createCheckout();
  const { folder, write, commit, remove, git } = checkout;
  for (const stack of ["gadgets", "widgets"]) write(`stacks/Pulumi.${stack}.yaml`, stackFile(`contoso/${stack}`));
  commit();
  git("checkout", "--quiet", "-b", "change");
  write("stacks/Pulumi.widgets.yaml", stackFile("contoso/widgets", publisher));
  write("stacks/Pulumi.bolts.yaml", stackFile("contoso/bolts"));
  remove("stacks/Pulumi.gadgets.yaml");
  commit();
  const here = await feedpass(folder, "access", "--diff", "main");
  git("checkout", "--quiet", "main");

  const there = await feedpass(folder, "access", "--diff", "main", "--head", "change");

  expect(here.stdout).toContain("5 changes of access since main, 2 of them widen it.");
  expect(there).toEqual(here);
});

test.each([
  [["access", "--head", "main"], "--head is for --diff\n"],
  [["access", "--diff", "main", "--head", "nowhere"], 'got "nowhere", expected a branch, tag or commit of this'],
  [["access", "--diff", "main", "--head=--output=x"], 'got "--output=x", expected a branch, tag or commit of this'],
])("%j is refused", async (command, says) => {
  const checkout = createCheckout();
  checkout.commit();

  const { exitCode, stderr } = await feedpass(checkout.folder, ...command);

  expect(exitCode).toBe(1);
  expect(stderr).toContain(says);
});
