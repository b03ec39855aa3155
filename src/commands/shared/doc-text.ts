import { home } from '../../home.ts';
import { keywords } from '../../language/parse/keywords.ts';
import type { AnyModule } from '../../modules/module.ts';
import type { AnyAction } from '../../run/actions/action.ts';
import type { ValueFunction } from '../../values/functions/function.ts';
import { functionGroups, functions } from '../../values/functions/index.ts';
import { operators } from '../../values/functions/operators.ts';

interface Property {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Property[];
  readonly default?: unknown;
  readonly description?: string;
  readonly 'x-aliases'?: readonly string[];
  readonly items?: Property;
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}

/** The documentation of a module or action as Markdown, from its schemas alone. */
export function moduleText(module: AnyModule | AnyAction): string {
  const returns = module.returns as Property;
  const freeForm = module.freeForm === undefined ? [] : [`A plain text stands for \`${module.freeForm}\`.`, ''];
  return [
    `# ${module.name}`,
    '',
    module.summary,
    '',
    ...(module.description === undefined ? [] : [module.description.trim(), '']),
    '## Arguments',
    '',
    ...freeForm,
    schemaTable(module.args),
    '',
    ...(Object.keys(returns.properties ?? {}).length > 0 ? ['## Result', '', schemaTable(returns), ''] : []),
    '## Examples',
    '',
    '```yaml',
    module.examples.map(example => example.trimEnd()).join('\n\n'),
    '```',
  ].join('\n');
}

/** The functions of templates and expressions as Markdown, from their table alone. */
export function functionsText(): string {
  const groups = Object.entries(functionGroups).map(
    ([title, functions]) => `## ${title}\n\n${functions.map(functionLine).join('\n')}`,
  );
  const about = [
    'Each is {{ name a b }} in templates and name(a, b) in expressions.',
    'A template takes a whole expression as {{ cel "a + 1" }} or {{#if (cel "a == b && size(c) > 0")}};',
    'it sees the variables, the names of {{#each list as |item|}}, and this, @index, @key, @first and @last.',
  ];
  const own = operators.map(({ name, summary, example }) => {
    const args = example.args.map(item => JSON.stringify(item)).join(' ');
    return `- \`${name}\`: ${summary} \`${name} ${args}\` is \`${example.gives}\`.`;
  });
  const inTemplates = `## Only in templates: expressions have operators\n\n${own.join('\n')}`;
  return ['# functions', '', about.join('\n'), '', [...groups, inTemplates].join('\n\n')].join('\n');
}

function functionLine({ name, params, summary, example }: ValueFunction): string {
  const names = params.map(({ name: param, optional }) => (optional ? `[${param}]` : param)).join(', ');
  const args = example.args.map(item => JSON.stringify(item)).join(', ');
  return `- \`${name}(${names})\`: ${summary} \`${name}(${args})\` is \`${JSON.stringify(example.gives)}\`.`;
}

/** The documentation of one function of templates and expressions; undefined for any other name. */
export function functionText(name: string): string | undefined {
  const found = functions.find(one => one.name === name);
  return found && `# Function ${name}\n\n${functionLine(found)}\n\nIn a template: {{ ${inTemplate(found)} }}.`;
}

function inTemplate({ name, params }: ValueFunction): string {
  return [name, ...params.filter(({ optional }) => !optional).map(param => param.name)].join(' ');
}

/**
 * The documentation of a keyword of playbooks: what may have it, and its values; undefined for any
 * other name.
 */
export function keywordText(name: string): string | undefined {
  const places = Object.entries(keywords).flatMap(([place, schemas]) => {
    const schema = (schemas as Readonly<Record<string, Property>>)[name];
    return schema === undefined ? [] : [{ place, schema }];
  });
  if (places.length === 0) return undefined;
  const kinds = [...new Set(places.map(({ schema }) => keywordKind(schema)))];
  const lines = kinds.map(kind => {
    const having = places.filter(({ schema }) => keywordKind(schema) === kind).map(({ place }) => place);
    return `- of ${having.join(', ')}: ${kind}`;
  });
  return [`# Keyword ${name}`, '', ...lines, '', `What it does: ${home}docs/language.md`].join('\n');
}

function keywordKind(schema: Property): string {
  const kind = schema.type || schema.enum ? kindOf(schema) : 'a list or a value';
  return schema.description === undefined ? kind : `${kind}. ${schema.description}`;
}

/** A schema's properties as a list: name, kind, default, what it is for; inner ones indented. */
export function schemaTable(schema: object, depth = 0): string {
  const { properties = {}, required = [] } = schema as Property;
  const pad = '  '.repeat(depth);
  const lines = Object.entries(properties).flatMap(([name, property]) => {
    const notes = [
      kindOf(property),
      ...(required.includes(name) ? ['required'] : []),
      ...(property['x-aliases'] ?? []).map(alias => `also as ${alias}`),
      ...(property.default === undefined ? [] : [`default ${JSON.stringify(property.default)}`]),
    ];
    const inner = property.properties ? property : property.items?.properties ? property.items : undefined;
    const line = `${pad}- \`${name}\` (${notes.join(', ')}): ${property.description ?? ''}`.trimEnd();
    return inner ? [line, schemaTable(inner, depth + 1)] : [line];
  });
  return lines.length > 0 ? lines.join('\n') : `${pad}- none`;
}

function kindOf(property: Property): string {
  if (property.enum) return property.enum.map(item => JSON.stringify(item)).join(' | ');
  if (property.anyOf) return [...new Set(property.anyOf.map(kindOf))].join(' or ');
  const type = [property.type ?? 'any'].flat().join(' or ');
  return type === 'array' && property.items ? `list of ${kindOf(property.items)}` : type;
}
