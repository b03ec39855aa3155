import { type ShellText, sh } from '../../shell/quote.ts';

const virsh = sh`virsh -q -c qemu:///system`;

/**
 * Asks every guest at once, then waits for the last. A guest without an operating system never
 * answers, and a libvirt that does not answer says
 * nothing about guests. Where one stays, those that have gone are started again: the reboot that
 * they were stopped for does not happen.
 * @param timeout seconds for all of them together.
 */
export function shutDown(domains: readonly string[], timeout: number): ShellText {
  return sh`set -- ${domains}
n=0
again() {
while [ $# -gt 0 ]; do
case $(${virsh} domstate "$1") in
'shut off') ${virsh} start "$1" >/dev/null && printf 'started again: %s\\n' "$1" >&2 ;;
running | 'in shutdown') if [ $n -lt ${timeout} ]; then n=$((n + 1)); sleep 1; continue; fi ;;
esac
shift
done
exit 1
}
asked=0
for d do
${virsh} shutdown "$d" >/dev/null || { shift $(($# - asked)); again "$@"; }
shift; set -- "$@" "$d"; asked=$((asked + 1))
done
while left=$(virsh -r -c qemu:///system list --name) || again "$@"; [ -n "$left" ]; do
n=$((n + 1))
if [ $n -gt ${timeout} ]; then
printf '%s\\n' 'these guests did not shut down in time, and may do so later:' "$left" >&2
again "$@"
fi
sleep 1
done`;
}

/** Starts those of the guests that are off. */
export function startAgain(domains: readonly string[]): ShellText {
  return sh`failed=0
for d in ${domains}; do
[ "$(${virsh} domstate "$d")" != 'shut off' ] || ${virsh} start "$d" || failed=1
done
exit $failed`;
}
