import { change, ok } from '../../decision.ts';
import { allDomains, domainXml, escapedInXml, namedByNone } from '../../host/libvirt/all-domains.ts';
import { globToRegExp } from '../../host/libvirt/glob.ts';
import { pathsInDocuments } from '../../host/libvirt/named-files.ts';
import { all, type Look, map, printed } from '../../shell/look.ts';
import { type ShellText, sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { type Args, args, examples, returns } from './schema.ts';

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
  look: args =>
    all({
      files: linesOf('The look at the directory', plainFiles(args.directory)),
      domains: domainXml(args.uri, 'every document'),
      named: linesOf('virsh', namedFiles(args)),
    }),
  decide(args, { domains, files, named }) {
    const pattern = globToRegExp(args.pattern);
    const kept = args.keep.map(path => path.slice(path.lastIndexOf('/') + 1));
    const old = files.filter(name => pattern.test(name) && !kept.includes(name));
    const isNamed = (name: string) => named.includes(name) || domains.some(text => text.includes(escapedInXml(name)));
    const used = old.filter(isNamed);
    const unused = old.filter(name => !used.includes(name));
    const paths = (names: readonly string[]): string[] => names.map(name => `${args.directory}/${name}`);
    const result = { removed: paths(unused), in_use: paths(used) };
    if (unused.length === 0) {
      const reason = used.length === 0 ? 'no old files are there' : `${used.join(', ')} still in use`;
      return ok(reason, { result });
    }
    return change(`no domain names ${unused.join(', ')}`, {
      diff: [{ subject: args.directory, before: listOf(old), after: listOf(used) }],
      guard: script({ guard: namedByNone(args.uri, [...unused, ...paths(unused)]) }),
      apply: script({ remove: sh`rm -f -- ${paths(unused)}` }),
      removes: paths(unused).map(name => ({ kind: 'path', name })),
      result,
    });
  },
});

/** Prints the names of the plain files in a directory. */
function plainFiles(directory: string): ShellText {
  return sh`[ -d ${directory} ] || exit 3
cd ${directory} && for file in *; do [ -f "$file" ] && printf '%s\\n' "$file"; done; :`;
}

/** Prints the files that match and that a path in a document of a domain leads to. */
function namedFiles({ directory, pattern, uri }: Args): ShellText {
  const [start = '', end = ''] = pattern.split('*');
  return sh`[ -d ${directory} ] || exit 3
all=$(${allDomains(uri, 'every document, volumes by path')}\n) || [ $? -eq 3 ] || exit 1
cd ${directory} && printf '%s\\n' "$all" | ${pathsInDocuments} | while IFS= read -r path; do
  for file in ${start}*${end}; do if [ "$path" -ef "$file" ]; then printf '%s\\n' "$file"; fi; done
done`;
}

function linesOf(program: string, text: ShellText): Look<readonly string[]> {
  return map(printed(program, text, [0, 3]), found => found.split('\n').filter(line => line !== ''));
}

function listOf(names: readonly string[]): string {
  return names.map(name => `${name}\n`).join('');
}
