import type { Inputs } from '../events/run-start.ts';

/** What differs between the inputs of two runs whose hashes have the same key, a line each. */
export function differingInputs(before: Inputs, now: Inputs): readonly string[] {
  return [
    ...differing(before.files, now.files).map(([file, how]) => `${file} ${how}`),
    ...(before.inventory === now.inventory ? [] : ['the inventory was changed']),
    ...differing(before.variables, now.variables).map(([name, how]) => `the variable ${name} of -e ${how}`),
  ];
}

type Hashes = Readonly<Record<string, string>>;

function differing(before: Hashes, now: Hashes): readonly (readonly [string, string])[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  return names.filter(name => before[name] !== now[name]).map(name => [name, howOf(before[name], now[name])]);
}

function howOf(before: string | undefined, now: string | undefined): string {
  if (before === undefined) return 'was added';
  return now === undefined ? 'is missing' : 'was changed';
}
