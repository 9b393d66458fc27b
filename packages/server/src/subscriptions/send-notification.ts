import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Dialler } from '#runtime/dialler.ts'
import type { Subscription } from './subscription.ts'
import type { Outgoing } from './write-notification.ts'

const mostAtOnce = 64
const mostReplyBytes = 64 * 1024

/** Sends notifications over HTTP, at most so many at once in all, with the receiver's own timeout. Rejects where the receiver does not answer with a 2xx. */
export function createNotifier(
  dialler: Pick<Dialler, 'call'>,
): (subscription: Subscription, outgoing: Outgoing, signal: AbortSignal) => Promise<void> {
  let underWay = 0
  const waiting: (() => void)[] = []

  async function enter(): Promise<void> {
    if (underWay < mostAtOnce) {
      underWay += 1
      return
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  }

  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) underWay -= 1
    else next()
  }

  return async ({ endpoint }, { headers, body }, signal) => {
    await enter()
    try {
      const reply = await dialler.call(endpoint.uri, {
        method: 'POST',
        headers,
        body,
        timeoutMs: endpoint.timeoutMs,
        mostBytes: mostReplyBytes,
        signal,
      })
      if (reply.status < 200 || reply.status > 299) throw new NgsiLdError('Unavailable', `${endpoint.uri} answered ${reply.status}`)
    } finally {
      leave()
    }
  }
}
