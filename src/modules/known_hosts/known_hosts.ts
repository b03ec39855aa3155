import { ok, type Refuse, refuse } from '../../decision.ts';
import { edited } from '../../host/lines/decide.ts';
import { all } from '../../shell/look.ts';
import { defineModule } from '../module.ts';
import { knownHostsFile, salt, withDirectory } from './file.ts';
import { type HostKey, parseHostKey, withHostKeys, withoutHost } from './host-key.ts';
import { keysIn, problems } from './keys.ts';
import { args, examples, returns } from './schema.ts';

export const knownHosts = defineModule({
  name: 'known_hosts',
  summary: 'Owns the keys by which a host of SSH is known on the host.',
  description:
    'Finds the name in plain and in hashed lines. A key of the same type that differs is ' +
    'replaced; other types, other hosts of a line, patterns and lines with a marker stay. ' +
    'A key that the file says is revoked is refused.',
  args,
  returns,
  examples,
  problems,
  look: ({ path, hash_host }) => all({ file: knownHostsFile(path), salt: hash_host ? salt : undefined }),
  decide({ name, key, state, path }, { file, salt }) {
    const { goal } = file;
    const keys = keysIn(key);
    const result = { name, path: goal.path };
    const revoked = keys.find(one => isRevoked(file.text, one));
    if (state === 'present' && revoked) return refuseRevoked(goal.path, name, revoked);
    const text = state === 'present' ? withHostKeys(file.text, name, keys, salt) : withoutHost(file.text, name, keys);
    if (!goal.entry && text === '') return ok('the file is absent', { result });
    const decision = goal.homeless && path.startsWith('~/.ssh/') ? withDirectory(goal, text) : edited(file, text);
    if (decision.kind === 'refuse') return decision;
    if (decision.kind === 'change') return { ...decision, result };
    return ok(state === 'present' ? 'is known' : 'is not known', { result });
  },
});

function isRevoked(text: string, key: HostKey): boolean {
  return text.split('\n').some(line => {
    const there = parseHostKey(line);
    return there?.marker === '@revoked' && there.blob === key.blob;
  });
}

function refuseRevoked(path: string, name: string, { type }: HostKey): Refuse {
  return refuse(
    `${path} says that this ${type} key of ${name} is revoked`,
    'Find out why: a host that has this key may not be the one you mean. If it is right again, remove the line.',
  );
}
