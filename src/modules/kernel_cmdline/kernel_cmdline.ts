import type { ArgumentProblem, Owned } from '../../callable.ts';
import { type Decision, ok, type Refuse, refuse } from '../../decision.ts';
import type { Pending } from '../../events/result.ts';
import { type Boot, bootSections, dropInPath, readBoot, tunedPath } from '../../host/boot/loader.ts';
import { nameOf, pick, sameTokens, type Token } from '../../host/boot/tokens.ts';
import { join, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { dropInText } from './drop-in.ts';
import { applyGrub, dropInPut, rehearseGrub, undoGrub } from './grub.ts';
import { pageSizeSection, readPageSizes, sizeMissing } from './page-sizes.ts';
import { type Args, args, examples, returns } from './schema.ts';
import { type GrubSettings, readSettings, settingsSections } from './settings.ts';
import { bootedOtherwise, unsupported } from './unsupported.ts';

/** Single parameters of the kernel's command line. */
export const kernelCmdline = defineModule({
  name: 'kernel_cmdline',
  summary: "Parameters of the kernel's command line, for the next boot.",
  description: `Owns the parameters that are named; all others, and their order, stay. On Debian
and Ubuntu they are in a drop-in of their own, /etc/default/grub.d/zz-hostwright.cfg, and the
user's files are never edited (a parameter that they set to something else is refused, with file
and line); in the RHEL family grubby sets them for all kernels. Other boot loaders are recognised
and refused with advice.

Compares what is configured, what the boot entry has, and what the running kernel has. It never
reboots: where only the running kernel differs, the task is ok and announces \`reboot\` as pending.
Recovery entries do not get the parameters, so that a host that cannot boot with them can be
repaired.`,
  args,
  returns,
  examples,
  problems,
  owns,
  probe: args =>
    script({
      ...bootSections,
      ...settingsSections,
      ...pageSizeSection(wantedTokens(args)),
      space: sh`df -Pk /boot | tail -n 1 && [ -w /boot ]`,
    }),
  read: (answer, args) => ({
    ...readBoot(answer),
    grub: readSettings(answer),
    pageSizes: readPageSizes(answer, wantedTokens(args)),
    writable: answer.space?.code === 0 && Number(answer.space.stdout.split(/\s+/)[3]) > 50 * 1024,
  }),
  decide,
});

interface State extends Boot {
  readonly grub: GrubSettings;
  /** /boot can be written and has room. */
  readonly writable: boolean;
  /** Of huge pages, in bytes; undefined where no parameter names one. */
  readonly pageSizes: readonly number[] | undefined;
}

function wantedTokens(args: Args): readonly Token[] {
  if (Array.isArray(args.parameters)) return args.parameters as readonly Token[];
  return Object.entries(args.parameters ?? {}).flatMap(([key, given]) => {
    if (given === true) return [key];
    return (Array.isArray(given) ? given : [given]).map(item => `${key}=${item}`);
  });
}

function ownedNames(args: Args): readonly string[] {
  return [...new Set([...wantedTokens(args), ...(args.absent ?? [])].map(nameOf))];
}

function problems(args: Args): readonly ArgumentProblem[] {
  const wanted = wantedTokens(args).map(nameOf);
  const both = (args.absent ?? []).filter(key => wanted.includes(nameOf(key)));
  const problems: ArgumentProblem[] = both.map(key => ({
    argument: 'absent',
    message: `${key} is among the parameters too`,
  }));
  const fatal = ownedNames(args).filter(key => ['root', 'BOOT_IMAGE', 'initrd', 'init'].includes(key));
  for (const key of fatal)
    problems.push({ argument: 'parameters', message: `${key} decides whether the host boots, and is not set here` });
  if (wanted.length === 0 && (args.absent ?? []).length === 0) {
    problems.push({ argument: 'parameters', message: 'name at least one parameter, here or in absent' });
  }
  return problems;
}

function owns(args: Args): readonly Owned[] {
  return ownedNames(args).map(key => ({
    subject: 'kernel command line',
    attribute: key,
    value: pick(wantedTokens(args), [key]).join(' ') || '(absent)',
  }));
}

function decide(args: Args, state: State): Decision<State> {
  const wanted = wantedTokens(args);
  const names = ownedNames(args);
  if (state.loader !== 'grub' && state.loader !== 'grubby') return unsupported(state.loader);
  const useless = bootedOtherwise(state) ?? setByTuned(state, names) ?? sizeMissing(wanted, state.pageSizes);
  if (useless) return useless;
  const live = pick(state.live, names);
  const pending: readonly Pending[] = sameTokens(live, wanted)
    ? []
    : [
        {
          kind: 'reboot',
          reason: `kernel parameters ${[...wanted, ...(args.absent ?? []).map(key => `(no ${key})`)].join(' ')}`,
        },
      ];
  const inEntries = state.entries.length > 0 && state.entries.every(entry => sameTokens(pick(entry, names), wanted));
  const inSettings = sameTokens(pick(state.grub.all, names), wanted);
  const result = { parameters: [...wanted], live: [...live] };
  if (inEntries && (inSettings || state.loader === 'grubby')) {
    const reason = pending.length === 0 ? 'is so already' : 'is configured already, and waits for a reboot';
    return ok(reason, { pending, result });
  }
  const reason = inSettings && state.loader === 'grub' ? 'the boot entry differs' : 'is configured otherwise';
  const common = { kind: 'change', reason, pending, result } as const;
  if (state.loader === 'grubby')
    return { ...common, diff: grubbyDiff(state, names, wanted), apply: applyGrubby(state, names, wanted) };
  const theirs = pick(state.grub.others, names);
  const refusal = refuseGrub(state, theirs, wanted, names);
  if (refusal) return refusal;
  // Where others already set what is wanted, our drop-in need not set it.
  const ours = sameTokens(theirs, wanted) ? [] : wanted;
  const text = inSettings ? (state.dropIn ?? '') : dropInText(state.dropIn, names, ours);
  const entry = (tokens: readonly Token[]): string => (tokens.length === 0 ? '' : `${tokens.join(' ')}\n`);
  const files = { subject: dropInPath, before: state.dropIn ?? '', after: text };
  const menu = { subject: 'boot entry', before: entry(pick(state.entries[0] ?? [], names)), after: entry(wanted) };
  return {
    ...common,
    diff: [...(inSettings ? [] : [files]), ...(inEntries ? [] : [menu])],
    ...(inSettings ? {} : { puts: [{ to: dropInPut, content: text }] }),
    guard: guardOf(state),
    ...(inSettings ? {} : { rehearse: rehearseGrub(text, wanted) }),
    apply: applyGrub(!inSettings),
    ...(inSettings ? {} : { undo: undoGrub(state.dropIn, text) }),
    [state.dropIn === undefined ? 'creates' : 'alters']: [{ kind: 'path', name: dropInPath }],
  };
}

function setByTuned(state: State, names: readonly string[]): Refuse | undefined {
  const line = state.settings.find(({ file, tokens }) => file === tunedPath && pick(tokens, names).length > 0);
  if (!line) return undefined;
  return refuse(
    `a profile of tuned sets ${pick(line.tokens, names).join(' ')} (${line.file}:${line.line})`,
    'Two owners of one parameter end badly: choose another profile (tuned-adm profile), or leave it out here.',
  );
}

function refuseGrub(
  state: State,
  theirs: readonly Token[],
  wanted: readonly Token[],
  names: readonly string[],
): Refuse | undefined {
  if (theirs.length > 0 && !sameTokens(theirs, wanted)) {
    // Of several lines the last one counts; what a shell puts together from several has none.
    const line = state.settings.findLast(({ tokens }) => sameTokens(pick(tokens, names), theirs));
    const where = line
      ? `${line.file}:${line.line} sets`
      : 'the files of GRUB (/etc/default/grub, /etc/default/grub.d) set';
    return refuse(
      `${where} ${theirs.join(' ')} already`,
      'Two owners of one parameter end badly: take it out of that file, or leave it out here. ' +
        'The file is not edited.',
    );
  }
  if (state.writable) return undefined;
  return refuse('/boot is read-only or has less than 50 MiB free', 'Make room, or mount it read-write: df /boot.');
}

function guardOf(state: State): Script {
  if (state.dropIn === undefined) return script({ guard: sh`[ ! -e ${dropInPath} ] || exit 75` });
  return script({ guard: sh`[ "$(cat ${dropInPath})" = ${state.dropIn.replace(/\n+$/, '')} ] || exit 75` });
}

/** For all kernels, so that later ones get them as well; those of rescue get back what they had. */
function applyGrubby({ rescue }: State, names: readonly string[], wanted: readonly Token[]): Script {
  const removes = sh`--remove-args ${names.flatMap(key => [...new Set([key, key.replaceAll('_', '-')])]).join(' ')}`;
  const adds = wanted.length === 0 ? sh`` : sh` --args ${wanted.join(' ')}`;
  const kept = rescue.map(({ kernel, tokens }) => {
    const had = pick(tokens, names);
    return sh`grubby ${`--update-kernel=${kernel}`} ${removes}${had.length === 0 ? sh`` : sh` --args ${had.join(' ')}`}`;
  });
  return script({
    grubby: sh`grubby --update-kernel=ALL ${removes}${adds}`,
    ...(kept.length > 0 && { rescue: join(kept, ' &&\n') }),
  });
}

function grubbyDiff(state: State, names: readonly string[], wanted: readonly Token[]) {
  const before = [...new Set(state.entries.map(entry => `${pick(entry, names).join(' ')}\n`))].join('');
  return [{ subject: 'boot entries', before, after: `${wanted.join(' ')}\n` }];
}
