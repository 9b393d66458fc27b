import type { DemoCity, DemoDevice, DeviceKind } from './generate-city.ts'
import { typeOfKind } from './generate-city.ts'
import { paceS } from './observe-city.ts'

/** A provisioning document as FIWARE's IoT agents take it, and the service path it is sent with. */
export type Provisioning = { readonly path: string; readonly document: Readonly<Record<string, unknown>> }

const units: Readonly<Record<DeviceKind, readonly (readonly [name: string, unitCode?: string])[]>> = {
  air: [['no2', 'GQ'], ['pm25', 'GQ']], // prettier-ignore
  noise: [['LAeq', '2N']],
  weather: [['temperature', 'CEL'], ['relativeHumidity', 'C62'], ['windSpeed', 'MTS'], ['precipitation', 'MMT']], // prettier-ignore
  traffic: [['averageVehicleSpeed', 'KMH'], ['intensity', 'C62']], // prettier-ignore
  parking: [['availableSpotNumber'], ['totalSpotNumber']],
  waste: [['fillingLevel', 'C62']],
  light: [['powerState'], ['illuminanceLevel']],
  meter: [['totalActivePower', 'KWT']],
  water: [['height', 'MTR']],
}
const scopes: Readonly<Record<DeviceKind, string>> = {
  air: '/environment',
  noise: '/environment',
  weather: '/weather',
  traffic: '/traffic',
  parking: '/parking',
  waste: '/waste',
  light: '/light',
  meter: '/energy',
  water: '/water',
}

/** The scope that the entities of a kind have: the service path its group is provisioned with. */
export function scopeOfKind(kind: DeviceKind): string {
  return scopes[kind]
}

/** The API key of a kind's service group. */
export function apiKeyOf(kind: DeviceKind): string {
  return `port-selva-${kind}`
}

/** Whether devices of the kind speak UltraLight 2.0; the others speak JSON. */
export function speaksUltraLight(kind: DeviceKind): boolean {
  return kind === 'noise' || kind === 'waste'
}

/** The gateway that carries a device's messages. */
export function gatewayOf({ gateway, kind }: Pick<DemoDevice, 'gateway' | 'kind'>): string {
  return `port-selva-${kind}-${gateway + 1}`
}

/** The service group of a kind. */
export function groupOf(city: Pick<DemoCity, 'name'>, kind: DeviceKind): Provisioning {
  return {
    path: scopes[kind],
    document: {
      apikey: apiKeyOf(kind),
      resource: speaksUltraLight(kind) ? '/iot/d' : '/iot/json',
      entity_type: typeOfKind(kind),
      protocol: speaksUltraLight(kind) ? 'PDI-IoTA-UltraLight' : 'IoTA-JSON',
      autoprovision: false,
      attributes: units[kind].map(([name, unitCode]) => ({
        object_id: name,
        name,
        type: name === 'powerState' ? 'Text' : 'Number',
        ...(unitCode === undefined ? {} : { metadata: { unitCode: { type: 'Text', value: unitCode } } }),
      })),
      static_attributes: [{ name: 'dataProvider', type: 'Text', value: `${city.name} (synthetic)` }],
      commands: kind === 'light' ? [{ object_id: 'switch', name: 'switch', type: 'command' }] : [],
    },
  }
}

/** The provisioning document of a device. */
export function deviceOf(device: DemoDevice): Provisioning {
  const { deviceId, district, id, kind, name, position } = device
  return {
    path: scopes[kind],
    document: {
      device_id: deviceId,
      apikey: apiKeyOf(kind),
      entity_name: id,
      entity_type: typeOfKind(kind),
      transport: 'MQTT',
      gateway: gatewayOf(device),
      expected_interval: paceS(kind),
      static_attributes: [
        { name: 'location', type: 'geo:json', value: { type: 'Point', coordinates: position } },
        { name: 'name', type: 'Text', value: name },
        { name: 'areaServed', type: 'Text', value: district.name },
      ],
    },
  }
}
