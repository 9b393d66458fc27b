import { NgsiLdError, coreContext, everything, expandTerm } from '@cityloop/ngsi-ld'
import type { Command } from '@cityloop/ngsi-ld'
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLocalChanges } from '#bus/local/local-changes.ts'
import { wallClock } from '#runtime/clock.ts'
import { silent } from '#runtime/log.ts'
import { openSqliteStore } from '#store/sqlite/open-store.ts'
import type { Store } from '#store/store.ts'
import { parseSubscription } from './parse-subscription.ts'
import { startRunner } from './runner.ts'
import type { RunnerDeps } from './runner.ts'

const name = (term: string): string => expandTerm(coreContext, term)
const subscription = parseSubscription(
  { id: 'urn:s', type: 'Subscription', entities: [{ type: 'Watched' }], notification: { endpoint: { uri: 'http://127.0.0.1/' } } },
  coreContext,
  '',
  'urn:s',
)

async function withStore(act: (store: Store) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cityloop-runner-'))
  const store = await openSqliteStore(folder, { synchronous: 'OFF', readers: 1 })
  try {
    await act(store)
  } finally {
    await store.close()
    await rm(folder, { recursive: true })
  }
}

function creation(type: string, id: string): Command {
  const entity = { id, types: [name(type)], attributes: { [name('a')]: [{ kind: 'Property' as const, value: 1 }] } }
  return { tenant: '', scope: everything, receivedAt: 0, cause: { caller: 'urn:test' }, kind: 'createEntity', entity }
}

const notNeeded: Pick<RunnerDeps, 'clock' | 'log' | 'scope'> = { clock: wallClock, log: silent, scope: everything }

void test('a subscription goes on when what was delivered cannot be kept, as while the disk is full', () =>
  withStore(async (store) => {
    const sent: string[] = []
    let isFirst = true
    const told = new Promise<void>((resolve) => {
      const deps: RunnerDeps = {
        ...notNeeded,
        store,
        async keep() {
          if (isFirst) {
            isFirst = false
            throw new NgsiLdError('InsufficientStorage', 'The disk is nearly full')
          }
        },
        async send(_subscription, { body }) {
          sent.push(...[...body.matchAll(/urn:e:\d/g)].map(String))
          if (sent.length === 2) resolve()
        },
      }
      const runner = startRunner(deps, subscription, { position: 0, timesSent: 0, timesFailed: 0 })
      store.onCommitted((rows) => rows.forEach((row) => runner.offer(row)))
    })
    await store.commit(creation('Watched', 'urn:e:1'))
    await store.commit(creation('Watched', 'urn:e:2'))
    await told
    assert.deepEqual(sent, ['urn:e:1', 'urn:e:2'])
  }))

void test('a read that fails is made again, and every change is told', () =>
  withStore(async (store) => {
    await store.commit(creation('Watched', 'urn:e:1'))
    let failures = 1
    const sent = new Promise<string>((resolve) => {
      const deps: RunnerDeps = {
        ...notNeeded,
        store: {
          ...store,
          changesAfter: (sequence, limit) =>
            failures-- > 0 ? Promise.reject(new NgsiLdError('Unavailable', '1000 reads are waiting already')) : store.changesAfter(sequence, limit),
        },
        keep: () => Promise.resolve(),
        async send(_subscription, { body }) {
          resolve(body)
        },
      }
      startRunner(deps, subscription, { position: 0, timesSent: 0, timesFailed: 0 })
    })
    assert.match(await sent, /urn:e:1/)
  }))

void test('a subscription that nothing concerns moves on with the others, but not past what it has still to tell', () =>
  withStore(async (store) => {
    let release: () => void = () => undefined
    const deps: RunnerDeps = { ...notNeeded, store, keep: () => Promise.resolve(), send: () => new Promise((resolve) => (release = resolve)) }
    const runner = startRunner(deps, subscription, { position: 0, timesSent: 0, timesFailed: 0 })
    const follower = createLocalChanges(store).follow(
      0,
      (rows) => {
        for (const row of rows) if (row.change.typesAfter.includes(name('Watched'))) runner.offer(row)
      },
      (error) => assert.fail(String(error)),
    )
    const followedTo = async (sequence: number): Promise<void> => {
      while (follower.position() < sequence) await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await store.commit(creation('Other', 'urn:e:1'))
    await followedTo(1)
    assert.equal(runner.moveOn(1)?.position, 1)
    assert.equal(runner.moveOn(1), undefined)

    await store.commit(creation('Watched', 'urn:e:2'))
    await followedTo(2)
    assert.equal(runner.moveOn(2), undefined)
    release()
    await follower.close()
    await runner.close()
    assert.equal(runner.delivery().position, 2)
  }))

void test('on closing, a delivery under way may end, and is kept', () =>
  withStore(async (store) => {
    await store.commit(creation('Watched', 'urn:e:1'))
    await store.commit(creation('Watched', 'urn:e:2'))
    let release: () => void = () => undefined
    const kept: number[] = []
    let begun: () => void = () => undefined
    const sending = new Promise<void>((resolve) => (begun = resolve))
    const deps: RunnerDeps = {
      ...notNeeded,
      store,
      async keep(_subscription, { position }) {
        kept.push(position)
      },
      send: () =>
        new Promise((resolve) => {
          release = resolve
          begun()
        }),
    }
    const runner = startRunner(deps, subscription, { position: 0, timesSent: 0, timesFailed: 0 })
    await sending
    const closed = runner.close()
    release()
    await closed
    assert.deepEqual(kept, [2])
  }))
