/** `npm run knee`: how many listeners the media worker of this machine carries before they lose audio. */
import os from 'node:os';
import { EXIT } from '../errors.ts';
import { findKnee, type KneeStep } from '../rehearsal/knee.ts';
import { findScenario } from '../scenarios/index.ts';
import { endWith, failWith, stopOnInterrupt } from './ending.ts';

const percent = (share: number | null) => (share === null ? '-' : `${(share * 100).toFixed(1)} %`);

function line({
  people,
  joined,
  workerSteadyShare,
  serverSteadyShare,
  swarmSteadyShare,
  ...step
}: KneeStep): string {
  const cells = [
    String(people),
    String(joined),
    percent(workerSteadyShare),
    percent(serverSteadyShare),
    percent(swarmSteadyShare),
    percent(step.lossShare),
    step.longestGapMs === null ? '-' : `${step.longestGapMs.toFixed(0)} ms`,
    step.holds ? 'holds' : 'harmed',
  ];
  return `${cells.map((cell) => cell.padStart(10)).join('')}\n`;
}

try {
  const stop = stopOnInterrupt();
  const night = await findScenario('media-bound');
  process.stdout.write(
    `${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores, ${os.release()}, ${new Date().toISOString().slice(0, 10)}; ` +
      `${night.server.frameMs} ms frames\n${[
        'listeners',
        'joined',
        'worker',
        'server',
        'generator',
        'loss',
        'gap',
        '',
      ]
        .map((cell) => cell.padStart(10))
        .join('')}\n`,
  );
  const knee = await findKnee(night, stop, (step) => process.stdout.write(line(step)));
  const where = knee.isServers
    ? "the server's core"
    : 'not the server: the generator, or the largest room tried';
  process.stdout.write(`held ${knee.heldPeople ?? 'none'}; what gave in: ${where}\n`);
  if (!knee.isServers) endWith(EXIT.void);
} catch (error) {
  failWith(error);
}
