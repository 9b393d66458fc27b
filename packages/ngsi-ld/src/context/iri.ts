const asciiIri = /^[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-[\]_a-z~]+$/
const absoluteIri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s"<>\\^`{|}]+$/u
/** What RFC 3987 forbids outside ASCII, and characters that nobody can see. */
const unseen = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800]/u

const asciiName = /^[A-Za-z][A-Za-z0-9_]*$/
const unicodeName = /^\p{L}[\p{L}\p{N}_]*$/u

/** Whether the text is an absolute IRI of characters that can be seen (RFC 3987; CIM 009 asks for URIs and its examples show IRIs). */
export function isIri(text: string): boolean {
  if (text.length > 2048) return false
  return asciiIri.test(text) || (absoluteIri.test(text) && !unseen.test(text))
}

/** Whether the text is a name without a prefix (CIM 009, 4.6.2). */
export function isName(text: string): boolean {
  return asciiName.test(text) || unicodeName.test(text)
}
