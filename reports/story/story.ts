/**
 * One listener's night, as `roomrush report --listener` tells it: who they are, what they and the server saw of each
 * other, and what became of them. Times are ms from the start of the night. What `--json` prints is published as JSON
 * Schema in `docs/reference`.
 */
import { z } from 'zod';

/** A row of the log that belongs to the story, as the query gives it; columns that a row does not have are null. */
export type StoryRow = {
  readonly atMs: number;
  readonly side: 'listener' | 'server' | 'rehearsal';
  readonly type: string;
  readonly attempt: number | null;
  readonly room: string | null;
  readonly cause: string | null;
  readonly value: number | null;
  readonly lost: number | null;
  readonly longestGapMs: number | null;
  readonly lateMs: number | null;
  readonly jitterMs: number | null;
};

const count = z.int().min(0);
const orNull = z.number().nullable();
const textOrNull = z.string().nullable();
const atMs = z.number().describe('from the start of the night');

const heardSchema = z
  .strictObject({
    seconds: count,
    packets: count,
    lost: count,
    longestGapMs: orNull.describe('null: not counted'),
    lateMsMax: orNull.describe('null: not counted'),
    jitterMsMax: orNull.describe('null: not counted'),
  })
  .readonly();
/** What was counted over some seconds of audio. */
export type Heard = z.infer<typeof heardSchema>;

const lineSchema = z
  .strictObject({
    atMs,
    column: z
      .enum(['listener', 'server', 'night'])
      .describe("whose row it is; the night's own are the moments, faults and rooms that everybody had"),
    type: z.string().describe('as in events.md'),
    attempt: orNull,
    room: textOrNull,
    cause: textOrNull,
    value: orNull,
    heard: heardSchema.nullable().describe('only for seconds of audio, many in one line'),
    text: z.string().describe('what happened, in words'),
  })
  .readonly();
export type StoryLine = z.infer<typeof lineSchema>;

const lossSchema = z
  .strictObject({
    atMs,
    cause: z.string(),
    countedBy: z
      .enum(['listener', 'server'])
      .describe("whose row counts it: the listener's where there is one, as that is what the person felt"),
    attempt: orNull,
    seenBy: z
      .array(z.strictObject({ side: z.enum(['listener', 'server']), atMs, cause: textOrNull }).readonly())
      .readonly()
      .describe('each side that wrote it down, and how it calls it'),
  })
  .readonly();
export type Loss = z.infer<typeof lossSchema>;

const fateSchema = z
  .strictObject({
    outcome: z
      .enum(['joined', 'refused', 'gave-up', 'waiting', 'lost', 'absent'])
      .describe('as "People" in measures.md'),
    firstInAtMs: orNull.describe('null: never'),
    joinLatencyMs: orNull.describe('null: never in, or in no plan'),
    losses: z.array(lossSchema).readonly(),
    afterLosses: z
      .enum(['returned', 'stranded', 'did-not-try'])
      .nullable()
      .describe('after the last loss: in again, tried in vain, or did not try; null: no loss'),
    tries: count.describe('dialled or asked, after the first loss'),
    end: z.enum(['gave-up', 'left', 'at-end']).nullable(),
    endCause: textOrNull,
    endAtMs: orNull,
    heard: heardSchema.nullable().describe('over the whole night; null: their packets are not counted'),
  })
  .readonly();
export type Fate = z.infer<typeof fateSchema>;

const countedAgainstSchema = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    measure: z.string().describe('dotted path in summary.json'),
    pass: z.boolean().nullable().describe('of the run; null: not judged, or the run was not measured yet'),
    what: z.string().describe('what the value is: "in after", "times thrown out"'),
    unit: z.enum(['ms', 'share', 'count']),
    value: orNull.describe('null: never'),
  })
  .readonly();
/** An objective that counts this listener against it. */
export type CountedAgainst = z.infer<typeof countedAgainstSchema>;

export const storySchema = z
  .strictObject({
    schema: z.literal('roomrush/story@1'),
    run: z.strictObject({ id: z.string(), scenario: z.string(), title: z.string() }).readonly(),
    who: z
      .strictObject({
        personId: count,
        name: textOrNull,
        handle: textOrNull,
        origin: textOrNull,
        cohort: textOrNull,
        body: textOrNull,
        plannedArrivalMs: orNull,
        stayMs: orNull.describe('how long they would stay once in'),
      })
      .readonly()
      .describe('all but the number is null for somebody who is in no plan'),
    fate: fateSchema,
    against: z.array(countedAgainstSchema).readonly(),
    notKnown: z
      .array(z.string())
      .readonly()
      .describe("ids of objectives for which one has to know the others' nights too"),
    lines: z.array(lineSchema).readonly(),
  })
  .readonly();
export type Story = z.infer<typeof storySchema>;

/** The published schema of what `report --listener --json` prints, as JSON Schema. */
export function storyJsonSchema(): object {
  return z.toJSONSchema(storySchema, { target: 'draft-2020-12' });
}
