import { formatInstant } from '@cityloop/ngsi-ld'
import type { Instant } from '@cityloop/ngsi-ld'
import { civilMoment } from './calendar.ts'
import { faultOf, isGatewayDown } from './faults.ts'
import type { DemoCity, DemoDevice } from './generate-city.ts'
import { isDark } from './measure.ts'
import type { Measurer, Reading } from './measure.ts'
import { paceS, phaseS } from './observe-city.ts'
import { apiKeyOf, speaksUltraLight } from './provision-city.ts'
import { noise } from './random.ts'

/** A message as a device sends it. */
export type Utterance = { readonly device: DemoDevice; readonly apiKey: string; readonly topic: string; readonly payload: string }

/** The voices of all devices: what each says at its time, and what a street light answers to a command. */
export type Voices = {
  /** What is said in the second that begins then. */
  at(second: Instant): readonly Utterance[]
  /** Carries out a command; what the device answers, and says of its new state. Nothing for a device that knows no commands. */
  obey(deviceId: string, payload: string, now: Instant): readonly Utterance[]
}

/** Gives devices their voices. A light keeps what it was told until day and night change. */
export function createVoices(city: DemoCity, measurer: Measurer): Voices {
  const { seed } = city
  const byPace = new Map<number, Map<number, DemoDevice[]>>()
  for (const device of city.devices) {
    const pace = paceS(device.kind)
    const phases = byPace.get(pace) ?? new Map<number, DemoDevice[]>()
    byPace.set(pace, phases)
    const phase = phaseS(device.kind, device.number)
    phases.set(phase, [...(phases.get(phase) ?? []), device])
  }
  const byId = new Map(city.devices.map((device) => [device.deviceId, device]))
  /** What lights were told, and whether it was dark then. */
  const told = new Map<string, { readonly power: 'on' | 'off'; readonly wasDark: boolean }>()

  function say(device: DemoDevice, readings: readonly Reading[], at: Instant): Utterance {
    const apiKey = apiKeyOf(device.kind)
    const time = formatInstant(at)
    const isUltraLight = speaksUltraLight(device.kind)
    const payload = isUltraLight
      ? [time, ...readings.flatMap(({ attribute, value }) => [attribute, String(value)])].join('|')
      : JSON.stringify({ ...Object.fromEntries(readings.map(({ attribute, value }) => [attribute, value])), TimeInstant: time })
    return { device, apiKey, topic: `/${isUltraLight ? 'ul' : 'json'}/${apiKey}/${device.deviceId}/attrs`, payload }
  }

  function withTold(device: DemoDevice, readings: readonly Reading[], at: Instant): readonly Reading[] {
    const order = told.get(device.deviceId)
    if (order === undefined) return readings
    if (order.wasDark !== isDark(civilMoment(at))) {
      told.delete(device.deviceId)
      return readings
    }
    return lit(order.power)
  }

  return {
    at(second) {
      const found: Utterance[] = []
      for (const [pace, phases] of byPace) {
        for (const device of phases.get(Math.floor(second / 1_000_000) % pace) ?? []) {
          if (isGatewayDown(seed, device.kind, device.gateway, second)) continue
          const readings = measurer.said(device, second)
          if (readings === undefined) continue
          const said = say(device, withTold(device, readings, second), second)
          const isBroken = faultOf(seed, device.number) === 'failing' && noise(seed, device.number, Math.floor(second / 1_000_000), 61) < 1 / 6
          found.push(isBroken ? { ...said, payload: said.payload.slice(0, Math.floor(said.payload.length / 2)) } : said)
        }
      }
      return found
    },
    obey(deviceId, payload, now) {
      const device = byId.get(deviceId)
      if (device?.kind !== 'light') return []
      const power = orderIn(payload)
      const apiKey = apiKeyOf(device.kind)
      const answer = (result: string): Utterance => ({
        device,
        apiKey,
        topic: `/json/${apiKey}/${deviceId}/cmdexe`,
        payload: JSON.stringify({ switch: result }),
      })
      if (power === undefined) return [answer('ERROR: switch takes "on" or "off"')]
      if (faultOf(seed, device.number) === 'failing') return [answer('ERROR: lamp failure')]
      told.set(deviceId, { power, wasDark: isDark(civilMoment(now)) })
      return [say(device, lit(power), now), answer(`switched ${power}`)]
    },
  }
}

function lit(power: 'on' | 'off'): readonly Reading[] {
  return [
    { attribute: 'powerState', value: power },
    { attribute: 'illuminanceLevel', value: power === 'on' ? 1 : 0 },
  ]
}

function orderIn(payload: string): 'on' | 'off' | undefined {
  try {
    const { switch: order } = JSON.parse(payload) as { readonly switch?: unknown }
    return order === 'on' || order === 'off' ? order : undefined
  } catch {
    return undefined
  }
}
