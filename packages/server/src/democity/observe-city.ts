import { expandTerm } from '@cityloop/ngsi-ld'
import type { Attribute, Context, Entity, Instant } from '@cityloop/ngsi-ld'
import { typeOfKind } from './generate-city.ts'
import type { DemoCity, DemoDevice } from './generate-city.ts'
import type { Measurer } from './measure.ts'
import { scopeOfKind } from './provision-city.ts'

/** How often a device of the kind gives a value, in seconds. */
export function paceS(kind: DemoDevice['kind']): number {
  return kind === 'waste' || kind === 'light' || kind === 'meter' ? 900 : kind === 'weather' || kind === 'water' ? 300 : 120
}

/** The second of its pace at which a device speaks: devices of a kind are spread evenly. */
export function phaseS(kind: DemoDevice['kind'], number: number): number {
  return (number * 7919) % paceS(kind)
}

/** The instants from `from` on and before `until` at which a device gives a value at its own pace, oldest first. */
export function timesOf({ kind, number }: DemoDevice, from: Instant, until: Instant): readonly Instant[] {
  const paceUs = paceS(kind) * 1_000_000
  const phaseUs = phaseS(kind, number) * 1_000_000
  const first = Math.ceil((from - phaseUs) / paceUs) * paceUs + phaseUs
  const times: Instant[] = []
  for (let at = first; at < until; at += paceUs) times.push(at)
  return times
}

/** The entity of a device with what it said at some times, oldest first; with what does not change where that is asked for. */
export function toEntity(
  city: DemoCity,
  measurer: Measurer,
  device: DemoDevice,
  times: readonly Instant[],
  context: Context,
  withPlace: boolean,
): Entity {
  const name = (term: string): string => expandTerm(context, term)
  const attributes: Record<string, Attribute[]> = {}
  if (withPlace) {
    const { district, position } = device
    attributes[name('location')] = [{ kind: 'GeoProperty', value: { type: 'Point', coordinates: position } }]
    attributes[name('name')] = [{ kind: 'Property', value: device.name }]
    attributes[name('areaServed')] = [{ kind: 'Property', value: district.name }]
    attributes[name('dataProvider')] = [{ kind: 'Property', value: `${city.name} (synthetic)` }]
  }
  for (const observedAt of times) {
    for (const { attribute, value, unitCode } of measurer.said(device, observedAt) ?? []) {
      ;(attributes[name(attribute)] ??= []).push({ kind: 'Property', value, observedAt, ...(unitCode === undefined ? {} : { unitCode }) })
    }
  }
  return { id: device.id, types: [name(typeOfKind(device.kind))], scopes: [scopeOfKind(device.kind)], attributes }
}
