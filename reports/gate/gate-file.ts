/** From what was played to `gate.json`. */
import { countedOf, type GateEvidence } from './evidence.ts';
import { judgeKnee, type KneeEvidence } from './knee.ts';
import type { GateKnee } from './knee-schema.ts';
import { kneeWords } from './knee-words.ts';
import type { GateOptions } from './options.ts';
import { type GateFile, gateSchema } from './schema.ts';
import { nextStep } from './sequence.ts';

/** What the judgement does not know of the gate. */
export type GateContext = Pick<GateFile, 'night' | 'startedAt' | 'base' | 'candidate' | 'machine' | 'notes'>;

/**
 * Judges the evidence and writes down all of it.
 *
 * @param kneeEvidence what was played of the knee; null: nothing.
 * @param stopped why no more runs are played although the rule asks for more, such as `interrupted`; the gate is then void.
 *   Null where the rule came to its end.
 */
export function gateFile(
  context: GateContext,
  evidence: GateEvidence,
  options: GateOptions,
  stopped: string | null = null,
  kneeEvidence: KneeEvidence | null = null,
): GateFile {
  const next = nextStep(evidence, options);
  const counted = countedOf(evidence);
  const { measures, events, wallClock, reasons } = next.judgement;
  const surges: Verdict =
    next.step === 'verdict'
      ? { result: next.result, reasons: [...reasons] }
      : {
          result: 'void',
          reasons: [
            `${stopped ?? 'broken off'}: ${counted.candidate.length} of at least ${next.until} ${counted.paired ? 'pairs' : 'runs'} count, too few to look`,
          ],
        };
  const knee = options.judgeKnee ? judgeKnee(kneeEvidence, surges.result, options) : null;
  const found = surges.result === 'regression';
  return gateSchema.parse({
    schema: 'roomrush/gate@2',
    ...context,
    options,
    verdict: knee === null ? surges : withKnee(surges, knee, options.power, stopped),
    looks: [...next.looks],
    // Nothing counts as found between looks, or where the runs cannot be trusted.
    measures: measures.map((one) => ({ ...one, significant: one.significant && found })),
    events: events.map((one) => ({ ...one, significant: one.significant && found })),
    wallClock: [...wallClock],
    knee,
    runs:
      evidence.kind === 'paired'
        ? {
            kind: 'paired',
            pairs: evidence.pairs.filter(
              ({ base, candidate }) => base.voidReasons.length + candidate.voidReasons.length === 0,
            ),
          }
        : {
            kind: 'stored',
            base: [...counted.base],
            candidate: [...counted.candidate],
            refused: [...evidence.refused],
          },
    voidRuns: [...counted.voidRuns],
  });
}

type Verdict = GateFile['verdict'];

/** What was asked for and could not be judged clears nobody. */
function withKnee(surges: Verdict, knee: GateKnee, power: number, stopped: string | null): Verdict {
  switch (knee.status) {
    case 'not-played':
      return surges;
    case 'unfinished':
      return { result: 'void', reasons: [`${stopped ?? 'broken off'}: ${knee.reason}`] };
    case 'void':
      return { result: 'void', reasons: [knee.reason!] };
    case 'judged':
      return knee.significant
        ? { result: 'regression', reasons: [kneeWords(knee, power)] }
        : { ...surges, reasons: [...surges.reasons, kneeWords(knee, power)] };
  }
}
