/** What the figures say, as sentences: verdicts, and the titles of charts. Made of data, never written by hand. */
import type { Summary } from '../summary-schema.ts';
import { byCauseWords, type Named } from './findings-over-time.ts';
import { clock, format, listed, people } from './format.ts';
import { bodiesOf, bodyName } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';

/** One sentence that somebody who was not there can repeat. */
export function verdictSentence({ name, summary }: Pick<RunToShow, 'name' | 'summary'>): string {
  const { verdict } = summary;
  if (verdict.result === 'void') {
    return `${name} is void: this rehearsal cannot be trusted, because ${verdict.reasons.map(lowerFirst).join('; and ')}.`;
  }
  const what = `${happened(summary)}.`;
  if (verdict.result === 'pass') {
    return `${name} passes, ${verdict.reasons[0] ?? 'all objectives hold'}: ${what}`;
  }
  const failed = verdict.objectives.filter(({ pass }) => pass === false).length;
  return `${name} fails ${failed} of ${verdict.objectives.length} objectives: ${what}`;
}

function happened({ crowd, ejections }: Summary): string {
  const never =
    crowd.neverIn === 0
      ? 'everybody got in'
      : `${format(crowd.neverIn, 'people')} of ${people(crowd.arrived)} (${format(crowd.neverInShare, 'share')}) never got in`;
  if (ejections.people === 0) return `${never}, and nobody was thrown out`;
  const back =
    ejections.stranded === 0
      ? 'none of them was stranded'
      : `${format(ejections.stranded, 'people')} of them tried to come back and could not`;
  const out =
    ejections.people === crowd.arrived || crowd.neverIn === 0
      ? people(ejections.people)
      : format(ejections.people, 'people');
  return `${never}, ${out} ${ejections.people === 1 ? 'was' : 'were'} thrown out, and ${back}`;
}

/** So many at once without a seat or a place in a queue are what a reader must know first. */
const OUTSIDE_SHARE = 0.2;

/** For the title of a run's crowd over time: its worst moment, or that there was none. */
export function crowdFinding({ name, summary, charts }: Named): string {
  // When the talk is over everybody leaves: what matters is who missed it.
  const talkSeconds = Math.floor(charts.phases.tailEndMs / 1000) + 1;
  const out = (charts.crowd.ejected ?? []).slice(0, talkSeconds);
  const worst = Math.max(0, ...out);
  if (worst > 0) {
    const second = out.indexOf(worst);
    return `${name}: at ${clock(second * 1000)}, ${people(worst)} had been thrown out and ${worst === 1 ? 'was' : 'were'} not back in`;
  }
  const outside = (charts.crowd.arriving ?? []).slice(0, talkSeconds);
  const outsideMost = Math.max(0, ...outside);
  if (outsideMost > OUTSIDE_SHARE * summary.crowd.arrived) {
    const second = outside.indexOf(outsideMost);
    return `${name}: at ${clock(second * 1000)}, ${people(outsideMost)} were trying to get in and knew nothing`;
  }
  const overflow = charts.crowd.overflow ?? [];
  const inside = (charts.crowd.in ?? []).map((main, second) => main + (overflow[second] ?? 0));
  const most = Math.max(0, ...inside);
  return `${name}: ${outcomeOf(summary)}; ${people(most)} ${most === 1 ? 'was' : 'were'} in at the fullest moment`;
}

/** Of a night in which nobody was out at a full second: an absence between two of them is shorter than one. */
function outcomeOf({ ejections }: Summary): string {
  if (ejections.people === 0) return 'nobody was thrown out';
  // Whom only the server threw out believes to be in.
  return ejections.returned === ejections.people && ejections.bySide.server === 0
    ? 'whoever was thrown out was back within a second'
    : `${people(ejections.people)} ${ejections.people === 1 ? 'was' : 'were'} thrown out`;
}

/** How many of the night's promises a run kept. */
export function promisesFinding({ name, summary: { verdict } }: Pick<RunToShow, 'name' | 'summary'>): string {
  const judged = verdict.objectives.filter(({ pass }) => pass !== null);
  const held = judged.filter(({ pass }) => pass === true).length;
  const open = verdict.objectives.length - judged.length;
  const left = open === 0 ? '' : `; ${open} could not be judged`;
  const trust = verdict.result === 'void' ? ', in a run that is void: none of it can be trusted' : '';
  return judged.length === 0
    ? `${name}: none of the ${verdict.objectives.length} promises could be judged${trust}`
    : `${name} kept ${held} of ${judged.length} promises${left}${trust}`;
}

