/** What things cost on this machine, measured in one go by real small nights and by the admission alone. */
import { findScenario } from '../scenarios/index.ts';
import { benchAdmission } from './bench-admission.ts';
import { playSmallNight } from './small-night.ts';

export type BenchRow = { readonly what: string; readonly value: string };

const SIGNAL_PEOPLE = 1000;
const WEBRTC_PEOPLE = 300;

/** Plays three small nights (about twenty-five seconds) and the admission's inner loop. */
export async function runBench(stop: AbortSignal, say: (text: string) => void): Promise<readonly BenchRow[]> {
  const night = await findScenario('zuckerberg');
  say('signal listeners, guarded build');
  const quiet = await playSmallNight(night, 'guarded', 'signal', SIGNAL_PEOPLE, stop);
  say('signal listeners, presence to everybody');
  const loud = await playSmallNight(night, 'clubhouse-2021', 'signal', SIGNAL_PEOPLE, stop);
  say('webrtc listeners, guarded build');
  const media = await playSmallNight(night, 'guarded', 'webrtc', WEBRTC_PEOPLE, stop);
  say('admission decisions');
  const admission = benchAdmission();

  const each = (value: number, people: number, digits: number) => (value / people).toFixed(digits);
  const kibEach = (bytes: number, people: number) => (bytes / 1024 / people).toFixed(0);
  const joinsMs = (quiet.serverCpuMs / SIGNAL_PEOPLE) * loud.joined;
  const serverUs = ((loud.serverCpuMs - joinsMs) * 1000) / Math.max(1, loud.deliveries);
  // Joins included: beside half a million deliveries they hardly count, and a nap makes the rest cheaper.
  const swarmUs = (loud.swarmCpuMs * 1000) / Math.max(1, loud.deliveries);
  return [
    { what: `signal: joined`, value: `${quiet.joined} of ${SIGNAL_PEOPLE}` },
    { what: 'signal: server, CPU ms a join', value: each(quiet.serverCpuMs, SIGNAL_PEOPLE, 2) },
    { what: 'signal: swarm, CPU ms a join', value: each(quiet.swarmCpuMs, SIGNAL_PEOPLE, 2) },
    { what: 'signal: server, KiB a listener', value: kibEach(quiet.serverBytes, SIGNAL_PEOPLE) },
    { what: 'signal: swarm, KiB a listener', value: kibEach(quiet.swarmBytes, SIGNAL_PEOPLE) },
    { what: 'webrtc: joined', value: `${media.joined} of ${WEBRTC_PEOPLE}` },
    { what: 'webrtc: server, CPU ms a join', value: each(media.serverCpuMs, WEBRTC_PEOPLE, 2) },
    {
      what: 'webrtc: worker, CPU ms a join, 5 s of audio with it',
      value: each(media.workerCpuMs, WEBRTC_PEOPLE, 2),
    },
    {
      what: 'webrtc: swarm, CPU ms a join, 5 s of audio with it',
      value: each(media.swarmCpuMs, WEBRTC_PEOPLE, 2),
    },
    {
      what: 'webrtc: server and worker, KiB a listener',
      value: kibEach(media.serverBytes + media.workerBytes, WEBRTC_PEOPLE),
    },
    { what: 'webrtc: swarm, KiB a listener', value: kibEach(media.swarmBytes, WEBRTC_PEOPLE) },
    { what: 'presence: server, CPU us a delivery', value: serverUs.toFixed(1) },
    { what: 'presence: swarm, CPU us a delivery, joins with it', value: swarmUs.toFixed(1) },
    { what: 'presence: swarm over server', value: (swarmUs / Math.max(0.001, serverUs)).toFixed(2) },
    {
      what: 'presence: server, deliveries a second and core',
      value: (1e6 / Math.max(0.001, serverUs)).toFixed(0),
    },
    {
      what: 'presence: swarm, deliveries a second and core',
      value: (1e6 / Math.max(0.001, swarmUs)).toFixed(0),
    },
    ...admission,
  ];
}
