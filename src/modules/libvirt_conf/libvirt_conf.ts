import { ok, refuse } from '../../decision.ts';
import { contentOfText } from '../../host/file/content.ts';
import { decideReplace } from '../../host/file/replace.ts';
import { defineModule } from '../module.ts';
import { changeConf, diffOf } from './change-conf.ts';
import { confState } from './conf-state.ts';
import { ConfSyntax, type ConfValue, formatConf, parseConf, setInConf } from './conf-text.ts';
import { refuseMode, refuseSettings } from './refusals.ts';
import { refuseRestart } from './restart-daemon.ts';
import { args, examples, returns } from './schema.ts';

/** Settings of libvirt's daemon. */
export const libvirtConf = defineModule({
  name: 'libvirt_conf',
  summary: 'Settings of qemu.conf and of the daemon that reads it.',
  description: `Owns single settings of a file in /etc/libvirt; comments, order and all other
settings stay, byte for byte. A value must have the type that the installed libvirt wants (it comes
with a list of its settings): what libvirt does not know it would ignore in silence, and is refused.

The daemon reads the file when it starts. It is restarted where it runs and is older than the file:
libvirtd, or virtqemud where daemons are modular; which of the two is never changed. Guests outlive
that. While a domain has a job (migration, save, backup, a copy of a disk) the change is refused.
If libvirt does not answer afterwards, the old file is put back and the daemon started with it, and
the task fails.`,
  args,
  returns,
  examples,
  owns: args =>
    Object.entries(args.settings).map(([attribute, value]) => ({
      subject: `libvirt ${args.file}`,
      attribute,
      value: formatConf(value),
    })),
  look: confState,
  decide(args, state) {
    const refused = refuseSettings(args, state) ?? refuseMode(args, state.daemon);
    if (refused) return refused;
    const { daemon, file, jobs = [] } = state;
    const { path } = file.goal;
    let { text } = file;
    let before: ReadonlyMap<string, ConfValue>;
    try {
      // libvirt takes the first of several.
      const statements = parseConf(text).toReversed();
      before = new Map(statements.map(({ name, value }) => [name, value as ConfValue]));
      for (const [name, value] of Object.entries(args.settings)) text = setInConf(text, name, value);
    } catch (error) {
      if (!(error instanceof ConfSyntax)) throw error;
      return refuse(`${path}, ${error.message}`, 'libvirt does not start with it either. Correct it by hand.');
    }
    const replaced = decideReplace(file.goal, contentOfText(text), {}, {});
    if (replaced.kind === 'refuse') return replaced;
    const stored = replaced.kind === 'change' ? { ...replaced, diff: diffOf(path, args.settings, before) } : undefined;
    const restart = args.restart && daemon.pid > 0 && (stored !== undefined || daemon.stale);
    const result = { path, mode: daemon.mode, unit: daemon.unit ?? '', stale: daemon.stale && !restart };
    if (restart) return refuseRestart(daemon, jobs) ?? changeConf(args.uri, state, { stored, result });
    if (stored) return { ...stored, result: { ...result, stale: daemon.pid > 0 } };
    return ok(daemon.stale ? `is stored, and ${daemon.unit} is older` : 'is so already', { result });
  },
});
