/** One reason why an input or a result is refused; `account`, `row` and `column` name the place, `difference` how far it is off. */
export interface Finding {
  readonly rule: string
  readonly message: string
  readonly account?: string
  readonly row?: string
  readonly column?: string
  readonly difference?: number
}

/** Input or result that this package refuses, with every finding; the message is the first finding and the number of others. */
export class Refusal extends Error {
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    const [first] = findings
    const others = findings.length - 1
    super(first === undefined ? 'refused' : others > 0 ? `${first.message} (and ${others} more)` : first.message)
    this.name = 'Refusal'
    this.findings = findings
  }
}

/** Refuses with one finding. */
export function refuse(rule: string, message: string, place: Omit<Finding, 'rule' | 'message'> = {}): never {
  throw new Refusal([{ rule, message, ...place }])
}
