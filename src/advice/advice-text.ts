import { type Advice, type Finding, feasible, type HostAdvice } from './advice.ts';

/** The advice for a host as text for people; with `diff` what would become of each part. */
export function adviceText(
  { advice, failure, host, settled, waits }: HostAdvice,
  diff: (finding: Finding) => string,
): string {
  const todo = feasible(advice);
  const guests = [...new Set(todo.flatMap(({ findings }) => findings.flatMap(({ guest }) => guest ?? [])))].toSorted();
  const parts = [
    subject(todo, undefined, 'the host', diff),
    ...guests.map(guest => subject(todo, guest, `guest ${guest}`, diff)),
    refusals(advice),
    listed('configured already, not in effect', waits),
    settled.length === 0 ? '' : `  as it should be: ${settled.join(', ')}\n`,
    failure === undefined ? '' : `  ${inLine(failure)}\n`,
  ];
  const text = parts.filter(part => part !== '').join('\n');
  return `${host}\n${text === '' ? '  nothing to advise\n' : text}`;
}

function subject(
  all: readonly Advice[],
  guest: string | undefined,
  title: string,
  diff: (finding: Finding) => string,
): string {
  const blocks = all.flatMap(({ findings, notes, parameters, role }) => {
    const ours = findings.filter(finding => finding.guest === guest);
    if (ours.length === 0) return [];
    const said = notes.filter(note => guest === undefined || note.startsWith(`${guest} `));
    return [
      `    ${role.role} (${costs(ours)})`,
      ...ours.map(finding => `      ${finding.task}: ${finding.message}${diff(finding)}`),
      ...said.map(note => `      ${note}`),
      `      with: ${JSON.stringify(parametersFor(parameters, guest))}`,
    ];
  });
  return blocks.length === 0 ? '' : `  ${title}\n${blocks.join('\n')}\n`;
}

/** Why roles that were advised help, each once. */
export function reasonsText(hosts: readonly HostAdvice[]): string {
  const roles = new Map(hosts.flatMap(({ advice }) => feasible(advice).map(({ role }) => [role.role, role] as const)));
  const blocks = [...roles.values()].map(
    ({ role, source, why }) => `  ${role}: ${inLine(why)}\n    found by: ${inLine(source)}\n`,
  );
  return blocks.length === 0 ? '' : `why\n${blocks.join('')}`;
}

/** A text of several lines as one. */
export function inLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** The costs of findings, the dearest first. */
function costs(findings: readonly Finding[]): string {
  const found = new Set(findings.map(({ cost }) => cost));
  const order = ['host reboot', 'guest restart', 'online', 'unknown'] as const;
  return order.filter(cost => found.has(cost)).join(', ');
}

/** Of a list of guests only the one that it is about. */
function parametersFor(parameters: Readonly<Record<string, unknown>>, guest: string | undefined): unknown {
  const { domains, ...others } = parameters;
  if (guest === undefined || !Array.isArray(domains)) return parameters;
  return { ...others, domains: domains.filter(domain => (domain as { name?: string }).name === guest) };
}

function refusals(advice: readonly Advice[]): string {
  return listed(
    'not as things are',
    advice.flatMap(({ refusal, role }) => (refusal === undefined ? [] : [`${role.role}: ${inLine(refusal)}`])),
  );
}

function listed(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `  ${title}\n${lines.map(line => `    ${line}\n`).join('')}`;
}
