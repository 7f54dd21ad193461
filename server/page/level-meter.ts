/** How loud the host is, from the energy of what is received: a bar while there is audio, nothing otherwise. */

const LOOK_MS = 150;
/** Speech lies between about 1 and 30 % of full scale; the square root spreads it over the bar. */
const FULL_SCALE = 0.3;

export class LevelMeter {
  readonly #element: HTMLMeterElement;
  readonly #stats: () => Promise<RTCInboundRtpStreamStats | null>;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(element: HTMLMeterElement, stats: () => Promise<RTCInboundRtpStreamStats | null>) {
    this.#element = element;
    this.#stats = stats;
  }

  set runs(runs: boolean) {
    if (runs === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (runs) this.#timer = meterFrom(this.#stats, (level) => this.#show(level));
    else this.#show(0);
  }

  #show(level: number): void {
    const percent = Math.round(100 * Math.min(1, Math.sqrt(level / FULL_SCALE)));
    this.#element.value = percent;
  }
}

/** Looks at the mean level (root of energy over time) since the last look. */
function meterFrom(
  stats: () => Promise<RTCInboundRtpStreamStats | null>,
  show: (level: number) => void,
): ReturnType<typeof setInterval> {
  let energy = 0;
  let seconds = 0;
  return setInterval(async () => {
    const now = await stats();
    const nowEnergy = now?.totalAudioEnergy ?? 0;
    const nowSeconds = now?.totalSamplesDuration ?? 0;
    if (nowSeconds > seconds) show(Math.sqrt(Math.max(0, nowEnergy - energy) / (nowSeconds - seconds)));
    energy = nowEnergy;
    seconds = nowSeconds;
  }, LOOK_MS);
}
