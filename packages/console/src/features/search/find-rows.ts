import type { LayerRows, Row } from '../../layer/layer-rows.ts'

/** An entity found, with the layer it is in. */
export type Hit = { readonly row: Row; readonly type: string }

/** The first entities whose name or id holds the text, those whose name begins with it before the others. */
export function findRows(
  layers: readonly { readonly type: string; readonly rows: LayerRows | null }[],
  text: string,
  most: number,
  language: string,
): readonly Hit[] {
  const wanted = text.trim().toLocaleLowerCase(language)
  if (wanted === '') return []
  const beginning: Hit[] = []
  const holding: Hit[] = []
  for (const { type, rows } of layers) {
    for (const row of rows?.rows.values() ?? []) {
      const label = row.label.toLocaleLowerCase(language)
      if (label.startsWith(wanted)) beginning.push({ row, type })
      else if (holding.length < most && (label.includes(wanted) || row.id.toLowerCase().includes(wanted))) holding.push({ row, type })
      if (beginning.length >= most) return beginning
    }
  }
  return [...beginning, ...holding].slice(0, most)
}
