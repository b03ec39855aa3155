import type { ArgsOfAll, ArgumentProblem } from '../../callable.ts';
import { type HazardNotice, type Refuse, refuse } from '../../decision.ts';
import type { Resource } from '../../shell/answer.ts';
import type { Device } from '../lvm/device.ts';
import { type Claim, claimDevice, describeDevice } from '../lvm/device-claim.ts';

/** JSON Schema of the path of a device. */
export const devicePath = { type: 'string', pattern: '^/dev/[A-Za-z0-9_@%+=:,./-]+$' } as const;

/**
 * Arguments of modules that take a whole device: what may be lost, and which names are good enough.
 */
export const wipeSchemas = {
  allow_wipe: {
    type: 'object',
    additionalProperties: { type: 'array', minItems: 1, items: { type: 'string' } },
    description:
      'The device, if its content may be destroyed: path to the signature types that are ' +
      'on it now, exactly. Needs --allow data-loss.',
  },
  allow_kernel_names: {
    type: 'boolean',
    default: false,
    description: 'Accept names such as /dev/sdb, which may mean another disk after the next boot.',
  },
} as const;

/** What a task says of a device that it takes. */
export type WipeArguments = ArgsOfAll<typeof wipeSchemas>;

/** The ends that are looked at, and that a wipe zeroes. */
const smallest = 2 * 2 ** 20;

/** What is wrong with the name of a device, and with what may be wiped. */
export function deviceProblems(argument: string, path: string, args: WipeArguments): ArgumentProblem[] {
  const problems: ArgumentProblem[] = [];
  if (/^\/dev\/[^/]+$/.test(path) && !args.allow_kernel_names) {
    problems.push({
      argument,
      message:
        `${path} may be another disk after the next boot; use its name under /dev/disk/by-id ` +
        '(ls -l /dev/disk/by-id), or say allow_kernel_names: true',
    });
  }
  return [...problems, ...wipeProblems(argument, [path], args)];
}

/** What may be wiped, and is none of the devices that the argument names. */
export function wipeProblems(argument: string, paths: readonly string[], args: WipeArguments): ArgumentProblem[] {
  const others = Object.keys(args.allow_wipe ?? {}).filter(name => !paths.includes(name));
  return others.map(other => ({ argument: 'allow_wipe', message: `${other} is not ${argument}` }));
}

/** Nothing is at the path; an earlier task may make it. */
export function noDevice(path: string): Refuse {
  const [, group, volume] = /^\/dev\/(?!disk\/|mapper\/|md\/)([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const needs: Resource[] = [{ kind: 'path', name: path }];
  if (group !== undefined) needs.push({ kind: 'logical-volume', name: `${group}/${volume}` });
  return refuse(`there is no device ${path}`, 'Is the disk attached? ls -l /dev/disk/by-id shows what is there.', {
    needs,
  });
}

/** Whether a whole device may be taken, by any module but LVM's own. */
export function claimWhole(device: Device, allowed: readonly string[]): Claim {
  if (device.signatures.includes('LVM2_member')) {
    return refuse(
      `${describeDevice(device)} is a physical volume of LVM`,
      'Check the path. If it is not needed any more: vgreduce and pvremove by hand first.',
    );
  }
  return claimDevice(device, '', allowed, smallest);
}

/** What is lost by a wipe of these signature types. */
export function wipeHazards(device: Device, types: readonly string[]): HazardNotice[] {
  if (types.length === 0) return [];
  const because = `${describeDevice(device)} has ${types.join(', ')}, which will be wiped`;
  return [{ hazard: 'data-loss', subject: device.path, because }];
}
