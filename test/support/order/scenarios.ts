type Settings = Readonly<Record<string, unknown>>;

/** One change of a stack, of which every moment is judged. */
export interface Scenario {
  readonly name: string;
  /** The stack before; undefined where there is none. */
  readonly before?: Settings;
  /** The stack afterwards; undefined where it is destroyed. */
  readonly after?: Settings;
}

/** The environments that jobs name, whether a stack keeps them or not. */
export const environments = ["release", "nightly"];

const common = {
  repository: "contoso/widgets",
  feed: { organization: "contoso", project: "data", name: "python" },
  removable: true,
};

const reviewers = { teams: ["release-managers"] };
const reader = { role: "reader", trust: [{ branch: "main" }, { pullRequest: true }] };
const publisher = { role: "contributor", trust: [{ environment: "release" }] };
const release = { reviewers, deployFrom: { tags: ["v*"] } };

/** With everything that a stack can make, a client secret too. */
const whole = {
  ...common,
  identities: { reader, publisher: { ...publisher, signIn: "both", secretExpires: "2027-06-30" } },
  environments: { release },
};

export const scenarios: readonly Scenario[] = [
  { name: "a first up", after: whole },
  {
    name: "a reader that becomes a contributor by a new protected environment",
    before: { ...common, identities: { reader } },
    after: {
      ...common,
      identities: { reader: { role: "contributor", trust: [{ environment: "nightly" }] } },
      environments: { nightly: release },
    },
  },
  {
    name: "an environment that gets stronger, and a role that gets higher",
    before: {
      ...common,
      identities: { publisher: { ...publisher, role: "reader" } },
      environments: { release: { deployFrom: { tags: ["*"], branches: ["main"] } } },
    },
    after: { ...common, identities: { publisher }, environments: { release } },
  },
  {
    name: "an identity and an environment that go",
    before: whole,
    after: { ...common, identities: { reader } },
  },
  { name: "a destroy", before: whole },
];
