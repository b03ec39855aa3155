/** One clause of a symbolic mode. */
const clause = '([ugoa]+([-+=][rwxXstugo]*)+|([-+=][rwxXst]*)+)';

/**
 * JSON Schema of a file mode: octal digits as a string (`'0644'`), or symbolic clauses as chmod(1)
 * takes them (`u=rw,g=r,o=`, `+x`), blanks after their commas allowed. A number is refused: YAML
 * reads 0644 as 644.
 */
export const modeSchema = {
  type: 'string',
  pattern: `^(0*[0-7]{3,4}|${clause}(, *${clause})*)$`,
  'x-form': `octal digits as a text ('0644') or clauses as of chmod ('+x', 'u=rw,g=r,o=')`,
  description:
    "The permissions as a quoted string: octal ('0644') or symbolic ('u=rw,g=r,o=', '+x'; " +
    'without whom it concerns it is for all, but w for the owner, as under the umask 022). ' +
    'Not given: an existing path keeps its mode.',
} as const;

const everyone = ['u', 'g', 'o'] as const;

type Person = (typeof everyone)[number];

const shifts = { u: 6, g: 3, o: 0 } as const;

/** A mode, or `preserve`: that of the file which is copied. */
export const copiedModeSchema = {
  ...modeSchema,
  pattern: `^preserve$|${modeSchema.pattern}`,
  'x-form': `${modeSchema['x-form']}, or preserve`,
  description: `${modeSchema.description} preserve: that of src.`,
} as const;

/**
 * The permission bits that `mode` asks for.
 * @param current the bits that are there, on which symbolic clauses build
 * @param directory true for a directory: `X` sets the search bit, and octal digits of three keep
 * set-id bits off
 */
export function resolveMode(mode: string, current: number, directory: boolean): number {
  if (/^[0-7]+$/.test(mode)) return Number.parseInt(mode, 8);
  return explicit(mode).reduce((bits, clause) => applyClause(bits, clause, directory), current);
}

/** `0644` and the like: four digits, as `stat -c %a` would print them with a leading zero. */
export function formatMode(bits: number): string {
  return bits.toString(8).padStart(4, '0');
}

/**
 * The clauses of a symbolic mode, each with whom it concerns. Where chmod would ask the umask of
 * its process, it is that of nearly all systems, 022: what a mode comes to is known beforehand.
 */
function explicit(mode: string): readonly string[] {
  return mode.split(/, */).flatMap(text => {
    if (!/^[-+=]/.test(text)) return [text];
    return [...text.matchAll(/([-+=])([rwxXst]*)/g)].flatMap(([, operator, letters = '']) => {
      const others = letters.replaceAll('w', '');
      const ofOwner = letters === others ? [] : [`u${operator === '=' ? '+' : operator}w`];
      return others === '' && operator !== '=' ? ofOwner : [`a${operator}${others}`, ...ofOwner];
    });
  });
}

/**
 * The mode as an argument of chmod. GNU's keeps the set-id bits of a directory under up to four
 * octal digits; with five they are the whole mode, in busybox too.
 */
export function chmodMode(mode: string | number, directory: boolean): string {
  const text = typeof mode === 'number' ? formatMode(mode) : mode;
  if (!/^[0-7]+$/.test(text)) return explicit(text).join(',');
  return directory ? text.padStart(5, '0') : text;
}

function applyClause(before: number, clause: string, directory: boolean): number {
  const [who = ''] = /^[ugoa]+/.exec(clause) ?? [];
  const people = everyone.filter(person => who.includes('a') || who.includes(person));
  let bits = before;
  for (const [, operator, letters = ''] of clause.slice(who.length).matchAll(/([-+=])([rwxXstugo]*)/g)) {
    const wanted = people.reduce((sum, person) => sum | bitsFor(letters, person, bits, directory), 0);
    if (operator === '+') bits |= wanted;
    else if (operator === '-') bits &= ~wanted;
    else bits = (bits & ~ownedBy(people, directory)) | wanted;
  }
  return bits;
}

function bitsFor(letters: string, person: Person, current: number, directory: boolean): number {
  const shift = shifts[person];
  let bits = 0;
  for (const letter of letters) {
    if (letter === 'r') bits |= 4 << shift;
    else if (letter === 'w') bits |= 2 << shift;
    else if (letter === 'x') bits |= 1 << shift;
    else if (letter === 'X') bits |= directory || current & 0o111 ? 1 << shift : 0;
    else if (letter === 's') bits |= person === 'u' ? 0o4000 : person === 'g' ? 0o2000 : 0;
    else if (letter === 't') bits |= 0o1000;
    else bits |= bitsOf(letter, current) << shift;
  }
  return bits;
}

/** The bits that somebody has, for who is to have the same. */
function bitsOf(letter: string, current: number): number {
  const person = everyone.find(one => one === letter);
  return person === undefined ? 0 : (current >> shifts[person]) & 7;
}

const specials: Readonly<Record<Person, number>> = { u: 0o4000, g: 0o2000, o: 0o1000 };

/**
 * What `=` clears. chmod keeps the set-id bits of a directory unless they are named, and so does
 * this.
 */
function ownedBy(people: readonly Person[], directory: boolean): number {
  const kept = directory ? 0o6000 : 0;
  return people.reduce((mask, person) => mask | (7 << shifts[person]) | (specials[person] & ~kept), 0);
}
