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

/** The device EUI, in lower case, that a LoRaWAN network server's message names (ChirpStack 3 and 4, The Things Stack 3); null where it names none. */
export function euiIn(text: string | null): string | null {
  let document: unknown
  try {
    document = JSON.parse(text ?? '')
  } catch {
    return null
  }
  const named = [['deviceInfo', 'devEui'], ['devEUI'], ['end_device_ids', 'dev_eui']].map((path) => path.reduce<unknown>(memberOf, document))
  for (const eui of named) {
    if (typeof eui !== 'string') continue
    if (/^[0-9a-f]{16}$/i.test(eui)) return eui.toLowerCase()
    // ChirpStack 3 writes it in Base64 where it is not told otherwise.
    if (/^[A-Za-z0-9+/]{11}=$/.test(eui)) return Array.from(atob(eui), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  }
  return null
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}
