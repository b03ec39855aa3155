import { all, map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
import { defineFacts } from './fact.ts';
import { trimmed } from './parse.ts';
import { list, record, text } from './schema.ts';

/** Members of a family that do not name it in ID_LIKE. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^(debian|ubuntu|raspbian|devuan|proxmox)$/, 'debian'],
  [/^(rhel|fedora|centos|rocky|almalinux|ol|amzn)$/, 'redhat'],
  [/^(suse|opensuse.*|sles|sled)$/, 'suse'],
  [/^alpine$/, 'alpine'],
  [/^(arch|archarm|manjaro)$/, 'arch'],
];

export const os = defineFacts({
  name: 'os',
  summary: 'The distribution and its version.',
  schema: record({
    id: text('debian, ubuntu, rhel, rocky, alpine, …'),
    version: text('The version, as 12 or 9.4; empty for a rolling one.'),
    codename: text('bookworm; empty where there is none.'),
    family: text('debian, redhat, suse, alpine, arch, or the id itself.'),
    like: list({ type: 'string' }, 'The distributions that it says it is like.'),
    pretty: text('The name for people.'),
    machine: text('The hardware name: x86_64, aarch64.'),
    init: text('What starts services: systemd, openrc, runit, …; else the name of the first process.'),
    package_manager: text('apt, dnf, yum, zypper, apk, pacman; empty where there is none of them.'),
  }),
  look: map(
    all({
      release: map(
        printed('cat /etc/os-release', raw('cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release')),
        parseRelease,
      ),
      machine: trimmed('uname', raw('uname -m')),
      // sd_booted(3) looks for the same directory.
      init: trimmed(
        'sh',
        raw(`if [ -d /run/systemd/system ]; then echo systemd
elif [ -e /run/openrc/softlevel ]; then echo openrc
else read -r name </proc/1/comm && echo "$name"
fi`),
      ),
      packages: trimmed(
        'sh',
        raw(`for name in apt-get dnf yum zypper apk pacman; do
  command -v "$name" >/dev/null 2>&1 && echo "$name" && break
done; :`),
      ),
    }),
    ({ release: fields, machine, init, packages }) => {
      const id = fields.get('ID') ?? 'linux';
      const like = (fields.get('ID_LIKE') ?? '').split(/\s+/).filter(name => name !== '');
      return {
        id,
        version: fields.get('VERSION_ID') ?? '',
        codename: fields.get('VERSION_CODENAME') ?? '',
        family: familyOf([id, ...like]) ?? id,
        like,
        pretty: fields.get('PRETTY_NAME') ?? fields.get('NAME') ?? id,
        machine,
        init,
        package_manager: packages.replace('apt-get', 'apt'),
      };
    },
  ),
});

function familyOf(names: readonly string[]): string | undefined {
  return names.flatMap(name => families.filter(([pattern]) => pattern.test(name))).at(0)?.[1];
}

/** Assignments of os-release(5), with the quotes of a shell. */
function parseRelease(release: string): ReadonlyMap<string, string> {
  return new Map(
    release.split('\n').flatMap(line => {
      const match = /^([A-Z0-9_]+)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(.*))$/.exec(line.trim());
      const [, name, double, single, plain = ''] = match ?? [];
      return name === undefined ? [] : [[name, double?.replace(/\\(.)/g, '$1') ?? single ?? plain] as const];
    }),
  );
}
