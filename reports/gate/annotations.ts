/** The gate as annotations of GitHub Actions: lines on stdout that its runner takes up. */
import type { GateFile } from './schema.ts';

/** Ends with a line break. One line a reason of a regression; a void gate warns, and one that saw nothing gives notice. */
export function gateAnnotations({ night, verdict }: GateFile): string {
  const kind = { regression: 'error', void: 'warning', 'no regression seen': 'notice' }[verdict.result];
  const messages = verdict.result === 'regression' ? verdict.reasons : [verdict.reasons.join('; ')];
  return messages
    .map(
      (message) => `::${kind} title=${property(`Gate on ${night}: ${verdict.result}`)}::${data(message)}\n`,
    )
    .join('');
}

/** As the runner's own toolkit escapes: a line break would start another command. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
