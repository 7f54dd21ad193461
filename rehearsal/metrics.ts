/** What a Prometheus may scrape while a night plays: only when asked for, on a port of its own. */
import { type MetricsEndpoint, serveMetrics } from '../dashboards/metrics/endpoint.ts';
import { RehearsalMetrics } from '../dashboards/metrics/rehearsal-metrics.ts';
import type { Observe } from './night.ts';
import { portError } from './port-holder.ts';
import type { PreparedNight } from './prepare.ts';

export type NightMetrics = Pick<MetricsEndpoint, 'url' | 'close'> & {
  /** To be told what the night observes. */
  readonly observe: Observe;
};

/**
 * Opens the metrics of a night that is about to be played.
 *
 * @param port 0: a free one.
 * @throws NotReadyError when the port cannot be had; the message names its holder.
 */
export async function openNightMetrics(prepared: PreparedNight, port: number): Promise<NightMetrics> {
  const { scenario, build, target } = prepared;
  // Another server's build is not known.
  const [profile, policy] = target === null ? [build.profile, build.policy] : ['target', 'target'];
  const metrics = new RehearsalMetrics({ scenario: scenario.id, profile, policy });
  const { url, close } = await serveMetrics(metrics.registry, port).catch((error) => {
    throw portError(error, port, 'choose another --metrics-port');
  });
  const observe: Observe = (observation) => {
    if (observation.type === 'moment') metrics.moment();
    else if (observation.type === 'fault') metrics.fault(observation.text);
    else if (observation.type === 'second') metrics.second(observation);
  };
  return { url, close, observe };
}
