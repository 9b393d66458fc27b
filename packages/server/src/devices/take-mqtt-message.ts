import type { Clock } from '#runtime/clock.ts'
import type { Log } from '#runtime/log.ts'
import { parseAnswer, parseCommandTopic, parseMeasureTopic, parseUplinkTopic } from './mqtt-topics.ts'
import type { Message } from './take-measure.ts'

/** Where messages of devices go, whichever broker they come through. */
export type MqttSinks = {
  readonly clock: Clock
  readonly log: Log
  /** Resolves when the message, or its place in the quarantine, is committed. */
  readonly take: (message: Message) => Promise<unknown>
  /** A device answers commands. */
  readonly answer: (apiKey: string, deviceId: string, name: string, result: string) => Promise<void>
}

/**
 * Takes a measure, an uplink or an answer to a command; other topics are nobody's here. `uplinkKey` is the API key that uplinks count as sent with, empty for any.
 * Resolves when what came is committed; rejects only where it could not be, since then the sender must send it again.
 */
export async function takeMqttMessage({ answer, clock, log, take }: MqttSinks, topic: string, payload: Uint8Array, uplinkKey: string): Promise<void> {
  const uplinkOf = parseUplinkTopic(topic)
  const measure = uplinkOf === undefined ? parseMeasureTopic(topic) : { apiKey: uplinkKey, deviceId: uplinkOf, protocol: 'lorawan' as const }
  if (measure !== undefined) {
    await take({ ...measure, payload, transport: 'MQTT', receivedAt: clock.now() })
    return
  }
  const command = parseCommandTopic(topic)
  if (command?.kind !== 'cmdexe') return
  const answers = parseAnswer(payload)
  if (answers.length === 0) log.info('answer_not_read', { device: command.deviceId, topic })
  for (const [name, result] of answers) await answer(command.apiKey, command.deviceId, name, result)
}
