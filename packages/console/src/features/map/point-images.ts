import type { Map as MapLibre } from 'maplibre-gl'
import { cornersOf, rampOf } from '../../layer/layer-look.ts'
import type { LayerLook, Theme } from '../../layer/layer-look.ts'

const pixelRatio = 2
const radiusPx = 7
const sidePx = 22 * pixelRatio

/** The name of the picture for a look and a value step; `none` is a point without a value, drawn hollow. */
export function imageName(look: LayerLook, step: number | 'none'): string {
  return `${look.shape}-${look.hue}-${step}`
}

/** Puts the six pictures of a look into the map, or renews them when the theme has changed. */
export function putImages(map: MapLibre, look: LayerLook, theme: Theme): void {
  const ramp = rampOf(look.hue, theme)
  for (const step of ['none', 0, 1, 2, 3, 4] as const) {
    const picture = drawPoint(look, step === 'none' ? null : ramp[step]!, theme)
    const name = imageName(look, step)
    if (map.hasImage(name)) map.updateImage(name, picture)
    else map.addImage(name, picture, { pixelRatio })
  }
}

/** One point: filled with the value's colour inside an outline against the ground, or hollow. */
function drawPoint(look: LayerLook, fill: string | null, theme: Theme): ImageData {
  const canvas = document.createElement('canvas')
  canvas.width = sidePx
  canvas.height = sidePx
  const pen = canvas.getContext('2d')
  if (pen === null) throw new Error('This browser draws no pictures')
  pen.translate(sidePx / 2, sidePx / 2)
  pen.scale(radiusPx * pixelRatio, radiusPx * pixelRatio)
  pen.lineJoin = 'round'
  trace(pen, look)
  const outline = theme === 'light' ? '#ffffff' : '#0b1218'
  if (fill === null) {
    pen.strokeStyle = outline
    pen.lineWidth = 0.62
    pen.stroke()
    pen.strokeStyle = theme === 'light' ? '#5c6b78' : '#a9b8c5'
    pen.lineWidth = 0.3
    pen.stroke()
  } else {
    pen.strokeStyle = outline
    pen.lineWidth = 0.5
    pen.stroke()
    pen.fillStyle = fill
    pen.fill()
    pen.strokeStyle = theme === 'light' ? 'rgb(20 30 40 / 65%)' : 'rgb(235 245 255 / 50%)'
    pen.lineWidth = 0.14
    pen.stroke()
  }
  return pen.getImageData(0, 0, sidePx, sidePx)
}

function trace(pen: CanvasRenderingContext2D, look: LayerLook): void {
  const corners = cornersOf(look.shape)
  pen.beginPath()
  if (corners.length === 0) pen.arc(0, 0, 1, 0, 2 * Math.PI)
  else for (const [x, y] of corners) pen.lineTo(x, y)
  pen.closePath()
}
