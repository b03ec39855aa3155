import type { Problems } from '../../language/problems.ts';
import { suggest } from '../../language/suggest.ts';
import type { FieldPath } from '../../values/field-path.ts';
import { type Catalogue, callableOf } from '../catalogue.ts';
import type { PlannedBlock, PlannedPlay, PlannedStep, PlannedTask } from '../plan.ts';
import { type EvaluatedText, pathsIn, textsOf } from '../texts.ts';

/** What every result has. */
const common = ['changed', 'failed', 'msg', 'skipped', 'pending'];

/** What the result of a task has that was left to run as a job. */
const jobFields = ['ansible_job_id', 'started', 'finished', 'results_file'];

/** A task whose result a name holds. */
interface Registration {
  readonly planned: PlannedTask;
  /** Whether the task may end without its module's own fields. */
  readonly optional: boolean;
  /**
   * The innermost block with a rescue around the task: a failure is seen outside of it only, for
   * inside nothing comes after it.
   */
  readonly rescuer: PlannedBlock | undefined;
}

/**
 * Compares what a play reads of results with what their modules return: a field that no result of
 * that name has is an error, and so is a field of a task that may be skipped or fail, where nothing
 * asks for it first.
 */
export function checkFields(play: PlannedPlay, catalogue: Catalogue, problems: Problems): void {
  const known = new Map<string, Registration[]>();
  for (const stage of [...play.stages, play.gate, play.handlers]) visit(stage, []);

  function visit(steps: readonly PlannedStep[], rescuers: readonly PlannedBlock[]): void {
    for (const step of steps) {
      if (step.kind === 'loop') visit(step.body, rescuers);
      else if (step.kind === 'block') {
        visit(step.block, step.rescue.length > 0 ? [...rescuers, step] : rescuers);
        visit([...step.rescue, ...step.always], rescuers);
      } else visitTask(step, rescuers);
    }
  }
  function visitTask(planned: PlannedTask, rescuers: readonly PlannedBlock[]): void {
    checkTask(planned, rescuers, known, catalogue, problems);
    const { register } = planned.task;
    if (register === undefined) return;
    const optional = planned.when.length > 0 || mayFail(planned, catalogue);
    const registration = { planned, optional, rescuer: isCommand(planned, catalogue) ? undefined : rescuers.at(-1) };
    known.set(register, [...(known.get(register) ?? []), registration]);
  }
}

/** A command that fails tells of it in its own fields; another module may have nothing to tell. */
function isCommand({ task }: PlannedTask, catalogue: Catalogue): boolean {
  return 'rc' in callableOf(catalogue, task.module).returns.properties;
}

function mayFail(planned: PlannedTask, catalogue: Catalogue): boolean {
  return Boolean(planned.settings.ignoreErrors) && !isCommand(planned, catalogue);
}

function checkTask(
  planned: PlannedTask,
  rescuers: readonly PlannedBlock[],
  known: ReadonlyMap<string, readonly Registration[]>,
  catalogue: Catalogue,
  problems: Problems,
): void {
  const own = planned.task.register;
  const texts = textsOf(planned, catalogue.get(planned.task.module));
  const asked = new Set(
    texts
      .flatMap(pathsIn)
      .filter(asks)
      .map(({ name }) => name),
  );
  for (const text of texts) {
    for (const path of pathsIn(text)) {
      const registrations = path.name === own ? undefined : known.get(path.name);
      if (registrations && path.fields.length > 0) checkPath(path, text, registrations);
    }
  }

  function checkPath(path: FieldPath, text: EvaluatedText, registrations: readonly Registration[]): void {
    const [field] = path.fields as [string, ...string[]];
    const fields = registrations.map(({ planned: { task } }) => fieldsOf(task, catalogue));
    if (fields.some(list => list === undefined)) return;
    const all = [...new Set(fields.flatMap(list => list ?? []))];
    if (!all.includes(field)) {
      const hint = suggest(field, all) ?? `It has: ${all.join(', ')}.`;
      problems.add(text.part, `the result "${path.name}" has no "${field}"`, hint, path.offset);
    } else if (!path.asked && !asked.has(path.name) && !common.includes(field)) {
      if (registrations.every(mayBeMissing)) {
        const whole = `${path.name}.${field}`;
        const hint =
          text.kind === 'expression' ? `Ask first: has(${whole}) && …` : `Write: {{ default ${whole} "…" }}.`;
        const message = `"${whole}" may be missing: its task may be skipped or fail`;
        problems.add(text.part, message, hint, path.offset);
      }
    }
  }
  function mayBeMissing({ optional, planned: before, rescuer }: Registration): boolean {
    if (rescuer && !rescuers.includes(rescuer)) return true;
    return optional && !sameConditions(before, planned);
  }
}

/**
 * `has(r.x)`, `r.skipped`, `r.changed`, `r.failed`: whoever asks that knows that the result may be
 * another one.
 */
function asks({ fields, asked }: FieldPath): boolean {
  return asked || ['skipped', 'changed', 'failed'].includes(fields[0] ?? '');
}

/** Where everything that a task depends on holds for another one too, that one has run. */
function sameConditions(before: PlannedTask, after: PlannedTask): boolean {
  const given = after.when.map(({ text }) => text);
  return before.when.length > 0 && before.when.every(({ text }) => given.includes(text));
}

/** The fields of a task's result; undefined where it may have any. */
function fieldsOf(
  { module, loop, retry, job, partial }: PlannedTask['task'],
  catalogue: Catalogue,
): readonly string[] | undefined {
  if (partial) return undefined;
  const attempts = retry ? ['attempts'] : [];
  if (loop) return [...common, 'results'];
  if (job?.poll === 0) return [...common, ...attempts, ...jobFields];
  const { returns } = callableOf(catalogue, module);
  const names = Object.keys(returns.properties);
  return returns.additionalProperties === true ? undefined : [...common, ...attempts, ...names];
}
