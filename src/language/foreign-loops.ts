import { expression, expressionText, isMap } from './source.ts';
import { written } from './yaml-text.ts';

/**
 * What to write for a loop of Ansible (`with_items`); undefined where its value has no form that is
 * known here.
 */
export type LoopForm = (value: unknown) => string | undefined;

const asIs: LoopForm = value => `loop: ${written(isTemplate(value) ? value : listOf(value))}`;

/** The loops of Ansible by keyword. */
export const loopForms: Readonly<Record<string, LoopForm>> = {
  with_items: flatItems,
  with_list: asIs,
  with_flattened: value =>
    isTemplate(value) ? called('flatten', value) : asIs([value].flat(Number.POSITIVE_INFINITY)),
  with_dict: value =>
    isMap(value) || isTemplate(value) ? `loop: ${written(value)} (each item has key and value)` : undefined,
  with_indexed_items: value => `${asIs(value)} and loop_control: {index_var: index}`,
  with_sequence: value => sequence(String(value)),
  with_fileglob: value => files('fileglob', value),
  with_first_found: value => firstFound(listOf(value).flatMap(candidates)),
  with_nested: pairs,
  with_cartesian: pairs,
  with_together: value => (listOf(value).length === 2 ? called('zip', ...listOf(value).map(asList)) : undefined),
  with_subelements: value => {
    const [list, field, ...more] = listOf(value);
    return isText(field) && more.length === 0 && (isTemplate(list) || Array.isArray(list))
      ? called('subelements', list, field)
      : undefined;
  },
};

/** `with_items` puts the items of lists in its list in their place. */
function flatItems(value: unknown): string | undefined {
  if (!Array.isArray(value)) return asIs(value);
  return value.some(isTemplate) ? called('flatten', value, expression('1')) : asIs(value.flat(1));
}

function pairs(value: unknown): string | undefined {
  return listOf(value).length === 2 ? called('product', ...listOf(value).map(asList)) : undefined;
}

/** `start=1 end=5`, `count=5`; numbers or variables. */
function sequence(text: string): string | undefined {
  const pattern = /(start|end|count)=(\d+|\{\{ *[A-Za-z_][\w.]* *\}\})/g;
  if (text.replace(pattern, '').trim() !== '') return undefined;
  const {
    start = '1',
    end,
    count,
  } = Object.fromEntries(
    [...text.matchAll(pattern)].map(([, name, given = '']) => [name, given.replace(/[{} ]/g, '')]),
  ) as Readonly<Record<string, string | undefined>>;
  const last = end ?? (count === undefined ? undefined : plus(count, Number(start) - 1));
  return /^\d+$/.test(start) && last !== undefined ? range(start, plus(last, 1)) : undefined;
}

function range(from: string, to: string): string {
  return `loop: ${written(expression(`range(${from}, ${to})`))}`;
}

function plus(term: string, more: number): string {
  return /^\d+$/.test(term) ? String(Number(term) + more) : more === 0 ? term : `${term} + ${more}`;
}

function files(name: string, value: unknown): string | undefined {
  const calls = listOf(value).map(pattern => call(name, [fromPlaybook(pattern)]));
  if (calls.length === 0 || calls.some(one => one === undefined)) return undefined;
  const [only] = calls;
  const all = calls.length === 1 && only !== undefined ? only : `flatten([${calls.join(', ')}])`;
  return `loop: ${written(expression(all))}`;
}

/** `{files: […], paths: […]}` of `first_found` as paths; a text is one by itself. */
function candidates(item: unknown): readonly unknown[] {
  if (!isMap(item)) return [item];
  const { files: names, paths = '', ...others } = item;
  const known = names !== undefined && Object.keys(others).every(key => key === 'skip');
  if (!known || others.skip === true) return [undefined];
  const folders = listOf(paths).map(folder => (folder === '' ? '' : `${String(folder)}/`));
  return folders.flatMap(folder => listOf(names).map(name => `${folder}${String(name)}`));
}

function firstFound(paths: readonly unknown[]): string | undefined {
  if (!paths.every(isText)) return undefined;
  const found = call('first_found', [paths.map(fromPlaybook)]);
  return found && `loop: ${written(expression(`[${found}]`))}`;
}

/** Ansible finds a relative path from the playbook. */
function fromPlaybook(path: unknown): unknown {
  if (!isText(path) || /^(\/|\{\{)/.test(path)) return path;
  const inner = celOf(path);
  return inner === undefined ? path : expression(`path_join(playbook_dir, ${inner})`);
}

function called(name: string, ...args: readonly unknown[]): string | undefined {
  const text = call(name, args);
  return text && `loop: ${written(expression(text))}`;
}

function call(name: string, args: readonly unknown[]): string | undefined {
  const values = args.map(celOf);
  return values.includes(undefined) ? undefined : `${name}(${values.join(', ')})`;
}

/** A value of YAML in CEL; undefined where a template in it is more than a path. */
function celOf(value: unknown): string | undefined {
  const text = expressionText(value);
  if (text !== undefined) return text;
  if (isText(value)) return celOfText(value);
  if (Array.isArray(value)) {
    const items = value.map(celOf);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (!isMap(value)) return String(value);
  const entries = Object.entries(value).map(([key, item]) => [celText(key), celOf(item)]);
  if (entries.some(([, item]) => item === undefined)) return undefined;
  return `{${entries.map(pair => pair.join(': ')).join(', ')}}`;
}

function celOfText(text: string): string | undefined {
  const parts = text.split(/\{\{ *([A-Za-z_][\w.]*) *\}\}/);
  if (parts.some((part, at) => at % 2 === 0 && part.includes('{{'))) return undefined;
  const terms = parts.map((part, at) => (at % 2 === 1 ? part : celText(part)));
  const said = terms.filter(term => term !== "''");
  return said.length === 0 ? "''" : said.join(' + ');
}

function celText(text: string): string {
  return /['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`;
}

function asList(value: unknown): unknown {
  return isTemplate(value) ? value : listOf(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTemplate(value: unknown): boolean {
  return (isText(value) && value.includes('{{')) || expressionText(value) !== undefined;
}
