import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSseParser } from './sse-parser.ts'

test('reads event, data of many lines and id, and keeps the id for events without one', () => {
  const parse = createSseParser()
  const events = parse(': hello\nevent: change\nid: 7\ndata: {"a":\ndata: 1}\n\nevent:ping\ndata:{}\n\n')
  assert.deepEqual(events, [
    { event: 'change', data: '{"a":\n1}', id: '7' },
    { event: 'ping', data: '{}', id: '7' },
  ])
})

test('an event without data is none, and unknown fields are passed over', () => {
  assert.deepEqual(createSseParser()('event: x\nretry: 5\n\nfoo: bar\ndata: y\n\n'), [{ event: 'message', data: 'y', id: null }])
})

test('however the stream is cut, with either line end, the same events come out', () => {
  const word = fc.stringMatching(/^[a-z0-9{}": ]{1,12}$/)
  const stream = fc.array(fc.record({ event: fc.stringMatching(/^[a-z]{1,6}$/), data: fc.array(word, { minLength: 1, maxLength: 3 }) }), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(stream, fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(200), { maxLength: 12 }), (sent, lineEnd, cuts) => {
      const lines = sent.flatMap(({ event, data }, at) => [`id: ${at}`, `event: ${event}`, ...data.map((line) => `data: ${line}`), ''])
      const text = [...lines, ':end', ''].join(lineEnd)
      const parse = createSseParser()
      const edges = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length]
      const got = edges.slice(1).flatMap((edge, at) => parse(text.slice(edges[at], edge)))
      assert.deepEqual(
        got,
        sent.map(({ event, data }, at) => ({ event, data: data.join('\n'), id: String(at) })),
      )
    }),
    { seed: 11, numRuns: 500 },
  )
})
