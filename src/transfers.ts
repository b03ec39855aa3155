/** A file of the controller, hashed before the probe goes out. */
export interface LocalFile {
  readonly kind: 'file';
  /** Absolute path on the controller; for a template the path of its source. */
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Permission bits as four octal digits. */
  readonly mode: string;
  /** The content, where it is text without NUL and up to 64 KiB. */
  readonly text?: string;
}

/** Where a module writes on the controller. */
export interface LocalGoal {
  /** Absolute. */
  readonly path: string;
  /** What is there now; undefined where nothing is. */
  readonly file?: LocalFile;
}

/** A short content that the script itself brings. */
export interface Put {
  /** Where the content goes: a temporary name. */
  readonly to: string;
  readonly content: string;
}

/**
 * The engine makes a directory next to the goal that only we can enter, and streams the content
 * into a file there. A script finds it by its key, which is in the shell variable `sentKey(goal)`:
 * hw_take, hw_archive.
 */
export interface Send {
  readonly goal: string;
  readonly content: string | LocalFile;
}

/** A file of the host that is brought to the controller. */
export interface Fetch {
  /** Absolute path on the host. */
  readonly from: string;
  /**
   * Absolute path on the controller: the file is written next to it with mode 0600, and renamed.
   */
  readonly to: string;
  /** Lower-case hex; what comes must have it. */
  readonly sha256?: string;
  /** Bytes after which no more is taken. */
  readonly most: number;
}
