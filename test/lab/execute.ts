import { spawn } from 'node:child_process';

/**
 * What a program answered. A program that was killed by a signal has the code 128 + its number, as
 * in a shell.
 */
export type Answer = { code: number; stdout: string; stderr: string };

export type ExecuteOptions = {
  input?: string | Buffer;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Milliseconds after which it is ended, which is an error. Ten minutes unless said otherwise. */
  limit?: number;
  /** Called with each chunk of either stream, as it comes. */
  onOutput?: (text: string) => void;
};

/**
 * Runs a program to its end. Rejects only when it cannot be started or takes too long: a failing
 * program is an answer.
 */
export function execute(command: string, args: string[], options: ExecuteOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { cwd, env, limit = 600_000 } = options;
    const child = spawn(command, args, { stdio: 'pipe', cwd, env });
    const timer = setTimeout(() => {
      child.kill();
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
      reject(new Error(`${command} ${args[0] ?? ''} has not ended within ${Math.round(limit / 1000)} s`));
    }, limit);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      options.onOutput?.(chunk.toString());
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr.push(chunk);
      options.onOutput?.(chunk.toString());
    });
    child.on('error', error => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, name) => {
      clearTimeout(timer);
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString();
      resolve({ code: code ?? (name === 'SIGKILL' ? 137 : 143), stdout: text(stdout), stderr: text(stderr) });
    });
    child.stdin.on('error', () => {}); // a program may end without reading its input
    child.stdin.end(options.input ?? '');
  });
}

/** Runs a program that must succeed, and returns its output. */
export async function mustExecute(command: string, args: string[], options: ExecuteOptions = {}): Promise<string> {
  const answer = await execute(command, args, options);
  if (answer.code === 0) return answer.stdout;
  const said = (answer.stderr || answer.stdout).trim().split('\n').slice(-5).join('\n');
  throw new Error(`${command} ${args[0] ?? ''} failed with exit code ${answer.code}: ${said}`);
}
