import { createHash } from 'node:crypto';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { accept, CannotTell, type Refuse } from '../module.ts';
import { virsh } from './virsh.ts';
import { type Document, parseXml } from './xml.ts';

/** A domain as libvirt has it. */
export interface DomainState {
  readonly name: string;
  /** `virsh domstate`'s words: `running`, `shut off`, `paused`, … */
  readonly state: string;
  readonly persistent: boolean;
  /** A saved image that the next start would take instead of the definition. */
  readonly managedSave: boolean;
  /** The definition, with its secrets. */
  readonly text: string;
  /** SHA-256 of the definition, lower-case hex. */
  readonly hash: string;
  readonly inactive: Document;
  /** The running document; undefined while the domain is off. */
  readonly live: Document | undefined;
}

/**
 * Probe sections for one domain. The list comes first: a domain is missing only if a list that could be read does not name it.
 * @param prefix of the section names, where a script looks at several domains.
 */
export function domainSections(name: string, uri: string, prefix = ''): Readonly<Record<string, ShellText>> {
  const call = virsh(uri);
  return {
    [`${prefix}info`]: sh`${call} dominfo --domain ${name}`,
    // Without --security-info the password of a console is lost when the domain is defined again.
    [`${prefix}inactive`]: sh`${call} dumpxml --inactive --security-info --domain ${name}`,
    [`${prefix}live`]: sh`${call} dumpxml --domain ${name}`,
  };
}

/** Probe section that lists all domains by name. */
export function listSection(uri: string): Readonly<Record<'list', ShellText>> {
  return { list: sh`${virsh(uri)} list --all --name` };
}

/** Names of all domains. @throws CannotTell */
export function readList(answer: Answer): readonly string[] {
  const { stdout } = accept(answer, 'list', [0], 'virsh');
  return stdout
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');
}

/**
 * A domain that is on the list.
 * @throws CannotTell
 */
export function readDomain(answer: Answer, name: string, prefix = ''): DomainState {
  const info = accept(answer, `${prefix}info`, [0], 'virsh').stdout;
  const field = (key: string): string => new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  const [state, persistent] = [field('State'), field('Persistent')];
  if (state === '' || persistent === '') throw new CannotTell(`virsh dominfo said nothing about the state of ${name}`);
  const text = accept(answer, `${prefix}inactive`, [0], 'virsh').stdout;
  const on = state !== 'shut off' && state !== 'crashed';
  return {
    name,
    state,
    persistent: persistent === 'yes',
    managedSave: field('Managed save') === 'yes',
    text,
    hash: createHash('sha256').update(text).digest('hex'),
    inactive: parseXml(text, 'domain', `the definition of ${name}`),
    live: on
      ? parseXml(accept(answer, `${prefix}live`, [0], 'virsh').stdout, 'domain', `the running ${name}`)
      : undefined,
  };
}

/** The refusal of a domain that is not there; an earlier task may be about to define it. */
export function domainMissing(name: string, names: readonly string[]): Refuse {
  return {
    kind: 'refuse',
    message: `there is no domain ${name}`,
    advice: `virsh list --all shows ${names.length === 0 ? 'none' : names.join(', ')}.`,
    needs: [{ kind: 'domain', name }],
  };
}

/** Why a domain's definition cannot be changed now; undefined when it can. */
export function unchangeable(domain: DomainState): Refuse | undefined {
  if (!domain.persistent) {
    return {
      kind: 'refuse',
      message: `domain ${domain.name} is transient: it has no definition that lasts`,
      advice: `Change it where it is made, or make it persistent: virsh dumpxml ${domain.name} > FILE; virsh define FILE.`,
    };
  }
  if (domain.managedSave) {
    return {
      kind: 'refuse',
      message: `domain ${domain.name} has a saved image, and the next start would restore the old definition with it`,
      advice: `Start it, or throw the saved state away: virsh managedsave-remove ${domain.name}.`,
    };
  }
  return undefined;
}
