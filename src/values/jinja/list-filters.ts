import { called, type Form, inside, partOf, textForm, tightness, whole } from './form.ts';

/** A part of a value by a path with dots; a number is a place in a list. */
export function path(item: Form, names: string): Form {
  return names.split('.').reduce((of, name) => partOf(of, /^\d+$/.test(name) ? whole(name) : textForm(name)), item);
}

/** `join`, also of an attribute of the items. Jinja puts nothing between them by default. */
export function joined(list: Form, separator: Form = textForm(''), name?: Form): Form | undefined {
  const items = name ? eachOf(list, name) : list;
  return items && called('join', items, separator);
}

/** `sum`, also of an attribute of the items. */
export function summed(list: Form, name?: Form): Form | undefined {
  const items = name ? eachOf(list, name) : list;
  return items && called('sum', items);
}

/** `sort`, also by an attribute, also backwards. */
export function ordered(list: Form, backwards: Form = whole('false'), name?: Form): Form | undefined {
  const sorted = name ? sortedBy(list, name) : called('sort', list);
  if (!sorted || !/^(true|false)$/.test(backwards.cel)) return undefined;
  return backwards.cel === 'true' ? called('reverse', sorted) : sorted;
}

/** `min` or `max`: with an attribute, the item that has the smallest or largest one. */
export function least(list: Form, name: Form | undefined, which: 'min' | 'max'): Form | undefined {
  if (!name) return called(which, list);
  const sorted = sortedBy(list, name);
  return sorted && called(which === 'min' ? 'first' : 'last', sorted);
}

function eachOf(list: Form, { text }: Form): Form | undefined {
  if (text === undefined) return undefined;
  return whole(`${inside(list, tightness.whole)}.map(i, ${path(whole('i'), text).cel})`);
}

function sortedBy(list: Form, name: Form): Form | undefined {
  return name.text !== undefined && /^\w+$/.test(name.text) ? called('sort_by', list, name) : undefined;
}
