import type { Arguments } from './arguments.ts';
import { choice, filterForm } from './filters.ts';
import {
  asCondition,
  between,
  type Form,
  inside,
  listForm,
  negated,
  noFlag,
  partOf,
  textForm,
  tightness,
  whole,
} from './form.ts';
import { asText, formatted } from './format.ts';
import { callForm } from './lookups.ts';
import { factForm, loopForm, methodForm, variable } from './names.ts';
import { filterNote, nameNote, operatorNote } from './notes.ts';
import { compared, member, tested, truthy } from './tests.ts';
import { fail, found } from './untranslatable.ts';
import { saidBy, type Word } from './words.ts';

/** Reads an expression from left to right; each method is a level of Jinja's grammar. */
export class Reader {
  readonly #words: readonly Word[];
  readonly #notes = new Set<string>();
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  /** What differs of what has been read. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }

  get atEnd(): boolean {
    return this.#word.kind === 'end';
  }

  get #word(): Word {
    return this.#words[this.#at] ?? { kind: 'end', text: '' };
  }

  expression(): Form {
    const value = this.#or();
    if (!this.#take('if')) return value;
    const condition = this.#or();
    return choice(condition, value, this.#take('else') ? this.expression() : whole("''"));
  }

  #or(): Form {
    let left = this.#and();
    while (this.#take('or')) left = between(asCondition(left), '||', asCondition(this.#and()), tightness.or);
    return left;
  }

  #and(): Form {
    let left = this.#not();
    while (this.#take('and')) left = both(left, this.#not());
    return left;
  }

  #not(): Form {
    return this.#take('not') ? negated(this.#not()) : this.#compare();
  }

  #compare(): Form {
    const left = this.#sum();
    const operator = ['==', '!=', '<=', '>=', '<', '>', 'in'].find(sign => this.#take(sign));
    if (operator === 'in') return member(left, this.#sum());
    if (operator !== undefined) return compared(left, operator, this.#sum());
    if (!this.#take('not', 'in')) return left;
    return negated(member(left, this.#sum()));
  }

  #sum(): Form {
    let left = this.#product();
    for (;;) {
      if (this.#take('~')) left = between(asText(left), '+', asText(this.#product()), tightness.sum);
      else if (this.#take('+')) left = between(left, '+', this.#product(), tightness.sum);
      else if (this.#take('-')) left = between(left, '-', this.#product(), tightness.sum);
      else return left;
    }
  }

  #product(): Form {
    let left = this.#unary();
    for (;;) {
      const sign = ['*', '//', '/', '%'].find(one => this.#take(one));
      if (sign === undefined) return left;
      if (sign === '%' && left.text !== undefined) {
        left = found(formatted(left, [this.#unary()]), 'format');
        continue;
      }
      this.#note(operatorNote(sign, left));
      const [of, operator] = quotients[sign] ?? [left => left, sign];
      left = between(of(left), operator, this.#unary(), tightness.product);
    }
  }

  #unary(): Form {
    if (!this.#take('-')) return this.#filtered(this.#parts(this.#primary()));
    return { cel: `-${inside(this.#unary(), tightness.not)}`, tight: tightness.not };
  }

  #filtered(value: Form): Form {
    if (this.#take('|')) {
      const name = this.#names();
      const args = this.#take('(') ? this.#arguments(')') : noArguments;
      this.#note(filterNote(name));
      return this.#filtered(found(filterForm(name, value, args), name));
    }
    if (!this.#take('is')) return value;
    const isNot = this.#take('not');
    const name = this.#names();
    const args = this.#take('(') ? this.#arguments(')') : noArguments;
    const test = found(tested(name.toLowerCase(), value, args), `is ${name}`);
    return this.#filtered(isNot ? negated(test) : test);
  }

  #parts(of: Form): Form {
    if (this.#take('[')) {
      const key = this.expression();
      return this.#take(']') ? this.#parts(partOf(of, key)) : fail();
    }
    if (!this.#take('.')) return of;
    const { kind, text } = this.#next();
    if (kind === 'number') return this.#parts(partOf(of, whole(text)));
    if (kind !== 'name') return fail();
    if (!this.#take('(')) return this.#parts(partOf(of, textForm(text)));
    return this.#parts(found(methodForm(text, of, this.#arguments(')')), text));
  }

  #primary(): Form {
    const { kind, text } = this.#next();
    if (kind === 'text') return textForm(saidBy(text));
    if (kind === 'number') return noFlag(whole(text, text));
    if (text === 'ansible_facts') return this.#fact();
    if (text === 'loop' && this.#take('.')) return found(loopForm(this.#next().text));
    if (kind === 'name') return this.#take('(') ? this.#call(text) : this.#variable(text);
    if (text === '[') return this.#list();
    if (text === '{') return this.#map();
    if (text !== '(') return fail();
    const value = this.expression();
    return this.#take(')') ? value : fail();
  }

  #variable(name: string): Form {
    this.#note(nameNote(name));
    return variable(name);
  }

  #call(name: string): Form {
    const args = this.#arguments(')');
    const plugin = /^(lookup|query|q)$/.test(name)
      ? args.placed[0]?.text?.replace(/^ansible\.builtin\./, '')
      : undefined;
    return found(callForm(name, args), plugin === undefined ? name : `lookup ${plugin}`);
  }

  /** `ansible_facts.os_family`, `ansible_facts['os_family']`. */
  #fact(): Form {
    const inBrackets = this.#take('[');
    if (!inBrackets && !this.#take('.')) return fail();
    const name = this.#next().text.replace(/^['"]|['"]$/g, '');
    if (inBrackets && !this.#take(']')) return fail();
    this.#note(nameNote(`ansible_${name}`));
    return found(factForm(`ansible_${name}`));
  }

  #note(note: string | undefined): void {
    if (note !== undefined) this.#notes.add(note);
  }

