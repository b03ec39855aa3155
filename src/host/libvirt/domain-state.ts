import { createHash } from 'node:crypto';
import { type Refuse, refuse } from '../../decision.ts';
import { CannotTell } from '../../shell/answer.ts';
import { ask, type Foretold, foreseeing, type Look, map } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { foreseen } from './foretold.ts';
import { listed, splitAnswers, virshAll } from './virsh.ts';
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
  /** What a saved image would run with; undefined where there is none. */
  readonly saved: Document | undefined;
}

/** What a host says of domains that it was asked for. */
export interface Domains {
  /** Names of all domains of the host. */
  readonly names: readonly string[];
  /** Those of the domains that are there, in the order in which they were asked for. */
  readonly found: readonly DomainState[];
}

/** The domains of these names, and the names of all. @throws CannotTell */
export function namedDomains(names: readonly string[], uri: string): Look<Domains> {
  const looks = names.flatMap(name => [
    sh`dominfo --domain ${name}`,
    // Without --security-info the password of a console is lost when the domain is defined again.
    sh`dumpxml --inactive --security-info --domain ${name}`,
    // Without a saved image, that is an error of virsh's, and one document is all that comes.
    sh`dumpxml --domain ${name}; managedsave-dumpxml --domain ${name}`,
  ]);
  // The list comes last, for the exit code is its own: a domain is missing only if a list that
  // could be read does not name it.
  const text = virshAll(uri, [...looks, sh`list --all --name`]);
  return foreseeing(ask('virsh', text), ({ stderr, stdout }, foretold) => {
    const parts = splitAnswers(stdout);
    if (parts.length !== names.length * 3 + 1)
      throw new CannotTell(`virsh gave another number of answers: ${stderr.trim()}`);
    const [list = ''] = parts.slice(-1);
    const all = listed(list);
    const found = names.flatMap((name, at) =>
      all.includes(name) ? [asForeseen(readDomain(name, parts.slice(at * 3, at * 3 + 3), stderr), uri, foretold)] : [],
    );
    return { names: all, found };
  });
}

/** The domain of this name; where there is none, that is a refusal. @throws CannotTell */
export function domainState(name: string, uri: string): Look<DomainState | Refuse> {
  return map(namedDomains([name], uri), ({ found: [domain], names }) => domain ?? domainMissing(name, names));
}

function readDomain(name: string, parts: readonly string[], stderr: string): DomainState {
  const [info = '', text = '', documents = ''] = parts;
  if (parts.some(part => part.trim() === ''))
    throw new CannotTell(`virsh could not tell all of ${name}: ${stderr.trim()}`);
  const field = (key: string): string => new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  const [state, persistent] = [field('State'), field('Persistent')];
  if (state === '' || persistent === '') throw new CannotTell(`virsh dominfo said nothing about the state of ${name}`);
  const on = state !== 'shut off' && state !== 'crashed';
  const managedSave = field('Managed save') === 'yes';
  const [running = '', saved = ''] = documents.split(/(?<=^<\/domain>)\s+(?=^<domain )/m);
  return {
    name,
    state,
    persistent: persistent === 'yes',
    managedSave,
    text,
    hash: hashOf(text),
    inactive: parseXml(text, 'domain', `the definition of ${name}`),
    live: on ? parseXml(running, 'domain', `the running ${name}`) : undefined,
    saved: managedSave ? parseXml(saved, 'domain', `the saved image of ${name}`) : undefined,
  };
}

/** The domain as it will be once the earlier tasks of check mode have run. */
function asForeseen(domain: DomainState, uri: string, foretold: Foretold): DomainState {
  const which = { name: domain.name, uri };
  const definition = foreseen(foretold, which, 'definition');
  const running = foreseen(foretold, which, 'running');
  return {
    ...domain,
    ...(definition && { text: definition.text, hash: hashOf(definition.text), inactive: definition.document }),
    ...(running && domain.live && { live: running.document }),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The refusal of a domain that is not there; an earlier task may be about to define it. */
export function domainMissing(name: string, names: readonly string[]): Refuse {
  return refuse(
    `there is no domain ${name}`,
    `virsh list --all shows ${names.length === 0 ? 'none' : names.join(', ')}.`,
    { needs: [{ kind: 'domain', name }] },
  );
}

/** Why a domain's definition cannot be changed now; undefined when it can. */
export function unchangeable(domain: DomainState): Refuse | undefined {
  if (!domain.persistent) {
    return refuse(
      `domain ${domain.name} is transient: it has no definition that lasts`,
      `Change it where it is made, or make it persistent: virsh dumpxml ${domain.name} > FILE; virsh define FILE.`,
    );
  }
  if (domain.managedSave) {
    return refuse(
      `domain ${domain.name} has a saved image, and the next start would restore the old definition with it`,
      `Start it, or throw the saved state away: virsh managedsave-remove ${domain.name}.`,
    );
  }
  return undefined;
}
