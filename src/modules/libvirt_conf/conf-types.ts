import type { ConfValue } from './conf-text.ts';

/** What libvirt expects of a setting. */
export type ConfType = 'str' | 'bool' | 'int' | 'str_array' | 'limits';

/**
 * The settings that this libvirt knows, from the lens that comes with it: `str_entry "vnc_listen"`.
 */
export function knownSettings(lens: string): ReadonlyMap<string, ConfType> {
  const entries = lens.matchAll(/\b(str|bool|int|str_array|limits)_entry\s+"([A-Za-z0-9_]+)"/g);
  return new Map(entries.map(([, type, name = '']) => [name, type as ConfType]));
}

/**
 * Settings of qemu.conf that take one text or a list of them; the lens knows the first form only.
 */
const oneOrSeveral = ['hugetlbfs_mount', 'security_driver'];

/** What is wrong with a value; undefined if it fits. */
export function misfit(name: string, type: ConfType, value: ConfValue): string | undefined {
  const whole = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  const list = Array.isArray(value);
  const fits: Readonly<Record<ConfType, boolean>> = {
    str: typeof value === 'string' || (list && oneOrSeveral.includes(name)),
    bool: typeof value === 'boolean' || value === 0 || value === 1,
    int: whole,
    str_array: list,
    limits: whole || value === 'unlimited',
  };
  const wants: Readonly<Record<ConfType, string>> = {
    str: 'a text',
    bool: 'true or false',
    int: 'a whole number',
    str_array: 'a list of texts',
    limits: 'a whole number, or "unlimited"',
  };
  return fits[type] ? undefined : `${name} is ${wants[type]}, not ${JSON.stringify(value)}`;
}
