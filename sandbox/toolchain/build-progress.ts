/** Tells how far a build is. */
export interface BuildProgress {
  /** A line that `go get` wrote. */
  downloading(line: string): void;
  /** Compiling begins. @param total how many packages are to be compiled */
  compile(total: number): void;
  /** A line that `go build -v` wrote: a package that is being compiled. */
  compiled(line: string): void;
  end(): void;
}

/** Milliseconds between two messages while nothing else happens. */
const interval = 5000;

/**
 * Tells at once when a new step begins, and then every few seconds, how far it is and how long it has taken.
 * @param title what is being done
 * @param now milliseconds. Default: the machine's clock
 */
export function createBuildProgress(
  title: string,
  onProgress: (message: string) => void,
  now: () => number = Date.now,
): BuildProgress {
  const start = now();
  let step = "looking at the modules";
  let modules = 0;
  let packages = { done: 0, total: 0 };

  const tell = () => onProgress(`${title}: ${step} (${elapsed(now() - start)})`);
  const timer = setInterval(tell, interval);
  timer.unref();
  tell();

  return {
    downloading(line) {
      if (!line.startsWith("go: downloading ")) return;
      modules++;
      step = `downloading, ${modules} ${modules === 1 ? "module" : "modules"}`;
      if (modules === 1) tell();
    },
    compile(total) {
      packages = { done: 0, total };
      step = compiling(packages);
      tell();
    },
    compiled(line) {
      // Other lines are remarks, e.g. of the C compiler; those of packages have no spaces.
      if (line === "" || line.includes(" ")) return;
      packages = { ...packages, done: Math.min(packages.done + 1, packages.total) };
      step = compiling(packages);
      if (isLinking(packages)) tell();
    },
    end() {
      clearInterval(timer);
    },
  };
}

interface Packages {
  readonly done: number;
  readonly total: number;
}

/** The last package is the program itself: small, and named when it is linked. */
function isLinking({ done, total }: Packages): boolean {
  return total - done <= 1;
}

function compiling(packages: Packages): string {
  if (isLinking(packages)) return "linking";
  return `compiling, ${Math.floor((100 * packages.done) / packages.total)} % of ${packages.total} packages`;
}

/** e.g. `2:05`: minutes and seconds. */
function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
