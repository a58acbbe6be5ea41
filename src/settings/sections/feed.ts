import { z } from "zod";
import { ownFeed } from "../../feed-roles.ts";
import { expecting, key, named, record, text } from "../shapes.ts";

/** How a file names feeds. */

/** The stack's name for a feed that is not its own. */
export const feedName = key(
  /^(?!feed$)[a-z][a-z0-9-]{0,31}$/,
  "a name of at most 32 lower-case letters, digits and hyphens, a letter first",
  (got) => (got === ownFeed ? `the stack's own feed is feedpass:feed, and role, pull or publish is for it` : undefined),
);

/** The name of an Azure DevOps organization. */
export const organizationName = text(
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/,
  "the name of an Azure DevOps organization",
  (got) => (/[/.]/.test(String(got)) ? "write contoso for https://dev.azure.com/contoso" : undefined),
);

const feedShape = {
  project: text(
    /^[^/:\\~&%;@'"?<>|#$*}{,+=[\]]{1,64}$/,
    "the name of an Azure DevOps project",
    "leave it out for a feed of the organization",
  )
    .optional()
    .meta({ description: "The project of a project-scoped feed. Leave it out for a feed of the organization." }),
  name: text(
    /^[^\s/:\\~&%;@'"?<>|#$*}{,+=[\]]{1,64}$/,
    "the name of a feed",
    "write it without organization, project or view",
  ),
  view: text(/^[^\s/:\\~&%;@'"?<>|#$*}{,+=[\]]{1,64}$/, "the name of a view, as in Release", (got) =>
    String(got).startsWith("@") ? "write it without @" : undefined,
  )
    .optional()
    .meta({
      description:
        "Install only what was promoted to this view, which has to be shared with the organization. Takes no role on the feed.",
    }),
  upstreams: z.boolean(expecting("true or false")).optional().meta({
    description: "Whether the feed has upstream sources. Left out, Azure DevOps is asked where it matters.",
  }),
};

const someFeeds = "feeds by names of your own, as in { shared: { name: shared } }";

/** The stack's own feed. */
export const feedSection = record(
  {
    organization: organizationName.optional(),
    ...feedShape,
    create: z.boolean(expecting("true or false")).default(false).meta({
      description: "Whether this stack makes the feed. By default the feed exists and belongs to somebody else.",
    }),
  },
  "a feed with its name, as in { name: python }",
).meta({ description: "The Azure Artifacts feed that role, pull and publish are for." });

/** The other feeds. */
export const feedsSection = named(
  feedName,
  record(feedShape, "a feed with its name, as in { name: shared }"),
  someFeeds,
)
  .default({})
  .meta({
    description:
      "Other feeds of the same organization, by names of your own, which identities name under feeds. They must exist.",
  });
