import { language, t } from './language.js';

// Portuguese as in Portugal: 3,20 €; English: €3.20
const LOCALES = { en: 'en-IE', pt: 'pt-PT' };
const cache = new Map();

function formatter(kind, options) {
  const key = `${language.value} ${kind.name} ${JSON.stringify(options)}`;
  if (!cache.has(key)) cache.set(key, new kind(LOCALES[language.value], options));
  return cache.get(key);
}

/** Formats `{amount, currency}`. */
export function money(value) {
  if (!value) return '';
  return formatter(Intl.NumberFormat, { style: 'currency', currency: value.currency ?? 'EUR' }).format(value.amount);
}

/** Formats a round sum without cents, for price filters. */
export const roundMoney = (amount) =>
  formatter(Intl.NumberFormat, { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 }).format(amount);

/** Multiplies amount by quantity in cents, for an estimate before the quote. */
export function times(price, quantity) {
  const cents = Math.round(Number(price.amount) * 100) * quantity;
  return { amount: (cents / 100).toFixed(2), currency: price.currency };
}

export function sum(values) {
  const cents = values.reduce((total, value) => total + Math.round(Number(value.amount) * 100), 0);
  return { amount: (cents / 100).toFixed(2), currency: values[0]?.currency ?? 'EUR' };
}

/** Formats a VAT rate such as `0.06` or `0.055` as a percentage. */
export const percent = (rate) =>
  formatter(Intl.NumberFormat, { style: 'percent', maximumFractionDigits: 2 }).format(rate);

export const number = (value) => formatter(Intl.NumberFormat, {}).format(value);

export const dateTime = (value) =>
  formatter(Intl.DateTimeFormat, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value));

export const date = (value) => formatter(Intl.DateTimeFormat, { dateStyle: 'long' }).format(new Date(value));

export const time = (value) =>
  formatter(Intl.DateTimeFormat, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(value));

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** Formats a time in milliseconds, not below zero: seconds, with two decimals below ten; minutes, hours or days above. */
export function elapsed(milliseconds) {
  const time = Math.max(0, milliseconds);
  const [unit, length] = UNITS.find(([, shortest]) => time >= 2 * shortest) ?? ['second', 1000];
  const digits = unit === 'second' && time < 10_000 ? 2 : 0;
  return formatter(Intl.NumberFormat, { style: 'unit', unit, unitDisplay: unit === 'second' ? 'narrow' : 'long', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    time / length
  );
}

/** "per kg", "each" … */
export const perUnit = (unit) => t(`unit.${unit}.per`);

/** "2 kg", "1 loaf" … */
export const quantity = (count, unit) => t(`unit.${unit}.count`, { count });

export const country = (code) => formatter(Intl.DisplayNames, { type: 'region' }).of(code);
