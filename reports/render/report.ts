/**
 * `report.html`: one file with everything in it, for one run or for several side by side. Nothing is fetched. Its sections
 * follow the questions of a reader who was not there: how did it end, what happened, to whom, why, at what price, and how far
 * is that to be believed.
 */
import { inlineForBrowser } from '../../browser-script.ts';
import type { Ablation } from '../ablation.ts';
import type { BuildsCompared } from '../comparison/builds-schema.ts';
import type { PoliciesCompared } from '../comparison/schema.ts';
import { browsersSection } from './browsers.ts';
import { clinicSection } from './clinic.ts';
import { differencesSection } from './comparison-differences.ts';
import { contentsOf } from './contents.ts';
import { costSection } from './cost-section.ts';
import { readFacts } from './facts.ts';
import { foldCharts, stepSeconds } from './fold.ts';
import { format } from './format.ts';
import { type Html, html, jsonScript, raw } from './html.ts';
import { insideSection } from './inside-section.ts';
import { kneeSection } from './knee-section.ts';
import { serverTimeSection } from './load-section.ts';
import { thrownOutSection } from './losses-section.ts';
import { bodiesOf } from './measure-rows.ts';
import { nightSection } from './night-section.ts';
import { overflowSection } from './overflow-section.ts';
import type { PageData } from './page/data.ts';
import { originsSection } from './people.ts';
import { policiesSection } from './policies-section.ts';
import type { RunToShow } from './run-to-show.ts';
import { ablationSection, figuresSection, promisesSection, verdictSection } from './sections.ts';
import { stylesOf } from './styles.ts';
import { reproduceSection, trustSection } from './trust.ts';
import { waitsSection } from './waits-section.ts';

/** Nothing may be loaded from anywhere: what the page needs is in it. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The report of one run, or of several side by side.
 *
 * @param ablation shown where there is one; null: left out.
 * @param policies what sets policies apart over several seeds, of which `runs` are one; null: left out.
 * @param builds what sets builds apart that were laid side by side, of which `runs` have one each; null: left out.
 */
export async function renderReport(
  runs: readonly RunToShow[],
  ablation: Ablation | null,
  policies: PoliciesCompared | null = null,
  builds: BuildsCompared | null = null,
): Promise<string> {
  const first = runs[0];
  if (first === undefined) throw new RangeError('expected at least one run to report');
  const { scenario, summary } = first;
  const sections = sectionsOf(runs, ablation, policies, builds);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${scenario.title}: ${runs.map(({ name, summary: { verdict } }) => `${name} ${verdict.result}`).join(', ')} – roomrush</title>
<style>${raw(stylesOf(new URL('./style.css', import.meta.url)))}</style>
</head>
<body><main>
<header>
  <h1 dir="auto">${scenario.title}</h1>
  <p dir="auto">${scenario.story}</p>
  <p class="meta">${format(summary.crowd.planned, 'people')} people, ${format(scenario.rooms.main.seats, 'people')} seats, scale ${summary.run.scale}, time-scale ${summary.run.timeScale}, seed ${summary.run.seed}. ${runs.length > 1 && metTheSame(runs) && 'The same crowd met each server.'}</p>
</header>
${contentsOf(sections)}
${sections}
<footer>Made by roomrush. Every number here is a query over the run's event log; summary.json has them for machines.</footer>
</main>
${jsonScript('report-data', pageData(runs))}
<script>${raw(inlineForBrowser(new URL('./page/main.ts', import.meta.url)))}</script>
</body></html>
`;
  return page.html;
}

function metTheSame(runs: readonly RunToShow[]): boolean {
  return new Set(runs.map(({ summary }) => summary.run.planDigest)).size === 1;
}

function sectionsOf(
  runs: readonly RunToShow[],
  ablation: Ablation | null,
  policies: PoliciesCompared | null,
  builds: BuildsCompared | null,
): Html {
  return html`${verdictSection(runs)}
${policiesSection(policies)}
${differencesSection(builds)}
${nightSection(runs)}
${promisesSection(runs)}
${thrownOutSection(runs)}
${waitsSection(runs)}
${originsSection(runs)}
${overflowSection(runs)}
${insideSection(runs)}
${browsersSection(runs)}
${serverTimeSection(runs)}
${clinicSection(runs)}
${costSection(runs)}
${kneeSection(runs)}
${ablationSection(ablation)}
${trustSection(runs, readFacts())}
${reproduceSection(runs)}
${figuresSection(runs)}`;
}

/** More steps than a screen has dots show nothing, and a night of a day has 86,400 seconds. */
const STEPS_MAX = 1_800;

function pageData(runs: readonly RunToShow[]): PageData {
  const seconds = Math.max(1, ...runs.map(({ charts }) => charts.load.serverCpu.length));
  const step = stepSeconds(seconds, STEPS_MAX);
  const body = bodiesOf(runs.map(({ summary }) => summary))[0] ?? null;
  return {
    body,
    stepSeconds: step,
    runs: runs.map(({ name, charts, summary: { ejections, joinLatencyMs } }) => ({
      name,
      charts: foldCharts(charts, step),
      byCause: ejections.byCause,
      phases: joinLatencyMs[body ?? '']?.phases ?? {},
      comebacks: {
        returned: ejections.returned,
        stranded: ejections.stranded,
        didNotTry: ejections.didNotTry,
      },
    })),
  };
}
