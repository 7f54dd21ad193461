/**
 * The live page of a command: opened before anything is played, told of every night that the command plays, and closed when
 * the command ends. Whatever becomes of those who look, the nights do not notice.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveFrame } from '../dashboards/live/frames.ts';
import { NightStory } from '../dashboards/live/night-story.ts';
import { livePageFiles } from '../dashboards/live/page.ts';
import { type LiveStream, openLiveStream } from '../dashboards/live/stream.ts';
import { DEFAULT_POLICY } from '../server/profiles/policies.ts';
import type { Observation, Observe } from './night.ts';
import { portError } from './port-holder.ts';
import type { PreparedNight } from './prepare.ts';
import { overflowSeatsOf, seatsOf } from './server-config.ts';

export type LivePlace = {
  /** The port that was asked for, 0 for any; null: 7700, or the next free one. */
  readonly port: number | null;
  /** Not to be taken: the run needs them itself. */
  readonly avoid?: readonly number[];
};

export class Live {
  readonly #stream: LiveStream;
  #story: NightStory | null = null;
  #nights = 0;
  #isJudged = true;

  /** Use `openLive`. */
  constructor(stream: LiveStream) {
    this.#stream = stream;
  }

  /** Where the page is. */
  get url(): string {
    return this.#stream.url;
  }

  tell(frame: LiveFrame): void {
    this.#stream.tell(frame);
  }

  /** Tells the page what a night observes, and `observe` what became of pages that did not keep up. */
  beside(observe: Observe): Observe {
    return (observation) => {
      observe(observation);
      this.#observe(observation);
      const dropped = this.#stream.takeDropped();
      if (dropped === 0) return;
      const who = dropped === 1 ? 'a live page' : `${dropped} live pages`;
      observe({ type: 'step', text: `${who} did not read what it was told and was cut off` });
    };
  }

  /**
   * Says that nothing more will come, and closes the page.
   *
   * @param reportDir where the report lies; null: there is none.
   * @param lingerMs how long page and report can still be had.
   * @param stop cuts that short.
   */
  async end(reportDir: string | null, lingerMs: number, stop: AbortSignal): Promise<void> {
    if (!this.#isJudged) this.#tellVerdict(null);
    const hasReport = lingerMs > 0 && reportDir !== null && existsSync(path.join(reportDir, 'report.html'));
    if (hasReport) this.#stream.showReport(reportDir);
    this.#stream.tell({ type: 'end', hasReport });
    // Aborted: whoever waits for the command has had enough.
    if (lingerMs > 0) await delay(lingerMs, undefined, { signal: stop }).catch(() => {});
    await this.#stream.close();
  }

  #observe(observation: Observation): void {
    switch (observation.type) {
      case 'night':
        this.#story = new NightStory(nightToTell(observation.prepared, this.#nights++));
        this.#isJudged = false;
        this.tell(this.#story.begins());
        return;
      case 'moment':
        this.#tellMark('moment', observation.nightMs, observation.title);
        return;
      case 'fault':
        this.#tellMark('fault', observation.nightMs, observation.text);
        return;
      case 'second':
        if (this.#story !== null) this.tell(this.#story.second(observation));
        return;
      case 'verdict':
        this.#tellVerdict(observation.summary);
        return;
      case 'step':
        return;
    }
  }

  #tellMark(kind: 'moment' | 'fault', nightMs: number, text: string): void {
    if (this.#story !== null) this.tell(this.#story.mark(kind, nightMs, text));
  }

  #tellVerdict(summary: Parameters<NightStory['verdict']>[0]): void {
    this.#isJudged = true;
    if (this.#story !== null) this.tell(this.#story.verdict(summary));
  }
}

/**
 * Opens the page on loopback; nothing is told yet.
 *
 * @throws NotReadyError when the port cannot be had; the message names its holder.
 */
export async function openLive({ port, avoid = [] }: LivePlace): Promise<Live> {
  const stream = await openLiveStream({ files: livePageFiles(), port, avoid }).catch((error) => {
    throw portError(error, port, 'choose another --live-port, or --no-live');
  });
  return new Live(stream);
}

function nightToTell(prepared: PreparedNight, nth: number): ConstructorParameters<typeof NightStory>[0] {
  const { scenario, build, plan, seed, scale, timeScale } = prepared;
  return {
    ...{ nth, scenario, seed, scale, timeScale },
    name: nameOf(prepared),
    people: plan.size,
    mainSeats: seatsOf(scenario, build),
    overflowSeats: overflowSeatsOf(scenario, build),
  };
}

/** As short as it can be told: a policy only where it is not the profile's own. */
function nameOf({ target, build: { profile, policy, mended } }: PreparedNight): string {
  if (target !== null) return 'target';
  const own = policy === DEFAULT_POLICY[profile] ? [profile] : [profile, policy];
  return [...own, ...mended.map((one) => one.replace('=', '-'))].join('-');
}
