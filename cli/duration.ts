/** How long something still takes, in words. Rounded up: an estimate that is too short is the worse one. */
export function durationText(ms: number): string {
  return ms < 90_000 ? `${Math.max(0, Math.ceil(ms / 10_000) * 10)} s` : `${Math.ceil(ms / 60_000)} min`;
}
