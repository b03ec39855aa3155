/** What a change may do that needs consent. */
export const hazards = ['data-loss', 'reboot', 'guest-restart', 'service-interruption'] as const;
export type Hazard = (typeof hazards)[number];

/** A condition of the host that outlives the task: configured, not yet in effect. */
export interface Pending {
  readonly kind: 'reboot' | 'guest-restart' | 'remount';
  /** The domain, for `guest-restart`; the mount point, for `remount`. */
  readonly subject?: string;
  readonly reason: string;
}

/**
 * Before and after as text, for one subject (a path, a volume group, a domain); reporters make the
 * unified diff.
 */
export interface Diff {
  readonly subject: string;
  readonly before: string;
  readonly after: string;
}

/** What a change takes the place of, as far as it can be put back. */
export type Replaced = ReplacedFile | ReplacedDomain | ReplacedParameters;

/** A file that is replaced as a whole. */
export interface ReplacedFile {
  readonly kind: 'file';
  /** Absolute path on the host. */
  readonly path: string;
  /** Its name among what the run keeps on the host; absent where it is too large to be kept. */
  readonly kept?: string;
  /** Bytes. */
  readonly size: number;
  /** Permissions as four octal digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Of its content, lower-case hex, where it is known. */
  readonly sha256?: string;
  /** SHA-256 of the content that takes its place, where it is known. */
  readonly after?: string;
}

/** The stored definition of a libvirt domain. */
export interface ReplacedDomain {
  readonly kind: 'domain';
  readonly name: string;
  /** The connection URI of libvirt. */
  readonly uri: string;
  /** Of the definition as `virsh dumpxml --inactive --security-info` prints it, lower-case hex. */
  readonly sha256: string;
}

/** Parameters of the kernel's command line, as they are configured. */
export interface ReplacedParameters {
  readonly kind: 'kernel parameters';
  /** `name` or `name=value`, in their order. */
  readonly parameters: readonly string[];
  /** Names of those that are not set. */
  readonly absent: readonly string[];
}
