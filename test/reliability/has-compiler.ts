import { spawnSync } from 'node:child_process'

/** For `skip`: why the tests that need the disk recorder do not run, or `false`. Under CI they run, and fail, without a compiler. */
export const noCompiler: string | false =
  process.env['CI'] === undefined && spawnSync('cc', ['--version']).status !== 0
    ? 'THERE IS NO C COMPILER (cc), so power cuts and disk faults are NOT tested here'
    : false
