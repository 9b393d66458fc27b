import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openProgressBar } from './progress-bar.ts'

function said(isTerminal: boolean): string[] {
  const texts: string[] = []
  const bar = openProgressBar({ stderr: (text) => void texts.push(text) }, isTerminal)
  bar.show('a.csv', 0.5)
  bar.show('a.csv', 0.5)
  bar.show('a.csv', 1.2)
  bar.end()
  bar.end()
  return texts
}

void test('on a terminal the bar overwrites itself, says nothing twice and clears its line at the end', () => {
  const [half, full, end, ...more] = said(true)
  assert.equal(half, '\r\u001B[K[###############...............]  50 % a.csv')
  assert.equal(full, '\r\u001B[K[##############################] 100 % a.csv')
  assert.equal(end, '\r\u001B[K')
  assert.deepEqual(more, [])
})

void test('where there is no terminal it says nothing', () => {
  assert.deepEqual(said(false), [])
})
