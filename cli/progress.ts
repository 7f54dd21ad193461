/** What somebody who watches a run sees: one line that is rewritten on a terminal, plain lines elsewhere. */
import type { Observation, Observe } from '../rehearsal/night.ts';

const PLAIN_EVERY_S = 5;

/**
 * Prints a run's progress on `stream`.
 *
 * @param label what stands before each line, such as the build's name.
 */
export function printProgress(stream: NodeJS.WriteStream, label: string): Observe {
  let lineOpen = false;
  let seconds = 0;
  const say = (text: string) => {
    if (lineOpen) stream.write('\r\x1b[K');
    lineOpen = false;
    stream.write(`${text}\n`);
  };
  return (observation) => {
    switch (observation.type) {
      case 'step':
        say(`${label}: ${observation.text}`);
        break;
      case 'moment':
        say(`${label} ${clock(observation.nightMs)}  * ${observation.title}`);
        break;
      case 'fault':
        say(`${label} ${clock(observation.nightMs)}  ! fault: ${observation.text}`);
        break;
      case 'second': {
        const text = secondLine(observation);
        if (stream.isTTY) {
          const width = Math.max(20, (stream.columns ?? 80) - 1);
          stream.write(`\r\x1b[K${`${label} ${text}`.slice(0, width)}`);
          lineOpen = true;
        } else if (seconds++ % PLAIN_EVERY_S === 0) {
          say(`${label} ${text}`);
        }
        if (observation.nightMs >= observation.nightEndMs && lineOpen) say('');
        break;
      }
    }
  };
}

function secondLine(second: Extract<Observation, { readonly type: 'second' }>): string {
  const { counters, sample, probeMs } = second;
  const count = (...names: readonly string[]) =>
    String(names.reduce((sum, name) => sum + (counters[name] ?? 0), 0)).padStart(4);
  const cpu = (...names: readonly string[]) =>
    `${Math.round(names.reduce((sum, name) => sum + (sample?.cpuMs.get(name) ?? 0), 0) / 10)}%`;
  const media = ['swarm-webrtc', 'swarm-rtp', 'swarm-rtp-sink'];
  return (
    `${clock(second.nightMs)}/${clock(second.nightEndMs)} in ${count('in')} waiting ${count('waiting')} ` +
    `joining ${count('dialing', 'pausing')} ejected ${count('ejected')} gave up ${count('gaveUp')} | ` +
    `server ${cpu('server')} swarm ${cpu('swarm-signal')}+${cpu(...media)} ping ${probeMs === null ? '-' : Math.round(probeMs)} ms`
  );
}

function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
