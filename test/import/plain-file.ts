import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A CSV file read by the plainest means, so that tests compare imports with what is in it and not with the import's own reading. */
export function plainRows(path: string, delimiter: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = plainCells(path, delimiter)
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])))
}

/** A JSON file. */
export function plainJson(path: string): unknown {
  return JSON.parse(plainText(path))
}

function plainText(path: string): string {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\uFEFF/, '')
}

function plainCells(path: string, delimiter: string): string[][] {
  const lines = plainText(path).split(/\r?\n/)
  return lines.filter((line) => line !== '').map((line) => (line.includes('"') ? quotedCells(line, delimiter) : line.split(delimiter)))
}

function quotedCells(line: string, delimiter: string): string[] {
  const cells = ['']
  let isQuoted = false
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at)
    if (character === '"' && isQuoted && line[at + 1] === '"') {
      cells[cells.length - 1] += '"'
      at += 1
    } else if (character === '"') isQuoted = !isQuoted
    else if (character === delimiter && !isQuoted) cells.push('')
    else cells[cells.length - 1] += character
  }
  return cells
}
