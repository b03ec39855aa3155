import type { ArgsOf, ObjectSchema } from '../../callable.ts';
import { hostPath } from '../../host/file/arguments.ts';

const token = "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$";

export const args = {
  type: 'object',
  additionalProperties: false,
  required: ['url'],
  properties: {
    url: { type: 'string', pattern: '^https?://[^\\s]+$', description: 'What is asked.' },
    method: {
      type: 'string',
      pattern: '^[A-Z]+$',
      default: 'GET',
      description: 'GET, HEAD, POST, PUT, PATCH, DELETE or another.',
    },
    body: { description: 'What is sent: a text, or with body_format a map or list.' },
    body_format: {
      enum: ['raw', 'json', 'form-urlencoded'],
      default: 'raw',
      description: 'How a body that is not text becomes one; json also sets the content type.',
    },
    headers: {
      type: 'object',
      default: {},
      propertyNames: { pattern: token },
      additionalProperties: { type: 'string', pattern: '^[^\\r\\n\\u0000]*$' },
      'x-secret': true,
      description: 'HTTP headers.',
    },
    status_code: {
      anyOf: [
        { type: 'integer', minimum: 100, maximum: 599 },
        { type: 'array', minItems: 1, items: { type: 'integer', minimum: 100, maximum: 599 } },
      ],
      default: 200,
      description: 'The status that is good, or a list.',
    },
    return_content: { type: 'boolean', default: false, description: 'Whether the result has the content as text.' },
    timeout: { type: 'integer', minimum: 1, default: 30, description: 'Seconds for the whole exchange.' },
    validate_certs: { type: 'boolean', default: true, description: 'Checks the certificate of the server.' },
    url_username: { type: 'string', pattern: '^[^:\\u0000]+$', description: 'The user for basic authentication.' },
    url_password: { type: 'string', 'x-secret': true, description: 'The password for basic authentication.' },
    follow_redirects: {
      enum: ['all', 'none', 'safe'],
      default: 'safe',
      description: 'Which redirects are followed; safe: those of GET and HEAD.',
    },
    dest: { ...hostPath, description: 'The absolute path of a file for the content.' },
    creates: {
      ...hostPath,
      description: 'A path or pattern; where it exists, nothing is asked.',
    },
    removes: {
      ...hostPath,
      description: 'A path or pattern; where it does not exist, nothing is asked.',
    },
  },
} as const satisfies ObjectSchema;

export type Args = ArgsOf<typeof args>;

export const returns = {
  type: 'object',
  properties: {
    status: { type: 'integer', description: 'The HTTP status.' },
    url: { type: 'string', description: 'What was asked in the end, without user and password.' },
    redirected: { type: 'boolean', description: 'Whether it was another URL in the end.' },
    elapsed: { type: 'number', description: 'Seconds that it took.' },
    headers: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'The headers of the answer, by lower-case names.',
    },
    content: { type: 'string', description: 'The content as text, with return_content.' },
    json: { description: 'The content as a value, where the server says that it is JSON.' },
    path: { type: 'string', description: 'The file, with dest.' },
  },
} as const satisfies ObjectSchema;

export const examples = [
  `- name: The service answers
  uri:
    url: http://127.0.0.1:8080/health
    return_content: true
  register: health
  retries: 10
  delay: 3
`,
  `- name: The host is known to the inventory
  uri:
    url: https://cmdb.example.com/hosts
    method: POST
    body_format: json
    body: {name: kvm1}
    status_code: [200, 201]
    url_username: kvm
    url_password: "{{ cmdb_password }}"
    creates: /etc/registered
`,
];
