/**
 * The shapes of what must never be in a comment, an issue or a summary. Nothing should bring them there; this is the last
 * of several doors.
 *
 * No shape but that of a private key reaches over a space, so that a name that looks like one hides no word beside it.
 * Each takes linear time whatever the text: what may be long has nothing after it that could fail, or begins where nothing
 * of its kind stands before it.
 */
const shapes: readonly (readonly [shape: RegExp, instead: string])[] = [
  // https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
  [/(?:gh[pousr]_|github_pat_)[\w.-]{20,}/g, "[hidden]"],
  // JSON Web Tokens, and any JSON in base64, such as credentials.
  [/eyJ[\w+/=-]{8,}(?:\.[\w-]*){1,4}|eyJ[\w+/=-]{40,}/g, "[hidden]"],
  // Client secrets of Entra. Those of before 2021 have no mark; most have a tilde.
  // https://github.com/gitleaks/gitleaks/blob/master/cmd/generate/config/rules/azure.go
  [/[\w.~-]{3}\dQ~[\w.~-]{20,}/g, "[hidden]"],
  [/(?<![\w.~-])(?=[\w.-]{0,43}~)(?=[^\d\s]{0,43}\d)[\w.~-]{32,44}(?![\w.~-])/g, "[hidden]"],
  // Personal access tokens of Azure DevOps: 52 characters of base32, since 2024 84 with a mark, as of other services.
  // https://learn.microsoft.com/purview/sit-defn-azure-devops-personal-access-token
  [/(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}/g, "[hidden]"],
  [/(?<![A-Za-z0-9])[A-Za-z0-9]{52}JQQJ9[A-Za-z0-9+/=]{20,}/g, "[hidden]"],
  [/(?<![A-Za-z0-9])[a-z2-7]{52}(?![A-Za-z0-9])/g, "[hidden]"],
  // 64 or 32 bytes in base64: keys of storage accounts and buses.
  // https://learn.microsoft.com/purview/sit-defn-azure-storage-account-key
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}==/g, "[hidden]"],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g, "[hidden]"],
  // https://www.pulumi.com/docs/administration/access-identity/access-tokens/
  [/pul-[0-9a-f]{20,}/g, "[hidden]"],
  // https://docs.npmjs.com/about-access-tokens, https://warehouse.pypa.io/development/token-scanning.html
  [/npm_[A-Za-z0-9]{30,}/g, "[hidden]"],
  [/pypi-AgE[\w-]{20,}/g, "[hidden]"],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  [/(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}/g, "[hidden]"],
  [privateKey(), "[hidden]"],
  // A private key in base64 once more.
  [/LS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,}/g, "[hidden]"],
  // https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
  [/(:\/\/[^\s/:@"']{0,200}:)[^\s/@"']{1,500}(?=@)/g, "$1[hidden]"],
  // https://www.rfc-editor.org/rfc/rfc9110#name-authorization
  [/\b(Basic|Bearer) [\w+/=.~-]{16,}/gi, "$1 [hidden]"],
  ...named("pass(?:word|wd|phrase)|pwd|secret|token|credentials?|(?:api|access|account|private|secret|shared)[_-]?key"),
  // A shared access signature: https://learn.microsoft.com/azure/storage/common/storage-sas-overview
  [/(?<![A-Za-z])(sig=)[\w%+/=.~-]{8,}/gi, "$1[hidden]"],
];

/** A text without what looks like a secret: `[hidden]` stands in its place. */
export function withoutSecrets(value: string): string {
  return shapes.reduce((rest, [shape, instead]) => rest.replace(shape, instead), value);
}

/**
 * A private key: on lines of its own, or on one line with spaces or `\n` between the parts; also where it is cut off.
 * https://www.rfc-editor.org/rfc/rfc7468, and the older headers of https://www.rfc-editor.org/rfc/rfc1421
 */
function privateKey(): RegExp {
  const name = "[A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----";
  const between = "[^A-Za-z0-9+/=]{1,20}";
  const part = "(?:Proc-Type: 4,ENCRYPTED|DEK-Info: [A-Z0-9-]{1,40},[0-9A-F]{1,64}|[A-Za-z0-9+/=]{16,})";
  const end = `(?:(?:${between}[A-Za-z0-9+/=]{1,15}){0,2}[^A-Za-z0-9+/=]{0,20}-----END ${name})?`;
  return new RegExp(`-----BEGIN ${name}(?:${between}${part})*${end}`, "g");
}

/** What has a telling name: `password=…`, `--token …`, and in JSON, also in JSON within a string, `"clientSecret": "…"`. */
function named(names: string): readonly (readonly [RegExp, string])[] {
  return [
    [new RegExp(`((?:${names})\\\\{0,8}["']\\s{0,5}:\\s{0,5}\\\\{0,8}["'])[^"'\\s\\\\]+`, "gi"), "$1[hidden]"],
    [new RegExp(`((?:${names})(?:=|\\s?=\\s?(?=["'\\\\]))\\\\{0,8}["']?)[^\\s"'\\\\&;,|<>()]+`, "gi"), "$1[hidden]"],
    [new RegExp(`(--(?:${names}) )[^\\s"']{8,}`, "gi"), "$1[hidden]"],
  ];
}
