import { quote, type ShellText, sh } from '../../shell/quote.ts';

/** `virsh` without headers, on a connection. */
export function virsh(uri: string): ShellText {
  return sh`virsh -q -c ${uri}`;
}

/**
 * What stands behind the answer of each command but the last, where one virsh carries out several.
 */
export const virshMark = '=== hostwright domain';

/**
 * The answers of several commands. Not every version of virsh ends what it echoes with a newline.
 */
export function splitAnswers(stdout: string): readonly string[] {
  return stdout.split(new RegExp(`${virshMark}\\n?`));
}

/**
 * Several commands of virsh in one process: to start one and connect takes longer than what it is
 * asked. It leaves with what the last command says; whether another one failed shows by its answer,
 * which is empty. virsh reads words as a shell does.
 */
export function virshAll(uri: string, commands: readonly ShellText[]): ShellText {
  const text = commands.map(command => command.text).join(`; echo ${quote(virshMark)}; `);
  return sh`${virsh(uri)} ${text}`;
}

/** The lines of a list that virsh printed. */
export function listed(text: string): readonly string[] {
  const lines = text.split('\n').map(line => line.trim());
  return lines.filter(line => line !== '');
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
