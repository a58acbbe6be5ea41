import type { z } from "zod";
import { boundProblems } from "./bounds.ts";
import { unusedFeedProblems } from "./feed-rules.ts";
import { patternsAsEnvironments, resolveFeeds, resolveRoles } from "./meaning.ts";
import { type Problem, pathText } from "./problem.ts";
import { issuerProblems, usualIssuers } from "./project-settings.ts";
import { relate, type SoundParts } from "./rules.ts";
import { sections, type Settings, settingsSchema, type WrittenSettings } from "./schema.ts";
import { environmentSection } from "./sections/environment.ts";
import { identitySection } from "./sections/identity.ts";
import { trustKindOf } from "./sections/trust.ts";

export type Checked =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings: undefined; readonly problems: readonly Problem[] };

/**
 * Checks what a stack file says, and finds every problem at once: those of each value, and those between the values
 * that are sound.
 * @param raw the keys of the file's `feedpass:` namespace, without it
 * @param today the present day, e.g. `2026-11-30`; undefined to judge the file whatever the day
 * @param issuers whose tokens may be trusted, as Pulumi.yaml says. Default: those of github.com's own issuer
 */
export function checkSettings(
  raw: Readonly<Record<string, unknown>>,
  today: string | undefined,
  issuers: readonly string[] = usualIssuers,
): Checked {
  const tooMuch = boundProblems(raw);
  if (tooMuch.length > 0) return { settings: undefined, problems: tooMuch };
  const parsed = settingsSchema.safeParse(raw);
  const parts = soundParts(raw, parsed.data);
  const problems = [
    ...(parsed.error?.issues ?? [])
      .flatMap((issue) => told(issue, raw))
      .map((issue) => ({ path: issuePath(issue), text: issue.message })),
    ...(raw.issuer === parts.issuer ? issuerProblems(parts.issuer, issuers) : []),
    ...relate(parts, today),
    ...(parsed.success ? unusedFeedProblems(parts) : []),
  ];
  if (!parsed.success || problems.length > 0) return { settings: undefined, problems };
  const { feed, organization, ...rest } = parsed.data;
  const settings = { ...rest, feeds: parts.places, identities: parts.identities };
  return { settings: patternsAsEnvironments(settings), problems: [] };
}

const tables: Readonly<Record<PropertyKey, z.ZodType>> = {
  identities: identitySection,
  environments: environmentSection,
};

/**
 * What to tell of an issue. A trust entry that has the keys of one kind is wrong as that kind: what that kind says is told.
 * The content of a table's entry is judged also where its name is wrong.
 * @param root what the issue's path begins at
 */
function told(issue: z.core.$ZodIssue, root: unknown): z.core.$ZodIssue[] {
  const value = valueAt(root, issue.path);
  const within = (schema: z.ZodType | undefined) =>
    (schema?.safeParse(value).error?.issues ?? [])
      .flatMap((inner) => told(inner, value))
      .map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  if (issue.path.at(-2) === "trust") {
    const kind = trustKindOf(value);
    return kind === undefined ? [issue] : within(kind);
  }
  if (issue.code !== "invalid_key") return [issue];
  const [table = ""] = issue.path;
  return [issue, ...within(tables[table])];
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => Object(value)[key], raw);
}

/** An unknown key belongs to the object that holds it, which at the top is the file. */
function issuePath(issue: z.core.$ZodIssue): string {
  return pathText(issue.path) || "feedpass";
}

/**
 * The parts that are sound in themselves.
 * @param whole the settings where every part is sound, so that none is checked again
 */
function soundParts(raw: Readonly<Record<string, unknown>>, whole: WrittenSettings | undefined): SoundParts {
  const { identities, environments, ...written } = whole ?? soundSections(raw);
  const parts = {
    ...written,
    // Whatever it is, there is one: its own check says what is wrong with it.
    ...(typeof raw.organization === "string" ? { organization: raw.organization } : {}),
  };
  const places = resolveFeeds(parts);
  return {
    ...parts,
    places,
    identities: resolveRoles(whole?.identities ?? soundEntries(raw.identities, identitySection), places),
    environments: whole?.environments ?? soundEntries(raw.environments, environmentSection),
  };
}

function soundSections(raw: Readonly<Record<string, unknown>>): Partial<WrittenSettings> {
  const sound = Object.entries(sections).flatMap(([key, schema]) => {
    const parsed = schema.safeParse(raw[key]);
    return parsed.success ? [[key, parsed.data]] : [];
  });
  return Object.fromEntries(sound);
}

/** The entries of a table that are sound in themselves. */
function soundEntries<T extends z.ZodType>(raw: unknown, schema: T): Record<string, z.output<T>> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return {};
  const entries = Object.entries(raw).flatMap(([name, value]) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(entries);
}
