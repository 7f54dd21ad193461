/** What a webrtc listener costs, and how many of them get in a second when all come at once into a quiet room. */
import { isServer, isSwarm, isWorker, playForCosts, withPatientPeople } from './bench-nights.ts';
import { allOf, type BenchContext, type BenchRow, figure } from './bench-row.ts';
import { costByDifference } from './night-costs.ts';
import { playPassingNight } from './passing-night.ts';
import { prepareSmallNight } from './small-night.ts';

const SIZES = [100, 500] as const;
const BURST_PEOPLE = 2_000;
const BURST_TIMES = { overMs: 100, tailMs: 20_000 };
/** The last few of a burst wait for timers, not for CPU: how soon most are in is what a surge feels. */
const MOST = 0.9;
const KIB = 1024;

export async function benchWebrtc(context: BenchContext): Promise<readonly BenchRow[]> {
  const [few, many] = SIZES;
  context.say(`webrtc listeners, ${few}`);
  const small = await playForCosts(context, 'guarded', 'webrtc', few);
  context.say(`webrtc listeners, ${many}`);
  const large = await playForCosts(context, 'guarded', 'webrtc', many);
  const costs = (isOurs: (name: string) => boolean) => costByDifference(small, large, isOurs);
  const [swarm, server, worker] = [costs(isSwarm), costs(isServer), costs(isWorker)];
  context.say(`webrtc listeners, ${BURST_PEOPLE} at once`);
  const burst = await playBurst(context);
  return [
    allOf('webrtc: joined', large.joined, many),
    figure('webrtc: swarm, CPU ms a join', swarm.joinMs, 2, { op: '<=', limit: 2 }),
    figure('webrtc: swarm, KB a listener', swarm.listenerBytes / 1000, 0, { op: '<=', limit: 200 }),
    figure('webrtc: swarm, CPU ms a second of audio', swarm.listenerSecondMs, 3),
    figure('webrtc: server, CPU ms a join', server.joinMs, 2),
    figure('webrtc: worker, CPU ms a join', worker.joinMs, 2),
    figure('webrtc: worker, CPU ms a second of audio', worker.listenerSecondMs, 3),
    figure(
      'webrtc: server and worker, KiB a listener',
      (server.listenerBytes + worker.listenerBytes) / KIB,
      0,
    ),
    allOf(`webrtc: joined of ${BURST_PEOPLE} at once`, burst.joined, BURST_PEOPLE),
    figure('webrtc: joins a second, until 90 % of these are in', burst.joinsPerSecond, 0, {
      op: '>=',
      limit: 400,
    }),
  ];
}

async function playBurst({
  night,
  stop,
}: BenchContext): Promise<{ readonly joined: number; readonly joinsPerSecond: number }> {
  const prepared = prepareSmallNight(
    night,
    'guarded',
    'webrtc',
    BURST_PEOPLE,
    BURST_TIMES,
    withPatientPeople,
  );
  return playPassingNight(prepared, stop, async (run) => {
    const rows = await run.query(`
      SELECT (min(events.t_ns) - min(surge_start_ns)) / 1e9 AS seconds FROM events, night
      WHERE side = 'listener' AND type = 'in' GROUP BY person_id ORDER BY seconds`);
    const most = Math.ceil(MOST * BURST_PEOPLE);
    const seconds = rows[most - 1]?.['seconds'];
    return { joined: rows.length, joinsPerSecond: seconds === undefined ? 0 : most / Number(seconds) };
  });
}
