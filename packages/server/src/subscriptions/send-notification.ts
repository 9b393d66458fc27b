import { NgsiLdError } from '@cityloop/ngsi-ld'
import type { Dialler } from '#runtime/dialler.ts'
import { sendOverMqtt } from './send-mqtt.ts'
import type { Endpoint, Subscription } from './subscription.ts'
import type { Outgoing } from './write-notification.ts'

const mostAtOnce = 64
const mostFailing = 32
const slowAfterMs = 1000
const mostReplyBytes = 64 * 1024

/**
 * Sends notifications over HTTP or MQTT with the receiver's own timeout; rejects where the receiver does not answer with a 2xx. Receivers that hang keep nobody
 * waiting: a call that takes longer than a second leaves its place among the 64 to the next, and one to a receiver that failed the last time waits for one
 * of 32 other places. A subscription has one call under way, so that all of them are bounded by the subscriptions there are.
 */
export function createNotifier(
  dialler: Pick<Dialler, 'call' | 'lookup'>,
): (subscription: Subscription, outgoing: Outgoing, signal: AbortSignal) => Promise<void> {
  const places = createPlaces(mostAtOnce)
  const placesOfFailing = createPlaces(mostFailing)
  const failing = new WeakSet<Subscription>()

  return async (subscription, outgoing, signal) => {
    const { endpoint } = subscription
    const isFailing = failing.has(subscription)
    const leave = await (isFailing ? placesOfFailing : places).enter()
    const slow = isFailing ? undefined : setTimeout(leave, slowAfterMs)
    try {
      if (/^mqtts?:/i.test(endpoint.uri)) await sendOverMqtt(dialler, endpoint, outgoing)
      else await sendOverHttp(dialler, endpoint, outgoing, signal)
      failing.delete(subscription)
    } catch (error) {
      failing.add(subscription)
      throw error
    } finally {
      clearTimeout(slow)
      leave()
    }
  }
}

async function sendOverHttp(dialler: Pick<Dialler, 'call'>, endpoint: Endpoint, { headers, body }: Outgoing, signal: AbortSignal): Promise<void> {
  const { timeoutMs, uri } = endpoint
  const reply = await dialler.call(uri, { method: 'POST', headers, body, timeoutMs, mostBytes: mostReplyBytes, signal })
  if (reply.status < 200 || reply.status > 299) throw new NgsiLdError('Unavailable', `${uri} answered ${reply.status}`)
}

/** A number of places; `enter` waits for one, in turn, and resolves with what gives it back, once. */
function createPlaces(most: number): { enter(): Promise<() => void> } {
  let taken = 0
  const waiting: (() => void)[] = []

  function give(): () => void {
    let isGivenBack = false
    return () => {
      if (isGivenBack) return
      isGivenBack = true
      const next = waiting.shift()
      if (next === undefined) taken -= 1
      else next()
    }
  }

  return {
    async enter() {
      if (taken < most) taken += 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      return give()
    },
  }
}
