import type { Spot } from './lay-of-land.ts'
import type { Random } from './random.ts'

/** A part of the town. `busyness` runs from 0 to 1. */
export type District = {
  readonly name: string
  readonly spot: Spot
  readonly busyness: number
  readonly character: 'dense' | 'homes' | 'works' | 'green'
}

const plan: readonly (readonly [name: string, eastM: number, northM: number, busyness: number, character: District['character']])[] = [
  ['Old Harbour', -150, 950, 1, 'dense'],
  ['Market Hill', 900, 900, 0.95, 'dense'],
  ['Riverside', 1700, -250, 0.8, 'dense'],
  ['Weavers’ Quarter', 300, -700, 0.75, 'dense'],
  ['Lighthouse Point', -900, 2100, 0.45, 'homes'],
  ['Orchard Park', 2500, 1500, 0.5, 'green'],
  ['Foundry', -700, -1600, 0.65, 'works'],
  ['University', 1300, 2200, 0.7, 'homes'],
  ['Sandgate', 900, -2100, 0.5, 'homes'],
  ['Mill Lane', 3100, -1300, 0.4, 'homes'],
]

/** The districts, moved a little by chance. */
export function layDistricts(random: Random): readonly District[] {
  return plan.map(([name, eastM, northM, busyness, character]) => ({
    name,
    spot: [eastM + (random() - 0.5) * 240, northM + (random() - 0.5) * 240],
    busyness,
    character,
  }))
}

/** The district whose middle is nearest. */
export function districtAt(districts: readonly District[], [eastM, northM]: Spot): District {
  let best: District | undefined
  let leastM = Number.POSITIVE_INFINITY
  for (const district of districts) {
    const apartM = Math.hypot(district.spot[0] - eastM, district.spot[1] - northM)
    if (apartM >= leastM) continue
    best = district
    leastM = apartM
  }
  if (best === undefined) throw new Error('A city has at least one district')
  return best
}
