import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const roles = 20;

/**
 * Writes a playbook and roles that have that many tasks together, a fifth of them in the playbook,
 * as people write them: with parameters, conditions, loops, registers and notifications.
 * @returns the folder
 */
export function writeTaskTree(folder: string, tasks: number): string {
  const own = Math.floor(tasks / 5);
  const each = (tasks - own) / roles;
  const names = Array.from({ length: roles }, (_, index) => `role${index}`);
  for (const name of names) {
    const role = join(folder, 'roles', name);
    for (const part of ['tasks', 'handlers', 'templates']) mkdirSync(join(role, part), { recursive: true });
    writeFileSync(join(role, 'templates', 'settings.conf'), 'place = {{ place }}\nhost = {{ inventory_hostname }}\n');
    writeFileSync(join(role, 'handlers', 'main.yml'), '- name: Told\n  command: "true"\n');
    writeFileSync(
      join(role, 'schema.yml'),
      'type: object\nadditionalProperties: false\nrequired: [place]\nproperties:\n  place: {type: string, description: Where it is.}\n',
    );
    writeFileSync(join(role, 'tasks', 'main.yml'), taskList(each, '{{ place }}', 'notify: Told'));
  }
  const calls = names.map(name => `    - {role: ${name}, place: /srv/${name}}\n`).join('');
  const play = `- name: Everything\n  hosts: all\n  gather_facts: false\n  vars: {place: /srv/play}\n  roles:\n${calls}  tasks:\n`;
  writeFileSync(join(folder, 'site.yml'), play + taskList(own, '{{ place }}').replace(/^/gm, '    ').trimEnd());
  return folder;
}

function taskList(count: number, place: string, notify?: string): string {
  const more = notify === undefined ? '' : `\n  ${notify}`;
  const kinds: readonly ((index: number) => string)[] = [
    index => `file: {path: "${place}/${index}", state: directory, mode: "0755"}`,
    index => `copy: {content: "text ${index}", dest: "${place}/${index}/text", mode: "0644"}${more}`,
    index => `lineinfile: {path: "${place}/lines", line: "key${index} = {{ item }}", create: true}\n  loop: [a, b]`,
    index => `command: {argv: [uname, -r]}\n  register: kernel${index}`,
    index => `debug: {msg: "{{ inventory_hostname }}"}\n  when: 'kernel${index - 1}.rc == 0 && "x" in groups'`,
  ];
  return Array.from({ length: count }, (_, index) => `- name: Task ${index}\n  ${kinds[index % 5]!(index)}\n`).join('');
}
