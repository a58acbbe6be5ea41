/**
 * What a process in the sandbox learns of the machine that it runs on, by name. Everything else stays outside: nobody can
 * list all the variables that sign some program in, or lead it elsewhere (`ARM_*`, `AWS_*`, `GITHUB_*`, `PIP_*`,
 * `SSH_AUTH_SOCK`, `NODE_OPTIONS` and so on), so the list is of those that do not.
 */
const known: readonly string[] = [
  // Where programs are, and the libraries that some Pythons and Nodes are linked with.
  ...["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"],
  // Where version managers keep programs: what they put on PATH only asks them for the right one.
  ...["PYENV_ROOT", "NVM_DIR", "FNM_DIR", "VOLTA_HOME", "ASDF_DIR", "ASDF_DATA_DIR", "MISE_DATA_DIR"],
  // Who one is, and where files go. So the files of the home folder can be read, dotfiles and caches as well.
  ...["HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TMP", "TEMP"],
  // The terminal, the language, and whether a person looks.
  ...["TERM", "COLORTERM", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CI", "TZ", "LANG", "LANGUAGE"],
  // The engine and its plugins. The folder also has sign-ins to backends; the sandbox names its own backend.
  "PULUMI_HOME",
  // Packages that npx has already. Not the registry: its address may hold a password, and nothing here reaches one.
  "npm_config_cache",
  // feedpass's own: docs/architecture.md, docs/rules.md.
  ...["FEEDPASS_PROVIDERS", "FEEDPASS_SEED"],
  // Windows starts hardly any program without these.
  ...["SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "OS", "PROCESSOR_ARCHITECTURE"],
  ...["USERPROFILE", "USERNAME", "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA"],
  ...["ProgramData", "ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "CommonProgramFiles"],
];

const spelling = new Map(known.map((name) => [name.toUpperCase(), name]));

/**
 * What of a machine's environment is let in.
 * @param platform Windows compares names without case, and often has `Path`; what comes out is written as here
 */
export function machineEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      const written = /^LC_[A-Z]+$/.test(name) ? name : spelling.get(name.toUpperCase());
      const isKnown = written !== undefined && (written === name || platform === "win32");
      return isKnown && value !== undefined ? [[written, value]] : [];
    }),
  );
}
