/** The verbs in which a difference is told, and their past. */
const verbs: Readonly<Record<string, string>> = {
  is: 'was',
  are: 'were',
  has: 'had',
  does: 'did',
  do: 'did',
  differ: 'differed',
  differs: 'differed',
  exists: 'existed',
  links: 'linked',
  names: 'named',
  points: 'pointed',
  runs: 'ran',
  uses: 'used',
  wait: 'waited',
  waits: 'waited',
};

const verb = new RegExp(`(?<![^\\s(])(${Object.keys(verbs).join('|')})(?![^\\s,;:)])`, 'g');

/**
 * What differed, for a result of what has been done: "is absent" is "was absent". What follows a
 * semicolon goes on being so.
 */
export function past(reason: string): string {
  const [first = '', ...others] = reason.split(';');
  return [first.replace(verb, word => verbs[word] ?? word), ...others].join(';');
}
