import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../src/shell/quote.ts';

/** The same work for everybody: a playbook that Hostwright and Ansible both read, and a script. */
export interface Project {
  readonly folder: string;
  readonly playbook: string;
  readonly script: string;
  /** How many tasks they have. */
  readonly tasks: number;
}

interface Task {
  readonly play: object;
  /** The line of the script that does it. */
  readonly line: string;
}

const place = '{{ root }}/{{ inventory_hostname }}';

/**
 * Writes a playbook and a script of that many small tasks: directories, files by copy, lines,
 * commands that create a file, and a template in the end. What they make lies below `root`, a
 * variable, in a folder for each host.
 */
export function writeProject(folder: string, count: number): Project {
  for (const name of ['files', 'templates']) mkdirSync(join(folder, name), { recursive: true });
  const tasks = Array.from({ length: count }, (_, index) => {
    if (index === count - 1) return template(folder);
    return [directory, copy, line, command][index % 4]!(Math.floor(index / 4), folder);
  });
  const playbook = join(folder, 'site.yml');
  const play = { name: 'Small tasks', hosts: 'all', gather_facts: false, tasks: tasks.map(task => task.play) };
  writeFileSync(playbook, JSON.stringify([play], undefined, 2)); // YAML has all of JSON in it
  const script = join(folder, 'script.sh');
  const functions = readFileSync(join(import.meta.dirname, 'hand-written.sh'), 'utf8');
  const recap = 'echo "$host : ok=$ok changed=$changed failed=$failed"';
  writeFileSync(script, `${functions}${tasks.map(task => task.line).join('\n')}\n${recap}\n`);
  return { folder, playbook, script, tasks: count };
}

function directory(index: number): Task {
  const path = `part${index}`;
  return {
    play: { name: `Directory ${index}`, file: { path: `${place}/${path}`, state: 'directory', mode: '0755' } },
    line: `directory "$here/${path}" 755`,
  };
}

function copy(index: number, folder: string): Task {
  const path = `part${index}/text`;
  const text = Array.from({ length: 20 }, (_, row) => `Line ${row} of file ${index}: it stays as it is.`).join('\n');
  writeFileSync(join(folder, 'files', `text${index}`), `${text}\n`);
  return {
    play: { name: `File ${index}`, copy: { src: `text${index}`, dest: `${place}/${path}`, mode: '0644' } },
    line: `file "$here/${path}" 644 ${quote(text)}`,
  };
}

function line(index: number): Task {
  const setting = { path: `${place}/part0/settings`, regexp: `^key${index} =`, line: `key${index} = value ${index}` };
  return {
    play: { name: `Line ${index}`, lineinfile: { ...setting, create: true, mode: '0644' } },
    line: `line "$here/part0/settings" 644 'key${index} =' 'key${index} = value ${index}'`,
  };
}

function command(index: number): Task {
  const path = `part${index}/made`;
  return {
    play: {
      name: `Command ${index}`,
      command: { argv: ['touch', `${place}/${path}`], creates: `${place}/${path}` },
    },
    line: `creates "$here/${path}" touch "$here/${path}"`,
  };
}

function template(folder: string): Task {
  writeFileSync(join(folder, 'templates', 'host.conf'), 'host = {{ inventory_hostname }}\nplace = host\n');
  return {
    play: { name: 'Template', template: { src: 'host.conf', dest: `${place}/host.conf`, mode: '0644' } },
    line: 'file "$here/host.conf" 644 "host = $host\nplace = host"',
  };
}
