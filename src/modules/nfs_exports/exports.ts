/** One client of one exported path. */
export interface Export {
  readonly path: string;
  readonly client: string;
  readonly options: readonly string[];
}

/** What guests' disks need of an export: a write that is answered is on the disk, and at once. */
export const exportDefaults = 'rw,sync,no_wdelay,no_subtree_check';

/** Options of which exportfs always shows one; the second is its default. */
const opposites: Readonly<Record<string, string>> = {
  rw: 'ro',
  sync: 'async',
  wdelay: 'no_wdelay',
  subtree_check: 'no_subtree_check',
  root_squash: 'no_root_squash',
  all_squash: 'no_all_squash',
  secure: 'insecure',
  hide: 'nohide',
};

/** The lines of a file of exports, in the form of exports(5). */
export function exportText(exports: readonly Export[]): string {
  const paths = [...new Set(exports.map(one => one.path))];
  const lines = paths.map(path => {
    const clients = exports.filter(one => one.path === path);
    return `${path} ${clients.map(({ client, options }) => `${client}(${options.join(',')})`).join(' ')}`;
  });
  return `${['# Written by Hostwright (nfs_exports), as a whole.', ...lines].join('\n')}\n`;
}

/** Reads exports(5), and what `exportfs -s` prints, which has the same form. */
export function parseExports(text: string): readonly Export[] {
  const joined = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map(line => line.replace(/(^|\s)#.*$/, ''));
  return joined.flatMap(line => {
    const [first, ...words] = line.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
    if (first === undefined) return [];
    const path = unescapePath(first);
    // Options behind a dash hold for the clients that follow.
    let common: readonly string[] = [];
    return words.flatMap(word => {
      if (word.startsWith('-')) {
        common = word.slice(1).split(',');
        return [];
      }
      const [, client, options] = /^([^(]*)(?:\((.*)\))?$/.exec(word) ?? [];
      if (client === undefined) return [];
      return [
        {
          path,
          client: client === '' ? '*' : client,
          options: [...common, ...(options ?? '').split(',')].filter(one => one !== ''),
        },
      ];
    });
  });
}

/** The options that do not hold: another one is shown instead, or nothing. */
export function missingFrom(wanted: readonly string[], live: readonly string[]): readonly string[] {
  const has = new Set(live);
  return wanted.filter(option => {
    if (has.has(option)) return false;
    // Only these are always shown; others are where they are not the default.
    const known = Object.entries(opposites).some(pair => pair.includes(option));
    return known || /^(fsid|anonuid|anongid|sec)=/.test(option);
  });
}

/** What is wrong with the options of an export for disks of guests; undefined if nothing is. */
export function harmfulExport(options: readonly string[]): string | undefined {
  if (options.includes('async'))
    return (
      'async answers writes that are not on a disk: a crash of the server loses what guests ' + 'believed to be written'
    );
  const both = Object.entries(opposites).find(([one, other]) => options.includes(one) && options.includes(other));
  return both && `${both.join(' and ')} contradict each other`;
}

/** `/srv/images 10.0.0.0/24`. */
export function nameOf({ path, client }: Export): string {
  return `${path} ${client}`;
}

/** Whether two are for one client of one path. */
export function sameExport(one: Export, other: Export): boolean {
  return one.path === other.path && one.client === other.client;
}

function unescapePath(path: string): string {
  const bare = path
    .replaceAll('"', '')
    .replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
  return bare.replace(/(.)\/+$/, '$1');
}
