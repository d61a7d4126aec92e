/** An amount in minor units of an ISO 4217 currency. */
export interface MoneyLike {
  amount: number;
  currency: string;
}

const moneyFormats = new Map<string, Intl.NumberFormat>();

/** A currency's format; kept, as a page shows a hundred prices and making a format is slow. */
function moneyFormat(currency: string, locale?: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const format = moneyFormats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency });
  moneyFormats.set(key, format);
  return format;
}

/** Money in the reader's language, like `€12.90`; plain digits for a currency nobody knows. */
export function formatMoney({ amount, currency }: MoneyLike, locale?: string): string {
  try {
    const format = moneyFormat(currency, locale);
    return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return `${(amount / 100).toFixed(2)} ${currency}`.trim();
  }
}

/** The sum of amounts in one currency; null for none, or when currencies differ. */
export function sumMoney(amounts: MoneyLike[]): MoneyLike | null {
  const [first] = amounts;
  if (!first || amounts.some(({ currency }) => currency !== first.currency)) return null;
  return { amount: amounts.reduce((sum, { amount }) => sum + amount, 0), currency: first.currency };
}

/** A count with separators, like `12,400`. */
export function formatNumber(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value);
}

/** A short count, like `12K`. */
export function formatCompact(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A number beside an axis, like `1.95K`: as exact as ticks are, whose steps are quarters of round numbers. */
export function formatTick(value: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

/** A part of 1 as whole percents, like `42%`. */
export function formatShare(share: number, locale?: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(share);
}

/** Bytes with a binary unit, like `1.4 MiB`. */
export function formatBytes(bytes: number, locale?: string): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const value = new Intl.NumberFormat(locale, { maximumFractionDigits: power === 0 ? 0 : 1 }).format(bytes / 1024 ** power);
  return `${value} ${units[power]}`;
}

/** A day, like `23 Nov 2026` in the reader's order. */
export function formatDate(time: string | Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(time));
}

/** A day and minute. */
export function formatTime(time: string | Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** How long ago, like `3 days ago`; `just now` within a minute. */
export function formatAgo(time: string | Date, now = new Date(), locale?: string): string {
  const seconds = (new Date(time).getTime() - now.getTime()) / 1000;
  const step = steps.find(([, length]) => Math.abs(seconds) >= length);
  if (!step) return 'just now';
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / step[1]), step[0]);
}

/** Stars in words, like `3½ stars`. */
export function formatStars(stars: number): string {
  if (stars === 0) return 'no rating';
  const half = stars % 1 >= 0.25 && stars % 1 < 0.75;
  const whole = half ? Math.floor(stars) : Math.round(stars);
  return `${whole === 0 ? '' : whole}${half ? '½' : ''} ${stars > 0.75 && stars <= 1.25 ? 'star' : 'stars'}`;
}
