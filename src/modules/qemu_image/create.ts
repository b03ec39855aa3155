import { change, type Decision, refuse } from '../../decision.ts';
import { refuseDirectory } from '../../host/file/missing-directory.ts';
import { directoryOf } from '../../host/file/space.ts';
import type { ImageState } from '../../host/image/state.ts';
import { formatSize } from '../../host/size.ts';
import { CannotTell } from '../../shell/answer.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { protection, toProtect } from './backing.ts';
import type { Args } from './schema.ts';

/** A new image, which never takes the place of a file. */
export function create(args: Args, state: ImageState): Decision<ImageState> {
  const directory = directoryOf(args.path);
  if (state.free === undefined) return refuseDirectory(directory);
  const size = args.size ?? state.backing?.info.size;
  if (size === undefined) throw new CannotTell(`the size of ${args.path} is not known`);
  const protect = toProtect(args, state);
  const taken = args.preallocation === 'falloc' || args.preallocation === 'full' ? size : 0;
  // What is left keeps the file system, and guests on it, from running full.
  if (taken > state.free * 0.95) {
    return refuse(
      `${formatSize(taken)} do not fit in ${directory}: ${formatSize(state.free)} are free`,
      'Make room, or choose a smaller size or preallocation: off.',
    );
  }
  const candidate = `${directory}/.${args.path.slice(directory.length).replace(/^\//, '')}.hostwright`;
  const options = optionsOf(args);
  const made = sh`qemu-img create -q -f ${args.format} ${options} ${candidate}`;
  return change('does not exist', {
    diff: [{ subject: args.path, before: '', after: describe(args, size) }],
    guard: script({ guard: sh`[ ! -e ${args.path} ] && [ ! -L ${args.path} ] || exit 75` }),
    apply: script({
      // qemu-img overwrites what is there: it makes another file, and a link of the name fails
      // where one is by now.
      create: sh`rm -f ${candidate}; ${args.backing && args.size === undefined ? made : sh`${made} ${size}`} || { \
rm -f ${candidate}; exit 1; }
ln ${candidate} ${args.path}; done=$?; rm -f ${candidate}; exit $done`,
      ...protection(protect),
    }),
    creates: [{ kind: 'path', name: args.path }],
    ...(protect !== undefined && { alters: [{ kind: 'path', name: protect }] }),
    result: { path: args.path, format: args.format, size, backing: args.backing?.path ?? '' },
  });
}

function optionsOf({ format, backing, preallocation, cluster_size, extended_l2 }: Args): readonly string[] {
  const own = [
    ...(preallocation === 'off' ? [] : [`preallocation=${preallocation}`]),
    ...(cluster_size === undefined ? [] : [`cluster_size=${cluster_size}`]),
    ...(extended_l2 === undefined || format === 'raw' ? [] : [`extended_l2=${extended_l2 ? 'on' : 'off'}`]),
  ];
  return [
    ...(own.length > 0 ? ['-o', own.join(',')] : []),
    ...(backing ? ['-b', backing.path, '-F', backing.format] : []),
  ];
}

function describe(args: Args, size: number): string {
  const rows = [
    `${args.format} ${formatSize(size)}`,
    args.preallocation !== 'off' && `preallocation ${args.preallocation}`,
    args.cluster_size !== undefined && `cluster_size ${formatSize(args.cluster_size)}`,
    args.extended_l2 !== undefined && `extended_l2 ${args.extended_l2 ? 'on' : 'off'}`,
    args.backing && `on ${args.backing.path}`,
  ];
  return rows.flatMap(row => (row ? [`${row}\n`] : [])).join('');
}
