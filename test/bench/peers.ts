import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Access, writeInventory } from './inventory.ts';
import type { Project } from './project.ts';

/** Hosts to work on, and below which folder of theirs. */
export interface Site {
  /** The words that start Hostwright. */
  readonly hostwright: readonly string[];
  readonly access: Access;
  readonly project: Project;
  readonly root: string;
  /** For what a peer keeps on the controller. */
  readonly folder: string;
}

/** Somebody who brings hosts to a condition. */
export interface Peer {
  readonly name: string;
  /** It takes so long that it is not measured as often as the others. */
  readonly slow: boolean;
  /** Why it cannot take part here. */
  readonly obstacle: () => string | undefined;
  readonly start: (site: Site) => { readonly command: readonly string[]; readonly env: NodeJS.ProcessEnv };
  /** Ends what a run has left, so that the next begins with no connection. */
  readonly after?: (site: Site) => void;
}

const strategies = '/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy';

/** Those who are compared, Hostwright first. */
export const peers: readonly Peer[] = [
  {
    name: 'hostwright',
    slow: false,
    obstacle: () => undefined,
    start: ({ access, folder, hostwright, project, root }) => ({
      command: [
        ...[...hostwright, 'play', project.playbook, '-i', inventory(folder, access), '-e', `root=${root}`],
        ...['--forks', String(access.hosts.length)],
      ],
      env: process.env,
    }),
  },
  {
    name: 'script',
    slow: false,
    obstacle: () => undefined,
    start({ access, folder, project, root }) {
      const { hosts, key, knownHosts, user } = access;
      const list = join(folder, 'hosts');
      writeFileSync(list, hosts.map(({ address, name, port }) => `${name} ${address} ${port}\n`).join(''));
      const program = join(import.meta.dirname, 'on-all-hosts.sh');
      return {
        command: ['sh', program, project.script, root, list, user, key, knownHosts],
        env: process.env,
      };
    },
  },
  ansible('ansible', {}),
  ansible('pipelining', { ANSIBLE_PIPELINING: 'true' }),
  ansible('mitogen', { ANSIBLE_STRATEGY: 'mitogen_linear', ANSIBLE_STRATEGY_PLUGINS: strategies }),
];

/** What the peers are called in tables. */
export const titles: Readonly<Record<string, string>> = {
  hostwright: 'Hostwright',
  script: 'script by parallel ssh',
  ansible: 'Ansible',
  pipelining: 'Ansible, pipelining',
  mitogen: 'Ansible, Mitogen',
};

function inventory(folder: string, access: Access): string {
  return writeInventory(join(folder, 'inventory.yml'), access);
}

function ansible(name: string, more: Readonly<Record<string, string>>): Peer {
  const sockets = (folder: string) => join(folder, 'cp');
  return {
    name,
    slow: true,
    obstacle() {
      if (!existsSync('/usr/bin/ansible-playbook')) return 'ansible is not installed';
      return name === 'mitogen' && !existsSync(strategies) ? 'ansible-mitogen is not installed' : undefined;
    },
    start({ access, folder, project, root }) {
      mkdirSync(sockets(folder), { recursive: true });
      const config = join(folder, 'ansible.cfg');
      writeFileSync(config, ''); // none of the user's or of the machine's
      return {
        command: ['ansible-playbook', '-i', inventory(folder, access), project.playbook, '-e', `root=${root}`],
        env: {
          ...process.env,
          ANSIBLE_CONFIG: config,
          ANSIBLE_FORKS: String(access.hosts.length),
          ANSIBLE_LOCAL_TEMP: join(folder, 'local'),
          ANSIBLE_NOCOLOR: '1',
          ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
          ANSIBLE_REMOTE_TEMP: join(folder, 'remote'),
          ANSIBLE_RETRY_FILES_ENABLED: 'false',
          ANSIBLE_SSH_COMMON_ARGS: `-o UserKnownHostsFile=${access.knownHosts}`,
          ANSIBLE_SSH_CONTROL_PATH_DIR: sockets(folder),
          LC_ALL: 'C.UTF-8',
          ...more,
        },
      };
    },
    after({ folder }) {
      if (!existsSync(sockets(folder))) return;
      for (const socket of readdirSync(sockets(folder)))
        spawnSync('ssh', ['-F', 'none', '-o', `ControlPath=${join(sockets(folder), socket)}`, '-O', 'exit', 'any']);
    },
  };
}
