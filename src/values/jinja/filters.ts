import { functions } from '../functions/index.ts';
import { type Arguments, type Rewrite, taking, without } from './arguments.ts';
import {
  asCondition,
  called,
  type Form,
  inside,
  listForm,
  listOf,
  negated,
  noFlag,
  partOf,
  textForm,
  tightness,
  whole,
} from './form.ts';
import { formatted } from './format.ts';
import { joined, least, ordered, path, summed } from './list-filters.ts';
import { compared, tested, truthy } from './tests.ts';

/** Filters of Ansible that are functions here under another name. */
const otherNames: Readonly<Record<string, string>> = {
  b64encode: 'base64',
  b64decode: 'from_base64',
  dict2items: 'items',
  items2dict: 'from_items',
  human_to_bytes: 'from_size',
};

/** What Ansible takes for true where it makes a flag of a text or a number. */
const yesWords = listForm(['yes', 'on', '1', 'true'].map(textForm));

const yes = whole('true', 'true');
const no = whole('false', 'false');

/** What the queries of `ipaddr` are here: the functions to call, the innermost last. */
const addressQueries: Readonly<Record<string, readonly string[]>> = {
  address: ['ip_address'],
  network: ['ip_address', 'ip_network'],
  subnet: ['ip_network'],
  netmask: ['ip_netmask'],
  prefix: ['ip_prefix'],
};

/** The styles of `comment` that are a mark before each line. */
const marks: Readonly<Record<string, string>> = { plain: '#', erlang: '%', c: '//' };

/** Parameters that say how JSON and YAML are laid out. */
const layout = ['indent', 'sort_keys', 'ensure_ascii', 'width'];

const defaulted = taking(['default_value', 'boolean'], (value, fallback, always) => {
  if (!fallback) return undefined;
  if (always?.cel !== 'true')
    return { ...called('default', value, fallback), ...(fallback.isList && { isList: true }) };
  return choice(truthy(value), value, fallback);
});
const sized = taking([], sizeOf);
const asJson = taking(layout, (value, indent, sort = no) => jsonOf(value, indent, sort));
const asNiceJson = taking(layout, (value, indent = whole('4', '4'), sort = yes) => jsonOf(value, indent, sort));
const asYaml = taking(layout, (value, _, sort = yes) => inOrder(value, sort, sorted => called('yaml', sorted)));

/** Filters that are not functions here, or functions with other parameters. */
const filters: Readonly<Record<string, Rewrite>> = {
  default: defaulted,
  d: defaulted,
  combine: combined,
  length: sized,
  count: sized,
  int: taking([], value => noFlag(value.isFlag ? choice(value, whole('1'), whole('0')) : whole(`int(${value.cel})`))),
  float: taking([], value => noFlag(whole(`double(${value.cel})`))),
  string: taking([], value => noFlag(whole(`string(${value.cel})`))),
  format: (pattern, { placed, named }) => (named.size > 0 ? undefined : formatted(pattern, placed)),
  bool: taking([], value => ({ ...compared(whole(`lower(string(${value.cel}))`), 'in', yesWords), isFlag: true })),
  round: taking(['precision'], (value, digits = whole('0')) => rounded(value, digits.cel)),
  list: taking([], value => value),
  mandatory: taking(['msg'], value => value),
  hash: taking(['hashtype'], (value, name) => hashOf(value, name ?? textForm('sha1'))),
  ternary: taking(['true_val', 'false_val'], (value, first, second) => first && second && choice(value, first, second)),
  to_json: asJson,
  to_nice_json: asNiceJson,
  tojson: taking(['indent'], (value, indent) => jsonOf(value, indent, yes)),
  to_yaml: asYaml,
  to_nice_yaml: asYaml,
  indent: taking(['width', 'first'], (value, width = whole('4', '4'), first = no) =>
    called('indent', value, width, first),
  ),
  comment: taking(['style'], (value, style = textForm('plain')) => {
    const mark = Object.hasOwn(marks, style.text ?? '') ? marks[style.text ?? ''] : undefined;
    return mark === undefined ? undefined : called('comment', value, textForm(mark));
  }),
  regex_replace: taking(['pattern', 'replacement'], (value, pattern, by) => {
    return pattern && by && called('regex_replace', value, pattern, replacement(by));
  }),
  version: (value, args) => tested('version', value, args),
  ipaddr: taking(['query'], (value, query = textForm('address')) => {
    const names = Object.hasOwn(addressQueries, query.text ?? '') ? addressQueries[query.text ?? ''] : undefined;
    return names?.reduceRight((inner, name) => called(name, inner), value);
  }),
  subelements: taking(['subelements', 'skip_missing'], (list, field, skips = no) => {
    if (field?.text === undefined || !/^(true|false)$/.test(skips.cel)) return undefined;
    const kept = skips.cel === 'true' ? filtered(list, item => called('defined', path(item, field.text ?? ''))) : list;
    return kept && called('subelements', kept, field);
  }),
  dictsort: taking([], map => called('sort_by', called('items', map), textForm('key'))),
  join: taking(['d', 'attribute'], joined),
  sum: taking(['attribute'], summed),
  sort: taking(['reverse', 'attribute'], ordered),
  min: taking(['attribute'], (list, name) => least(list, name, 'min')),
  max: taking(['attribute'], (list, name) => least(list, name, 'max')),
  flatten: taking(['levels'], (list, levels) => called('flatten', list, ...(levels ? [levels] : []))),
  // That of Jinja makes so many lists of one.
  slice: () => undefined,
  map: mapped,
  extract: taking(['container'], (key, map) => map && partOf(map, key)),
  select: (list, args) => filtered(list, item => selected(item, args)),
  reject: (list, args) => filtered(list, item => not(selected(item, args))),
  selectattr: (list, args) => filtered(list, item => attribute(item, args)),
  rejectattr: (list, args) => filtered(list, item => not(attribute(item, args))),
};

