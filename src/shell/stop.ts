import { raw, type ShellText, sh } from './quote.ts';
import { type Script, script } from './script.ts';

/**
 * Stops everything that descends from a shell, found through /proc: TERM, and KILL after `grace`
 * seconds. The shell itself stays and goes on with its script. Closing an SSH channel stops
 * nothing, so this is the only way.
 */
export function stopDescendants(pid: number, grace: number): Script {
  return script({ stop: stopBelow(sh`${pid}`, grace) });
}

/** Ends a shell and everything that descends from it, at once. */
export function endShell(pid: number): Script {
  return script({
    end: sh`${descendants}
for p in ${pid} $(of ${pid}); do kill -s KILL "$p" 2>/dev/null; done; :`,
  });
}

/** The work of {@link stopDescendants} as a piece of a script; `pid` may be a variable of it. */
export function stopBelow(pid: ShellText, grace: number): ShellText {
  return sh`${descendants}
signal TERM ${pid}
waited=0
while [ "$waited" -lt ${grace} ] && [ -n "$(of ${pid})" ]; do sleep 1; waited=$((waited + 1)); done
signal KILL ${pid}`;
}

/**
 * What still runs below a shell: `pid state wait-channel command` a line. For the message when it
 * cannot be stopped.
 */
export function listDescendants(pid: number): Script {
  return script({
    left: sh`${descendants}
for p in $(of ${pid}); do
  read -r line <"/proc/$p/stat" || continue
  state=\${line##*) }; state=\${state%% *}
  printf '%s %s %s ' "$p" "$state" "$(cat "/proc/$p/wchan" 2>/dev/null || echo -)"
  tr '\\0' ' ' <"/proc/$p/cmdline"; echo
done`,
  });
}

/** Exit 0 while the shell of an earlier connection, or anything below it, still lives. */
export function stillRuns(pid: number, startTime: string): ShellText {
  return sh`${descendants}
read -r line 2>/dev/null <"/proc/${pid}/stat" || line=
line=\${line##*) }; set -- $line
[ "\${1:-}" != Z ] && [ "\${20:-}" = ${startTime} ] && exit 0
[ -n "$(of ${pid})" ]`;
}

/** The shell function `children PID`: the numbers of its children, without zombies. */
export const children = raw(`children() {
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    rest=\${line##*) }
    # A zombie does nothing any more; in a container it may stay for ever.
    case $rest in Z*) continue ;; esac
    rest=\${rest#* }
    [ "\${rest%% *}" = "$1" ] && echo "\${line%% *}"
  done
}`);

const descendants = sh`${children}
${raw(`of() { for child in $(children "$1"); do echo "$child"; of "$child"; done; }
signal() { for p in $(of "$2"); do kill -s "$1" "$p" 2>/dev/null; done; }`)}`;
