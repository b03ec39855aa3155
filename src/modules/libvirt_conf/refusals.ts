import { type Refuse, refuse } from '../../decision.ts';
import { type ConfState, lensPath } from './conf-state.ts';
import { knownSettings, misfit } from './conf-types.ts';
import type { Daemon } from './daemon.ts';
import type { Args } from './schema.ts';

/** Why these settings are not of this libvirt. */
export function refuseSettings(args: Args, { file: { goal }, lens }: ConfState): Refuse | undefined {
  if (lens === undefined) {
    return refuse(
      `the host has no list of the settings of ${args.file} (${lensPath(args.file)})`,
      'It comes with the daemon that reads the file: install libvirt first.',
      {
        needs: [
          { kind: 'path', name: goal.path },
          { kind: 'package', name: '*' },
        ],
      },
    );
  }
  const known = knownSettings(lens);
  const problems = Object.entries(args.settings).flatMap(([name, value]) => {
    const type = known.get(name);
    return (type === undefined ? `${name} is not a setting of this libvirt` : misfit(name, type, value)) ?? [];
  });
  if (problems.length === 0) return undefined;
  return refuse(`${args.file}: ${problems.join('; ')}`, `The comments in ${goal.path} describe them all.`);
}

/** Why nothing would read the file. */
export function refuseMode({ file }: Args, { mode }: Daemon): Refuse | undefined {
  if (mode === 'both') {
    return refuse(
      'both libvirtd and virtqemud are there to serve',
      'Only one of the two may: disable the other with its sockets. Which one is your choice, and not made here.',
    );
  }
  const idle = (mode === 'modular' && file === 'libvirtd.conf') || (mode === 'monolithic' && file === 'virtqemud.conf');
  if (!idle) return undefined;
  return refuse(
    `nothing reads ${file}: the daemons of this host are ${mode}`,
    `Its settings belong into ${mode === 'modular' ? 'virtqemud.conf' : 'libvirtd.conf'}.`,
  );
}
