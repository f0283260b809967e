import { locale } from ".";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Number.POSITIVE_INFINITY],
];

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
/** "Next month" can be tomorrow: from a month on, numbers. */
const counted = new Intl.RelativeTimeFormat(locale);
const absolute = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "long" });

/** "4 minutes ago". */
export function ago(instant: string, now: number = Date.now()): string {
  let amount = (new Date(instant).getTime() - now) / 1000;
  if (Math.abs(amount) < 10) return relative.format(0, "second");
  for (const [unit, size] of STEPS) {
    const words = unit === "month" || unit === "year" ? counted : relative;
    if (Math.abs(amount) < size) return words.format(Math.round(amount), unit);
    amount /= size;
  }
  return at(instant);
}

/** "24 Nov 2026, 10:12:07 CET": local, with its zone. */
export function at(instant: string): string {
  return absolute.format(new Date(instant));
}

/** A value of a finding: an instant as people read it, anything else as it is. */
export function told(value: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+Z$/.test(value) ? at(value) : value;
}

/** "12 ms", "1.4 s". */
export function took(millis: number): string {
  if (millis < 1) return "< 1 ms";
  return millis < 1000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;
}
