import type { ReactNode } from 'react'
import { cornersOf } from './layer-look.ts'
import type { Shape } from './layer-look.ts'

/** A layer's shape as a small picture, hollow for "no value"; said by the text beside it. */
export function ShapeIcon(props: { readonly shape: Shape; readonly colour: string | null; readonly size?: number }): ReactNode {
  const { shape, colour, size = 16 } = props
  const paint = { fill: colour ?? 'none', stroke: colour === null ? 'var(--muted)' : 'var(--text)', strokeWidth: colour === null ? 0.22 : 0.1 }
  const corners = cornersOf(shape)
  return (
    <svg width={size} height={size} viewBox="-1.5 -1.5 3 3" aria-hidden style={{ flex: 'none' }}>
      {corners.length === 0 ? <circle r={1} {...paint} /> : <polygon points={corners.map((corner) => corner.join(',')).join(' ')} {...paint} />}
    </svg>
  )
}
