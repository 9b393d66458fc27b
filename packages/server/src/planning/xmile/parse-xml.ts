import { Refusal, treeFromFastXml, type XmlNode } from '@cityloop/economy'
import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** Largest model text read, in characters. */
export const largestModel = 20_000_000

/**
 * Parses the text of a model into a plain tree. Document types and entities are off: a DOCTYPE is refused, and the tree reads the references that XML itself
 * defines and no other. Throws a `Refusal` with line and column where the text is not well formed.
 */
export function parseXml(text: string): XmlNode {
  if (text.length > largestModel) refuseXml(`The model has ${text.length} characters; at most ${largestModel} are read`)
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) refuseXml('The model declares a document type or entities, which are not read')
  const valid = XMLValidator.validate(text)
  if (valid !== true) refuseXml(`The model is not well-formed XML: ${valid.err.msg} (line ${valid.err.line}, column ${valid.err.col})`)
  const parser = new XMLParser({
    preserveOrder: true,
    cdataPropName: '#cdata',
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    htmlEntities: false,
    trimValues: false,
    maxNestedTags: 200,
  })
  return treeFromFastXml(parsed(parser, text))
}

function parsed(parser: XMLParser, text: string): unknown {
  try {
    return parser.parse(text)
  } catch (error) {
    return refuseXml(`The model cannot be read as XML: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function refuseXml(message: string): never {
  throw new Refusal([{ rule: 'xml', message }])
}
