import {
  canBeVerified,
  currentVersion,
  type Hypothesis,
  limits,
  limitsIn,
  parseHypothesis,
  parsePlanHistory,
  planHash,
  type PlanHistory,
  revisePlan,
  signPlan,
  tamperedVersions,
} from '@cityloop/economy'
import { type Answer, type Asked, languageOf, onlyFile, textOption, UsageError } from './answer.ts'
import { readJson } from './read-input.ts'

/**
 * `hypothesis sign PLAN.json --by NAME`: freezes the hash of a plan; with `--after SIGNED.json` as a new version beside the old ones. `hypothesis check FILE`:
 * of a plan, whether it can be judged and its design could see what is expected; of a signed one also whether it is still what was signed.
 */
export async function hypothesisCommand(asked: Asked): Promise<Answer> {
  const [verb, ...files] = asked.files
  const one = { ...asked, files }
  if (verb === 'sign') return sign(one)
  if (verb === 'check') return check(one)
  throw new UsageError(verb === undefined ? 'sign or check is missing' : `hypothesis ${verb} is unknown; there are sign and check`)
}

async function sign(asked: Asked): Promise<Answer> {
  const by = textOption(asked, 'by')
  if (by === undefined || by.trim() === '') throw new UsageError('--by is missing: who signs')
  const hypothesis = parseHypothesis(await readJson(onlyFile(asked, 'a plan')))
  const after = textOption(asked, 'after')
  const before = after === undefined ? undefined : untampered(parsePlanHistory(await readJson(after)), after)
  const history = before === undefined ? signPlan(hypothesis, asked.now(), by) : revisePlan(before, hypothesis, asked.now(), by)
  return { lines: [...headOf(hypothesis), ...history.versions.map(versionLine)], data: history, limits: limitsFor(asked) }
}

async function check(asked: Asked): Promise<Answer> {
  const input = await readJson(onlyFile(asked, 'a plan or a signed plan'))
  const signed = typeof input === 'object' && input !== null && 'versions' in input
  if (!signed) {
    const hypothesis = parseHypothesis(input)
    const verifiable = canBeVerified(hypothesis)
    const data = { id: hypothesis.id, planHash: planHash(hypothesis), verifiable, signed: false }
    return { lines: [...headOf(hypothesis), '  not signed'], data, limits: limitsFor(asked), wrong: !verifiable }
  }
  const history = parsePlanHistory(input)
  const tampered = tamperedVersions(history)
  const { hypothesis, planHash: hash, afterDataOpened } = currentVersion(history)
  const verifiable = canBeVerified(hypothesis)
  return {
    lines: [
      ...headOf(hypothesis),
      ...history.versions.map(versionLine),
      ...tampered.map((version) => `! version ${version} is not what was signed: its content no longer gives its hash`),
    ],
    data: { id: hypothesis.id, planHash: hash, verifiable, signed: true, exploratory: afterDataOpened, tampered },
    limits: limitsFor(asked),
    wrong: !verifiable || tampered.length > 0,
  }
}

function untampered(history: PlanHistory, file: string): PlanHistory {
  const tampered = tamperedVersions(history)
  if (tampered.length > 0) throw new RangeError(`${file}: version ${tampered.join(', ')} is not what was signed, so no version can follow it`)
  return history
}

function headOf(hypothesis: Hypothesis): string[] {
  const { id, title, expected, design } = hypothesis
  const [primary] = expected
  const seen = canBeVerified(hypothesis)
    ? 'the design can see it'
    : '! unverifiable: the design would not see an effect of this size; change it before money is spent'
  return [
    `${id}: ${title}`,
    `  hash ${planHash(hypothesis)}`,
    `  expects ${primary!.kpi} to move by ${primary!.effect} ${primary!.unit} in ${primary!.horizonMonths} months`,
    `  ${design.method} finds effects from ${design.minimumDetectableEffect} on (level ${design.alpha}, power ${design.power}): ${seen}`,
  ]
}

function versionLine({ version, signedAt, signedBy, planHash: hash, afterDataOpened }: PlanHistory['versions'][number]): string {
  const standing = afterDataOpened ? 'after its data opened: a check of it is exploratory and moves no parameter' : 'before its data opened'
  return `  version ${version} signed by ${signedBy} at ${signedAt}, ${standing} (${hash.slice(0, 16)})`
}

function limitsFor(asked: Asked): string[] {
  const language = languageOf(asked)
  return [limits.elasticities[language], ...limitsIn(language, 'check')]
}
