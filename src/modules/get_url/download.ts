import { join, raw, type ShellText, sh } from '../../shell/quote.ts';

export interface Download {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds for the connection, and for a transfer that does not move. */
  readonly timeout: number;
  readonly validate_certs: boolean;
}

/**
 * Fetches to `part` with the program that the host has. curl reads URL and headers from its stdin, since both may hold a secret;
 * wget takes the URL on its command line and no headers.
 */
export function download(what: Download, program: 'curl' | 'wget', part: string): ShellText {
  const fetch = program === 'curl' ? curl(what, part) : wget(what, part);
  return join([raw('umask 077'), sh`rm -f -- ${part}`, sh`${fetch} || { rc=$?; rm -f -- ${part}; exit $rc; }`]);
}

function curl({ url, headers, timeout, validate_certs }: Download, part: string): ShellText {
  const lines = [
    `url = ${configured(url)}`,
    ...Object.entries(headers).map(([name, value]) => `header = ${configured(`${name}: ${value}`)}`),
  ];
  const insecure = validate_certs ? raw('') : raw(' -k');
  return sh`printf '%s\\n' ${lines} | curl -q -fsSL -g${insecure} --connect-timeout ${timeout} --speed-limit 1 --speed-time ${Math.max(timeout, 30)} -o ${part} -K -`;
}

/** busybox has wget without long options, and without a check of certificates in some builds. */
function wget({ url, timeout, validate_certs }: Download, part: string): ShellText {
  const insecure = validate_certs ? raw('') : raw(' --no-check-certificate');
  return sh`wget -q -T ${timeout}${insecure} -O ${part} -- ${url}`;
}

/** A value in curl's configuration syntax (curl(1), --config). */
function configured(value: string): string {
  const escaped = value.replace(/[\\"]/g, sign => `\\${sign}`).replace(/[\r\n\t\v]/g, ' ');
  return `"${escaped}"`;
}
