/**
 * k6's exit codes (its `errext/exitcodes`), and what each says of the night. A threshold that failed is a figure like
 * any other here: the night was played, and the verdict is not k6's.
 */

export type K6End = {
  /** played: to its end; interrupted: somebody stopped it; failed: it could not, or not whole. */
  readonly how: 'played' | 'interrupted' | 'failed';
  readonly why: string;
};

const ENDS: Readonly<Record<number, K6End>> = {
  0: { how: 'played', why: 'the night was played' },
  97: { how: 'failed', why: 'a cloud test failed, and no night runs there' },
  98: { how: 'failed', why: 'a cloud test lost its progress, and no night runs there' },
  99: { how: 'played', why: "one of k6's thresholds failed" },
  100: { how: 'failed', why: 'the setup of the script took too long' },
  101: { how: 'failed', why: 'the teardown of the script took too long' },
  102: { how: 'failed', why: 'k6 ran out of time' },
  103: { how: 'interrupted', why: "stopped over k6's own HTTP interface" },
  104: { how: 'failed', why: 'k6 does not accept its configuration' },
  105: { how: 'interrupted', why: 'stopped by a signal' },
  106: { how: 'failed', why: "k6's own HTTP interface could not be opened" },
  107: { how: 'failed', why: 'the script threw an exception' },
  108: { how: 'failed', why: 'the script gave up' },
  109: { how: 'failed', why: 'k6 itself crashed' },
  110: { how: 'failed', why: 'the script called its own test a failure' },
};

/** @param ended exit code, or the name of the signal that ended k6. */
export function endOf(ended: number | string): K6End {
  if (typeof ended === 'string') return { how: 'failed', why: `k6 was ended by ${ended}` };
  return ENDS[ended] ?? { how: 'failed', why: `k6 ended with the unknown exit code ${ended}` };
}
