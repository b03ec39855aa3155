import type { Arguments } from './arguments.ts';
import { called, type Form, listForm, textForm, whole } from './form.ts';

/** What a call of one of Ansible's functions is here; undefined where nothing here is like it. */
export function callForm(name: string, args: Arguments): Form | undefined {
  if (name === 'range') return rangeForm(args);
  return /^(lookup|query|q)$/.test(name) ? lookupForm(args, name !== 'lookup') : undefined;
}

function rangeForm({ placed: [first, ...more], named }: Arguments): Form | undefined {
  if (!first || more.length > 1 || named.size > 0) return undefined;
  return called('range', ...(more.length > 0 ? [first, ...more] : [whole('0', '0'), first]));
}

/** A lookup: its first argument says which. Several results are a list, or a text with commas. */
function lookupForm({ placed: [plugin, term, ...more], named }: Arguments, asksForList: boolean): Form | undefined {
  const { wantlist, ...others } = Object.fromEntries(named);
  if (!plugin || !term || more.length > 0 || Object.keys(others).length > 0) return undefined;
  const wantsList = asksForList || wantlist?.cel === 'true';
  const which = plugin.text?.replace(/^ansible\.builtin\./, '') ?? '';
  if (which === 'first_found') return firstFound(term, wantsList);
  if (!/^(env|file|fileglob)$/.test(which)) return undefined;
  const found = called(which, which === 'env' ? term : fromPlaybook(term));
  if (which !== 'fileglob') return wantsList ? whole(`[${found.cel}]`) : found;
  return wantsList ? found : called('join', found, textForm(','));
}

function firstFound(paths: Form, wantsList: boolean): Form | undefined {
  const items = paths.items ?? (paths.text === undefined ? undefined : [paths]);
  const found = items && called('first_found', listForm(items.map(fromPlaybook)));
  return found && wantsList ? listForm([found]) : found;
}

/** Ansible finds a relative path from the playbook. */
function fromPlaybook(path: Form): Form {
  if (path.text === undefined || path.text.startsWith('/')) return path;
  return called('path_join', whole('playbook_dir', 'playbook_dir'), path);
}
