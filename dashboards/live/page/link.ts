/** The stream that the page listens to. The browser connects again by itself, but for a refusal, which it takes as final. */
import type { HelloFrame, LiveFrame } from '../frames.ts';
import type { LiveEvent } from './state.ts';

const TYPES = ['hello', 'night', 'second', 'mark', 'verdict', 'end'] as const satisfies readonly (
  | HelloFrame
  | LiveFrame
)['type'][];

const RETRY_MS = 2_000;

/** @param tell is given every frame, and that the connection was lost, in the order in which they come. */
export function listen(address: string, tell: (event: LiveEvent) => void): void {
  const source = new EventSource(address);
  for (const type of TYPES) {
    source.addEventListener(type, ({ data }: MessageEvent<string>) => {
      tell(JSON.parse(data) as HelloFrame | LiveFrame);
      // Else the browser would look for more every second, for ever.
      if (type === 'end') source.close();
    });
  }
  source.addEventListener('error', () => {
    tell({ type: 'lost' });
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(address, tell), RETRY_MS);
  });
}
