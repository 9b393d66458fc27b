/**
 * Rows as CSV (RFC 4180) with a final line end. A text that a spreadsheet would run as a formula is led by an apostrophe. Comments follow as lines that
 * begin with `# ` (the comment prefix of W3C's CSV on the Web); a comma in one is written as a semicolon, so that a reader that knows no comments finds
 * one cell in each.
 */
export function writeCsv(rows: readonly (readonly (string | number | undefined)[])[], comments: readonly string[] = []): string {
  const lines = rows.map((row) => row.map(cell).join(','))
  const below = comments.map((comment) => `# ${comment.replace(/\s+/g, ' ').replaceAll(',', ';').replaceAll('"', "'")}`)
  return [...lines, ...below].map((line) => `${line}\r\n`).join('')
}

function cell(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]|^#/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
