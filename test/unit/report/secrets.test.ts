import { expect, test } from "vitest";
import { code, codeBlock, folded, paragraph, text } from "../../../src/report/markdown.ts";
import { withoutSecrets } from "../../../src/report/secrets.ts";

const random = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYzA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1vW2xY3zA4bC5dE6fG7hI8";
const some = (length: number) => random.slice(0, length);
const key = Array.from({ length: 10 }, (_, index) => `${some(63)}${index}`);
const privateKey = (kind: string, lines: readonly string[], between = "\n") =>
  [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join(between);

// Put together here, so that nobody who searches the repository for secrets finds one.
const whole: readonly (readonly [what: string, secret: string])[] = [
  ...["ghp", "gho", "ghu", "ghs", "ghr"].map((kind) => [`a token of GitHub, ${kind}`, `${kind}_${some(36)}`] as const),
  ["a token of GitHub that holds a JSON Web Token", `ghs_12345_eyJ${some(30)}.eyJ${some(40)}.${some(43)}`],
  ["a fine-grained token of GitHub", `github_pat_${some(22)}_${some(59)}`],
  ["a JSON Web Token", `eyJ${some(17)}.eyJ${some(40)}.${some(43)}`],
  ["a JSON Web Token without a signature", `eyJ${some(17)}.eyJ${some(40)}.`],
  ["JSON in base64", `eyJ${some(60)}==`],
  ["a client secret of Entra", `aB~8Q~${some(34)}`],
  ["a client secret of Entra, of another year", `a.B7Q~${some(31)}`],
  ["an older client secret of Entra", `${some(10)}~.${some(22)}`],
  ["a client secret of Entra with 40 characters", `${some(20)}~_${some(18)}`],
  ["a token of Azure DevOps", "abcdefghij234567klmnopqrstuvwxyz234567abcdefghijklmn"],
  ["a new token of Azure DevOps", `${some(52)}JQQJ99AKACAAAAAAAAAAAAAS${"AZDO"}1234`],
  ["a new token of Azure DevOps with other bytes", `${some(76)}AZDO1234`],
  ["a key of a storage account", `${some(86)}==`],
  ["a key of a bus", `${some(43)}=`],
  ["a token of Pulumi", `pul-${"0123456789abcdef".repeat(3).slice(0, 40)}`],
  ["a token of npm", `npm_${some(36)}`],
  ["a token of PyPI", `pypi-AgEIcHlwaS5vcmc${some(60)}`],
  ["an access key of AWS", `AKIA${"ABCDEFGH23456789"}`],
  ["a private key", privateKey("RSA PRIVATE KEY", [...key, "abc="])],
  ["a private key of another kind", privateKey("OPENSSH PRIVATE KEY", key)],
  ["a private key on one line", privateKey("PRIVATE KEY", [...key, "abc="], " ")],
  ["a private key in JSON", privateKey("PRIVATE KEY", [...key, "abc="], "\\n")],
  ["a private key that is cut off", privateKey("EC PRIVATE KEY", key).slice(0, 400)],
  [
    "an encrypted private key",
    privateKey("RSA PRIVATE KEY", [`Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${"0A".repeat(16)}\n`, ...key]),
  ],
  ["a private key in base64", `LS0tLS1CRUdJTi${some(60)}=`],
];

test.each(whole)("%s is hidden, and nothing beside it", (_what, secret) => {
  expect(withoutSecrets(`got ${secret} here`)).toBe("got [hidden] here");
});

test.each([
  ["https://ada:hunter2@pkgs.dev.azure.com/contoso", "https://ada:[hidden]@pkgs.dev.azure.com/contoso"],
  ["https://:hunter2@pkgs.dev.azure.com/contoso", "https://:[hidden]@pkgs.dev.azure.com/contoso"],
  [`Authorization: Basic ${"dXNlcjpwYXNzd29yZA"}==`, "Authorization: Basic [hidden]"],
  ["authorization: bearer abcdefghijklmnop", "authorization: bearer [hidden]"],
  ["password=hunter2 and more", "password=[hidden] and more"],
  ["AccountName=a;AccountKey=YWJj;More=b", "AccountName=a;AccountKey=[hidden];More=b"],
  ["ARM_CLIENT_SECRET='abc' x", "ARM_CLIENT_SECRET='[hidden]' x"],
  ['client_secret = "abc"', 'client_secret = "[hidden]"'],
  ["az login --password hunter2hunter2 -u x", "az login --password [hidden] -u x"],
  [
    "https://a.blob.core.windows.net/b?sv=1&sig=ab%2Bcdefgh%3D&se=2",
    "https://a.blob.core.windows.net/b?sv=1&sig=[hidden]&se=2",
  ],
  ['{"clientId":"a","clientSecret":"abc","tenantId":"b"}', '{"clientId":"a","clientSecret":"[hidden]","tenantId":"b"}'],
  ['{ \\"clientSecret\\": \\"abc\\", \\"a\\": 1 }', '{ \\"clientSecret\\": \\"[hidden]\\", \\"a\\": 1 }'],
])("of %s only the secret is hidden", (given, expected) => {
  expect(withoutSecrets(given)).toBe(expected);
});

test.each([
  "environment release gains install and publish on contoso/data/python",
  'identities.publisher.signIn: got "both", expected secret; write signIn: secret',
  "the secret of publisher now ends 2026-11-30, and the token: see docs/security.md",
  "https://pkgs.dev.azure.com/contoso/_packaging/internal/pypi/simple/",
  "https://contoso@dev.azure.com/contoso",
  "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
  "39c67c9b1d39c67c9b1d39c67c9b1d39c67c9b1d",
  "repo:contoso@12345678/widgets@87654321:environment:release",
  "access/publisher/environment:release/AZURE_ARTIFACTS_EXTRA_INDEX_URL",
  "pypi-a-very-long-name-of-a-repository-that-is-none-of-these-tokens",
  "-----BEGIN CERTIFICATE-----",
])("%s stays as it is", (words) => {
  expect(withoutSecrets(words)).toBe(words);
});

test.each([
  "-----BEGIN PRIVATE KEY-----",
  "password=",
  '"secret":"',
  "Bearer",
  "https://a:",
  "eyJabcdefgh",
  `ghp_${some(36)}`,
])("a name that looks like a secret, %s, hides nothing of what is said of it", (name) => {
  expect(withoutSecrets(`environment ${name} gains publish on contoso/data/python`)).toMatch(
    /^environment .* gains publish on contoso\/data\/python$/,
  );
});

test("secrets are hidden before a text is escaped, wherever it stands", () => {
  const secret = `ghp_${some(36)}`;
  const shown = [text(secret), code(secret), codeBlock("text", [secret]), folded("", secret, paragraph(text("")))];

  expect(shown.map((markdown) => markdown.includes("hidden"))).toEqual([true, true, true, true]);
  expect(shown.map((markdown) => markdown.includes(some(36)))).toEqual([false, false, false, false]);
});

const beginnings = [
  ...["ghp_", "github_pat_", "eyJ", "eyJabcdefgh-", "a8Q~", "~a1", "JQQJ9", "AZDO", "pul-", "npm_", "pypi-AgE", "AKIA"],
  ...[
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\nabc",
    "LS0tLS1CRUdJTi",
    "://",
    "://a:",
  ],
  ...[
    "Bearer ",
    "password=",
    "password",
    '"secret": ',
    '\\"secret\\":\\\\',
    "--token ",
    "sig=",
    "a",
    "a2",
    "=",
    "\\",
    "-",
  ],
];

test.each(beginnings)("many of %j take no longer than their number", (beginning) => {
  const many = beginning.repeat(Math.ceil(300_000 / beginning.length));

  const before = process.cpuUsage();
  withoutSecrets(many);
  const { user } = process.cpuUsage(before);

  // In microseconds. A shape that looks back would take minutes.
  expect(user).toBeLessThan(5_000_000);
});
