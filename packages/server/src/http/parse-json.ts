import { NgsiLdError } from '@cityloop/ngsi-ld'

const mostDepth = 64

/** Parses a body; throws `InvalidRequest` for what is no JSON and `BadRequestData` for what is nested deeper than 64 levels, seen before it is parsed. */
export function parseJson(text: string): unknown {
  let depth = 0
  let isText = false
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (isText) {
      if (code === 92) index += 1
      else if (code === 34) isText = false
    } else if (code === 34) isText = true
    else if (code === 123 || code === 91) {
      depth += 1
      if (depth > mostDepth) throw new NgsiLdError('BadRequestData', `The body is nested deeper than ${mostDepth} levels`)
    } else if (code === 125 || code === 93) depth -= 1
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new NgsiLdError('InvalidRequest', `The body is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
