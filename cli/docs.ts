/**
 * `npm run docs`: writes the reference pages from the code they describe. With `--check` nothing is written, and
 * a page that is behind the code ends with 3.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { metricsMarkdown } from '../dashboards/metrics/document.ts';
import { EXIT } from '../errors.ts';
import { ROW_COLUMNS, ROW_TYPES } from '../events/row.ts';
import { baselineJsonSchema } from '../reports/gate/baseline.ts';
import { gateJsonSchema } from '../reports/gate/schema.ts';
import { histogramsJsonSchema } from '../reports/histogram.ts';
import {
  capacityJsonSchema,
  comparisonJsonSchema,
  measuresMarkdown,
  oraclesMarkdown,
  summaryJsonSchema,
} from '../reports/index.ts';
import { storyJsonSchema } from '../reports/story/story.ts';
import { policiesMarkdown } from '../server/profiles/document.ts';
import { protocolMarkdown } from '../server/protocol/document.ts';
import { endWith } from './ending.ts';
import { roomrushProgram, withSubcommands } from './program.ts';

function commandsMarkdown(): string {
  const sections = withSubcommands(roomrushProgram()).map((command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).configureHelp({ helpWidth: 100 });
    command.outputHelp();
    const names: string[] = [];
    for (let one = command; one; one = one.parent!) names.unshift(one.name());
    return `## ${names.join(' ')}\n\n\`\`\`\n${help.trim()}\n\`\`\`\n`;
  });
  return `# Commands\n\nMade by \`npm run docs\` from the commands themselves.\n\n${sections.join('\n')}`;
}

function eventsMarkdown(): string {
  const rows = Object.entries(ROW_TYPES).map(
    ([type, meaning]) => `| \`${type}\` | ${meaning.replaceAll('|', '\\|')} |`,
  );
  return `# The event log

Made by \`npm run docs\` from \`events/row.ts\`. Columns: ${ROW_COLUMNS.map((name) => `\`${name}\``).join(', ')}. While a run
is on, the log is CSV segments without a header line, one a second and process; afterwards it is one Parquet file.

| type | what happened |
|---|---|
${rows.join('\n')}
`;
}

const pages: Readonly<Record<string, string>> = {
  'protocol.md': protocolMarkdown(),
  'policies.md': policiesMarkdown(),
  'measures.md': measuresMarkdown(),
  'checks.md': oraclesMarkdown(),
  'summary.schema.json': `${JSON.stringify(summaryJsonSchema(), null, 2)}\n`,
  'comparison.schema.json': `${JSON.stringify(comparisonJsonSchema(), null, 2)}\n`,
  'gate.schema.json': `${JSON.stringify(gateJsonSchema(), null, 2)}\n`,
  'baseline.schema.json': `${JSON.stringify(baselineJsonSchema(), null, 2)}\n`,
  'histograms.schema.json': `${JSON.stringify(histogramsJsonSchema(), null, 2)}\n`,
  'capacity.schema.json': `${JSON.stringify(capacityJsonSchema(), null, 2)}\n`,
  'story.schema.json': `${JSON.stringify(storyJsonSchema(), null, 2)}\n`,
  'events.md': eventsMarkdown(),
  'metrics.md': metricsMarkdown(),
  'commands.md': commandsMarkdown(),
};

for (const [name, text] of Object.entries(pages)) {
  const file = new URL(`../docs/reference/${name}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
    process.stdout.write(`docs/reference/${name}\n`);
    continue;
  }
  let kept = '';
  try {
    kept = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (kept !== text) {
    process.stderr.write(`docs/reference/${name} is behind the code: npm run docs\n`);
    endWith(EXIT.failed);
  }
}
