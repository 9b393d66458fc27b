/** One event of a server-sent stream; `id` is the last one seen, as the standard has it. */
export type StreamEvent = { readonly event: string; readonly data: string; readonly id: string | null }

/**
 * Parses `text/event-stream` (HTML standard, 9.2.6) from chunks cut anywhere. `EventSource` cannot send the tenant's header nor say when
 * it heard last, hence our own.
 */
export function createSseParser(): (chunk: string) => StreamEvent[] {
  let rest = ''
  let event = ''
  let data: string[] = []
  let id: string | null = null
  return (chunk) => {
    rest += chunk
    const events: StreamEvent[] = []
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(rest)
      if (end === null) return events
      const line = rest.slice(0, end.index)
      rest = rest.slice(end.index + end[0].length)
      if (line === '') {
        if (data.length > 0) events.push({ event: event === '' ? 'message' : event, data: data.join('\n'), id })
        event = ''
        data = []
        continue
      }
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'data') data.push(value)
      else if (field === 'event') event = value
      else if (field === 'id' && !value.includes('\0')) id = value
    }
  }
}
