import { accept } from '../shell/answer.ts';
import { raw } from '../shell/quote.ts';
import { script } from '../shell/script.ts';
import { defineFacts } from './fact.ts';
import { integer, record, text } from './schema.ts';

export const user = defineFacts({
  name: 'user',
  summary: 'The user who works on the host: root where a task becomes root.',
  schema: record({
    name: text('root, deploy, …; the number where it has no name.'),
    uid: integer('Its number.'),
    gid: integer('The number of its group.'),
    home: text('Its home directory, as HOME has it.'),
    shell: text('Its login shell; empty where passwd has no such user.'),
  }),
  probe: script({
    id: raw('id -u; id -g; printf "%s\\n" "$HOME"'),
    passwd: raw('getent passwd "$(id -u)" 2>/dev/null || cat /etc/passwd'),
  }),
  read(answer) {
    const [uid = '', gid = '', home = ''] = accept(answer, 'id', [0], 'id').stdout.split('\n');
    const users = accept(answer, 'passwd', [0], 'cat').stdout.split('\n');
    const own = users.map(line => line.split(':')).find(([, , number]) => number === uid);
    return { name: own?.[0] ?? uid, uid: Number(uid), gid: Number(gid), home, shell: own?.[6] ?? '' };
  },
});
