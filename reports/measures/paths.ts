/** Dotted paths of the measures: what an objective may name. */
import { z } from 'zod';
import { type Summary, summarySchema } from '../summary-schema.ts';

const BODIES = ['signal', 'rtp', 'webrtc', 'k6', 'browser'] as const;
const PHASES = ['retries', 'dial', 'hallway', 'signal', 'queue', 'ice', 'dtls', 'firstAudio'] as const;
const SECTIONS = [
  'crowd',
  'joinLatencyMs',
  'joinByCohort',
  'ejections',
  'origins',
  'overflow',
  'incumbents',
  'admission',
  'fairness',
  'goodput',
  'recovery',
  'parallel',
  'browsers',
  'server',
  'generator',
] as const satisfies readonly (keyof Summary)[];

/** Every number of a summary by its path, such as `ejections.stranded` or `joinLatencyMs.webrtc.p99`. */
export function measurePaths(): string[] {
  return SECTIONS.flatMap((section) => pathsOf(summarySchema.shape[section], section));
}

function pathsOf(schema: z.ZodType, path: string): string[] {
  if (schema instanceof z.ZodNullable) return pathsOf(schema.unwrap() as z.ZodType, path);
  if (schema instanceof z.ZodNumber) return [path];
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([name, field]) =>
      pathsOf(field as z.ZodType, `${path}.${name}`),
    );
  }
  if (schema instanceof z.ZodRecord) {
    return keysOf(schema, path).flatMap((key) => pathsOf(schema.valueType as z.ZodType, `${path}.${key}`));
  }
  return [];
}

function keysOf(schema: z.ZodRecord, path: string): readonly string[] {
  if (schema.keyType instanceof z.ZodEnum) return schema.keyType.options.map(String);
  if (path === 'joinLatencyMs' || path.startsWith('joinByCohort.')) {
    return path.endsWith('.phases') ? PHASES : BODIES;
  }
  return path.endsWith('.phases') ? PHASES : [];
}

/** The number at a path of a summary; null when it is null there or stands nowhere in it. */
export function valueAt(summary: object, path: string): number | null {
  let value: unknown = summary;
  for (const name of path.split('.')) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }
  return typeof value === 'number' ? value : null;
}
