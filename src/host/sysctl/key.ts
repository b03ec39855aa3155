/**
 * The path below /proc/sys that a key stands for: if its first separator is a dot, dots separate
 * and slashes stand for dots (`net.ipv4.conf.eth0/100.forwarding`), else it is the path already
 * (sysctl.d(5)).
 */
export function keyPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  return first === '/' ? name : name.replace(/[./]/g, sign => (sign === '.' ? '/' : '.'));
}

/** One blank between the parts of a value: the kernel prints tabs where people write blanks. */
export function sameValue(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}

/** A value that a line gives to a key. */
export interface Assignment {
  readonly path: string;
  readonly value: string;
}

/** What a line of a sysctl.d file assigns; undefined for comments and the like. */
export function parseAssignment(line: string): Assignment | undefined {
  const [, key, value] = /^\s*-?\s*([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  return key === undefined || value === undefined ? undefined : { path: keyPath(key), value: sameValue(value) };
}
