/** The moment at which every synthetic node is collected; all other times are offsets from it. */
export const COLLECTED_AT = Date.UTC(2024, 4, 14, 9, 20, 0);

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** RFC 3339 seconds, as Kubernetes writes: `2024-05-14T09:20:00Z`. */
export function rfc3339(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** klog's time: `0514 09:20:00.123456`. The nodes' clocks run on UTC. */
export function klogTime(time: number): string {
  const d = new Date(time);
  const date = `${pad(d.getUTCMonth() + 1)}${pad(d.getUTCDate())}`;
  const clock = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`;
  return `${date} ${clock}.${pad(d.getUTCMilliseconds(), 3)}${pad(((time / 7) % 1000) | 0, 3)}`;
}

/** klog's file header time: `2024/05/14 09:20:00`. */
export function klogHeaderTime(time: number): string {
  return rfc3339(time).slice(0, 19).replace(/-/g, '/').replace('T', ' ');
}

/** FILETIME (100 ns since 1601) as HNS prints `LastUpdateTime`: 18 digits. */
export function fileTime(time: number): string {
  return String((BigInt(time) + 11644473600000n) * 10000n + 4741n);
}
