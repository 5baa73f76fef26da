const MINUTE = 60_000;

/** How long a log was silent, in the unit a person would use: `1 minute`, `3 hours`, `12 days`. */
export function silenceText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
