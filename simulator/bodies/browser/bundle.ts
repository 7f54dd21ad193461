/** The script of `in-page/` as one text that any page can run. */
import { bundleForBrowser } from '../../../browser-script.ts';

let bundled: string | null = null;

/** Made once a process. */
export function pageScript(): string {
  bundled ??= bundleForBrowser(new URL('./in-page/main.ts', import.meta.url));
  return bundled;
}