const WITHIN_S = 10;

/** For the join curve: who was in ten seconds after setting out, on the headline body. */
export function joinFinding(runs: readonly Named[]): string {
  const body = bodiesOf(runs.map(({ summary }) => summary))[0];
  if (body === undefined) return 'Nobody arrived in the surge';
  const shares = runs.flatMap(({ name, charts, summary }) => {
    const share = charts.joinCurve[body]?.[(WITHIN_S * 1000) / charts.joinCurveStepMs];
    const count = format(summary.joinLatencyMs[body]?.count ?? 0, 'people');
    return share === undefined ? [] : [`${format(share, 'share')} of ${count} on ${name}`];
  });
  if (shares.length === 0) return `Listeners ${bodyName(body)}: too short a night for a join curve`;
  return `Of arrivals ${bodyName(body)}, ${listed(shares)} were in ${WITHIN_S} s after setting out`;
}

export function ejectionFinding(runs: readonly Pick<RunToShow, 'name' | 'summary'>[]): string {
  return runs.map(thrownOut).join('; ');
}

function thrownOut({ name, summary: { ejections } }: Pick<RunToShow, 'name' | 'summary'>): string {
  if (ejections.involuntary === 0) return `${name} threw out nobody`;
  const times =
    ejections.involuntary > ejections.people ? `, ${format(ejections.involuntary, 'count')} times` : '';
  return `${name} threw out ${people(ejections.people)}${times}${byCauseWords(ejections.byCause)}`;
}

export function strandedFinding(runs: readonly Pick<RunToShow, 'name' | 'summary'>[]): string {
  const parts = runs
    .filter(({ summary }) => summary.ejections.people > 0)
    .map(
      ({ name, summary: { ejections } }) =>
        `on ${name}, ${format(ejections.stranded, 'people')} of ${people(ejections.people)} thrown out could not come back`,
    );
  return parts.length === 0 ? 'Nobody had to come back' : upperFirst(listed(parts));
}

/** What 1,000 more in the room took, or that the night cannot tell. */
export function costFinding({
  name,
  summary: {
    server: {
      unitCosts: { perThousand },
    },
  },
}: Pick<RunToShow, 'name' | 'summary'>): string {
  const { signalling, media } = perThousand.cores;
  if (signalling === null) return `${name}: what 1,000 listeners cost cannot be told from this night`;
  return `${name}: 1,000 more listeners in the room took ${coresWords(signalling)} of signalling${media === null ? '; what media took is not known' : ` and ${coresWords(media)} of media`}`;
}

/** What two digits show as nothing, or what drowned in noise, is told by its bound. */
function coresWords(cores: number): string {
  return cores < 0.005 ? 'less than 0.01 cores' : format(cores, 'cores');
}

export function overflowFinding({
  name,
  summary: { overflow },
}: Pick<RunToShow, 'name' | 'summary'>): string {
  if (overflow.roomsOpened === null || overflow.seatedMax === null) {
    return `Whether ${name} opened overflow rooms is not known: its inside is not measured.`;
  }
  if (overflow.roomsOpened === 0) return `${name} opened no overflow room.`;
  const rooms = overflow.roomsOpened === 1 ? 'an overflow room' : `${overflow.roomsOpened} overflow rooms`;
  const heard =
    overflow.withMedia === 0
      ? 'None of those seated there carried real audio.'
      : `${format(overflow.hearing, 'people')} of ${format(overflow.withMedia, 'people')} listeners with real audio there heard at least 95 % of the host's packets.`;
  const lag =
    overflow.relayLagMs.p50 === null
      ? ''
      : ` They heard the host ${format(overflow.relayLagMs.p50, 'ms')} after the main room in the median, ${format(overflow.relayLagMs.p99, 'ms')} at p99.`;
  const moved =
    overflow.promoted === 0 ? '' : ` ${people(overflow.promoted)} were later promoted to the main room.`;
  return `${name} opened ${rooms} at ${clock(overflow.openedAtMs ?? 0)}; up to ${people(overflow.seatedMax)} sat there. ${heard}${lag}${moved}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
