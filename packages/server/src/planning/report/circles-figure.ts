import type { CircleArrow, CircleNode, FlowMeasure } from '@cityloop/economy'
import { flowTexts } from './flow-texts.ts'
import { escaped, inFourSvg, shown } from './markup.ts'
import { type FourTexts, texts } from './texts.ts'

/** What stands below the name of a node. */
export type NodeFacts = Partial<Readonly<Record<CircleNode, { readonly value: string; readonly words: FourTexts; readonly wordsFirst?: boolean }>>>

/**
 * The two circles as SVG: nodes, and an arrow for every flow with its number and value. Width grows with the root of the flow; hypotheses are dashed,
 * links without data grey.
 */
export function circlesFigure(arrows: readonly CircleArrow[], facts: NodeFacts, label: string): string {
  const largest = Math.max(1e-9, ...arrows.filter(({ unit }) => unit === 'money').map(({ value }) => Math.abs(value ?? 0)))
  const drawn = arrows.map((arrow, i) => arrowMark(arrow, i + 1, largest)).join('')
  const labels = arrows.map((arrow, i) => arrowLabel(arrow, i + 1)).join('')
  const nodes = (Object.keys(places) as CircleNode[]).map((node) => nodeMark(node, facts[node])).join('')
  return (
    `<svg class="circles" viewBox="0 0 1160 930" role="img" aria-label="${escaped(label)}">` +
    `<rect x="96" y="84" width="968" height="822" rx="26" fill="none" stroke="var(--line)" stroke-width="2"/>` +
    `<text x="580" y="24" text-anchor="middle" fill="var(--quiet)" font-style="italic">${inFourSvg(texts.outside)}</text>` +
    `${drawn}${nodes}${labels}</svg>`
  )
}

interface Place {
  readonly x: number
  readonly y: number
}
interface Course {
  /** From, control points, to. */
  readonly path: string
  /** Where the number and the value stand. */
  readonly at: Place
  readonly colour: string
}

const nodeSize = { width: 196, height: 62 }
const places: Readonly<Record<Exclude<CircleNode, 'outside'>, Place>> = {
  industry: { x: 580, y: 330 },
  employment: { x: 750, y: 600 },
  consumption: { x: 410, y: 600 },
  population: { x: 580, y: 846 },
  finance: { x: 930, y: 350 },
  platform: { x: 230, y: 350 },
}

const courses: Readonly<Record<FlowMeasure, Course>> = {
  wages: { path: 'M648 362 C730 410 765 480 758 566', at: { x: 822, y: 470 }, colour: 'var(--inner)' },
  residentsPay: { path: 'M690 632 C630 690 530 690 474 636', at: { x: 580, y: 700 }, colour: 'var(--inner)' },
  localPurchases: { path: 'M402 568 C396 480 430 410 508 364', at: { x: 338, y: 470 }, colour: 'var(--inner)' },
  residentTaxes: { path: 'M680 846 C865 830 965 650 950 386', at: { x: 968, y: 712 }, colour: 'var(--outer)' },
  platformBudget: { path: 'M918 318 C840 90 320 90 244 314', at: { x: 352, y: 150 }, colour: 'var(--outer)' },
  attractedPeople: { path: 'M212 382 C195 650 290 830 476 846', at: { x: 190, y: 712 }, colour: 'var(--guess)' },
  labourForce: { path: 'M640 814 C690 780 722 720 738 636', at: { x: 776, y: 738 }, colour: 'var(--cross)' },
  pensionsAndAssistance: { path: 'M520 814 C470 780 438 720 422 636', at: { x: 366, y: 738 }, colour: 'var(--cross)' },
  surplusTaxes: { path: 'M682 316 C735 296 780 298 828 328', at: { x: 752, y: 270 }, colour: 'var(--cross)' },
  cityPurchases: { path: 'M832 368 C790 384 735 378 684 350', at: { x: 806, y: 404 }, colour: 'var(--cross)' },
  serviceToIndustry: { path: 'M330 340 C380 320 430 316 478 322', at: { x: 404, y: 284 }, colour: 'var(--guess)' },
  exports: { path: 'M540 36 L540 296', at: { x: 474, y: 214 }, colour: 'var(--world)' },
  importedInputs: { path: 'M620 298 L620 40', at: { x: 714, y: 214 }, colour: 'var(--world)' },
  importedConsumption: { path: 'M310 600 L34 600', at: { x: 160, y: 568 }, colour: 'var(--world)' },
  inCommuterPay: { path: 'M850 588 C940 570 1040 566 1126 566', at: { x: 1040, y: 532 }, colour: 'var(--world)' },
  outCommuterPay: { path: 'M1130 634 C1040 634 940 632 854 616', at: { x: 1040, y: 662 }, colour: 'var(--world)' },
  grants: { path: 'M1130 270 C1090 272 1045 288 1014 314', at: { x: 1086, y: 232 }, colour: 'var(--world)' },
}

