/** The live page of `roomrush serve`: once a second, who is in the rooms and what that costs the server. */
import { type RoomToTell, roomBegins, roomSecond } from '../dashboards/live/room-story.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { RoomsNow } from '../server/rooms/rooms-now.ts';
import type { ServerBuild } from './build.ts';
import type { Live } from './live.ts';
import { overflowSeatsOf, seatsOf } from './server-config.ts';
import { CpuMeter, withWorkers } from './watch/cpu-meter.ts';

const EVERY_MS = 1_000;

/**
 * Tells `live` of a server from now on.
 *
 * @param pid of the server; its media workers are its only children.
 * @param rooms as the server told them last; null: not yet.
 */
export function startRoomLive(
  live: Live,
  night: Scenario,
  build: ServerBuild,
  pid: number,
  rooms: () => RoomsNow | null,
): { readonly stop: () => void } {
  const room: RoomToTell = {
    name: `${build.profile}, ${build.policy}`,
    title: night.rooms.main.title,
    mainSeats: seatsOf(night, build),
    overflowSeats: overflowSeatsOf(night, build),
  };
  live.tell(roomBegins(room));
  const meter = new CpuMeter();
  const beganMs = performance.now();
  let lookedMs = beganMs;
  const second = () => {
    const nowMs = performance.now();
    const { cpuMs } = meter.look(withWorkers(pid));
    const shareOf = (name: string) => Math.round((1000 * (cpuMs.get(name) ?? 0)) / (nowMs - lookedMs)) / 1000;
    const cpu = cpuMs.size === 0 ? null : { server: shareOf('server'), worker: shareOf('worker') };
    lookedMs = nowMs;
    live.tell(roomSecond(room, { atMs: nowMs - beganMs, rooms: rooms(), cpu }));
  };
  const seconds = setInterval(second, EVERY_MS);
  return { stop: () => clearInterval(seconds) };
}
