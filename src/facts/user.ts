import { all, map, printed } from '../shell/look.ts';
import { raw } from '../shell/quote.ts';
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
  look: map(
    all({
      id: printed('id', raw('id -u; id -g; printf "%s\\n" "$HOME"')),
      passwd: printed('cat', raw('getent passwd "$(id -u)" 2>/dev/null || cat /etc/passwd')),
    }),
    ({ id, passwd }) => {
      const [uid = '', gid = '', home = ''] = id.split('\n');
      const users = passwd.split('\n').map(line => line.split(':'));
      const [name = uid, , , , , , shell = ''] = users.find(([, , number]) => number === uid) ?? [];
      return { name, uid: Number(uid), gid: Number(gid), home, shell };
    },
  ),
});