function arrowMark(arrow: CircleArrow, number: number, largest: number): string {
  const { path, colour } = courses[arrow.measure]
  const stroke = arrow.state === 'noData' ? 'var(--none)' : colour
  const width = arrow.unit === 'person' || arrow.state !== 'flow' ? 2.5 : 1.6 + 8.4 * Math.sqrt(Math.abs(arrow.value ?? 0) / largest)
  const dashes = arrow.state === 'hypothesis' ? ' stroke-dasharray="8 7"' : ''
  const size = 9 + width
  const head =
    `<marker id="head-${number}" markerUnits="userSpaceOnUse" markerWidth="${size * 2}" markerHeight="${size * 2}" viewBox="-1 -1 2 2" refX="-.1" orient="auto">` +
    `<path d="M-.6 -.62 L.62 0 L-.6 .62 Z" fill="${stroke}"/></marker>`
  return `<defs>${head}</defs><path d="${path}" fill="none" stroke="${stroke}" stroke-width="${width.toFixed(2)}"${dashes} marker-end="url(#head-${number})"/>`
}

function arrowLabel(arrow: CircleArrow, number: number): string {
  const { at, colour } = courses[arrow.measure]
  const ink = arrow.state === 'noData' ? 'var(--quiet)' : colour
  const weight = arrow.state === 'noData' ? 400 : 700
  const halo = 'paint-order="stroke" stroke="var(--sheet)" stroke-width="5" stroke-linejoin="round"'
  const value = arrow.state === 'noData' ? inFourSvg(texts.noData) : (hypothesisWords(arrow, inFourSvg) ?? shown(arrow.value ?? 0))
  return (
    `<g text-anchor="middle" ${halo}><text x="${at.x}" y="${at.y}" fill="${ink}" font-size="12.5">${number} · ${inFourSvg(flowTexts[arrow.measure].name)}</text>` +
    `<text x="${at.x}" y="${at.y + 17}" fill="${ink}" font-weight="${weight}" font-size="15">${value}</text></g>`
  )
}

/** What stands for the value of a hypothesis that is not assumed, or assumed without a value of its own. */
export function hypothesisWords(arrow: CircleArrow, written: (four: FourTexts) => string): string | undefined {
  if (arrow.state !== 'hypothesis') return undefined
  if (arrow.assumed !== true) return written(texts.zeroAssumed)
  return arrow.value === undefined ? written(texts.assumed) : undefined
}

function nodeMark(node: CircleNode, fact: NodeFacts[CircleNode]): string {
  if (node === 'outside') return ''
  const { x, y } = places[node]
  const colour = node === 'industry' || node === 'employment' || node === 'consumption' ? 'var(--inner)' : 'var(--outer)'
  const { width, height } = nodeSize
  const below =
    fact === undefined
      ? `<text x="${x}" y="${y + 18}" font-size="12.5" fill="var(--quiet)">${inFourSvg(texts.noData)}</text>`
      : `<text x="${x}" y="${y + 18}" font-size="12" fill="var(--quiet)">${fact.wordsFirst === true ? `${inFourSvg(fact.words)} ${escaped(fact.value)}` : `${escaped(fact.value)} ${inFourSvg(fact.words)}`}</text>`
  return (
    `<g text-anchor="middle"><rect x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="14" fill="var(--sheet)" stroke="${colour}" stroke-width="2.5"/>` +
    `<text x="${x}" y="${y - 3}" font-size="16" font-weight="700">${inFourSvg(texts[node])}</text>${below}</g>`
  )
}
