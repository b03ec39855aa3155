import assert from 'node:assert/strict';
import type { Decision } from '../../src/decision.ts';
import type { AnyModule } from '../../src/modules/module.ts';
import { check, converge, type Host } from '../modules/converge.ts';
import type { Sandbox } from './sandbox.ts';

export interface Life {
  readonly module: AnyModule;
  readonly args: object;
  /** Brings the sandbox into the condition before the first run. */
  readonly before?: string;
  /** What shell text prints once the task has run: by other commands than the module's. */
  readonly proof: Readonly<Record<string, string>>;
  /** Spoils by hand what the module made. */
  readonly disturb?: string;
}

/**
 * The life of a task: check predicts and changes nothing, the run changes, the next is ok, a
 * disturbance is found and fixed.
 */
export function live(sandbox: Sandbox, { module, args, before, proof, disturb }: Life): void {
  const { host } = sandbox;
  if (before !== undefined) sandbox.run(before);
  const stock = sandbox.changes();
  decided(check(host, module, args), 'change');
  assert.equal(sandbox.changes(), stock, 'check mode changed something');
  decided(converge(host, module, args), 'change');
  prove();
  decided(converge(host, module, args), 'ok');
  if (disturb === undefined) return;
  sandbox.run(disturb);
  decided(check(host, module, args), 'change');
  decided(converge(host, module, args), 'change');
  prove();

  function prove(): void {
    for (const [text, printed] of Object.entries(proof)) assert.equal(sandbox.run(text), printed, text);
  }
}

/** The message of a refusal, with its advice; anything else fails. */
export function refusal(host: Host, module: AnyModule, args: object): string {
  const decision = check(host, module, args);
  decided(decision, 'refuse');
  return decision.kind === 'refuse' ? `${decision.message}: ${decision.advice}` : '';
}

function decided(decision: Decision, kind: Decision['kind']): void {
  assert.equal(decision.kind, kind, JSON.stringify(decision, null, 2));
}
