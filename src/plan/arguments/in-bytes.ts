import { parseSize } from '../../host/size.ts';
import { isMap } from '../../language/source.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly 'x-size'?: true;
}

/**
 * Valid arguments with their sizes (`x-size`) in bytes; what may be there instead of a size
 * (`auto`, `50%FREE`) stays.
 */
export function inBytes(schema: Schema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  if (typeof value === 'string') return isSize(schema) ? (parseSize(value) ?? value) : value;
  if (Array.isArray(value)) return value.map(item => inBytes(schema.items, item));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inBytes(fieldOf(schema, key), item)]));
}

function isSize({ 'x-size': size, anyOf = [] }: Schema): boolean {
  return size === true || anyOf.some(isSize);
}

function fieldOf({ properties, additionalProperties: others }: Schema, key: string): Schema | undefined {
  if (properties && Object.hasOwn(properties, key)) return properties[key];
  return typeof others === 'object' ? others : undefined;
}
