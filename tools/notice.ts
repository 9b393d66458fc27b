/** Writes NOTICE: the packages that come with an installation, each with its licence, from the lock file. `--check` fails where the file is out of date. */
import { readFileSync, writeFileSync } from 'node:fs'

type Locked = { readonly version?: string; readonly license?: string; readonly dev?: boolean; readonly link?: boolean; readonly optional?: boolean }

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
const lines = Object.entries(packages)
  .filter(([path, { dev, link }]) => path.includes('node_modules/') && dev !== true && link !== true)
  .map(([path, { version, license }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)} ${version ?? ''}: ${license ?? licenceOf(path)}`)
const text = `Cityloop
Copyright 2026 the Cityloop authors

Licensed under the Apache License, Version 2.0.

The console's map shows land from Natural Earth (public domain). Types and attributes follow the Smart Data Models (CC BY 4.0).

An installation brings these packages, each under its own licence:

${[...new Set(lines)].toSorted().join('\n')}
`

if (process.argv.includes('--check')) {
  if (readFileSync('NOTICE', 'utf8') !== text) {
    console.error('NOTICE is out of date: run npm run notice')
    process.exitCode = 1
  }
} else writeFileSync('NOTICE', text)

/** Where the lock file does not say, the package itself does. */
function licenceOf(path: string): string {
  try {
    return (JSON.parse(readFileSync(`${path}/package.json`, 'utf8')) as { license?: string }).license ?? 'see the package'
  } catch {
    return 'see the package'
  }
}
