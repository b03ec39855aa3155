import { raw, type ShellText, sh } from '../../shell/quote.ts';

export interface Download {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds for the connection, and for a transfer that does not move. */
  readonly timeout: number;
  readonly validate_certs: boolean;
}

/**
 * Fetches with the program that the host has, and prints what comes. curl reads URL and headers
 * from its stdin, since both may hold a secret;
 * wget takes the URL on its command line and no headers.
 */
export function download(what: Download, program: 'curl' | 'wget'): ShellText {
  return program === 'curl' ? curl(what) : wget(what);
}

function curl({ url, headers, timeout, validate_certs }: Download): ShellText {
  const lines = [
    `url = ${configured(url)}`,
    ...Object.entries(headers).map(([name, value]) => `header = ${configured(`${name}: ${value}`)}`),
  ];
  const insecure = validate_certs ? raw('') : raw(' -k');
  const limits = sh`--connect-timeout ${timeout} --speed-limit 1 --speed-time ${Math.max(timeout, 30)}`;
  return sh`printf '%s\\n' ${lines} | curl -q -fsSL -g${insecure} ${limits} -K -`;
}

/** busybox has wget without long options, and without a check of certificates in some builds. */
function wget({ url, timeout, validate_certs }: Download): ShellText {
  const insecure = validate_certs ? raw('') : raw(' --no-check-certificate');
  return sh`wget -q -T ${timeout}${insecure} -O - -- ${url}`;
}

/** A value in curl's configuration syntax (curl(1), --config). */
function configured(value: string): string {
  const escaped = value.replace(/[\\"]/g, sign => `\\${sign}`).replace(/[\r\n\t\v]/g, ' ');
  return `"${escaped}"`;
}
