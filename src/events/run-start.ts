/** What a run begins with: who started what, where, on which hosts, and from which inputs. */
export interface RunStart {
  /** The version of the format of events. */
  readonly version: 1;
  /** The id of the run; a run that is not recorded has none. */
  readonly run?: string;
  /** For people: the playbooks, or the ad hoc task. */
  readonly title: string;
  readonly check: boolean;
  /** Every host of every play, each once. */
  readonly hosts: readonly string[];
  /** The plays in their order, with the hosts that they begin with. */
  readonly plays: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly origin: Origin;
  /** Absent where the run is not recorded. */
  readonly inputs?: Inputs;
  /** The run that this one continues. */
  readonly resumes?: string;
  /** The runs that continue each other, of which it is one. */
  readonly line?: Line;
}

/** Runs that continue each other. On a host, each ends the shells of those before it. */
export interface Line {
  /** Names the line: the id of its first run, which no other run of any controller has. */
  readonly id: string;
  /** Which of them it is, from 1. */
  readonly number: number;
}

/** Who started a run, and how. */
export interface Origin {
  /** The user; with sudo, both: `ada (as root)`. */
  readonly operator: string;
  /** The name of the machine that the run was started on. */
  readonly controller: string;
  /** The working folder. */
  readonly directory: string;
  /** The command line after the name of the program. Values of variables are left out. */
  readonly arguments: readonly string[];
  readonly process: ProcessMark;
  /** The commit that the working folder is at; absent outside a git repository. */
  readonly commit?: Commit;
  readonly versions: { readonly hostwright: string; readonly node: string };
}

/** Tells a process of a machine from all that had its number before or get it later. */
export interface ProcessMark {
  readonly id: number;
  /** The boot, and the clock tick of it in which the process began (proc_pid_stat(5)). */
  readonly begun: string;
}

export interface Commit {
  /** 40 hexadecimal digits. */
  readonly id: string;
  /** Whether the tree has no changes and no untracked files. */
  readonly clean: boolean;
}

/** Hashes of what a run was made from, with a key of the controller: they give no content away. */
export interface Inputs {
  /** By path, as seen from the working folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Hosts, groups and their variables. */
  readonly inventory: string;
  /** `--extra-vars`, by name. */
  readonly variables: Readonly<Record<string, string>>;
}
