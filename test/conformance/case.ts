import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pairsCase } from './pairs.ts';

/** A playbook in the part of the language that Ansible and Hostwright share, and how it is run. */
export type Case = {
  /** What it shows, and the name of its file under `expected/` and `differences/`. */
  it: string;
  /** Names of hosts; `h1` without. */
  hosts?: string[];
  /** Lines of the inventory after the hosts: groups and their variables. */
  inventory?: string;
  /** The tasks of a play for all hosts, or a whole playbook. */
  tasks?: string;
  playbook?: string;
  /** Other files of the project by path. */
  files?: Record<string, string>;
  /** What is in the sandbox before. */
  before?: Record<string, string>;
  /** Arguments that both command lines know: -t, --skip-tags, -l, -e, --force-handlers. */
  arguments?: string[];
  /** Whether check mode of the fresh sandbox is compared too: Ansible's must be sound there. */
  check?: boolean;
  /** Not over SSH: the case is about something else. */
  local?: boolean;
  /**
   * It changes accounts, services and the like: as root, over SSH, on a system of its own, which
   * may have booted systemd.
   */
  system?: 'plain' | 'systemd';
  /** Shell text that makes such a system ready. */
  ready?: string;
  /**
   * What is compared there instead of the files of a folder: by name, shell text for its output.
   */
  sees?: Record<string, string>;
};

/** What a run came to, in words that both share. */
export type Outcome = {
  /** 0; 2: a host failed; 4: unreachable; 6: both; 5: the playbook was refused. */
  exit: number;
  hosts: Record<string, Recap>;
  /** Files of the sandbox by path: type, mode and content; of a system, what its case `sees`. */
  files: Record<string, string>;
  /**
   * Lines of the file `log` in the sandbox, by the host that wrote them (`HOST WORD…`), in order.
   */
  order: Record<string, string[]>;
};

export type Recap = {
  ok: number;
  changed: number;
  unreachable: number;
  failed: number;
  skipped: number;
  rescued: number;
  ignored: number;
};

/**
 * The runs of a case: on the fresh sandbox, once more on what that left, and in check mode on
 * another fresh one.
 */
export type Outcomes = { first: Outcome; again: Outcome; check?: Outcome };

const folder = join(import.meta.dirname, 'cases');

/** All cases, by the name of their file; the last are made and not written. */
export function readCases(): { file: string; cases: Case[] }[] {
  const files = readdirSync(folder).toSorted();
  const written = files.map(file => ({
    file,
    cases: parse(readFileSync(join(folder, file), 'utf8'), { merge: true }) as Case[],
  }));
  return [...written, { file: 'pairs', cases: [pairsCase()] }];
}

/**
 * The text of a case's playbook. `mark: WORD` is a task that writes its host and the word into the
 * log.
 */
export function playbookOf({ playbook, tasks = '' }: Case): string {
  const head = '- hosts: all\n  gather_facts: false\n  strategy: linear\n  tasks:\n';
  return marked(playbook ?? head + tasks.replace(/^(?=.)/gm, '    '));
}

/** The other files of a case's project. */
export function filesOf({ files = {} }: Case): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, marked(text)]));
}

function marked(text: string): string {
  return text.replace(/\bmark: (.+)$/gm, 'shell: "echo {{ inventory_hostname }} $1 >> {{ sandbox }}/log"');
}

/** What an expectation was made from: another case has another key. */
export function keyOf(given: Case, version: string): string {
  return createHash('sha256')
    .update(JSON.stringify([given, playbookOf(given), version]))
    .digest('hex')
    .slice(0, 16);
}

/** Where a case's results are stored: what Ansible did (`expected`), in what we differ. */
export function fileOf({ it }: Case, kind: 'expected' | 'differences'): string {
  const name = it
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return join(import.meta.dirname, kind, `${name}.json`);
}

/**
 * The exit code that a recap says. Ansible's own is that of its last play; what both share is what
 * the recap counts.
 */
export function exitOf(hosts: Record<string, Recap>): number {
  const any = (count: (recap: Recap) => number) => Object.values(hosts).some(recap => count(recap) > 0);
  return (any(({ failed }) => failed) ? 2 : 0) + (any(({ unreachable }) => unreachable) ? 4 : 0);
}
