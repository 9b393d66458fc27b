/** Writes one JSON line an event: a fixed name, then fields. Ids and counts only, never payloads, tokens or personal data. */
export type Log = Readonly<Record<'error' | 'warn' | 'info' | 'debug', (event: string, fields?: Readonly<Record<string, unknown>>) => void>>

const levels = ['debug', 'info', 'warn', 'error'] as const

/** A log that writes lines of at least `least` through `write`. */
export function createLog(write: (line: string) => void, least: (typeof levels)[number] = 'info'): Log {
  const at =
    (level: (typeof levels)[number]) =>
    (event: string, fields: Readonly<Record<string, unknown>> = {}) => {
      if (levels.indexOf(level) < levels.indexOf(least)) return
      write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
    }
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

/** A log that says nothing, for tests and commands that speak for themselves. */
export const silent: Log = createLog(() => undefined)
