import { isLazy, lazyMap } from './lazy.ts';

/** Whole numbers of JSON are CEL's int, which is a BigInt here. */
export function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === 'object' && value !== null) {
    const map = value as Readonly<Record<string, unknown>>;
    if (isLazy(value)) return lazyMap(Object.keys(value), key => toCel(map[key]));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toCel(item)]));
  }
  return value;
}

/** A value of CEL as plain data. */
export function fromCel(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(fromCel);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), fromCel(item)]));
  if (typeof value === 'object' && value !== null) {
    if (isLazy(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromCel(item)]));
  }
  return value;
}
