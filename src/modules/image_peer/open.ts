import { block, keyComment, listPath, manifestPath, partPath, runDirectory } from '../../host/image/place.ts';
import { homeOf } from '../../host/ssh/home.ts';
import { join, raw, type ShellText, sh } from '../../shell/quote.ts';
import { serveText } from './serve.ts';

/** Another host of the run, as this one finds it. */
export interface Peer {
  readonly name: string;
  readonly address: string;
  readonly port?: number | undefined;
  readonly host_keys: readonly string[];
}

/** What a host offers and to whom. */
export interface Opening {
  readonly dest: string;
  /** The file that is served once it is whole; on the source it is. */
  readonly file: string;
  readonly full: boolean;
  readonly keys: readonly string[];
  readonly peers: readonly Peer[];
  readonly chunks: number;
  readonly chunkSize: number;
  readonly fanout: number;
  /** Bytes a second that the host sends in all; 0 is without a limit. */
  readonly limit: number;
  /** Seconds after which sshd takes the keys no more. */
  readonly expires: number;
}

/**
 * Sets `$keys` to the file of keys of root. Leaves with 4 where root has no home, with 5 where it
 * is a link.
 */
export function keysFile(path: string | undefined): ShellText {
  const find =
    path === undefined
      ? join([homeOf('root'), raw('[ -d "$h" ] || exit 4; keys=$h/.ssh/authorized_keys')])
      : sh`keys=${path}`;
  return join([find, sh`[ ! -L "$keys" ] || exit 5`]);
}

/**
 * Text that takes the lines of a run out of `$keys`, and puts those of a file in. What else is
 * there, owner and mode stay.
 */
export function replaceLines(dest: string, lines: ShellText): ShellText {
  return sh`if [ -e "$keys" ]; then cp -p "$keys" "$keys.hostwright" || exit 1; else (umask 077; \
: > "$keys.hostwright"); fi
if [ -e "$keys" ]; then
  grep -v -F ${` ${keyComment(dest)}`} "$keys" > "$keys.hostwright"
  [ $? -le 1 ] || exit 1
fi
cat ${lines} >> "$keys.hostwright" && mv -f "$keys.hostwright" "$keys" || exit 1
if command -v restorecon >/dev/null; then restorecon "$keys"; fi`;
}

/** Lets the keys of a run ask this host for chunks, and this host know its peers. */
export function openPeer(opening: Opening, path: string | undefined): ShellText {
  const { dest, keys, chunks, chunkSize, fanout, limit } = opening;
  const run = runDirectory(dest);
  const blocks = chunkSize / block;
  const rate = limit === 0 ? 0 : Math.max(1, Math.floor(limit / fanout / block));
  return sh`umask 077
${keysFile(path)}
cd ${run} || exit 1
mkdir -p slots || exit 1
{ printf '%s\\n' ${
    sh`run=${run} file=${opening.file} part=${partPath(dest)} list=${listPath(dest)} \
manifest=${manifestPath(opening.file)} count=${chunks} blocks=${blocks} slots=${fanout} rate=${rate}`.text
  }
printf %s ${serveText}; } > serve || exit 1
printf %s ${configOf(run, opening.peers)} > config
printf %s ${opening.peers.map((peer, at) => peer.host_keys.map(key => `${aliasOf(at)} ${key}\n`).join('')).join('')} > \
known_hosts
printf %s ${opening.peers.map((peer, at) => `${aliasOf(at)} ${peer.name}\n`).join('')} > peers || exit 1
${opening.full ? sh`: > full` : sh`rm -f full`}
until=$(date -d "@$(( $(date +%s) + ${opening.expires} ))" +%Y%m%d%H%M%S) || exit 1
for key in ${keys.length > 0 ? keys : ['']}; do
  [ -z "$key" ] || printf 'restrict,expiry-time="%s",command="/bin/sh %s/serve \\\\"$SSH_ORIGINAL_COMMAND\\\\"" %s \
%s\\n' "$until" ${run} "$key" ${keyComment(dest)}
done > lines
if [ ! -e "$keys" ]; then
  d=$(dirname -- "$keys")
  if [ ! -d "$d" ]; then mkdir "$d" || exit 1; fi
fi
${replaceLines(dest, sh`lines`)}`;
}

/** What ssh calls a peer; the source is the first. */
function aliasOf(at: number): string {
  return `p${at}`;
}

function configOf(run: string, peers: readonly Peer[]): string {
  const common = [
    'Host *',
    ...[`IdentityFile ${run}/key`, 'IdentitiesOnly yes', 'IdentityAgent none', 'PreferredAuthentications publickey'],
    ...[`UserKnownHostsFile ${run}/known_hosts`, 'GlobalKnownHostsFile none', 'StrictHostKeyChecking yes'],
    ...['BatchMode yes', 'ConnectTimeout 10', 'ServerAliveInterval 5', 'ServerAliveCountMax 3', 'LogLevel ERROR'],
    ...['ControlMaster auto', `ControlPath ${run}/mux-%n`, 'ControlPersist 20', 'UpdateHostKeys no', 'Compression no'],
    ...['ForwardAgent no', 'ClearAllForwardings yes', 'RequestTTY no'],
  ];
  const each = peers.flatMap(({ address, port }, at) => [
    `Host ${aliasOf(at)}`,
    `HostName ${address}`,
    `Port ${port ?? 22}`,
    `HostKeyAlias ${aliasOf(at)}`,
  ]);
  return [...each, ...common, ''].join('\n');
}
