/**
 * Checks docs/clauses.tsv against the tests: a clause that is `done` or `partial` names test files, each of which is there and has the clause's number in the title of a
 * test; one that is `missing` names none, and neither does one that is `optional`: the standard leaves its behaviour open, we do not have it, and the remark says so.
 * Prints how many clauses have which status; exits with 1 where the ledger is wrong.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const statuses: ReadonlySet<string> = new Set(['done', 'partial', 'missing', 'optional'])
const problems: string[] = []
const counts = new Map<string, number>()
const seen = new Set<string>()

const [header, ...lines] = readFileSync(join(root, 'docs/clauses.tsv'), 'utf8').trimEnd().split('\n')
if (header !== 'clause\tstatus\ttests\tremark') problems.push('The first line must be clause, status, tests and remark')
for (const line of lines) {
  const [clause = '', status = '', tests = '', remark = ''] = line.split('\t')
  const files = tests.split(' ').filter((file) => file !== '')
  if (seen.has(clause)) problems.push(`${clause} is there twice`)
  seen.add(clause)
  if (!statuses.has(status)) problems.push(`${clause} has the status ${status}, which is none of ${[...statuses].join(', ')}`)
  if ((status === 'missing' || status === 'optional') !== (files.length === 0))
    problems.push(`${clause} is ${status} and names ${files.length} test files`)
  if (status === 'optional' && remark === '') problems.push(`${clause} is optional without a remark that says what we do not have`)
  for (const file of files) if (!names(file, clause)) problems.push(`No title of a test in ${file} has ${clause}`)
  counts.set(status, (counts.get(status) ?? 0) + 1)
}
for (const problem of problems) console.error(problem)
console.log([...counts].map(([status, count]) => `${count} ${status}`).join(', '))
process.exitCode = problems.length === 0 ? 0 : 1

/** Whether a test in the file has the clause in its title, as a number of its own: 5.7.1 is not in 5.7.10. */
function names(file: string, clause: string): boolean {
  const path = join(root, file)
  if (!existsSync(path)) return false
  const number = new RegExp(`(?<![\\d.])${clause.replaceAll('.', '\\.')}(?![\\d]|\\.\\d)`)
  return [...readFileSync(path, 'utf8').matchAll(/\btest\(\s*(['"`])(.*?)\1\s*,/gs)].some(([, , title]) => number.test(title ?? ''))
}
