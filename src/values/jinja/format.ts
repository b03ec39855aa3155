import { between, type Form, textForm, tightness, whole } from './form.ts';

/**
 * A text of Python with `%s` and `%d` in it and the values for them, as a sum; undefined for other
 * patterns.
 */
export function formatted({ text }: Form, values: readonly Form[]): Form | undefined {
  const pieces = (text ?? '%').replaceAll('%%', '\0').split(/%[sd]/);
  if (pieces.some(piece => piece.includes('%')) || pieces.length !== values.length + 1) return undefined;
  const texts = pieces.map(piece => textForm(piece.replaceAll('\0', '%')));
  const [first, ...terms] = texts
    .flatMap((piece, at) => [piece, ...values.slice(at, at + 1).map(asText)])
    .filter(term => term.text !== '');
  return first && terms.reduce((sum, term) => between(sum, '+', term, tightness.sum), first);
}

/** A value as the text of it. */
export function asText(form: Form): Form {
  return form.text !== undefined || form.cel.startsWith('string(') ? form : whole(`string(${form.cel})`);
}
