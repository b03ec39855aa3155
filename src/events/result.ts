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
