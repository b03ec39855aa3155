import { secretsHint } from '../../language/yaml-mistakes.ts';
import { foreignCommand } from './foreign-words.ts';

const ownArguments = 'Write the arguments behind the module: hostwright run PATTERN MODULE k=v.';

/** Options of Ansible, and what there is here instead. */
const forms: Readonly<Record<string, string>> = {
  '-m': 'Write the module behind the pattern: hostwright run PATTERN MODULE.',
  '--module-name': 'Write the module behind the pattern: hostwright run PATTERN MODULE.',
  '-a': ownArguments,
  '--args': ownArguments,
  '-J': secretsHint,
  '--ask-vault-pass': secretsHint,
  '--ask-vault-password': secretsHint,
  '--vault-password-file': secretsHint,
  '--vault-pass-file': secretsHint,
  '--vault-id': secretsHint,
  '--list-tasks': 'Write --list.',
  '--list-hosts': 'Write --list.',
  '--list-tags': 'Write --list: it shows the tags of each task.',
  '--start-at-task': 'Write --from TASK.',
  '--syntax-check': 'Write: hostwright lint PLAYBOOK.',
  '--remote-user': 'Write -u, or --user.',
  '--inventory-file': 'Write -i, or --inventory.',
  '--key-file': 'Write --private-key.',
  '--become-pass-file': 'Write --become-password-file.',
  '--conn-pass-file': 'Write --connection-password-file.',
  '--ssh-common-args': 'Write -e ansible_ssh_common_args="…".',
  '--ssh-extra-args': 'Write -e ansible_ssh_extra_args="…".',
  '-M': 'Modules have their place in Hostwright; roles have --roles-path.',
  '--module-path': 'Modules have their place in Hostwright; roles have --roles-path.',
  '-B': 'Write a playbook: a task there takes "async".',
  '--background': 'Write a playbook: a task there takes "async".',
  '--flush-cache': 'Leave it out: facts are gathered in each run.',
  '--one-line': 'Leave it out, or write -o lines.',
  '--sudo': 'Write -b, or --become.',
};

/** The options of Ansible that a hint is known for. */
export const foreignOptions: readonly string[] = Object.keys(forms);

/**
 * An error of the command line, with what to write for an option or a command of Ansible.
 * @param words of the command line behind the program's name
 */
export function withForeignForm(error: string, words: readonly string[]): string {
  const command = /unknown command '([^']*)'/.exec(error)?.[1];
  const instead = command === undefined || command !== words[0] ? undefined : foreignCommand(words);
  if (instead !== undefined) return `error: unknown command '${command}'\n  ${instead}\n`;
  const option = /unknown option '(-[\w-]+)/.exec(error)?.[1] ?? '';
  return Object.hasOwn(forms, option) ? `${error.trimEnd()}\n  ${forms[option]}\n` : error;
}
