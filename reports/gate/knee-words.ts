/** What is said of the knee, in sentences: they are reasons of the gate's verdict, the same in every output. */
import { format, scaleText } from '../render/format.ts';
import type { GateKnee, KneeSearched } from './knee-schema.ts';

/** Why the base has no knee that a candidate could be held against. */
export function noKneeWords({ result, minutes, scaleMax }: KneeSearched): string {
  const { kind, held, gaveIn } = result;
  const holds = held === null ? null : `${atWords(held)} holds`;
  switch (kind) {
    case 'generator':
      return `the base has no knee here: ${holds === null ? '' : `${holds}, and `}at ${atWords(gaveIn!)} the generator gave in before the server`;
    case 'beyond':
      return `the base has no knee here: ${holds}, and no night is played larger than scale ${scaleText(scaleMax)}`;
    case 'below':
      return `the base has no knee: not even ${atWords(gaveIn!)} holds`;
    case 'void':
      return 'the base has no knee: too many nights of the search were void; let nothing else run on this machine';
    case 'knee':
    case 'unfinished':
      return (
        `the knee of the base was not found within ${scaleText(minutes)} min` +
        `${holds === null ? '' : `: ${holds}`}${holds === null || gaveIn === null ? '' : `, ${atWords(gaveIn)} does not`}` +
        '; --knee-minutes gives it more'
      );
  }
}

/** What the search on the base's server ended with. */
export function kneeFoundWords({ result, probes }: KneeSearched): string {
  const { kind, held, gaveIn, limit } = result;
  const end = [
    held === null ? null : `held ${atWords(held)}`,
    gaveIn === null
      ? null
      : `${gaveIn.who === 'generator' ? 'the generator' : 'it'} gave in at ${atWords(gaveIn)}`,
  ].filter((one) => one !== null);
  return (
    `the base's ${kind === 'knee' ? 'knee' : 'search'}, by ${probes.length} nights: ` +
    `${end.length === 0 ? 'none that says anything' : end.join(', ')}${limit === null ? '' : ` (${limit.sentence})`}`
  );
}

/** The base fails so often at its own level that nobody could be told from it. */
export function indistinctWords({ base, level }: Pick<GateKnee, 'base' | 'level'>): string {
  return `the base failed ${base.affected} of ${base.runs} nights at ${levelWords(level)} itself, so that no candidate could be told from it`;
}

/** The finding, where the knee is judged. */
export function kneeWords(knee: GateKnee, power: number): string {
  const { base, candidate, level, toleratedRatio, significant, smallestRateSeen } = knee;
  const held = ({ runs, affected }: GateKnee['base']) => `${runs - affected} of ${runs}`;
  const at = levelWords(level);
  if (significant) {
    return (
      `the knee fell below ${toleratedRatio} of the base's: the candidate held ${held(candidate)} nights at ${at}, ` +
      `the base ${held(base)}`
    );
  }
  const isHeld = [base, candidate].every(({ runs, affected }) => 2 * affected < runs);
  const said = isHeld ? `knee: both hold ${at}` : `knee: the two could not be told apart at ${at}`;
  return (
    `${said}, ${toleratedRatio} of the base's (the candidate failed ${candidate.affected} of ${candidate.runs} nights, the base ` +
    `${base.affected} of ${base.runs}); a candidate that fails ${format(smallestRateSeen, 'share')} of them would have been seen, ` +
    `${format(power, 'share')} of the time`
  );
}

/** `1,350 arrivals a second (scale 0.9)`. */
function levelWords(level: GateKnee['level']): string {
  return level === null || level.arrivalsPerSecond === null
    ? `scale ${level === null ? '?' : scaleText(level.scale)}`
    : atWords({ scale: level.scale, arrivalsPerSecond: level.arrivalsPerSecond });
}

function atWords({
  scale,
  arrivalsPerSecond,
}: {
  readonly scale: number;
  readonly arrivalsPerSecond: number;
}): string {
  return `${format(arrivalsPerSecond, 'count')} arrivals a second (scale ${scaleText(scale)})`;
}
