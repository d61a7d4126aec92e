/** Usual times to train at, by cron expression. */
export const usualTimes: Record<string, string> = {
  '0 3 * * *': 'every night at 03:00',
  '0 * * * *': 'every hour',
  '0 */6 * * *': 'every six hours',
  '0 3 * * 0': 'every Sunday at 03:00',
};

/** When an expression fires, in words where it is a usual one. */
export function describeCron(cron: string): string {
  return usualTimes[cron.trim()] ?? `at ${cron.trim()}`;
}