  #list(): Form {
    const { placed, named } = this.#arguments(']');
    return named.size > 0 ? fail() : listForm(placed);
  }

  #map(): Form {
    const pairs: string[] = [];
    while (!this.#take('}')) {
      const key = this.expression();
      if (!this.#take(':')) return fail();
      pairs.push(`${key.cel}: ${this.expression().cel}`);
      this.#take(',');
      if (this.atEnd) return fail();
    }
    return whole(`{${pairs.join(', ')}}`);
  }

  /** Values with commas between them, some of them with their names. */
  #arguments(end: string): Arguments {
    const placed: Form[] = [];
    const named = new Map<string, Form>();
    while (!this.#take(end)) {
      const name = this.#words[this.#at + 1]?.text === '=' ? this.#next().text : undefined;
      if (name !== undefined) this.#next();
      const value = this.expression();
      if (name === undefined) placed.push(value);
      else named.set(name, value);
      if (this.atEnd) return fail();
      this.#take(',');
    }
    return { placed, named };
  }

  #names(): string {
    let name = this.#next().text;
    while (this.#take('.')) name += `.${this.#next().text}`;
    return name;
  }

  #next(): Word {
    const word = this.#word;
    this.#at += 1;
    return word;
  }

  /** Goes past these words if they are next. */
  #take(...texts: readonly string[]): boolean {
    const here = texts.every((text, at) => {
      const word = this.#words[this.#at + at];
      return word?.text === text && (word.kind === 'sign' || word.kind === 'name');
    });
    if (here) this.#at += texts.length;
    return here;
  }
}

/**
 * Two conditions. Where one asks whether there is a value, that may be a text or a list: it counts
 * by any measure.
 */
function both(left: Form, right: Form): Form {
  const asked = `defined(${right.cel})`;
  const isAsked = left.cel === asked || left.cel.endsWith(` && ${asked}`);
  return between(asCondition(left), '&&', isAsked ? truthy(right) : asCondition(right), tightness.and);
}

/** Between whole numbers `/` is whole here, as `//` is in Python. */
const quotients: Readonly<Record<string, readonly [left: (left: Form) => Form, operator: string]>> = {
  '/': [left => whole(`double(${left.cel})`), '/'],
  '//': [left => left, '/'],
};

const noArguments: Arguments = { placed: [], named: new Map() };
