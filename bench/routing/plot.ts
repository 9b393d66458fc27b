/** `node bench/routing/plot.ts > docs/images/routing-gaps.svg`: our gap to best known over CPU seconds, one line a kept cell, one frame a set. */
import { readCells, type Cell } from '../routing.ts'

const frame = { width: 260, height: 170, margin: 34 }
const columns = 3

const bySet = Map.groupBy(
  readCells().filter((cell) => cell.solver === 'ours' && cell.best !== undefined && (cell.trace?.length ?? 0) > 1),
  (cell) => `${cell.set}, ${cell.limit} s`,
)
const frames = [...bySet].map(([title, cells], index) => drawFrame(title, cells, index % columns, Math.floor(index / columns)))
const width = columns * frame.width
const height = Math.ceil(frames.length / columns) * frame.height
process.stdout.write(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui" font-size="10"><rect width="100%" height="100%" fill="white"/>${frames.join('\n')}</svg>\n`,
)

function drawFrame(title: string, cells: readonly Cell[], column: number, row: number): string {
  const left = column * frame.width + frame.margin
  const top = row * frame.height + 20
  const wide = frame.width - frame.margin - 12
  const high = frame.height - 48
  const limit = Math.max(...cells.map((cell) => cell.limit))
  // Time from 0.1 s and gap from 0.03 % to 30 %, both by powers of ten.
  const x = (cpu: number): number => left + (wide * Math.log10(Math.max(0.1, cpu) / 0.1)) / Math.log10(limit / 0.1)
  const y = (gap: number): number => top + high - (high * Math.log10(Math.min(30, Math.max(0.03, gap)) / 0.03)) / 3
  const lines = cells.map((cell, index) => {
    const points = [...cell.trace!, [cell.limit, cell.cost] as const].map(
      ([cpu, cost]) => `${x(cpu).toFixed(1)},${y((100 * (cost - cell.best!.cost)) / cell.best!.cost).toFixed(1)}`,
    )
    return `<polyline fill="none" stroke="hsl(${(index * 47) % 360} 60% 45%)" points="${points.join(' ')}"><title>${cell.instance}</title></polyline>`
  })
  const marks = [0.1, 1, 10].map(
    (gap) =>
      `<text x="${left - 4}" y="${y(gap) + 3}" text-anchor="end">${gap} %</text><line x1="${left}" x2="${left + wide}" y1="${y(gap)}" y2="${y(gap)}" stroke="#ddd"/>`,
  )
  const times = [0.1, 1, 10]
    .filter((cpu) => cpu <= limit)
    .map((cpu) => `<text x="${x(cpu)}" y="${top + high + 12}" text-anchor="middle">${cpu} s</text>`)
  return `<g><text x="${left}" y="${top - 6}" font-weight="bold">${title}</text><rect x="${left}" y="${top}" width="${wide}" height="${high}" fill="none" stroke="#999"/>${[...marks, ...times, ...lines].join('')}</g>`
}
