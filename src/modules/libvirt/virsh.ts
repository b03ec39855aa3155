import { type ShellText, sh } from '../../shell/quote.ts';

/** `virsh` without headers, on a connection. */
export function virsh(uri: string): ShellText {
  return sh`virsh -q -c ${uri}`;
}

/** The argument that every module for libvirt has. */
export const uriSchema = {
  type: 'string',
  pattern: '^[a-z+]+:',
  default: 'qemu:///system',
  description: "libvirt's connection.",
} as const;

/** JSON Schema of a domain's name. */
export const domainName = { type: 'string', pattern: '^[^/\\n-][^/\\n]*$', maxLength: 200 } as const;
