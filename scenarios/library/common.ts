/**
 * What the nights of the library have in common: how people, their apps and the servers behave unless a night says
 * otherwise, what is promised to the audience, and where each of these parameters comes from.
 */
import type { Objective, ScenarioInput } from '../schema.ts';

/** Habits, timeouts and limits that are equal in every night, so that nights differ in what happens. */
export const common = {
  schema: 'roomrush/scenario@1',
  crowd: {
    startPatience: { graceMs: 2_000, leavePerSecond: 0.058 },
    queuePatienceMeanMs: 60_000,
    stayMeanMs: 600_000,
    silentLeaverShare: 0.5,
    returnShare: 1,
    returnLate: { share: 0, meanMs: 1 },
    parallel: { openShare: 0, joinShare: 0 },
    hand: { share: 0.03, meanMs: 60_000 },
    retap: { firstMs: 200, thenMeanMs: 2_000, triesMax: 6 },
  },
  client: {
    heartbeatMs: 5_000,
    pongTimeoutMs: 1_500,
    joinTimeoutMs: 8_000,
    mediaTimeoutMs: 10_000,
    hallwayPollMs: 2_000,
  },
  server: {
    heartbeatMissedMs: 10_000,
    iceConsentMs: 30_000,
    ticketLifeMs: 20_000,
    seatHoldMs: 30_000,
    presenceBatchMs: 1_000,
    hallwayCacheMs: 1_000,
    positionsEveryMs: 2_000,
    pacing: { seatsPerSecond: 150, burst: 50 },
    listenBacklog: 4096,
    slowClientBytesMax: 4_194_304,
    frameMs: 60,
    mediaWorkers: 1,
  },
} as const satisfies Partial<ScenarioInput>;

/** No room but the main one and what a policy opens. */
export const NO_PARALLEL_ROOMS = { seats: 1000, roomsMax: 0 } as const;

/** Promises to an audience; a night takes those that its story can be judged by. */
export const OBJECTIVES = {
  ejections: {
    id: 'ejections',
    title: 'People who had a seat keep it',
    measure: 'ejections.involuntaryShare',
    op: '<=',
    limit: 0.001,
    unit: 'share',
  },
  stranded: {
    id: 'stranded',
    title: 'Whoever is thrown out can come back',
    measure: 'ejections.stranded',
    op: '<=',
    limit: 0,
    unit: 'people',
  },
  answered: {
    id: 'answered',
    title: 'A seat, a position or a time to retry within 2 s',
    measure: 'crowd.answeredWithin2sShare',
    op: '>=',
    limit: 0.99,
    unit: 'share',
  },
  incumbentsLoss: {
    id: 'incumbents-loss',
    title: 'Those inside keep hearing the host: packets lost in the surge',
    measure: 'incumbents.lossShareSurge',
    op: '<=',
    limit: 0.01,
    unit: 'share',
  },
  incumbentsGap: {
    id: 'incumbents-gap',
    title: 'Those inside keep hearing the host: longest gap',
    measure: 'incumbents.longestGapMs',
    op: '<=',
    limit: 500,
    unit: 'ms',
  },
  incumbentsLate: {
    id: 'incumbents-late',
    title: 'Those inside hear the host in time: late by at most',
    measure: 'incumbents.lateMs',
    op: '<=',
    limit: 500,
    unit: 'ms',
  },
  seatsFilled: {
    id: 'seats-filled',
    title: 'Seats are used, or nobody waits',
    measure: 'admission.seatsFilledShare',
    op: '>=',
    limit: 0.95,
    unit: 'share',
  },
  relayLag: {
    id: 'relay-lag',
    title: 'The overflow rooms hear the host when the main room does: p99',
    measure: 'overflow.relayLagMs.p99',
    op: '<=',
    limit: 50,
    unit: 'ms',
  },
  promotionGap: {
    id: 'promotion-gap',
    title: 'Who is moved to another room hears no gap: the longest',
    measure: 'overflow.promotionGapMs.max',
    op: '<=',
    limit: 200,
    unit: 'ms',
  },
  overAdmitted: {
    id: 'over-admitted',
    title: 'No room has more listeners than seats',
    measure: 'admission.overAdmitted',
    op: '<=',
    limit: 0,
    unit: 'people',
  },
  leakedSeats: {
    id: 'leaked-seats',
    title: 'No seat is lost to somebody who is long gone',
    measure: 'admission.leakedSeats',
    op: '<=',
    limit: 0,
    unit: 'people',
  },
} as const satisfies Record<string, Objective>;

