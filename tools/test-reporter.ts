/** A node:test reporter: failures in full, each skip with its reason, then one closing line with the counts. */
import type { TestEvent } from 'node:test/reporters'

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for await (const event of events) {
    if (event.type === 'test:pass' && event.data.details.type !== 'suite') {
      if (event.data.skip === undefined) counts.passed += 1
      else {
        counts.skipped += 1
        yield `skipped: ${event.data.name} (${event.data.skip || 'no reason given'})\n`
      }
    } else if (event.type === 'test:fail' && event.data.details.type !== 'suite') {
      counts.failed += 1
      yield `\nFAILED ${event.data.file ?? ''}:${event.data.line ?? ''} ${event.data.name}\n${describe(event.data.details.error)}\n`
    } else if (event.type === 'test:diagnostic' && event.data.nesting > 0) yield `${event.data.message}\n`
    else if (event.type === 'test:stderr') yield event.data.message
  }
  yield `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`
}

function describe(error: Error): string {
  const cause = error.cause
  if (cause instanceof Error) return cause.stack ?? cause.message
  return typeof cause === 'string' ? cause : (error.stack ?? error.message)
}
