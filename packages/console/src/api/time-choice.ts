/** Which moment the screen shows: now, or the past as it was known then, or as it is known today to have been. */
export type TimeChoice = { readonly mode: 'live' } | { readonly mode: 'known' | 'true'; readonly atMs: number }

/** The query parameters that ask for the moment; empty for now. */
export function timeQuery(time: TimeChoice): Record<string, string> {
  switch (time.mode) {
    case 'live':
      return {}
    case 'known':
      return { asKnownAt: new Date(time.atMs).toISOString() }
    case 'true':
      return { asTrueAt: new Date(time.atMs).toISOString() }
  }
}
