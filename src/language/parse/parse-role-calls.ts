import type { RoleCall } from '../model.ts';
import { type Problems, plainList } from '../problems.ts';
import { inside, isMap, type Part } from '../source.ts';
import { keywords } from './keywords.ts';
import { becomeKeywords, conditions, optional, writtenAt } from './parse-keywords.ts';
import { moduleDefaultsOf, settingsOf } from './parse-settings.ts';

type Raw = Readonly<Record<string, unknown>>;

/**
 * Parses a list of roles, as a play's `roles` or a role's `dependencies` have it: names, or maps
 * with `role`, keywords and parameters.
 */
export function parseRoleCalls(value: unknown, part: Part, problems: Problems): readonly RoleCall[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.add(part, 'roles must be a list', 'Begin each role with "- ".');
    return [];
  }
  return value.flatMap((item, at): readonly RoleCall[] => {
    const place = inside(part, at);
    if (typeof item === 'string') return [plainCall(item, place)];
    const role = isMap(item) ? (item.role ?? item.name) : undefined;
    if (!isMap(item) || typeof role !== 'string') {
      problems.add(place, 'a role is a name, or a map with "role: NAME"');
      problems.leaveOut();
      return [];
    }
    return [parseCall(role, item, place, problems)];
  });
}

function parseCall(role: string, call: Raw, part: Part, problems: Problems): RoleCall {
  const known: Raw = keywords.role;
  const own = Object.fromEntries(Object.entries(call).filter(([key]) => key in known));
  const raw = problems.keywords(own, keywords.role, part, 'the call of a role');
  const inline = Object.fromEntries(Object.entries(call).filter(([key]) => !(key in known)));
  const params = isMap(raw.vars)
    ? { values: { ...inline, ...raw.vars }, part: inside(part, 'vars') }
    : { values: inline, part };
  return {
    role,
    part,
    params,
    when: conditions(raw, 'when', part) ?? [],
    tags: plainList(raw.tags),
    become: becomeKeywords(raw, part),
    settings: settingsOf(raw, part),
    moduleDefaults: moduleDefaultsOf(raw),
    ...optional('environment', writtenAt(raw, 'environment', part)),
    allow: plainList(raw.allow) as RoleCall['allow'],
  } as RoleCall;
}

/** A role called by its name alone. */
function plainCall(role: string, part: Part): RoleCall {
  return { role, part, when: [], tags: [], become: {}, settings: {}, moduleDefaults: {}, allow: [] };
}
