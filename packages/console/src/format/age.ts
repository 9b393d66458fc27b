const steps: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly seconds: number }[] = [
  { unit: 'year', seconds: 31_557_600 },
  { unit: 'month', seconds: 2_629_800 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
]

/** How long ago an instant was, as people say it: `3 min ago`, `2 years ago`. */
export function formatAge(atMs: number, nowMs: number, language: string): string {
  const seconds = Math.round((atMs - nowMs) / 1000)
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'short' })
  for (const step of steps) {
    if (Math.abs(seconds) >= step.seconds) return format.format(Math.trunc(seconds / step.seconds), step.unit)
  }
  return format.format(seconds, 'second')
}

/** A span of time in its greatest unit: 90 seconds as `1.5 min`. */
export function formatDuration(seconds: number, language: string): string {
  const step = steps.find((one) => seconds >= one.seconds) ?? { unit: 'second', seconds: 1 }
  return new Intl.NumberFormat(language, { style: 'unit', unit: step.unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(
    seconds / step.seconds,
  )
}
