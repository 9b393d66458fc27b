/** The shapes that tell layers apart without colour, in the order they are given out. */
export const shapes = ['circle', 'square', 'triangle', 'diamond', 'hexagon', 'star', 'cross', 'pentagon'] as const

/** One of the eight shapes. */
export type Shape = (typeof shapes)[number]

/** How a layer looks: its shape, and its hue in degrees of OKLCH. */
export type LayerLook = { readonly shape: Shape; readonly hue: number }

/** Light or dark ground. */
export type Theme = 'light' | 'dark'

const hues = [215, 60, 150, 305, 20, 265, 105, 340]

/** The look of a type among all types of the tenant, the same whichever layers are on. */
export function lookOf(type: string, types: readonly string[]): LayerLook {
  const at = Math.max(0, types.indexOf(type)) % shapes.length
  return { shape: shapes[at]!, hue: hues[at]! }
}

/** Colours of the five value steps from low to high: further from the ground means more. */
export function rampOf(hue: number, theme: Theme): readonly string[] {
  const lightness = theme === 'light' ? [0.84, 0.73, 0.61, 0.48, 0.34] : [0.42, 0.53, 0.65, 0.78, 0.92]
  const chroma = theme === 'light' ? [0.07, 0.11, 0.14, 0.13, 0.1] : [0.09, 0.12, 0.14, 0.13, 0.08]
  return lightness.map((step, at) => `oklch(${step} ${chroma[at]} ${hue})`)
}

/** Corner points of a shape around the origin, within a radius of one; a circle has none. */
export function cornersOf(shape: Shape): readonly (readonly [number, number])[] {
  const around = (count: number, turn: number, radius: (at: number) => number): [number, number][] =>
    Array.from({ length: count }, (_, at) => {
      const angle = ((at + turn) / count) * 2 * Math.PI
      return [Math.sin(angle) * radius(at), -Math.cos(angle) * radius(at)]
    })
  switch (shape) {
    case 'circle':
      return []
    case 'square':
      return around(4, 0.5, () => 1.15)
    case 'triangle':
      return around(3, 0, () => 1.2)
    case 'diamond':
      return around(4, 0, () => 1.2)
    case 'hexagon':
      return around(6, 0, () => 1.05)
    case 'star':
      return around(10, 0, (at) => (at % 2 === 0 ? 1.25 : 0.58))
    case 'cross':
      return cross(0.4, 1.05)
    case 'pentagon':
      return around(5, 0, () => 1.1)
  }
}

function cross(half: number, reach: number): readonly (readonly [number, number])[] {
  const arm = [
    [-half, -reach],
    [half, -reach],
    [half, -half],
  ] as const
  return [0, 1, 2, 3].flatMap((turn) =>
    arm.map(([x, y]): [number, number] => {
      let point: [number, number] = [x, y]
      for (let at = 0; at < turn; at++) point = [-point[1], point[0]]
      return point
    }),
  )
}
