import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Args } from './schema.ts';

/** Whether the request only reads: then it is asked in check mode too, and changes nothing. */
export function onlyReads({ method }: { readonly method: string }): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The status codes that are good. */
export function goodCodes({ status_code }: Args): readonly number[] {
  return typeof status_code === 'number' ? [status_code] : status_code;
}

/** What curl says at the end, in a line of its own. */
const trailer = '\\n%{http_code} %{size_download} %{time_total} %{num_redirects} %{url_effective}\\n';

/** The exchange on stdout: headers, body, and a last line about both. */
export function ask(args: Args): ShellText {
  return sh`${configuration(args)} | ${curl(args)} -i -w ${trailer} -K -`;
}

/**
 * The same for a request that may change something: it fails for another status than those that are
 * good. The body goes to `part` if one is given, and not to stdout.
 */
export function send(args: Args, { toFile = false } = {}): ShellText {
  const codes = raw(goodCodes(args).join('|'));
  const body = toFile ? raw('/proc/self/fd/3') : raw('"$d/body"');
  return join([
    raw('umask 077'),
    raw('d=$(mktemp -d) || exit'),
    raw(`trap 'rm -rf "$d"' 0`),
    sh`w=$(${configuration(args)} | ${curl(args)} -D "$d/head" -o ${body} -w ${trailer.slice(2)} -K -) || exit`,
    raw('cat "$d/head"'),
    !toFile && raw('if [ -e "$d/body" ]; then cat "$d/body"; fi'),
    raw(`printf '\\n%s\\n' "$w"`),
    sh`case \${w%% *} in ${codes}) ;; *) echo ${`${args.method} was answered with`} "\${w%% *}" >&2; exit 1;; esac`,
  ]);
}

/**
 * Where everything goes that may hold a secret: curl reads it from its stdin, and printf is a
 * builtin.
 */
function configuration(args: Args): ShellText {
  const { url, method, headers, url_username, url_password } = args;
  const body = bodyText(args);
  const type = contentType(args);
  const lines = [
    option('url', url),
    ...Object.entries(headers).map(([name, value]) =>
      option('header', value === '' ? `${name};` : `${name}: ${value}`),
    ),
    ...(type === undefined ? [] : [option('header', `Content-Type: ${type}`)]),
    ...(url_username === undefined ? [] : [option('user', `${url_username}:${url_password ?? ''}`)]),
    // Named, a method would be kept on a redirect where another is due.
    ...(method === 'HEAD'
      ? ['head']
      : method === 'GET' && body === undefined
        ? []
        : method === 'POST'
          ? []
          : [option('request', method)]),
    ...(body === undefined && method !== 'POST' ? [] : [option('data-raw', body ?? '')]),
  ];
  return sh`printf '%s\\n' ${lines}`;
}

function curl({ timeout, validate_certs, follow_redirects, method }: Args): ShellText {
  const follow = follow_redirects === 'all' || (follow_redirects === 'safe' && onlyReads({ method }));
  return join(
    [
      raw('curl -q -sS -g --proto =http,https'),
      sh`-m ${timeout}`,
      follow && raw('-L --max-redirs 10 --proto-redir =http,https'),
      !validate_certs && raw('-k'),
    ],
    ' ',
  );
}

function bodyText({ body, body_format }: Args): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (body_format === 'json') return JSON.stringify(body);
  const pairs = Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
  return new URLSearchParams(pairs).toString();
}

function contentType({ headers, body, body_format }: Args): string | undefined {
  const given = Object.keys(headers).some(name => name.toLowerCase() === 'content-type');
  if (given || body === undefined) return undefined;
  return body_format === 'json' ? 'application/json' : undefined;
}

/**
 * A line of curl's configuration (curl(1), --config), in which a quoted value knows these escapes.
 */
function option(name: string, value: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };
  return `${name} = "${value.replace(/[\\"\n\r\t\v]/g, sign => escapes[sign] ?? `\\${sign}`)}"`;
}
