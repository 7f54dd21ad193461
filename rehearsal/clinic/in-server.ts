/**
 * Loaded into the server's process before the server, when a night is profiled (`NODE_OPTIONS=--import`). A server's threads
 * load it too: they have nobody to take orders from, and not all that the main thread has.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const { obeyOrders } = await import('./take-profile.ts');
  obeyOrders();
}
