/** Load goes to this machine only, unless whoever runs the script says that the other one is theirs too. */

/**
 * @returns the same address.
 * @throws Error for another machine without ALLOW_REMOTE.
 */
export function onlyLoopback(url: string): string {
  const host = /^(?:https?|ws):\/\/(\[[^\]]+\]|[^/:]+)/.exec(url)?.[1];
  if (host === undefined) throw new Error(`expected an address such as http://127.0.0.1:7600/, got '${url}'`);
  const isHere = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(host);
  if (isHere || __ENV['ALLOW_REMOTE'] !== undefined) return url;
  throw new Error(`${host} is not this machine: start the server here, or set ALLOW_REMOTE if it is yours`);
}
