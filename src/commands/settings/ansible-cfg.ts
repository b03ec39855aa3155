import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { written } from '../../language/yaml-text.ts';
import { optionOf, playbooksOf, sourceOf } from './apply.ts';
import { projectFileName } from './project-file.ts';
import { type SettingName, settingOf } from './table.ts';

const fileName = 'ansible.cfg';

/** Settings of ansible.cfg, by section and key, and those of hostwright.yml that say the same. */
const counterparts: Readonly<Record<string, SettingName>> = {
  'defaults.inventory': 'inventory',
  'defaults.roles_path': 'roles_path',
  'defaults.remote_user': 'user',
  'defaults.private_key_file': 'private_key',
  'defaults.timeout': 'timeout',
  'defaults.forks': 'forks',
  'defaults.host_key_checking': 'host_key_checking',
  'privilege_escalation.become': 'become',
  'privilege_escalation.become_user': 'become_user',
  'privilege_escalation.become_method': 'become_method',
  'diff.always': 'diff',
};

/**
 * A line about an ansible.cfg of the working folder, or next to a playbook or inventory, which
 * nothing reads: what it sets and nothing sets here, as hostwright.yml has it. Undefined where all
 * is set, or the file does not exist.
 */
export function unreadAnsibleCfg(command: Command): string | undefined {
  const inventory = optionOf(command, 'inventory');
  if (inventory === undefined) return undefined;
  const given: readonly string[] = command.getOptionValue(inventory.attributeName()) ?? [];
  // A list of hosts is not a path, and may be longer than one.
  const sources = given.filter(source => !source.includes(','));
  const files = ['.', ...[...playbooksOf(command), ...sources].map(folderOf)].map(folder => join(folder, fileName));
  const file = files.find(existsSync);
  if (file === undefined) return undefined;
  const lines = settingsIn(readFileSync(file, 'utf8'))
    .filter(([name]) => optionOf(command, name) !== undefined && sourceOf(command, name) === 'default')
    .map(([name, value]) => `${name}: ${written(value)}`);
  if (lines.length === 0) return undefined;
  return `${file} is not read. For the same, write in ${projectFileName}: ${lines.join(', ')}`;
}

function folderOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
}

/** The settings of ansible.cfg that there are here, with their values as here. */
function settingsIn(text: string): readonly (readonly [SettingName, unknown])[] {
  let section = '';
  return text.split('\n').flatMap(line => {
    section = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1] ?? section;
    const [, key, value] = /^\s*([\w-]+)\s*[=:]\s*(.*?)\s*(?:\s;.*)?$/.exec(line) ?? [];
    const name = counterparts[`${section}.${key}`];
    const own = name === undefined || value === undefined ? undefined : ownValue(name, value);
    return name === undefined || own === undefined ? [] : [[name, own] as const];
  });
}

/** A value of ansible.cfg as hostwright.yml has it; undefined where that is the default. */
function ownValue(name: SettingName, value: string): unknown {
  const isOn = /^(1|true|yes|on|y|t)$/i.test(value);
  const { schema, default: usual, separator } = settingOf(name);
  if (name === 'host_key_checking') return isOn ? undefined : 'accept-new';
  if (schema.type === 'boolean') return isOn ? true : undefined;
  if (schema.type === 'integer') return /^\d+$/.test(value) && Number(value) !== usual ? Number(value) : undefined;
  return schema.type === 'array' ? value.split(separator ?? /,\s*/) : value;
}
