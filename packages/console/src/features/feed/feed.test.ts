import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { Feed } from './feed.ts'
import type { EntityChange } from './feed.ts'

test('is live once connected, red four seconds after the last word, and live again by itself', async (t) => {
  const city = startFeed(t)
  assert.equal(city.feed.getState().kind, 'reconnecting')
  await city.connect()
  assert.equal(city.feed.getState().kind, 'live')

  city.cut()
  await settle()
  assert.equal(city.feed.getState().kind, 'reconnecting')
  await city.pass(4_000)
  assert.equal(city.feed.getState().kind, 'offline')

  await city.connect()
  assert.equal(city.feed.getState().kind, 'live')
})

test('a stream that is open but silent is no live one', async (t) => {
  const city = startFeed(t)
  await city.connect()
  await city.pass(3_750)
  assert.equal(city.feed.getState().kind, 'live')
  await city.pass(500)
  assert.equal(city.feed.getState().kind, 'offline')
})

test('hands changes on in order and resumes after the last event id', async (t) => {
  const city = startFeed(t)
  await city.connect()
  city.send('id: a1\nevent: change\ndata: {"changes":[{"id":"x","type":"T","kind":"deleted","entity":null}]}\n\n')
  city.send('event: ping\ndata: {}\n\n')
  await settle()
  assert.deepEqual(
    city.changes.map((change) => change.id),
    ['x'],
  )

  city.cut()
  await settle()
  await city.connect()
  assert.deepEqual(city.openedAfter, [null, 'a1'])
  assert.equal(city.resets(), 1, 'a resumed stream needs no fresh state')
})

test('a reset is amber until the fresh state is there', async (t) => {
  const city = startFeed(t)
  await city.connect()
  city.holdResets()
  city.send('event: reset\ndata: {}\n\n')
  await settle()
  assert.equal(city.feed.getState().kind, 'catchingUp')
  city.releaseResets()
  await settle()
  assert.equal(city.feed.getState().kind, 'live')
  assert.equal(city.resets(), 2)
})

function startFeed(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  let nowMs = 1_000_000
  let stream: ReadableStreamDefaultController<Uint8Array> | null = null
  let waiting: ((response: Response) => void) | null = null
  let held: Promise<void> | null = null
  let release = (): void => undefined
  let resets = 0
  const changes: EntityChange[] = []
  const openedAfter: (string | null)[] = []
  const feed = new Feed({
    now: () => nowMs,
    onChanges: (more) => changes.push(...more),
    onReset: () => {
      resets += 1
      return held ?? Promise.resolve()
    },
    open: (lastEventId) => {
      openedAfter.push(lastEventId)
      return new Promise((resolve) => (waiting = resolve))
    },
  })
  t.after(feed.start())

  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      nowMs += 250
      t.mock.timers.tick(250)
      await settle()
    }
  }
  return {
    feed,
    changes,
    openedAfter,
    pass,
    resets: () => resets,
    connect: async () => {
      while (waiting === null) await pass(250)
      waiting(new Response(new ReadableStream({ start: (controller) => void (stream = controller) })))
      waiting = null
      await settle()
    },
    send: (text: string) => stream?.enqueue(new TextEncoder().encode(text)),
    cut: () => stream?.error(new Error('cut')),
    holdResets: () => void (held = new Promise((resolve) => (release = resolve))),
    releaseResets: () => release(),
  }
}

/** Lets all promises that are due run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
