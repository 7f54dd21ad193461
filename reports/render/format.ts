/** Figures as people read them: every one with its unit, and a dash where there is none. */

export type Unit = 'people' | 'count' | 'share' | 'ratio' | 'ms' | 'seconds' | 'cores' | 'bytes' | 'mbit';

export const NONE = '–';

export function format(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return NONE;
  switch (unit) {
    case 'people':
    case 'count':
      return whole(value);
    case 'share':
      return formatShare(value);
    case 'ratio':
      return value.toFixed(2);
    case 'ms':
      return formatMs(value);
    case 'seconds':
      return `${digits(value)} s`;
    case 'cores':
      return `${formatCores(value)} cores`;
    case 'mbit':
      return `${digits(value)} Mbit/s`;
    case 'bytes':
      return formatBytes(value);
  }
}

/** A scale or a ratio of scales, to three digits and without zeros behind. */
export function scaleText(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Hundredths of a core, and of less than a tenth three digits: a thousand listeners may take less than a hundredth. */
function formatCores(value: number): string {
  const size = Math.abs(value);
  if (size >= 0.0995 || size === 0) return value.toFixed(2);
  return value.toFixed(Math.min(6, 2 - Math.floor(Math.log10(size))));
}

/** Three digits that mean something, never an exponent. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return whole(value);
  return String(Number(value.toFixed(size >= 10 ? 1 : 2)));
}

/** 0.05 % must not read as 0 %: a share over nothing shows where it begins. */
function formatShare(share: number): string {
  const percent = share * 100;
  if (percent !== 0 && Math.abs(percent) < 0.01) return percent > 0 ? '< 0.01 %' : '> -0.01 %';
  if (percent !== 100 && percent > 99.9) return '> 99.9 %';
  const size = Math.abs(percent);
  return `${size >= 10 || Number.isInteger(percent) ? Number(percent.toFixed(1)) : Number(percent.toFixed(2))} %`;
}

function formatMs(ms: number): string {
  if (Math.abs(ms) >= 10_000) return `${digits(ms / 1000)} s`;
  if (Math.abs(ms) >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${digits(ms)} ms`;
}

function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? whole(value) : digits(value)} ${units[unit]}`;
}

/** An instant of the night: minutes and seconds from its start. */
export function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `1 person`, `2 people`. */
export function people(value: number): string {
  return `${whole(value)} ${value === 1 ? 'person' : 'people'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
