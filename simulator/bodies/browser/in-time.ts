/** A bound on every wait for a browser, which may never answer. */

export class TooLateError extends Error {
  constructor(what: string, ms: number) {
    super(`${what} took longer than ${ms} ms`);
    this.name = 'TooLateError';
  }
}

/**
 * @returns what `promise` resolves with.
 * @throws TooLateError after `ms`; how the promise ends later is of no interest then.
 */
export async function inTime<Value>(what: string, promise: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // What has come while this loop stood still is read first: only then it is too late.
      setImmediate(() => reject(new TooLateError(what, ms)));
    }, ms);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
