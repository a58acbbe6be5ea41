/** The settings of stacks that tests begin with, without `feedpass:`. */
export const widgets = {
  repository: "contoso/widgets",
  feed: { organization: "contoso", project: "data", name: "python" },
  identities: {
    reader: { role: "reader", trust: [{ branch: "main" }, { pullRequest: true }] },
    publisher: { role: "contributor", trust: [{ environment: "release" }] },
  },
  environments: { release: { reviewers: { teams: ["release-managers"] }, deployFrom: { tags: ["v*"] } } },
  removable: true,
};
