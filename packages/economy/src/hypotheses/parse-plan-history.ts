import { type Json, arrayAt, objectAt, onlyKeys, textAt } from '../parameters/read-json.ts'
import { refuse } from '../refusal.ts'
import type { PlanHistory, PlanVersion } from './hypothesis.ts'
import { instantAt, parseHypothesis } from './parse-hypothesis.ts'

/**
 * Parses a signed plan with all its versions from unknown JSON. Refuses versions out of order, and one whose mark of being signed before its data opened
 * does not follow from its dates. Whether a version still gives its hash is asked with `tamperedVersions`.
 */
export function parsePlanHistory(input: Json): PlanHistory {
  const history = objectAt(input, 'signed plan')
  onlyKeys(history, ['versions'], 'signed plan')
  const versions: PlanVersion[] = []
  let opened: string | undefined
  for (const [i, member] of arrayAt(history['versions'], 'versions', 1000).entries()) {
    const version = parseVersion(member, `versions[${i}]`)
    const { from } = version.hypothesis.design.postPeriod
    opened = opened === undefined || from < opened ? from : opened
    const last = versions.at(-1)
    if (version.version !== i + 1) refuse('plan', `versions[${i}] is numbered ${version.version}, not ${i + 1}`)
    if (last !== undefined && version.hypothesis.id !== last.hypothesis.id)
      refuse('plan', `versions[${i}] is of ${version.hypothesis.id}, the one before of ${last.hypothesis.id}`)
    if (last !== undefined && version.signedAt < last.signedAt) refuse('plan', `versions[${i}] is signed before the one it follows`)
    if (version.afterDataOpened !== version.signedAt >= opened)
      refuse('plan', `versions[${i}] is signed at ${version.signedAt} and its data open on ${opened}; afterDataOpened is ${version.afterDataOpened}`)
    versions.push(version)
  }
  return versions.length === 0 ? refuse('plan', 'the plan has no signed version') : { versions }
}

function parseVersion(input: Json, at: string): PlanVersion {
  const version = objectAt(input, at)
  onlyKeys(version, ['version', 'hypothesis', 'planHash', 'signedAt', 'signedBy', 'afterDataOpened'], at)
  const { version: number, afterDataOpened } = version
  return {
    version: typeof number === 'number' && Number.isInteger(number) ? number : refuse('number', `${at}.version is no whole number`),
    hypothesis: parseHypothesis(version['hypothesis']),
    planHash: textAt(version['planHash'], `${at}.planHash`),
    signedAt: instantAt(version['signedAt'], `${at}.signedAt`),
    signedBy: textAt(version['signedBy'], `${at}.signedBy`),
    afterDataOpened: typeof afterDataOpened === 'boolean' ? afterDataOpened : refuse('truth', `${at}.afterDataOpened is neither true nor false`),
  }
}
