import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { catalogue, vocabulary } from '../../src/commands/shared/catalogue.ts';
import { HostwrightError } from '../../src/errors.ts';
import { surveyInventory } from '../../src/inventory/read-inventory.ts';
import { readPlaybook } from '../../src/language/parse/parse-playbook.ts';
import { preflight } from '../../src/plan/check/preflight.ts';
import { makePlan } from '../../src/plan/make/make-plan.ts';

/** A row of a table: a project that has something wrong with it, and what is said of that. */
export interface BadProject {
  readonly it: string;
  /** The text of site.yml. */
  readonly playbook?: string;
  /** Or the tasks of its only play. */
  readonly tasks?: string;
  /** Other files by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly inventory?: string;
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly limit?: string;
  /** The whole message; absent: nothing is wrong. */
  readonly says?: string;
}

/**
 * What is said of a project before the first connection: the message and hint as the command line
 * prints them.
 */
export function diagnose(project: BadProject): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'hw-bad-'));
  try {
    write(folder, { 'site.yml': playbookOf(project), ...project.files });
    check(folder, project);
    return undefined;
  } catch (error) {
    if (!(error instanceof HostwrightError)) throw error;
    const text = `${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`;
    return text
      .replaceAll(`${folder}/`, '')
      .replaceAll(folder, '.')
      .replaceAll(/(\.\.\/)+tmp\/hw-bad-\w+\//g, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function check(folder: string, { inventory: source, vars = {}, limit }: BadProject): void {
  const survey = surveyInventory([source === undefined ? 'hv1,' : join(folder, source)], [folder]);
  const { inventory } = survey;
  const playbook = readPlaybook(join(folder, 'site.yml'), vocabulary);
  const draft = makePlan([playbook], survey, {
    ...(limit === undefined ? {} : { limit }),
    tags: { only: [], skip: [] },
    extraVars: { values: vars, texts: new Set() },
    rolePath: [],
    sharedTemplates: [],
    become: {},
    vocabulary,
  });
  preflight(draft, { inventory, catalogue, check: false });
}

function playbookOf({ playbook, tasks }: BadProject): string {
  if (playbook !== undefined) return playbook;
  return `- hosts: all\n  tasks:\n${(tasks ?? '').replace(/^(?=.)/gm, '    ')}`;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
}
