/** `report.html`: one file with everything in it, for one run or for several side by side. Nothing is fetched. */
import { readFileSync } from 'node:fs';
import { bundleForBrowser } from '../../browser-script.ts';
import type { Ablation } from '../ablation.ts';
import type { PoliciesCompared } from '../comparison/schema.ts';
import { browsersSection } from './browsers.ts';
import { readFacts } from './facts.ts';
import { format } from './format.ts';
import { html, jsonScript, raw } from './html.ts';
import { objectivesTable } from './objectives.ts';
import { oraclesTable } from './oracles.ts';
import type { PageData } from './page/data.ts';
import { originsSection, strandedSection } from './people.ts';
import { policiesSection } from './policies-section.ts';
import type { RunToShow } from './run-to-show.ts';
import {
  ablationSection,
  comparisonCharts,
  crowdCharts,
  measuresTable,
  overflowSection,
  verdictCards,
} from './sections.ts';
import { assumptionsSection, reproduceSection, timesSection, trustSection } from './trust.ts';

/** Nothing may be loaded from anywhere: what the page needs is in it, but for pictures, which lie beside it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: 'self'";

/**
 * The report of one run, or of several side by side.
 *
 * @param ablation shown where there is one; null: left out.
 * @param policies what sets policies apart over several seeds, of which `runs` are one; null: left out.
 */
export async function renderReport(
  runs: readonly RunToShow[],
  ablation: Ablation | null,
  policies: PoliciesCompared | null = null,
): Promise<string> {
  const first = runs[0];
  if (first === undefined) throw new RangeError('expected at least one run to report');
  const { scenario, summary } = first;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${scenario.title}: ${runs.map(({ name, summary: { verdict } }) => `${name} ${verdict.result}`).join(', ')} – roomrush</title>
<style>${raw(readFileSync(new URL('./style.css', import.meta.url), 'utf8'))}</style>
</head>
<body><main>
<header>
  <h1>${scenario.title}</h1>
  <p>${scenario.story}</p>
  <p class="meta">${format(summary.crowd.planned, 'people')} people, ${format(scenario.rooms.main.seats, 'people')} seats, scale ${summary.run.scale}, time-scale ${summary.run.timeScale}, seed ${summary.run.seed}. ${runs.length > 1 ? 'The same crowd met each server.' : ''}</p>
</header>
${verdictCards(runs)}
${policiesSection(policies)}
${crowdCharts(runs)}
${comparisonCharts(runs)}
${strandedSection(runs)}
${originsSection(runs)}
${objectivesTable(runs)}
${oraclesTable(runs)}
${overflowSection(runs)}
${browsersSection(runs)}
${measuresTable(runs)}
${ablationSection(ablation)}
${trustSection(runs)}
${timesSection(runs)}
${assumptionsSection(runs, readFacts())}
${reproduceSection(runs)}
<footer>Made by roomrush. Every number here is a query over the run's event log; summary.json has them for machines.</footer>
</main>
${jsonScript('report-data', pageData(runs))}
<script>${raw(pageScript())}</script>
</body></html>
`;
  return page.html;
}

function pageData(runs: readonly RunToShow[]): PageData {
  return {
    runs: runs.map(({ name, charts, summary: { ejections } }) => ({
      name,
      charts,
      byCause: ejections.byCause,
      comebacks: {
        returned: ejections.returned,
        stranded: ejections.stranded,
        didNotTry: ejections.didNotTry,
      },
    })),
  };
}

let bundled: string | null = null;

/** Chart.js and the page's script as one text, made once a process. */
function pageScript(): string {
  bundled ??= bundleForBrowser(new URL('./page/main.ts', import.meta.url)).replaceAll(
    '</script',
    '<\\/script',
  );
  return bundled;
}
