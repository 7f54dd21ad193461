/**
 * The server's own condition, gathered over a second and handed to the admission policy: how late its event loop
 * turns, what CPU it and its media workers take, and how long it took from a seat to flowing audio.
 *
 * A worker is asked for its CPU time over its own channel. One that has not answered by the next second is too busy
 * to turn its loop, which is the strongest signal of all: it counts as a full core.
 */
import type { ServerSignals } from './admission/step.ts';

/** CPU time of each worker since its start, ms; null: no media. */
type WorkerCpu = () => Promise<readonly number[] | null>;

export class Signals {
  readonly #workerCpu: WorkerCpu;
  readonly #nowMs: () => number;
  readonly #onAudio: (afterMs: number) => void;
  #turns = 0;
  #lateMs = 0;
  #toAudioMs: number[] = [];
  #cpuBefore = process.cpuUsage();
  #takenAtMs: number;
  #isAsking = false;
  #hasMedia = false;
  #workerBefore: { readonly atMs: number; readonly cpuMs: readonly number[] } | null = null;
  #workerShare: number | null = null;

  /** @param onAudio hears at once of each flow of audio, with the ms since its seat was decided. */
  constructor(workerCpu: WorkerCpu, nowMs: () => number, onAudio: (afterMs: number) => void = () => {}) {
    this.#workerCpu = workerCpu;
    this.#nowMs = nowMs;
    this.#onAudio = onAudio;
    this.#takenAtMs = nowMs();
  }

  /** The event loop turned, so much later than it was asked to. */
  turned(lateMs: number): void {
    this.#turns += 1;
    this.#lateMs += Math.max(0, lateMs);
  }

  /** Audio flows to somebody, so long after the seat was decided. */
  audioFlows(afterMs: number): void {
    this.#toAudioMs.push(afterMs);
    this.#onAudio(afterMs);
  }

  /** What was gathered since the last call. */
  take(): ServerSignals {
    const atMs = this.#nowMs();
    const cpu = process.cpuUsage();
    const usedUs = cpu.user + cpu.system - this.#cpuBefore.user - this.#cpuBefore.system;
    const cpuShare = usedUs / 1000 / Math.max(1, atMs - this.#takenAtMs);
    this.#cpuBefore = cpu;
    this.#takenAtMs = atMs;
    const sorted = this.#toAudioMs.sort((a, b) => a - b);
    const signals: ServerSignals = {
      eventLoopLagMs: this.#turns === 0 ? 0 : this.#lateMs / this.#turns,
      cpuShare,
      workerCpuShare: this.#isAsking && this.#hasMedia ? 1 : this.#workerShare,
      admissionToAudioMs: sorted[(sorted.length - 1) >> 1] ?? null,
    };
    this.#turns = 0;
    this.#lateMs = 0;
    this.#toAudioMs = [];
    this.#askWorkers();
    return signals;
  }

  #askWorkers(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#workerCpu().then(
      (cpuMs) => this.#heard(cpuMs),
      // The worker died: its successor begins to count anew.
      () => this.#heard(null),
    );
  }

  #heard(cpuMs: readonly number[] | null): void {
    this.#isAsking = false;
    const atMs = this.#nowMs();
    const before = this.#workerBefore;
    this.#hasMedia = cpuMs !== null;
    this.#workerBefore = cpuMs === null ? null : { atMs, cpuMs };
    if (cpuMs === null || before === null) {
      this.#workerShare = null;
      return;
    }
    const used = cpuMs.map((ms, nth) => ms - (before.cpuMs[nth] ?? ms));
    this.#workerShare = Math.max(0, ...used) / Math.max(1, atMs - before.atMs);
  }
}
