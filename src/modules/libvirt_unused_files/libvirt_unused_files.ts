import { change, type Decision, ok } from '../../decision.ts';
import { allDomains, domainTexts, escapedInXml, namedByNone } from '../../host/libvirt/all-domains.ts';
import { globToRegExp } from '../../host/libvirt/glob.ts';
import { pathsInDocuments } from '../../host/libvirt/named-files.ts';
import { accept } from '../../shell/answer.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

interface State {
  /** Names of the plain files in the directory. */
  readonly files: readonly string[];
  /** Every document of every domain: stored, running, saved. */
  readonly documents: readonly string[];
  /** Names of the files that a path in these documents leads to. */
  readonly named: readonly string[];
}

/** Old versions of an image, removed when no domain names them. */
export const libvirtUnusedFiles = defineModule({
  name: 'libvirt_unused_files',
  summary: 'Old images removed, once no domain names them.',
  description: `Removes the files of one directory that match the pattern, unless they are in
\`keep\` or a domain names them: in its definition, in the running domain, or in a saved image. A
file counts as named if its name occurs anywhere in such a document, or a path that leads to it by
links.`,
  args,
  returns,
  examples,
  probe: args =>
    script({
      files: sh`[ -d ${args.directory} ] || exit 3
cd ${args.directory} && for file in *; do [ -f "$file" ] && printf '%s\\n' "$file"; done; :`,
      domains: allDomains(args.uri, 'every document'),
      named: printNamedFiles(args),
    }),
  read: (answer): State => ({
    files: linesOf(accept(answer, 'files', [0, 3], 'The look at the directory').stdout),
    documents: domainTexts(answer, 'domains'),
    named: linesOf(accept(answer, 'named', [0, 3], 'virsh').stdout),
  }),
  decide,
});

/** Prints the files that match and that a path in a document of a domain leads to. */
function printNamedFiles({ directory, pattern, uri }: Args): ShellText {
  const [start = '', end = ''] = pattern.split('*');
  return sh`[ -d ${directory} ] || exit 3
all=$(${allDomains(uri, 'every document, volumes by path')}\n) || [ $? -eq 3 ] || exit 1
cd ${directory} && printf '%s\\n' "$all" | ${pathsInDocuments} | while IFS= read -r path; do
  for file in ${start}*${end}; do if [ "$path" -ef "$file" ]; then printf '%s\\n' "$file"; fi; done
done`;
}

function isNamed(name: string, { documents, named }: State): boolean {
  return named.includes(name) || documents.some(text => text.includes(escapedInXml(name)));
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter(line => line !== '');
}

function decide(args: Args, state: State): Decision<State> {
  const pattern = globToRegExp(args.pattern);
  const kept = args.keep.map(path => path.slice(path.lastIndexOf('/') + 1));
  const old = state.files.filter(name => pattern.test(name) && !kept.includes(name));
  const used = old.filter(name => isNamed(name, state));
  const unused = old.filter(name => !used.includes(name));
  const paths = (names: readonly string[]): string[] => names.map(name => `${args.directory}/${name}`);
  const result = { removed: paths(unused), in_use: paths(used) };
  if (unused.length === 0) {
    const reason = used.length === 0 ? 'no old files are there' : `${used.join(', ')} still in use`;
    return ok(reason, { result });
  }
  return change(`no domain names ${unused.join(', ')}`, {
    diff: [
      {
        subject: args.directory,
        before: old.map(name => `${name}\n`).join(''),
        after: used.map(name => `${name}\n`).join(''),
      },
    ],
    guard: script({ guard: namedByNone(args.uri, [...unused, ...paths(unused)]) }),
    apply: script({ remove: sh`rm -f -- ${paths(unused)}` }),
    removes: paths(unused).map(name => ({ kind: 'path', name })),
    result,
  });
}