/** What every night promises in which nobody is thrown out on purpose. */
export const COMMON_OBJECTIVES: readonly Objective[] = [
  OBJECTIVES.ejections,
  OBJECTIVES.stranded,
  OBJECTIVES.answered,
  OBJECTIVES.incumbentsLoss,
  OBJECTIVES.incumbentsGap,
  OBJECTIVES.seatsFilled,
];

/** Sources of what `common` sets, and of what nearly every night sets alike; a night's own come after them. */
export const commonSources: ScenarioInput['sources'] = {
  'rooms.parallel': { assumption: 'none: nobody opens a room of their own on this night' },
  'phases.rampMs': { assumption: 'calm enough that nobody waits' },
  'phases.baselineMs': { assumption: 'long enough to know the loss and gaps of a quiet room' },
  'phases.tailMs': { facts: ['M9'], note: 'long enough to see whether overload outlives its trigger' },
  'phases.leavingMs': { assumption: 'the end of the talk is not what is examined' },
  'incumbents.speakers': { assumption: 'nobody comes as a speaker: the voice is there from the start' },
  'incumbents.model': { assumption: 'a calm ramp' },
  bodies: { assumption: 'real WebRTC for as many as two cores carry beside the crowd' },
  'crowd.startPatience': { facts: ['M4'], note: 'measured for video start-up' },
  'crowd.queuePatienceMeanMs': { facts: ['M5'], note: 'hazard peak near 60 s once a position is told' },
  'crowd.stayMeanMs': { assumption: 'ten minutes' },
  'crowd.silentLeaverShare': { facts: ['M6'] },
  'crowd.returnShare': { facts: ['M8'], note: 'the hard case: everybody tries to come back' },
  'crowd.returnLate': { facts: ['M8'], note: 'the hard case: everybody at once' },
  'crowd.parallel': { assumption: 'none: nobody opens a room of their own on this night' },
  'crowd.hand': { assumption: 'three in a hundred want to speak, and say so within a minute on average' },
  'crowd.retap': { facts: ['M8'], note: 'at once, and again: an assumption there' },
  'client.heartbeatMs': { facts: ['C14'], note: '30 s in reality; compressed six times' },
  'client.pongTimeoutMs': { assumption: 'nine seconds of the real night, compressed as the heartbeat is' },
  'client.joinTimeoutMs': { assumption: 'what mobile clients allow a request, roughly' },
  'client.mediaTimeoutMs': { assumption: 'longer than any handshake on loopback' },
  'client.hallwayPollMs': { assumption: 'who waits for the doors pulls the list down every two seconds' },
  'server.heartbeatMissedMs': { assumption: 'two heartbeats' },
  'server.iceConsentMs': { assumption: 'the default of the media server, RFC 7675 asks for 30 s' },
  'server.ticketLifeMs': { assumption: 'long enough to change from one network to another' },
  'server.seatHoldMs': { assumption: 'long enough for three tries' },
  'server.presenceBatchMs': { assumption: 'a count that is a second old misleads nobody' },
  'server.hallwayCacheMs': { assumption: 'as above' },
  'server.positionsEveryMs': { assumption: 'a position every two seconds is enough to keep hope' },
  'server.pacing': { assumption: 'under what one core seats a second with media' },
  'server.listenBacklog': {
    facts: ['C16'],
    note: 'the number is an assumption: 511 drops connections on a step',
  },
  'server.slowClientBytesMax': { assumption: 'some thirty answers with the whole users list' },
  'server.frameMs': { facts: ['C17'], note: 'an assumption there too' },
  'server.mediaWorkers': { assumption: 'one: the server has one core here' },
  objectives: { assumption: 'what we would promise our own audience' },
};
