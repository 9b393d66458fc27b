/** A device's usual value of an attribute, and where it stands in degrees. */
export type Usual = { readonly id: string; readonly value: number; readonly position: readonly [lon: number, lat: number] }

/** A device that is off its neighbours: by how much, and how many times the usual spread that is. */
export type Drift = { readonly id: string; readonly offset: number; readonly spreads: number }

const neighbours = 5
const leastDevices = 8
/** Of a normal distribution, the standard deviation is 1.4826 times the median absolute deviation. */
const deviation = 1.4826

/**
 * Finds devices whose usual value is more than `limit` robust standard deviations off the median of their five nearest neighbours. Medians keep one that lies from
 * spoiling the others. With fewer than eight devices nothing is said. Costs n² distances.
 */
export function findDrift(devices: readonly Usual[], limit = 6): readonly Drift[] {
  if (devices.length < leastDevices) return []
  const offsets = devices.map((device) => device.value - median(nearest(device, devices).map(({ value }) => value)))
  const middle = median(offsets)
  const spread = deviation * median(offsets.map((offset) => Math.abs(offset - middle)))
  if (spread === 0) return []
  return devices.flatMap(({ id }, index) => {
    const offset = (offsets[index] ?? 0) - middle
    const spreads = Math.abs(offset) / spread
    return spreads > limit ? [{ id, offset, spreads }] : []
  })
}

function nearest(device: Usual, devices: readonly Usual[]): readonly Usual[] {
  const [lon, lat] = device.position
  const squeeze = Math.cos((lat * Math.PI) / 180)
  return devices
    .filter((other) => other !== device)
    .map((other) => ({ other, apart: ((other.position[0] - lon) * squeeze) ** 2 + (other.position[1] - lat) ** 2 }))
    .toSorted((a, b) => a.apart - b.apart)
    .slice(0, neighbours)
    .map(({ other }) => other)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
