/** Runs every `*.test.ts` under packages/, tools/ and test/; words on the command line narrow the list to paths that contain one of them. */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'

const words = process.argv.slice(2)
const files = globSync('{packages,tools,test}/**/*.test.ts', { exclude: (name) => name.includes('node_modules') })
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .toSorted()

if (files.length === 0) {
  console.error(`No test file's path contains ${words.join(' or ')}`)
  process.exit(1)
}
const reporter = words.length === 0 ? './tools/test-reporter.ts' : 'spec'
const runner = spawn(
  process.execPath,
  ['--test', '--test-concurrency=2', '--test-timeout=600000', '--test-force-exit', `--test-reporter=${reporter}`, ...files],
  {
    stdio: 'inherit',
  },
)
runner.on('exit', (code) => process.exit(code ?? 1))
