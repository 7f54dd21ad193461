/**
 * What k6 itself counts, under the names of the measures (`.` is `_` there), for its thresholds and its closing text.
 * Provisional: the figures of a run are queries over the log.
 */
import { Counter, Rate, Trend } from 'k6/metrics';
import type { NightPerson } from '../../../simulator/bodies/k6/night-lines.ts';
import type { RowEffect } from '../../../simulator/listener/carry-out.ts';

const arrived = new Counter('crowd_arrived');
const joined = new Counter('crowd_joined');
const gaveUp = new Counter('crowd_gaveUp');
const answeredInTime = new Rate('crowd_answeredWithin2sShare');
const joinLatencyMs = new Trend('joinLatencyMs_k6', true);
const involuntary = new Counter('ejections_involuntary');
const involuntaryShare = new Rate('ejections_involuntaryShare');
const stranded = new Counter('ejections_stranded');
const returnMs = new Trend('ejections_returnMs', true);

const ANSWER_WITHIN_MS = 2_000;
/** Who never got in counts as later than anybody; k6 has no infinity. */
const NEVER_IN_MS = 86_400_000;
const ANSWERS: ReadonlySet<string> = new Set(['waiting', 'seated']);

/** What is remembered of one person until the night is over. */
export class Figures {
  hasArrived = false;
  everIn = false;
  #answerMs = Number.POSITIVE_INFINITY;
  #everEjected = false;
  #wasAway = false;
  #triedAgain = false;
  #ejectedAtMs = Number.NaN;
  readonly #person: NightPerson;
  readonly #isOfSurge: boolean;

  constructor(person: NightPerson, surgeStartMs: number) {
    this.#person = person;
    this.#isOfSurge = person.cohort !== 'incumbent' && person.intendedMs >= surgeStartMs;
  }

  /** Takes one row of the person's story. */
  note({ row, value }: RowEffect, nowMs: number): void {
    if (ANSWERS.has(row) || (row === 'full' && value !== null))
      this.#answerMs = Math.min(this.#answerMs, nowMs);
    if (row === 'arrive') {
      this.hasArrived = true;
      arrived.add(1);
    } else if (row === 'in') this.#in(nowMs);
    else if (row === 'ejected') {
      involuntary.add(1);
      this.#everEjected = true;
      this.#wasAway = true;
      this.#ejectedAtMs = nowMs;
    } else if (row === 'dial') this.#triedAgain = this.#wasAway;
    else if (row === 'gave-up' && !this.everIn) gaveUp.add(1);
  }

  /** The night is over for everybody: what can only be said then. */
  close(stillPausing: boolean): void {
    if (this.hasArrived && this.#isOfSurge) {
      answeredInTime.add(this.#answerMs - this.#person.intendedMs <= ANSWER_WITHIN_MS);
      if (!this.everIn) joinLatencyMs.add(NEVER_IN_MS);
    }
    if (this.everIn) involuntaryShare.add(this.#everEjected);
    if (this.#wasAway && (this.#triedAgain || stillPausing)) stranded.add(1);
  }

  #in(nowMs: number): void {
    if (!this.everIn) {
      joined.add(1);
      if (this.#isOfSurge) joinLatencyMs.add(nowMs - this.#person.intendedMs);
    }
    if (this.#wasAway) returnMs.add(nowMs - this.#ejectedAtMs);
    this.everIn = true;
    this.#wasAway = false;
    this.#triedAgain = false;
  }
}
