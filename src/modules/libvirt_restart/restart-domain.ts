import { lockDefinition } from '../../host/libvirt/define.ts';
import { domainOf } from '../../host/libvirt/domain-element.ts';
import type { DomainState } from '../../host/libvirt/domain-state.ts';
import { keptFolder } from '../../host/libvirt/kept.ts';
import { virsh } from '../../host/libvirt/virsh.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';
import { sourcesThere } from './sources.ts';

/** Fails, and says why, where the definition of a domain cannot be started. Reads only. */
export function startable(domain: DomainState, uri: string): ShellText {
  const { name } = domain;
  return join([
    sh`${virsh(uri)} domxml-to-native qemu-argv --domain ${name} >/dev/null || { \
echo ${`the definition of ${name} cannot be started; it has not been shut down`} >&2; exit 1; }`,
    ...sourcesThere(domainOf(domain.inactive), uri),
  ]);
}

/**
 * Shuts a domain down and starts it. It fails where the domain does not start with its definition,
 * even if it runs again.
 * @param before the file of the kept definition that the domain runs with now; undefined where
 * there is none: then a domain that does not start stays off.
 */
export function restartSection(domain: DomainState, { timeout, uri }: Args, before: string | undefined): ShellText {
  const call = virsh(uri);
  const { name } = domain;
  return join([
    startable(domain, uri),
    sh`${call} shutdown --domain ${name} --mode agent,acpi || exit 1`,
    sh`waited=0; until [ "$(${call} domstate --domain ${name})" = 'shut off' ]; do`,
    sh`  if [ "$waited" -ge ${timeout} ]; then
    echo ${`${name} did not shut down within ${timeout} s, and still runs`} >&2; exit 1
  fi`,
    raw('  waited=$((waited + 1)); sleep 1'),
    raw('done'),
    sh`${call} start --domain ${name} && exit 0`,
    before === undefined ? staysOff(name) : startAsBefore(name, call, before),
  ]);
}

function staysOff(name: string): ShellText {
  return sh`echo ${
    `${name} does not start, and is off: the definition that it ran with is not among those ` + `in ${keptFolder(name)}`
  } >&2; exit 1`;
}

function startAsBefore(name: string, call: ShellText, before: string): ShellText {
  const runs = `${name} does not start with its definition, and runs with the one before, ${before}; the other one is`;
  return join([
    lockDefinition(name),
    sh`umask 077; failed=${keptFolder(name)}/$(date -u +%Y%m%dT%H%M%SZ)-did-not-start.xml`,
    sh`${call} dumpxml --inactive --security-info --domain ${name} >"$failed" || exit 1`,
    sh`${call} define ${before} && ${call} start --domain ${name} && { echo ${runs} "$failed" >&2; exit 1; }`,
    sh`${call} define "$failed"`,
    sh`echo ${`${name} starts neither with its definition nor with the one that it ran with, and is off`} >&2; exit 1`,
  ]);
}
