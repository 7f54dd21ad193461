/** Reads so many streams of a live page and throws away what comes, as fifty browsers would on machines of their own. */
import { get } from 'node:http';

const [, , url, pages] = process.argv;
await Promise.all(
  Array.from({ length: Number(pages) }, () => {
    return new Promise<void>((resolve, reject) => {
      const request = get(url!, { agent: false }, (response) => {
        response.resume().once('data', () => resolve());
        // The bench is over.
        response.once('error', () => {});
      });
      request.once('error', reject);
    });
  }),
);
process.send!('reading');
