import { readSpace, type Space, spaceSection } from '../../host/file/space.ts';
import { type Device, deviceSections, readDevice, usageSections } from '../../host/lvm/device.ts';
import { accept } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import type { Answer } from '../../shell/script.ts';
import { isDevice } from './arguments.ts';

/** What one job of a measurement works on. */
export type Target =
  | { readonly kind: 'device'; readonly path: string; readonly device: Device | undefined }
  | FileTarget;

export interface FileTarget {
  readonly kind: 'file';
  readonly path: string;
  readonly there: boolean;
  /** The file system where it will be; undefined where there is no directory. */
  readonly space: Space | undefined;
}

/** Probe sections that look at all paths. */
export function targetSections(paths: readonly string[]): Readonly<Record<string, ShellText>> {
  const sections = paths.map((path, at) =>
    isDevice(path)
      ? deviceSections(path, at)
      : {
          [`file${at}`]: sh`if [ -e ${path} ] || [ -L ${path} ]; then echo there; fi`,
          [`space${at}`]: spaceSection(path).space,
        },
  );
  return Object.assign(paths.some(isDevice) ? { ...usageSections } : {}, ...sections);
}

/** What {@link targetSections} saw. @throws CannotTell */
export function readTargets(answer: Answer, paths: readonly string[]): readonly Target[] {
  return paths.map((path, at): Target => {
    if (isDevice(path)) return { kind: 'device', path, device: readDevice(answer, path, at) };
    const there = accept(answer, `file${at}`, [0], 'sh').stdout !== '';
    const said = answer[`space${at}`];
    return { kind: 'file', path, there, space: readSpace(said ? { space: said } : {}) };
  });
}
