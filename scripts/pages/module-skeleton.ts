/**
 * The files of a new module, by their paths: one that owns a value of the kernel, and passes its
 * tests.
 */
export function moduleFiles(name: string): Readonly<Record<string, string>> {
  const constant = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    [`src/modules/${name}/schema.ts`]: schema(name),
    [`src/modules/${name}/${name}.ts`]: module(name, constant),
    [`test/modules/cases/${name}/decide.yml`]: cases,
  };
}

function schema(name: string): string {
  return `import type { ObjectSchema } from '../../callable.ts';

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['path', 'value'],
  properties: {
    path: { type: 'string', pattern: '^/sys/', description: 'The file of the kernel.' },
    value: { type: 'string', description: 'What is in it.' },
  },
} as const satisfies ObjectSchema;

export const returns = {
  type: 'object',
  properties: { value: { type: 'string', description: 'The value.' } },
} as const satisfies ObjectSchema;

export const examples = [
  \`- name: Equal pages are kept once
  ${name}:
    path: /sys/kernel/mm/ksm/run
    value: "1"
\`,
];
`;
}

function module(name: string, constant: string): string {
  return `import { change, ok } from '../../decision.ts';
import { all, map, printed } from '../../shell/look.ts';
import { sh } from '../../shell/quote.ts';
import { script } from '../../shell/script.ts';
import { defineModule } from '../module.ts';
import { args, examples, returns } from './schema.ts';

export const ${constant} = defineModule({
  name: '${name}',
  summary: 'Owns a value of the kernel.',
  args,
  returns,
  examples,
  look: ({ path }) => all({ live: map(printed('cat', sh\`cat \${path}\`), text => text.trim()) }),
  decide({ path, value }, { live }) {
    if (live === value) return ok('has this value', { result: { value } });
    return change('value differs', {
      diff: [{ subject: path, before: \`\${live}\\n\`, after: \`\${value}\\n\` }],
      apply: script({ live: sh\`hw_kernel \${path} \${value}\` }),
      result: { value },
    });
  },
});
`;
}

const cases = `- it: leaves alone what has the value
  args: &on { path: /sys/kernel/mm/ksm/run, value: "1" }
  answer: { live: "1\\n" }
  expect:
    kind: ok
    reason: has this value
    result: { value: "1" }
    probe: { live: cat /sys/kernel/mm/ksm/run }
- it: sets another value
  args: *on
  answer: { live: "0\\n" }
  expect:
    kind: change
    reason: value differs
    diff: [{ subject: /sys/kernel/mm/ksm/run, before: "0\\n", after: "1\\n" }]
    apply: { live: hw_kernel /sys/kernel/mm/ksm/run 1 }
    result: { value: "1" }
- it: cannot tell where the file cannot be read
  args: *on
  answer: { live: { code: 1, stderr: "cat: /sys/kernel/mm/ksm/run: No such file or directory\\n" } }
  expect: { kind: cannot-tell, message: /No such file/ }
`;
