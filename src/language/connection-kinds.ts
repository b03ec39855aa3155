/**
 * How a host is reached: `ssh` by the SSH of Hostwright itself, `openssh` through the program ssh
 * of this machine, `local` if it is this machine.
 */
export const connectionKinds = ['ssh', 'openssh', 'local'] as const;

export type ConnectionKind = (typeof connectionKinds)[number];
