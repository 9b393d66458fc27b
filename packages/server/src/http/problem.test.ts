import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { NgsiLdError } from '@cityloop/ngsi-ld'
import { statusOf, toProblemDetails } from './problem.ts'

test('6.3.2 the documented error types and statuses are those of the table', () => {
  const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  const documented = [...page.matchAll(/^\| (\w+) \| (\d{3}) \|/gm)].map(([, type, status]) => [type, Number(status)])
  assert.deepEqual(Object.fromEntries(documented), statusOf)
})

test('5.5.2 the error types of the standard are there, each under its IRI', () => {
  const standard = [
    'AlreadyExists',
    'BadRequestData',
    'Conflict',
    'InternalError',
    'InvalidRequest',
    'LdContextNotAvailable',
    'NoMultiTenantSupport',
  ] as const
  const more = ['NonexistentTenant', 'OperationNotSupported', 'ResourceNotFound', 'TooComplexQuery', 'TooManyResults'] as const
  for (const type of [...standard, ...more]) {
    const details = toProblemDetails(new NgsiLdError(type, 'said so'))
    assert.deepEqual(details, { type: `https://uri.etsi.org/ngsi-ld/errors/${type}`, title: type, status: statusOf[type], detail: 'said so' })
  }
})
