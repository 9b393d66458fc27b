import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Dialler, Reply } from '#runtime/dialler.ts'
import { createNotifier } from './send-notification.ts'
import type { Subscription } from './subscription.ts'
import type { Outgoing } from './write-notification.ts'

const outgoing: Outgoing = { id: 'urn:n', headers: {}, body: '{}' }
const { signal } = new AbortController()

function subscriptionTo(uri: string): Subscription {
  return { endpoint: { uri, timeoutMs: 5000 } } as unknown as Subscription
}

/** A way out on which receivers called `hang` answer when they are told to, and all others at once. */
function heldDialler(): { readonly hanging: ((reply: Reply) => void)[]; readonly called: string[] } & Pick<Dialler, 'call' | 'lookup'> {
  const hanging: ((reply: Reply) => void)[] = []
  const called: string[] = []
  return {
    hanging,
    called,
    lookup: () => assert.fail('Only MQTT asks for addresses'),
    call(url) {
      called.push(url)
      if (!url.includes('hang')) return Promise.resolve({ status: 204, headers: {}, body: '' })
      return new Promise((resolve) => hanging.push(resolve))
    },
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

void test('a receiver that answers waits a second at most, however many hang', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const dialler = heldDialler()
  const send = createNotifier(dialler)
  for (let count = 0; count < 100; count += 1) void send(subscriptionTo(`http://hang/${count}`), outgoing, signal)
  let isSent = false
  void send(subscriptionTo('http://well/'), outgoing, signal).then(() => (isSent = true))
  await settle()
  assert.equal(dialler.called.length, 64)
  assert.equal(isSent, false)
  context.mock.timers.tick(1000)
  await settle()
  assert.equal(isSent, true)
  assert.equal(dialler.called.length, 101)
})

void test('receivers that failed the last time have places of their own, so the others do not wait for them at all', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const dialler = heldDialler()
  const send = createNotifier(dialler)
  const failing = Array.from({ length: 100 }, (_, index) => subscriptionTo(`http://hang/${index}`))
  const first = failing.map((subscription) => send(subscription, outgoing, signal))
  await settle()
  context.mock.timers.tick(1000)
  await settle()
  for (const answer of dialler.hanging.splice(0)) answer({ status: 500, headers: {}, body: '' })
  await Promise.all(first.map((sending) => assert.rejects(sending, /answered 500/)))

  dialler.called.length = 0
  for (const subscription of failing) void send(subscription, outgoing, signal)
  await settle()
  assert.equal(dialler.called.length, 32)
  for (let count = 0; count < 64; count += 1) await send(subscriptionTo(`http://well/${count}`), outgoing, signal)
  assert.equal(dialler.called.length, 96)
})
