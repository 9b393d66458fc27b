/** A place in metres east and north of the city's centre. */
export type Spot = readonly [eastM: number, northM: number]

/** Where the city is made up to lie: open sea in fact, so that no real place is meant. Degrees. */
export const center: Spot = [-9.32, 41.16]

/** How far the ground reaches from the centre, in metres. */
export const groundM = 20_000

/** Coast, river and the extent of the built town, as functions of place; the same from the same phases. */
export type LayOfLand = {
  /** How far east the coast lies at a northing; land is east of it. */
  coastAt(northM: number): number
  /** The northing of the river's middle at an easting. */
  riverAt(eastM: number): number
  /** Half the river's width. */
  riverHalfM(eastM: number): number
  isLand(spot: Spot, marginM: number): boolean
  /** 0 in the middle of the town, 1 at its edge, above 1 outside. */
  outness(spot: Spot): number
}

/** Lays out coast, harbour bay and river. `phases` are five numbers from 0 to below 1. */
export function layOfLand(phases: readonly number[]): LayOfLand {
  const phase = (index: number): number => (phases[index] ?? 0) * 2 * Math.PI
  const land: LayOfLand = {
    coastAt: (northM) =>
      -2300 + 420 * Math.sin(northM / 2100 + phase(0)) + 130 * Math.sin(northM / 620 + phase(1)) + 1500 * Math.exp(-(((northM - 200) / 620) ** 2)),
    riverAt: (eastM) =>
      200 + 330 * Math.sin((eastM + 800) / 1700) * Math.min(1, Math.max(0, (eastM + 800) / 2500)) + 60 * Math.sin(eastM / 780 + phase(2)),
    riverHalfM: (eastM) => 48 + 14 * Math.sin(eastM / 900 + phase(3)) + 60 * Math.exp(-Math.max(0, eastM + 900) / 900),
    isLand([eastM, northM], marginM) {
      if (eastM < land.coastAt(northM) + marginM) return false
      return Math.abs(northM - land.riverAt(eastM)) > land.riverHalfM(eastM) + marginM
    },
    outness: ([eastM, northM]) =>
      Math.hypot((eastM - 900) / 3500, (northM - 250) / 3100) + 0.05 * Math.sin(Math.atan2(northM, eastM - 900) * 5 + phase(4)),
  }
  return land
}

/** A spot in degrees, to about a decimetre. */
export function toDegrees([eastM, northM]: Spot): readonly [lon: number, lat: number] {
  const [lon, lat] = center
  const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
  return [round(lon + eastM / (111_320 * Math.cos((lat * Math.PI) / 180))), round(lat + northM / 110_540)]
}
