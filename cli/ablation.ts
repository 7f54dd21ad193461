/**
 * `npm run ablation`: the naive build with one feature mended at a time. The result is kept as data in
 * `reports/ablation/`, from where the comparison report and the docs take it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../errors.ts';
import { runAblation } from '../rehearsal/ablation.ts';
import { makeRunFolder } from '../rehearsal/run-folder.ts';
import { findScenario } from '../scenarios/index.ts';
import { endWith, failWith, stopOnInterrupt } from './ending.ts';
import { DEFAULT_SEED } from './options.ts';
import { surviveClosedPipes } from './outputs.ts';
import { printProgress } from './progress.ts';

const DATA = new URL('../reports/ablation/zuckerberg.json', import.meta.url);

surviveClosedPipes();
try {
  const stop = stopOnInterrupt();
  const scenario = await findScenario('zuckerberg');
  const folder = makeRunFolder('runs', 'ablation-zuckerberg', new Date());
  const ablation = await runAblation(
    scenario,
    DEFAULT_SEED,
    1,
    folder.dir,
    (label) => printProgress(process.stdout, label),
    stop,
  );
  if (ablation === null) endWith(EXIT.interrupted);
  else {
    mkdirSync(new URL('.', DATA), { recursive: true });
    writeFileSync(DATA, `${JSON.stringify(ablation, null, 2)}\n`);
    process.stdout.write(`written: ${fileURLToPath(DATA)}\n`);
    if (ablation.rows.some((row) => row.result === 'void')) endWith(EXIT.void);
  }
} catch (error) {
  failWith(error);
}
