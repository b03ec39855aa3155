import { textOf } from '../../host/file/goal.ts';
import { CannotTell, type Resource } from '../../shell/answer.ts';
import type { Output } from '../../shell/script.ts';

/** What a server answered. */
export interface Response {
  readonly status: number;
  /** Without user and password. */
  readonly url: string;
  readonly redirected: boolean;
  /** Seconds. */
  readonly elapsed: number;
  /** Of the last answer, by lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A service that an earlier task would start is what answers. */
export const needsService: readonly Resource[] = [
  { kind: 'unit', name: '*' },
  { kind: 'program', name: 'curl' },
];

/**
 * Reads what curl printed.
 * @throws CannotTell where nothing was answered, or not all of it came.
 */
export function readResponse(found: Output | undefined, where: string): Response {
  if (!found) throw new CannotTell('curl gave no answer');
  if (found.code === 127) {
    throw new CannotTell('the host has no curl', {
      advice: 'Install curl first. wget would show headers and passwords to everybody, and tells no status.',
      needs: [
        { kind: 'program', name: 'curl' },
        { kind: 'package', name: 'curl' },
      ],
    });
  }
  if (found.code !== 0) {
    const said = found.stderr.trim() || `curl exited with code ${found.code}`;
    throw new CannotTell(`${where} did not answer: ${said}`, {
      advice: 'Try it on the host itself. If the service needs time to start, set retries and delay.',
      needs: needsService,
    });
  }
  const response = parseResponse(found.bytes);
  if (!response) throw new CannotTell(`what ${where} answered could not be read`);
  return response;
}

/**
 * The answer in curl's output; undefined where it is not whole. `bodyInFile`: the body went to a
 * file.
 */
export function parseResponse(bytes: Uint8Array, options: { bodyInFile?: boolean } = {}): Response | undefined {
  const at = bytes.lastIndexOf(10, bytes.length - 2);
  if (at < 0) return undefined;
  const last = textOf(bytes.subarray(at + 1)) ?? '';
  const [, status, size, elapsed, redirects, url] = /^(\d{3}) (\d+) ([\d.]+) (\d+) (\S+)\n$/.exec(last) ?? [];
  if (url === undefined) return undefined;
  const start = at - (options.bodyInFile ? 0 : Number(size));
  const heads = start < 0 ? '' : new TextDecoder().decode(bytes.subarray(0, start));
  if (!heads.startsWith('HTTP/') || !/\r?\n\r?\n$/.test(heads)) return undefined;
  return {
    status: Number(status),
    elapsed: Number(elapsed),
    redirected: Number(redirects) > 0,
    url: withoutUser(url),
    headers: headersOf(heads),
    body: bytes.subarray(start, at),
  };
}

/** A URL as it may be shown. */
export function withoutUser(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

/** The result's own fields. */
export function responseResult(
  { status, url, redirected, elapsed, headers, body }: Response,
  returnContent: boolean,
): Readonly<Record<string, unknown>> {
  const isJson = /[/+]json\b/.test(headers['content-type'] ?? '');
  const text = returnContent || isJson ? new TextDecoder().decode(body) : '';
  const json = isJson ? parseJson(text) : undefined;
  return {
    status,
    url,
    redirected,
    elapsed,
    headers,
    ...(returnContent && { content: text }),
    ...(json !== undefined && { json }),
  };
}

/** Each redirect has headers of its own, and an interim answer too: the last count. */
function headersOf(heads: string): Readonly<Record<string, string>> {
  const blocks = heads.split(/\r?\n\r?\n/).filter(block => block !== '');
  const [, ...lines] = (blocks.at(-1) ?? '').split(/\r?\n/);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value = ''] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  return headers;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
