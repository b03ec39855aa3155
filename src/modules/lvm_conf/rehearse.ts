import { quiet } from '../../host/lvm/report.ts';
import { join, sh } from '../../shell/quote.ts';
import { type Script, script } from '../../shell/script.ts';
import type { Args } from './schema.ts';

/**
 * LVM's own validation on a copy of the directory, under /run: nothing of the configuration is
 * touched.
 */
export function rehearse(args: Args, text: string): Script {
  return script({
    validate: join([
      sh`copy=$(mktemp -d /run/hostwright.XXXXXX) || exit 1`,
      sh`trap 'rm -rf "$copy"' EXIT`,
      sh`cp -R ${args.directory}/. "$copy" && printf %s ${text} >"$copy"/${args.file} || exit 1`,
      sh`${quiet} LVM_SYSTEM_DIR="$copy" lvmconfig --validate`,
    ]),
  });
}
