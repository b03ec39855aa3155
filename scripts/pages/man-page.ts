import type { Command, Option } from 'commander';
import { fileVariable } from '../../src/commands/settings/project-file.ts';
import { optionName, settingNames, variableName } from '../../src/commands/settings/table.ts';
import { exitCodes } from '../../src/errors.ts';

const exitTexts: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'Done.',
  failed: 'A host failed.',
  changed:
    'With --detailed-exitcode: all went well, and something changed, or in check mode would or may change. ' +
    'Of drift: something deviates that drift.yml does not accept.',
  unreachable: 'A host was unreachable or lost. 6: one failed, and one was unreachable.',
  usage: 'A playbook, inventory, setting, option or drift.yml is wrong; no host was touched.',
  journal: 'The journal of the run could not be written; what was under way has ended, and nothing else was begun.',
  interrupted: 'Interrupted.',
  defect: 'A defect in Hostwright.',
};

/**
 * The page hostwright(1) of the manual, in the macros of man(7), from the commands as their help
 * shows them.
 * @param date of the build, as 2026-01-31
 */
export function manPage(program: Command, date: string): string {
  const commands = leaves(program);
  return [
    `.TH HOSTWRIGHT 1 "${date}" "hostwright ${program.version() ?? ''}"`,
    '.SH NAME',
    'hostwright \\- declarative playbook runner for KVM hosts',
    '.SH SYNOPSIS',
    ...commands.flatMap(command => [`.B ${escaped(pathOf(command))}`, escaped(command.usage()), '.br']).slice(0, -1),
    '.SH DESCRIPTION',
    escaped(program.description()),
    '.SH COMMANDS',
    ...commands.flatMap(commandSection),
    '.SH ENVIRONMENT',
    ...settingNames.flatMap(name => item(variableName(name), `As ${optionName(name)}, which is stronger.`)),
    ...item(fileVariable, 'The file of settings, instead of hostwright.yml next to the playbook or above it.'),
    ...item('NO_COLOR', 'Output without colours.'),
    '.SH FILES',
    ...item('hostwright.yml', 'The settings of a project. "hostwright config" shows them.'),
    ...item('inventory.yml, inventory.yaml, inventory.ini, inventory, hosts', 'The inventory where none is named.'),
    ...item('drift.yml', 'Deviations that are accepted until a day, next to the playbook.'),
    ...item('roles.yml, roles.lock.yml', 'Roles from git, and the commits that stand for them.'),
    '.SH "EXIT STATUS"',
    ...Object.entries(exitCodes).flatMap(([name, code]) =>
      item(String(code), exitTexts[name as keyof typeof exitCodes]),
    ),
    '.SH "SEE ALSO"',
    '.BR ssh (1),',
    '.BR ssh_config (5)',
    '',
  ].join('\n');
}

/** The commands that act: those without sub-commands. */
function leaves(command: Command): readonly Command[] {
  const inner = command
    .createHelp()
    .visibleCommands(command)
    .filter(each => each.name() !== 'help');
  return inner.length === 0 ? [command] : inner.flatMap(leaves);
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function commandSection(command: Command): readonly string[] {
  const options = command.createHelp().visibleOptions(command);
  const after = textAfterHelp(command);
  return [
    `.SS "${escaped(pathOf(command))}"`,
    escaped(command.description()),
    ...command.registeredArguments.flatMap(argument => item(argument.name(), argument.description)),
    ...options.flatMap(option => item(option.flags, descriptionOf(command, option))),
    ...(after === '' ? [] : ['.PP', '.nf', ...after.split('\n').map(escaped), '.fi']),
  ];
}

function descriptionOf(command: Command, option: Option): string {
  return command.createHelp().optionDescription(option);
}

/** What the help of a command says after its options: notes and examples. */
function textAfterHelp(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: part => {
      text += part;
    },
  });
  command.outputHelp();
  return text.slice(command.helpInformation().length).trim();
}

function item(name: string, text: string): readonly string[] {
  return ['.TP', `.B ${escaped(name)}`, escaped(text)];
}

/** Text as it is for roff: no escapes, and no request at the start of a line. */
function escaped(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq');
  return plain === '' ? '\\&' : plain.replace(/^[.']/, '\\&$&');
}
