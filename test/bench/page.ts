import { wrapProse } from '../../scripts/pages/wrap-prose.ts';
import { type Machine, machineText } from './machine.ts';
import type { Findings, Part } from './part.ts';
import { markdown } from './table.ts';
import { targetTable } from './targets.ts';

/** What a part found, when, and on what. */
export interface Section {
  readonly part: Pick<Part, 'name' | 'title'>;
  readonly date: string;
  readonly machine: Machine;
  readonly repeats: number;
  readonly findings: Findings;
}

/** A part's section of the page. */
export function sectionText({ date, findings, machine, part, repeats }: Section): string {
  const { notes, tables, targets } = findings;
  const measured = `Measured on ${date}, ${repeats === 1 ? 'once' : `median of ${repeats}, and the least and greatest`}: ${machineText(machine)}.`;
  const shown = tables.map(table => `### ${table.title}\n\n${markdown(table)}`);
  const verdicts = targets.length > 0 ? [`### Targets of ${part.name}\n\n${markdown(targetTable(targets))}`] : [];
  const said = notes.length > 0 ? [`${notes.map(note => `- ${note}`).join('\n')}\n`] : [];
  return [`## ${part.name}\n\n${part.title}. ${measured}\n`, ...shown, ...verdicts, ...said].join('\n');
}

const head = `# Measured side by side

\`npm run bench -- --docs\` writes this page; it is not edited by hand. A part that was not measured
again keeps what it said. Ratios travel from one machine to
another, seconds do not: on a machine that runs controller and hosts alike, all of them share its processors. A load well above 0 before it began says that
others worked on the machine, too: then trust what was measured in turn, several times, and less what was measured once.
`;

/** The page with these sections in place of those of the same parts; the others stay. */
export function pageWith(before: string, sections: readonly Section[], order: readonly string[]): string {
  const kept = new Map(before.split(/^(?=## )/m).map(text => [/^## (\S+)/.exec(text)?.[1] ?? '', text.trimEnd()]));
  const fresh = new Map(sections.map(section => [section.part.name, sectionText(section).trimEnd()]));
  const texts = order.flatMap(name => fresh.get(name) ?? kept.get(name) ?? []);
  return `${wrapProse([head.trimEnd(), ...texts].join('\n\n'))}\n`;
}
