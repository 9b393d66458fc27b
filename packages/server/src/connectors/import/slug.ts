/**
 * A value as part of a URN: letters keep their case and lose their accents, runs of other characters become one hyphen, and letters of other scripts are
 * percent-encoded, so that different names in them stay different.
 */
export function slug(value: string): string {
  const folded = value
    .normalize('NFD')
    .replace(/[\u0300-\u036F]+/g, '')
    .normalize('NFC')
    .replace(/[ßæœøđłþÆŒØĐŁÞ]/g, (letter) => foldings[letter] ?? letter)
  return folded
    .replace(/[^\p{L}\p{N}._]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .replace(/[^\w.-]+/g, encodeWellFormed)
}

const foldings: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  þ: 'th',
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Đ: 'D',
  Ł: 'L',
  Þ: 'TH',
}

function encodeWellFormed(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
