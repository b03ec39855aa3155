/**
 * Where in a template something stands: which names the loops around it give, and how many of them
 * there are.
 */
export interface Place {
  readonly locals: ReadonlySet<string>;
  /** A variable is so many `../` away. */
  readonly depth: number;
}

/** Where loops begin and end, in the words of Jinja and of Handlebars. */
const edges = new RegExp(
  [
    String.raw`\{%[-+]?\s*(?:for\s+(?<names>[\w\s,]+?)\s+in\b|endfor\b)|`,
    String.raw`\{\{~?(?:#(?:each|with)\b[^}]*?(?:\bas\s*\|(?<params>[\w\s]*)\|)?\s*~?\}\}|`,
    String.raw`\/(?:each|with)\b)`,
  ].join(''),
  'g',
);

/** The place of a character in a template, which may have loops of both languages. */
export function placeAt(text: string, offset: number): Place {
  const around: (readonly string[])[] = [];
  for (const { 0: edge, index, groups = {} } of text.matchAll(edges)) {
    if (index >= offset) break;
    if (/endfor$|\{~?\//.test(edge)) around.pop();
    else around.push((groups.names ?? groups.params ?? '').split(/[\s,]+/).filter(name => name !== ''));
  }
  return { locals: new Set(around.flat()), depth: around.length };
}

/**
 * A path or a call of a helper as it is written at a place: in a loop a bare name is a field of its
 * item, and a variable has `../` before it.
 */
export function helperAt(helper: string, { locals, depth }: Place): string {
  if (depth === 0) return helper;
  const isCall = helper.includes(' ');
  return helper.replace(
    /'[^']*'|"[^"]*"|(^|[( ])([A-Za-z_][^\s()]*)/g,
    (all, before: string | undefined, path: string | undefined, at: number) => {
      if (path === undefined || before === '(' || (isCall && at === 0 && before === '')) return all;
      const [name = ''] = path.split('.');
      return locals.has(name) || constants.has(name) ? all : `${before}${'../'.repeat(depth)}${path}`;
    },
  );
}

const constants: ReadonlySet<string> = new Set(['true', 'false', 'null', 'this']);
