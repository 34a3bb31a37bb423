const LOCALE = 'en'

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 })
const dateTime = new Intl.DateTimeFormat(LOCALE, {
  year: 'numeric',
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' })

/** A number with a fixed count of decimals; an en dash for what is not measured. */
export const formatNumber = (value: number | null, decimals = 0): string =>
  value === null || Number.isNaN(value)
    ? '–'
    : decimals === 0
      ? whole.format(value)
      : value.toFixed(decimals)

/** Millilitres: one decimal below 100 ml, none above; an en dash for unknown. */
export const formatMl = (volumeMl: number | null): string =>
  volumeMl === null ? '–' : volumeMl.toFixed(volumeMl < 100 ? 1 : 0)

/** e.g. `Nov 24, 2026, 13:05`. */
export const formatDateTime = (instant: string): string => dateTime.format(new Date(instant))

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/**
 * e.g. `5 minutes ago`.
 *
 * @param instant - ISO 8601
 * @param now - milliseconds since 1970
 */
export const formatAgo = (instant: string, now: number): string => {
  const seconds = (new Date(instant).getTime() - now) / 1000
  const unit = UNITS.find(([, size]) => Math.abs(seconds) >= size)
  return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : 'just now'
}

/**
 * e.g. `45 s`, `3 min 20 s`, `2 h 05 min`.
 *
 * @param seconds - not negative
 */
export const formatDuration = (seconds: number): string => {
  const rounded = Math.round(seconds)
  if (rounded < 60) return `${rounded} s`
  if (rounded < 3600) return `${Math.floor(rounded / 60)} min ${rounded % 60} s`
  const minutes = Math.round(rounded / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}
