/** What a step has to say to people beside its log. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
}

/** A job's log as GitHub shows it: what a step asks to hide is hidden from then on, in every later step too. */
export class JobLog {
  readonly #hidden = new Set<string>();
  #revealed = 0;

  /** @param secrets the secrets that the job was given, which are hidden from its start */
  constructor(secrets: readonly string[]) {
    for (const secret of secrets) this.#hide(secret);
  }

  /**
   * How often a value that has to be hidden was printed all the same. GitHub hides it; a log that does not rely on that
   * counts none.
   */
  get revealed(): number {
    return this.#revealed;
  }

  /** A step's output as people see it, and what it tells them apart from that. */
  add(output: string): { readonly text: string; readonly annotations: readonly Annotation[] } {
    const annotations: Annotation[] = [];
    const lines: string[] = [];
    for (const line of output.split(/\r?\n/)) {
      const [, name = "", value = ""] = /^\s*::([a-z-]+)(?: [^:]*)?::(.*)$/.exec(line) ?? [];
      if (name === "add-mask") {
        this.#hide(decode(value));
        continue;
      }
      const shown = this.#mask(line);
      if (name === "error" || name === "warning" || name === "notice") {
        annotations.push({ level: name, message: this.#mask(decode(value)) });
      }
      lines.push(shown);
    }
    return { text: lines.join("\n").trimEnd(), annotations };
  }

  #hide(value: string): void {
    for (const part of [value, ...value.split(/\r?\n/)]) if (part.trim() !== "") this.#hidden.add(part);
  }

  #mask(text: string): string {
    let masked = text;
    // The longest first: one may be part of another.
    for (const value of [...this.#hidden].sort((left, right) => right.length - left.length)) {
      if (!masked.includes(value)) continue;
      this.#revealed++;
      masked = masked.replaceAll(value, "***");
    }
    return masked;
  }
}

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands: three characters are escaped. */
function decode(value: string): string {
  return value.replace(/%(0D|0A|25)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
