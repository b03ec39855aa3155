import { type Refuse, refuse } from '../../decision.ts';
import { type Content, contentOnHost } from '../../host/file/content.ts';
import { hashedFile } from '../../host/file/hash.ts';
import { formatMode } from '../../host/file/mode.ts';
import { type Look, map } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';

/** Prints the size of a file of the host, links followed; -1 where it has none. */
export function sizeOnHost(path: string): ShellText {
  return sh`$(stat -L -c %s -- ${path} 2>/dev/null || echo -1)`;
}

/** A file of the host that is to be copied, with its mode; a refusal where there is none. */
export function fileOnHost(path: string): Look<Refuse | { readonly content: Content; readonly mode: string }> {
  return map(hashedFile(path), source => {
    if (source?.kind !== 'file') return refuseSource(path, source?.kind);
    return { content: contentOnHost(path, source.sha256, source.size), mode: formatMode(source.mode) };
  });
}

function refuseSource(path: string, kind: string | undefined): Refuse {
  return refuse(
    kind === undefined ? `${path} does not exist on the host` : `${path} is a ${kind}, not a file`,
    'remote_src copies a single file of the host; correct src.',
    { needs: [{ kind: 'path', name: path }] },
  );
}
