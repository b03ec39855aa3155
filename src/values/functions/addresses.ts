import { BlockList, isIP } from 'node:net';
import type { ValueFunction } from './function.ts';

const address = { name: 'address', type: 'string' } as const;
const network = { name: 'network', type: 'string' } as const;

interface Prefix {
  readonly bits: 32 | 128;
  readonly value: bigint;
  readonly prefix: number;
}

/** `10.0.0.5/24` or `fd00::1/64`; without a prefix the address alone. */
function parsePrefix(text: string): Prefix {
  const [host = '', length, ...more] = text.split('/');
  const family = isIP(host);
  const bits = family === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (family === 0 || more.length > 0 || length === '' || !Number.isInteger(prefix) || prefix < 0 || prefix > bits)
    throw new TypeError(`"${text}" is not an IP address or network`);
  return { bits, value: family === 4 ? parseV4(host) : parseV6(host), prefix };
}

function parseV4(text: string): bigint {
  return text.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint {
  const plain = text.replace(/(\d+\.\d+\.\d+\.\d+)$/, v4 => {
    const value = parseV4(v4);
    return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = plain.replace(/%.*$/, '').split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':'));
  const [front, back] = [words(head), words(tail ?? '')];
  const zeros = Array(8 - front.length - back.length).fill('0');
  return [...front, ...zeros, ...back].reduce((value, word) => (value << 16n) | BigInt(`0x${word}`), 0n);
}

function format(value: bigint, bits: 32 | 128): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 0xffn).join('.');
  const words = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - at * 16)) & 0xffffn).toString(16)).join(
    ':',
  );
  // The longest run of zeros, the first of equals, is "::" (RFC 5952); one zero alone stays.
  const runs = [...words.matchAll(/\b0(?::0)+\b/g)].toSorted((a, b) => b[0].length - a[0].length || a.index - b.index);
  const [run] = runs;
  if (!run) return words;
  return `${words.slice(0, run.index).replace(/:$/, '')}::${words.slice(run.index + run[0].length).replace(/^:/, '')}`;
}

function mask({ bits, prefix }: Prefix): bigint {
  return ((1n << BigInt(prefix)) - 1n) << BigInt(bits - prefix);
}

/** Functions on IP addresses and networks, of version 4 and 6. */
export const addressFunctions: readonly ValueFunction[] = [
  {
    name: 'ip_address',
    summary: 'The address of ADDRESS/PREFIX, in its shortest form.',
    params: [address],
    returns: 'string',
    example: { args: ['fd00:0:0::1/64'], gives: 'fd00::1' },
    call: (text: string) => {
      const { value, bits } = parsePrefix(text);
      return format(value, bits);
    },
  },
  {
    name: 'ip_network',
    summary: 'The network of ADDRESS/PREFIX, with its prefix.',
    params: [address],
    returns: 'string',
    example: { args: ['10.0.3.5/23'], gives: '10.0.2.0/23' },
    call: (text: string) => {
      const parsed = parsePrefix(text);
      return `${format(parsed.value & mask(parsed), parsed.bits)}/${parsed.prefix}`;
    },
  },
  {
    name: 'ip_prefix',
    summary: 'The length of the prefix of ADDRESS/PREFIX.',
    params: [address],
    returns: 'int',
    example: { args: ['10.0.3.5/23'], gives: 23 },
    call: (text: string) => parsePrefix(text).prefix,
  },
  {
    name: 'ip_netmask',
    summary: 'The netmask of ADDRESS/PREFIX.',
    params: [address],
    returns: 'string',
    example: { args: ['10.0.3.5/23'], gives: '255.255.254.0' },
    call: (text: string) => {
      const parsed = parsePrefix(text);
      return format(mask(parsed), parsed.bits);
    },
  },
  {
    name: 'ip_host',
    summary: 'The address at a place in a network; negative places count from its end.',
    params: [network, { name: 'place', type: 'int' }],
    returns: 'string',
    example: { args: ['10.0.2.0/23', 1], gives: '10.0.2.1' },
    call: (text: string, place: number) => {
      const parsed = parsePrefix(text);
      const size = 1n << BigInt(parsed.bits - parsed.prefix);
      const at = place < 0 ? size + BigInt(place) : BigInt(place);
      if (at < 0n || at >= size) throw new RangeError(`${text} has no address at ${place}`);
      return format((parsed.value & mask(parsed)) + at, parsed.bits);
    },
  },
  {
    name: 'ip_in',
    summary: 'Whether an address is in a network.',
    params: [address, network],
    returns: 'bool',
    example: { args: ['10.0.3.5', '10.0.2.0/23'], gives: true },
    call: (text: string, within: string) => {
      const [own, outer] = [parsePrefix(text), parsePrefix(within)];
      if (own.bits !== outer.bits) return false;
      const family = own.bits === 32 ? 'ipv4' : 'ipv6';
      const list = new BlockList();
      list.addSubnet(format(outer.value, outer.bits), outer.prefix, family);
      return list.check(format(own.value, own.bits), family);
    },
  },
];
