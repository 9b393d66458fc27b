/** What a message carried: as text where it is text, and as bytes in hex; cut where it is long. */
export type Payload = { readonly byteCount: number; readonly text: string | null; readonly hexLines: readonly string[]; readonly isCut: boolean }

const mostBytes = 4096
const bytesPerLine = 16

/** Reads a payload from Base64. Text is null where the bytes are no UTF-8 or hold control characters. */
export function toPayload(base64: string): Payload {
  const binary = atob(base64)
  const all = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  const bytes = all.subarray(0, mostBytes)
  const hexLines: string[] = []
  for (let first = 0; first < bytes.length; first += bytesPerLine) {
    const line = bytes.subarray(first, first + bytesPerLine)
    hexLines.push(`${first.toString(16).padStart(4, '0')}  ${[...line].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`)
  }
  return { byteCount: all.length, text: toText(all), hexLines, isCut: all.length > mostBytes }
}

function toText(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return /[^\P{Cc}\t\n\r]/u.test(text) ? null : text.slice(0, mostBytes)
  } catch {
    return null
  }
}
