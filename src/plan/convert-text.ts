interface Property {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Property;
  readonly anyOf?: readonly Property[];
  readonly oneOf?: readonly Property[];
}

/**
 * The text of a `k=v` on a command line as the value that its schema wants: a number, true or false, JSON, a list with commas (where a text would not do);
 * else the text.
 */
export function convertText(property: Property | undefined, text: string): unknown {
  const forms = formsOf(property ?? {});
  const types = new Set(forms.flatMap(({ type }) => type ?? []));
  const choices = forms.flatMap(form => form.enum ?? []);
  const choice = choices.find(item => String(item) === text);
  if (choice !== undefined) return choice;
  if ((types.has('integer') || types.has('number')) && /^-?[0-9]+([.][0-9]+)?$/.test(text)) return Number(text);
  if (types.has('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  if (types.has('null') && text === 'null') return null;
  const structured = types.has('object') || types.has('array') || (types.size === 0 && choices.length === 0);
  if (structured && /^\s*[[{]/.test(text)) return parseJson(text);
  const list = forms.find(({ type }) => [type].flat().includes('array'));
  if (list && !types.has('string'))
    return text === '' ? [] : text.split(',').map(item => convertText(list.items, item));
  return text;
}

/** The forms that a value may have: the schema itself, or each of its `anyOf`. */
function formsOf(property: Property): readonly Property[] {
  return [property, ...[...(property.anyOf ?? []), ...(property.oneOf ?? [])].flatMap(formsOf)];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
