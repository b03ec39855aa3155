import { disks } from '../../host/block/disks.ts';
import { all, map, printed, type Seen } from '../../shell/look.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import type { Wishes } from './rule.ts';

/** The disks of a host, and what of the settings it could have. */
export type Queues = Seen<ReturnType<typeof queues>>;

/** All disks, which of them are named by their path, and which schedulers the kernel can load. */
export function queues(wishes: Wishes) {
  const settings = [...Object.values(wishes.kinds), ...Object.values(wishes.disks)];
  return all({
    disks,
    links: links(Object.keys(wishes.disks)),
    loadable: loadable(settings.flatMap(one => one.scheduler ?? [])),
  });
}

/** By stable path the name of the disk behind it; undefined where nothing is. */
function links(paths: readonly string[]) {
  const text = join([...paths.map(lookBehind), raw(':')]);
  return map(printed('readlink', text), printed => {
    const lines = printed.split('\n');
    const behind = (path: string) => lines[lines.indexOf(`is ${path}`) - 1];
    return new Map(paths.map(path => [path, /^\/dev\/(.*)$/.exec(behind(path) ?? '')?.[1]]));
  });
}

function lookBehind(path: string): ShellText {
  return sh`[ ! -e ${path} ] || readlink -f -- ${path} || exit 1; echo ${`is ${path}`}`;
}

/** Schedulers that the kernel can load when they are asked for: by a module of this name. */
function loadable(schedulers: readonly string[]) {
  const asked = [...new Set(schedulers)].filter(name => name !== 'none');
  const text = join([...asked.map(name => sh`modprobe -n -q ${`${name}-iosched`} && echo ${name}`), raw(':')]);
  return map(printed('modprobe', text), printed => printed.split('\n').filter(name => name !== ''));
}
