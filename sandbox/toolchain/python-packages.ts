/**
 * What the rehearsal needs of PyPI, and everything that these packages need themselves, each in the newest version that
 * still runs on Python 3.9. Where a platform needs more (`tomli` before 3.11 is here, `pywin32-ctypes` on Windows is
 * not), pip takes the latest.
 */
export const pinnedVersions: Readonly<Record<string, string>> = {
  "backports.tarfile": "1.2.0",
  build: "1.4.4",
  certifi: "2026.10.18",
  cffi: "2.0.0",
  "charset-normalizer": "3.5.2",
  cryptography: "50.0.2",
  docutils: "0.23",
  hatchling: "1.27.0",
  id: "1.6.1",
  idna: "3.20",
  "importlib-metadata": "8.7.1",
  "jaraco.classes": "3.4.0",
  "jaraco.context": "6.1.1",
  "jaraco.functools": "4.4.0",
  jeepney: "0.9.0",
  keyring: "25.7.0",
  "markdown-it-py": "3.0.0",
  mdurl: "0.1.2",
  "more-itertools": "10.8.0",
  nh3: "0.3.8",
  packaging: "26.3",
  pathspec: "1.1.1",
  pip: "26.0.1",
  pluggy: "1.6.0",
  pycparser: "2.23",
  pygments: "2.21.0",
  "pyproject-hooks": "1.3.3",
  "readme-renderer": "44.0",
  requests: "2.32.5",
  "requests-toolbelt": "1.0.0",
  rfc3986: "2.0.0",
  rich: "15.0.0",
  secretstorage: "3.3.3",
  setuptools: "82.0.1",
  tomli: "2.5.0",
  "trove-classifiers": "2026.9.21.13",
  twine: "6.2.0",
  "typing-extensions": "4.16.0",
  urllib3: "2.6.3",
  wheel: "0.48.0",
  zipp: "3.23.1",
};

/**
 * What the emulated public index has to offer besides packages that are made up: the tools of a workflow, and the build
 * back ends that `python -m build` installs into its isolated environment.
 */
export const indexPackages: readonly string[] = ["pip", "build", "twine", "setuptools", "wheel", "hatchling"];

/** What the virtual environment gets together with all that it needs. */
export const installedPackages: readonly string[] = [
  "pip",
  "build",
  // What twine needs but for keyring, which it can do without, and which would look for credentials on this machine.
  "id",
  "importlib-metadata; python_version < '3.10'",
  "readme-renderer",
  "requests",
  "requests-toolbelt",
  "rfc3986",
  "rich",
];

/** What the virtual environment gets without what it needs. */
export const installedAlone: readonly string[] = ["twine"];

/** The pins as a constraints file (https://pip.pypa.io/en/stable/user_guide/#constraints-files). */
export const constraints = (): string =>
  Object.entries(pinnedVersions)
    .map(([name, version]) => `${name}==${version}\n`)
    .join("");
