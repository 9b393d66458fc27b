import { expandTerm } from '@cityloop/ngsi-ld'
import type { Attribute, Context, Entity, Instant } from '@cityloop/ngsi-ld'
import { typeOfKind } from './generate-city.ts'
import type { DemoCity, DemoDevice } from './generate-city.ts'
import { measure } from './measure.ts'

/** How often a device of the kind gives a value, in seconds. */
export function paceS(kind: DemoDevice['kind']): number {
  return kind === 'waste' || kind === 'light' || kind === 'meter' ? 900 : kind === 'weather' || kind === 'water' ? 300 : 120
}

/** The entity of a device with what does not change, and its values at some times, oldest first. */
export function toEntity(city: DemoCity, device: DemoDevice, times: readonly Instant[], context: Context, withPlace: boolean): Entity {
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
    for (const { attribute, value, unitCode } of measure(city.seed, device, observedAt)) {
      ;(attributes[name(attribute)] ??= []).push({ kind: 'Property', value, observedAt, ...(unitCode === undefined ? {} : { unitCode }) })
    }
  }
  return { id: device.id, types: [name(typeOfKind(device.kind))], attributes }
}
