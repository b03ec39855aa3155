import { spawn, spawnSync } from 'node:child_process';
import { type Case, exitOf, type Outcome, type Outcomes, type Recap } from './case.ts';
import { layOut, type Sandbox } from './sandbox.ts';

/** The version of Ansible on this machine, as `2.14.18`; undefined without it. */
export function ansibleVersion(): string | undefined {
  const { stdout } = spawnSync('ansible', ['--version'], { encoding: 'utf8' });
  return /core ([\d.]+)/.exec(stdout ?? '')?.[1];
}

/** Runs a case with Ansible, on the local connection or that of `connection`. */
export async function runAnsible(
  given: Case,
  connection: (host: string) => string = () => 'ansible_connection=local',
): Promise<Outcomes> {
  const sandbox = await layOut(given, connection);
  const fresh = given.check ? await layOut(given, connection) : undefined;
  try {
    const first = await play(given, sandbox);
    sandbox.forgetOrder();
    const again = await play(given, sandbox);
    return { first, again, ...(fresh ? { check: await play(given, fresh, '--check') } : {}) };
  } finally {
    await sandbox.remove();
    await fresh?.remove();
  }
}

async function play(given: Case, { effects, project }: Sandbox, ...more: string[]): Promise<Outcome> {
  const env = {
    ...process.env,
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    ANSIBLE_LOCALHOST_WARNING: 'false',
    ANSIBLE_HOST_KEY_CHECKING: 'false',
    ANSIBLE_RETRY_FILES_ENABLED: 'false',
    LC_ALL: 'C.UTF-8',
  };
  const args = ['-i', 'inventory', 'site.yml', ...(given.arguments ?? []), ...more];
  const { status, text: stdout } = await execute('ansible-playbook', args, { cwd: project, env });
  const recap = stdout.split('PLAY RECAP')[1];
  // A playbook that cannot be read ends before any recap.
  if (recap === undefined && status !== 0) return { exit: 5, hosts: {}, ...effects(), order: {} };
  if (process.env.SHOW) process.stderr.write(stdout);
  const hosts = Object.fromEntries(
    [...(recap ?? '').matchAll(/^(\S+)\s+: (ok=.*)$/gm)].map(([, host, counts]) => [host, recapOf(counts!)]),
  );
  return { exit: exitOf(hosts), hosts, ...effects() };
}

function execute(program: string, args: string[], options: object): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('error', reject).on('close', code => resolve({ status: code ?? 1, text }));
  });
}

function recapOf(text: string): Recap {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=(\d+)/g)].map(([, name, count]) => [name, Number(count)]),
  ) as Recap;
}
