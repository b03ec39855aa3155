import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { exitCodes, HostwrightError } from '../errors.ts';
import { isMap } from '../language/source.ts';
import { type Draft, draftGroup, draftHost } from './inventory.ts';

/**
 * Runs an executable inventory with `--list` and reads the JSON it prints (Ansible's dynamic
 * inventory). What it prints is data: it is never evaluated as a template.
 * @throws HostwrightError `inventory.program`
 */
export function readProgramInventory(file: string, draft: Draft): void {
  const { status, stdout, stderr, error } = spawnSync(resolve(file), ['--list'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error || status !== 0) throw failed(file, error?.message ?? `exit code ${status}: ${stderr.trim().slice(-500)}`);
  let list: unknown;
  try {
    list = JSON.parse(stdout);
  } catch {
    throw failed(file, `it did not print JSON, but: ${JSON.stringify(stdout.slice(0, 80))}`);
  }
  if (!isMap(list)) throw failed(file, 'it did not print a JSON map');
  for (const [name, value] of Object.entries(list)) if (name !== '_meta') readGroup(name, value, file, draft);
  const hostvars = isMap(list._meta) && isMap(list._meta.hostvars) ? list._meta.hostvars : {};
  for (const [host, values] of Object.entries(hostvars)) {
    if (isMap(values)) draftHost(draft, host).push({ origin: `host ${host} from ${file}`, values, literal: true });
  }
}

function readGroup(name: string, value: unknown, file: string, draft: Draft): void {
  const group = draftGroup(draft, name);
  const parts = Array.isArray(value) ? { hosts: value } : isMap(value) ? value : {};
  for (const host of Array.isArray(parts.hosts) ? parts.hosts : []) {
    group.hosts.add(String(host));
    draftHost(draft, String(host));
  }
  const { children, vars } = parts as { children?: unknown; vars?: unknown };
  for (const child of Array.isArray(children) ? children : []) group.children.add(String(child));
  if (isMap(vars)) group.variables.push({ origin: `group ${name} from ${file}`, values: vars, literal: true });
}

function failed(file: string, what: string): HostwrightError {
  return new HostwrightError('inventory.program', `The inventory ${file} cannot be used: ${what}`, {
    hint: `Run "${resolve(file)} --list" by hand. Take the executable bit from a file that is not a program.`,
    exitCode: exitCodes.usage,
  });
}
