/** The sections of a summary about what server and generator took, in all and a join. Nothing is computed here. */
import { count, finite } from './figures.ts';
import { kernelOf } from './kernel-notes.ts';
import type { Measured, Row } from './measures/index.ts';
import type { Summary } from './summary-schema.ts';

/** Why a run against another target has no figures of the server's inside. */
export const NO_SERVER_SIDE = 'the server wrote no rows: it is another target than the reference server';

/** @param reason why there are no rows of the server; null: there are. */
export function serverOf(measured: Measured, reason: string | null): Omit<Summary['server'], 'cpuByModule'> {
  const row = measured['server-cost'][0]!;
  const noProc =
    finite(row, 'cpuSeconds') === null ? 'CPU and memory are read from /proc, which only Linux has' : null;
  return {
    cpuSeconds: finite(row, 'cpuSeconds'),
    cpuSecondsByProcess: {
      server: finite(row, 'cpuSecondsServer'),
      worker: finite(row, 'cpuSecondsWorker'),
    },
    yardstickMs: finite(row, 'yardstickMs'),
    cpuShareMax: finite(row, 'cpuShareMax'),
    stallMsMax: finite(row, 'stallMsMax'),
    rssBytesMax: finite(row, 'rssBytesMax'),
    bytes: { in: finite(row, 'bytesIn'), out: finite(row, 'bytesOut') },
    messages: { in: finite(row, 'messagesIn'), out: finite(row, 'messagesOut') },
    presenceDeliveries: finite(row, 'presenceDeliveries'),
    presenceDeliveriesPerSecondMax: finite(row, 'presenceDeliveriesPerSecondMax'),
    unitCosts: unitCostsOf(measured['unit-cost'][0]!, reason),
    // Another target may well run on that core, and would itself be counted as foreign.
    foreignCpuShare: reason === NO_SERVER_SIDE ? null : finite(row, 'foreignCpuShare'),
    reason: reason ?? noProc,
  };
}

function unitCostsOf(row: Row, reason: string | null): Summary['server']['unitCosts'] {
  const figure = (name: string) => (reason === null ? finite(row, name) : null);
  const byProcess = (name: string) => ({ server: figure(`${name}Server`), worker: figure(`${name}Worker`) });
  return {
    joins: figure('joins'),
    cpuMsPerJoin: byProcess('joinMs'),
    cpuMsPerListenerMinute: byProcess('listenerMinuteMs'),
    memoryBytesPerListener: byProcess('memoryBytes'),
    bytesPerJoin: figure('bytes'),
    messagesPerJoin: figure('messages'),
    perThousand: perThousandOf(row['perThousand'] as Row, reason),
  };
}

type PerThousand = Summary['server']['unitCosts']['perThousand'];

function perThousandOf(row: Row, reason: string | null): PerThousand {
  const figure = (from: Row, name: string) => (reason === null ? finite(from, name) : null);
  const part = (name: keyof PerThousand) => row[name] as Row;
  const bySide = (name: keyof PerThousand) => ({
    signalling: figure(part(name), 'signalling'),
    media: figure(part(name), 'media'),
  });
  const added = part('added');
  const withMedia = part('withMedia');
  return {
    inBefore: figure(row, 'inBefore'),
    inAfter: figure(row, 'inAfter'),
    added: {
      signal: figure(added, 'signal'),
      webrtc: figure(added, 'webrtc'),
      rtp: figure(added, 'rtp'),
      k6: figure(added, 'k6'),
      browser: figure(added, 'browser'),
    },
    withMediaShare: figure(row, 'withMediaShare'),
    cores: bySide('cores'),
    memoryBytes: bySide('memoryBytes'),
    egressMbit: bySide('egressMbit'),
    withMedia: {
      mediaCores: figure(withMedia, 'mediaCores'),
      mediaMemoryBytes: figure(withMedia, 'mediaMemoryBytes'),
      mediaEgressMbit: figure(withMedia, 'mediaEgressMbit'),
    },
  };
}

export function generatorOf(measured: Measured): Summary['generator'] {
  const row = measured['generator-cost'][0]!;
  return {
    cpuSeconds: finite(row, 'cpuSeconds'),
    cpuShareMax: finite(row, 'cpuShareMax'),
    stallMsMax: finite(row, 'stallMsMax'),
    rssBytesMax: finite(row, 'rssBytesMax'),
    bytes: { in: finite(row, 'bytesIn'), out: finite(row, 'bytesOut') },
    messages: { in: finite(row, 'messagesIn'), out: finite(row, 'messagesOut') },
    slipMs: {
      p50: finite(row, 'slipP50'),
      p99: finite(row, 'slipP99'),
      max: finite(row, 'slipMax'),
      samples: count(row, 'slipSamples'),
    },
    napMsMax: finite(row, 'napMsMax'),
    coreBusySeconds: finite(row, 'coreBusySeconds'),
    foreignCpuShare: finite(row, 'foreignCpuShare'),
    troubles: Object.fromEntries(
      measured.troubles.map((trouble) => [String(trouble['cause'] ?? 'unknown'), count(trouble, 'times')]),
    ),
    ...kernelOf(measured.kernel),
  };
}
