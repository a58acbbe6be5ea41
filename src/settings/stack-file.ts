import { isTable } from "../table.ts";
import { encryptedProblems, type EngineConfig, plainValue, rawSettings } from "./config.ts";
import { parseEngineYaml } from "./engine-yaml.ts";
import { pathText, type Problem } from "./problem.ts";
import { issuersElsewhere, issuersKey, type ProjectSettings, readIssuers, usualIssuers } from "./project-settings.ts";
import { type Checked, checkSettings } from "./read.ts";

/**
 * The settings of a stack from the text of its files alone: what the engine would hand to the program, without the
 * engine. Read in pulumi/pulumi v3.259.0: sdk/go/common/workspace/{loaders,project}.go, resource/config/{key,object}.go
 * and pkg/workspace/config.go.
 */

/** The configuration that a file holds. */
export interface FileConfig {
  readonly config: EngineConfig;
  /** The keys whose values somebody encrypted, wholly or in part. */
  readonly secretKeys: readonly string[];
  /** Pulumi ESC environments that add configuration which no file shows. */
  readonly environments: readonly string[];
  /** All that the file says of Pulumi ESC, as text to compare; empty for nothing. */
  readonly environmentText: string;
  /** How the secrets of the stack's state are encrypted: what the engine has written, by its keys. */
  readonly encryption: Encryption;
}

/** https://www.pulumi.com/docs/iac/concepts/secrets/#configuring-secrets-encryption */
export type Encryption = Readonly<Partial<Record<(typeof encryptionKeys)[number], string>>>;
const encryptionKeys = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;

/** What Pulumi.yaml says: what all stacks share, and what is for it alone to say. */
export type ProjectFile = Pick<FileConfig, "config" | "secretKeys"> & ProjectSettings;

type Read<T> =
  | { readonly file: T; readonly problems: readonly [] }
  | { readonly file: undefined; readonly problems: readonly Problem[] };
export type ReadFile = Read<FileConfig>;

/** What there is where nothing is shared. */
export const nothingShared: ProjectFile = { config: {}, secretKeys: [], issuers: usualIssuers };

const project = "feedpass";

/** Reads the text of a stack's own file. */
export function readStackFile(text: string): ReadFile {
  return readConfig(text, (value) => value);
}

/** Reads what the text of Pulumi.yaml sets for every stack: `key: value`, `key: { value }`, `key: { type, default }`. */
export function readProjectFile(text: string): Read<ProjectFile> {
  const read = readConfig(text, (declared) => {
    const value = isTable(declared) ? (declared.default ?? declared.value) : declared;
    return value ?? undefined;
  });
  if (read.file === undefined) return read;
  const { [issuersKey]: list, ...config } = read.file.config;
  const { secretKeys } = read.file;
  const encrypted = encryptedProblems(secretKeys.filter((key) => key === issuersKey));
  const { issuers, problems } = readIssuers(list === undefined ? undefined : plainValue(list));
  const wrong = encrypted.length > 0 ? encrypted : problems;
  if (wrong.length > 0) return { file: undefined, problems: wrong };
  return { file: { config, secretKeys, issuers }, problems: [] };
}

/**
 * The settings of a stack, or every problem of its file.
 * @param text the stack's own file
 * @param shared what `readProjectFile` found
 * @param today the present day, e.g. `2026-11-30`; undefined where only what the file says matters, whatever the day
 */
export function stackSettings(text: string, shared: ProjectFile, today: string | undefined): Checked {
  const read = readStackFile(text);
  if (read.file === undefined) return { settings: undefined, problems: read.problems };
  return settingsOf(read.file, shared, today);
}

/** The same for a file that is read already. */
export function settingsOf(file: FileConfig, shared: ProjectFile, today: string | undefined): Checked {
  const config = { ...shared.config, ...file.config };
  const sharedSecrets = shared.secretKeys.filter((key) => !(key in file.config));
  const encrypted = encryptedProblems([...sharedSecrets, ...file.secretKeys]);
  // Not checked any further: a message could show what was meant to be hidden.
  if (encrypted.length > 0) return { settings: undefined, problems: encrypted };
  const { [issuersKey]: list, ...settings } = config;
  const checked = checkSettings(rawSettings(settings), today, shared.issuers);
  if (list === undefined) return checked;
  return { settings: undefined, problems: [issuersElsewhere, ...checked.problems] };
}

/** @param settingOf the value that an entry stands for; undefined for none */
function readConfig(text: string, settingOf: (entry: unknown) => unknown): ReadFile {
  const parsed = parseEngineYaml(text);
  if (parsed.problems.length > 0) return { file: undefined, problems: parsed.problems };
  const root = parsed.value ?? {};
  // What it says instead is not shown: it may be any file of the machine.
  if (!isTable(root)) return refused("line 1", `got ${kindOf(root)}, expected a table with the key config`);
  const written = root.config ?? {};
  if (!isTable(written)) return refused("config", `got ${kindOf(written)}, expected a table of settings`);

  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  const problems: Problem[] = [];
  for (const [key, entry] of Object.entries(written)) {
    const value = settingOf(entry);
    const name = fullKey(key);
    if (name === undefined) {
      problems.push({
        path: pathText(["config", key]),
        text: `the engine knows no such key, expected ${project}:NAME`,
      });
    } else if (name in config) {
      problems.push({ path: pathText(["config", key]), text: `${name} is set already; remove one` });
    } else if (value !== undefined) {
      config[name] = engineText(value);
      if (hasSecret(value)) secretKeys.push(name);
    }
  }
  if (problems.length > 0) return { file: undefined, problems };
  const { environment = null } = root;
  return {
    file: {
      config,
      secretKeys,
      environments: environmentsOf(environment),
      environmentText: environment === null ? "" : engineText(environment),
      encryption: Object.fromEntries(
        encryptionKeys.flatMap((key) => (typeof root[key] === "string" ? [[key, root[key]]] : [])),
      ),
    },
    problems: [],
  };
}

/** What is no table is named by its kind alone: it may be another file's, with something in it that nobody is to see. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "text" : typeof value === "number" ? "a number" : "true or false";
}

function refused(path: string, text: string): ReadFile {
  return { file: undefined, problems: [{ path, text }] };
}

/** A key without a namespace is the project's; `feedpass:config:name` is an old form of `feedpass:name`. */
function fullKey(key: string): string | undefined {
  const parts = key.split(":");
  if (parts.length === 1) return `${project}:${key}`;
  if (parts.length === 2) return key;
  const [namespace, middle, name] = parts;
  return parts.length === 3 && middle === "config" ? `${namespace}:${name}` : undefined;
}

/** How the engine hands a value over: lists and objects as JSON with sorted keys, nothing as empty text. */
function engineText(value: unknown): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(sorted(value)) : String(value);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTable(value)) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Encrypted text is written `secure: …`, alone in its table, at any depth. */
function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  if (!isTable(value)) return false;
  const entries = Object.entries(value);
  return (entries.length === 1 && typeof value.secure === "string") || entries.some(([, inner]) => hasSecret(inner));
}

/** https://www.pulumi.com/docs/esc/environments/: a list of names, or a table with a list of imports. */
function environmentsOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map(String);
  const imports = isTable(value) && Array.isArray(value.imports) ? value.imports.map(String) : [];
  return [...imports, "its own"];
}
