/** What a run says of its hosts in the end. */
export interface Recap {
  readonly hosts: number;
  /** Tasks that were done or right already, over all hosts; the changed are among them. */
  readonly ok: number;
  readonly changed: number;
  readonly failed: number;
}

/**
 * Counts the lines `host : ok=3 changed=1 unreachable=0 failed=0` of Ansible, of Hostwright and of
 * the script.
 */
export function readRecap(output: string): Recap {
  const lines = [...output.matchAll(/^\S+\s*: (ok=.*)$/gm)].map(match => match[1]!);
  const sum = (name: string) =>
    lines.reduce((all, line) => all + Number(new RegExp(`\\b${name}=(\\d+)`).exec(line)?.[1] ?? 0), 0);
  return {
    hosts: lines.length,
    ok: sum('ok'),
    changed: sum('changed'),
    failed: sum('failed') + sum('unreachable'),
  };
}