/** What a filter of Jinja is here; undefined where nothing here is like it. */
export function filterForm(name: string, value: Form, args: Arguments): Form | undefined {
  const own = name.replace(/^(?:ansible\.(?:builtin|utils|netcommon)|community\.general)\./, '');
  if (Object.hasOwn(filters, own)) return filters[own]?.(value, args);
  const known = otherNames[own] ?? own;
  const found = functions.find(one => one.name === known);
  if (!found) return undefined;
  const parameters = found.params.slice(1).map(param => param.name);
  const call = taking(parameters, (of, ...given) => called(known, of, ...given.filter(arg => arg !== undefined)));
  return call(value, args);
}

/** One of two values. */
export function choice(condition: Form, first: Form, second: Form): Form {
  const parts = [
    inside(asCondition(condition), tightness.or),
    inside(first, tightness.or),
    inside(second, tightness.choice),
  ];
  return { cel: `${parts[0]} ? ${parts[1]} : ${parts[2]}`, tight: tightness.choice };
}

function jsonOf(value: Form, indent: Form | undefined, sort: Form): Form | undefined {
  return inOrder(value, sort, sorted => called('json', sorted, ...(indent ? [indent] : [])));
}

/** What is made of a value whose names are in order, or in that order which they have. */
function inOrder(value: Form, sort: Form, make: (sorted: Form) => Form): Form | undefined {
  if (!/^(true|false)$/.test(sort.cel)) return undefined;
  return make(sort.cel === 'true' ? called('sort_keys', value) : value);
}

function combined(value: Form, { placed, named }: Arguments): Form | undefined {
  const recursive = named.get('recursive') ?? no;
  if ([...named.keys()].some(name => name !== 'recursive') || !/^(true|false)$/.test(recursive.cel)) return undefined;
  const isDeep = recursive.cel === yes.cel;
  return placed.reduce((all, map) => called('merge', all, map, ...(isDeep ? [] : [no])), value);
}

function sizeOf(value: Form): Form {
  const helper = value.helper && /^[\w.]+$/.test(value.helper) ? `${value.helper}.length` : undefined;
  return noFlag(whole(`size(${value.cel})`, helper));
}

/** To so many digits behind the point, for what is not negative. */
function rounded(value: Form, digits: string): Form | undefined {
  if (!/^\d$/.test(digits)) return undefined;
  if (digits === '0') return noFlag(whole(`int(double(${value.cel}) + 0.5)`));
  const factor = `1${'0'.repeat(Number(digits))}.0`;
  const cel = `double(int(double(${value.cel}) * ${factor} + 0.5)) / ${factor}`;
  return noFlag({ cel, tight: tightness.product });
}

function not(form: Form | undefined): Form | undefined {
  return form && negated(form);
}

function hashOf(value: Form, { text = '' }: Form): Form | undefined {
  return /^(sha1|sha256|sha512)$/.test(text) ? called(text, value) : undefined;
}

/** What comes for a match: a group is `$1` here. */
function replacement(by: Form): Form {
  if (by.text === undefined) return by;
  return textForm(by.text.replaceAll('$', '$$$$').replace(/\\(?:g<(\d+)>|(\d))/g, '$$$1$2'));
}

function filtered(list: Form, condition: (item: Form) => Form | undefined): Form | undefined {
  const found = condition(whole('i'));
  return found && listOf(`${inside(list, tightness.whole)}.filter(i, ${found.cel})`);
}

/** Whether an item is wanted: by the test that the first argument names, else by itself. */
function selected(item: Form, args: Arguments): Form | undefined {
  const [test] = args.placed;
  if (!test) return args.named.size === 0 ? truthy(item) : undefined;
  return test.text === undefined ? undefined : tested(test.text, item, without(1, args));
}

function attribute(item: Form, args: Arguments): Form | undefined {
  const [name] = args.placed;
  return name?.text === undefined ? undefined : selected(path(item, name.text), without(1, args));
}

/** `map(attribute='a.b')`; else the first argument names a filter. */
function mapped(list: Form, args: Arguments): Form | undefined {
  const item = whole('i');
  const [name] = args.placed;
  const result = name
    ? name.text === undefined
      ? undefined
      : filterForm(name.text, item, without(1, args))
    : attributeOf(item, args);
  return result && listOf(`${inside(list, tightness.whole)}.map(i, ${result.cel})`);
}

const attributeOf = taking(['attribute', 'default'], (item, name, fallback) => {
  const value = name?.text === undefined ? undefined : path(item, name.text);
  return value && fallback ? called('default', value, fallback) : value;
});
