type Settings = Readonly<Record<string, unknown>>;

/** A change of a stack into which faults are put. */
export interface Change {
  readonly name: string;
  /** The stack before; undefined where there is none. */
  readonly before?: Settings;
  /** The stack afterwards. The same as before where the command is another than `up`. */
  readonly after: Settings;
  readonly command: "up" | "refresh" | "destroy";
}

const day = (days: number) => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

/** Between them, the two have every kind of resource. */
const library: Settings = {
  repository: "contoso/widgets",
  feed: { organization: "contoso", project: "data", name: "python" },
  identities: {
    reader: { role: "reader", trust: [{ branch: "main" }, { branch: "feature/*" }, { pullRequest: true }] },
    publisher: {
      role: "contributor",
      trust: [{ environment: "release" }],
      signIn: "both",
      secretExpires: day(90),
    },
  },
  environments: { release: { reviewers: { teams: ["release-managers"] }, deployFrom: { tags: ["v*"] } } },
  removable: true,
};

const maker: Settings = {
  repository: "contoso/widgets",
  feed: { project: "web", name: "made-here", create: true },
  identities: {
    legacy: {
      role: "collaborator",
      trust: [{ branch: "main" }],
      signIn: "secret",
      secretExpires: day(90),
      acceptedRisks: ["pullRequestWrites"],
    },
    publisher: { role: "contributor", trust: [{ environment: "release" }] },
  },
  environments: { release: { deployFrom: { protectedBranches: true }, waitMinutes: 5 } },
  removable: true,
};

/** With the secrets that end later, which are made anew. */
function rotated(settings: Settings): Settings {
  const identities = Object.entries(settings.identities as Readonly<Record<string, Settings>>);
  return {
    ...settings,
    identities: Object.fromEntries(
      identities.map(([name, one]) => [name, "secretExpires" in one ? { ...one, secretExpires: day(120) } : one]),
    ),
  };
}

const stacks = { library, maker };

export const changes: readonly Change[] = Object.entries(stacks).flatMap(([name, stack]): Change[] => [
  { name: `${name}: a first up`, after: stack, command: "up" },
  { name: `${name}: a rotation`, before: stack, after: rotated(stack), command: "up" },
  { name: `${name}: a refresh`, before: stack, after: stack, command: "refresh" },
  { name: `${name}: a destroy`, before: stack, after: stack, command: "destroy" },
]);
