import { keyComment, runDirectory } from '../../host/image/place.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { keysFile, replaceLines } from './open.ts';

interface Closing {
  readonly dest: string;
  readonly authorized_keys?: string | undefined;
}

/** Makes the directory of a run and a key pair in it, and prints the public part. */
export function makeKey(dest: string): ShellText {
  const run = runDirectory(dest);
  return sh`umask 077
mkdir -p /run/hostwright && mkdir ${run} || exit 1
ssh-keygen -q -t ed25519 -N '' -C '' -f ${`${run}/key`} </dev/null >/dev/null || exit 1
cut -d' ' -f1,2 ${`${run}/key.pub`}`;
}

/** Takes away the directory of a run and its lines in the file of keys. */
export function closePeer({ dest, authorized_keys }: Closing): ShellText {
  const run = runDirectory(dest);
  return sh`for socket in ${run}/mux-*; do
  [ ! -S "$socket" ] || ssh -o ControlPath="$socket" -O exit peer </dev/null >/dev/null 2>&1
done
rm -rf ${run} || exit 1
${keysFile(authorized_keys)}
if [ -e "$keys" ] && grep -q -F ${` ${keyComment(dest)}`} "$keys"; then
${replaceLines(dest, sh`/dev/null`)}
fi`;
}
