/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Response } from 'playwright-core'
import { findBarriers, focusedName, openBrowser, pointsOnMap, reasonToSkip, tabTo, watchForWrongs } from './open-browser.ts'
import { openLine } from './cuttable-line.ts'
import { startServer } from './running-server.ts'
import type { Seed } from './running-server.ts'

const hourMs = 3_600_000
const start = Math.floor(Date.now() / hourMs) * hourMs
const binCount = 30

test('an operator sees the city, its cut, its catching up and its past, by keyboard alone', { skip: reasonToSkip(), timeout: 240_000 }, async (t) => {
  await using server = await startServer()
  for (let back = 23; back >= 1; back--) {
    // Two hours are missing: the chart must show the gap.
    if (back !== 10 && back !== 11) await server.upsert(bins((number) => level(number, back), start - back * hourMs))
  }
  await server.upsert([noWhere])
  const browser = await openBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, timezoneId: 'UTC' })
  page.setDefaultTimeout(20_000)
  await using line = await openLine(server.url)
  const wrongs = watchForWrongs(page, line.url)
  let isBroken = false
  const step = async (name: string, run: () => Promise<void>): Promise<void> => {
    await t.test(name, { skip: isBroken && 'a step before it failed' }, async () => {
      isBroken = true
      await run()
      isBroken = false
    })
  }

  await step('open: the lamp is green and the layers are there with their counts', async () => {
    await page.goto(`${line.url}/?language=en&theme=dark&layer=`)
    await lampIs(page, 'live')
    await page.locator(`[data-layer=WasteContainer] [data-count="${binCount + 1}"]`).waitFor()
  })

  await step('at a first visit the guide says what there is; closed, it stays so until somebody asks for it', async () => {
    const guest = await browser.newPage({ viewport: { width: 1366, height: 768 }, timezoneId: 'UTC' })
    await guest.goto(`${line.url}/?language=en`)
    await guest.locator('#guide').getByText('finds everything by name').waitFor()
    assert.deepEqual(await findBarriers(guest), [])
    await tabTo(guest, 'Understood')
    await guest.keyboard.press('Enter')
    await guest.locator('#guide').waitFor({ state: 'detached' })
    await guest.reload()
    await lampIs(guest, 'live')
    assert.equal(await guest.locator('#guide').count(), 0)
    await tabTo(guest, 'What is on this screen')
    await guest.keyboard.press('Enter')
    await until(async () => await guest.evaluate(() => document.activeElement?.id === 'guide'))
    await tabTo(guest, 'Show me an example')
    await guest.keyboard.press('Enter')
    await guest.locator('[data-attribute=fillingLevel]').waitFor()
    await guest.close()
  })

  await step('layer on: every point that has a place is on the map, unclustered, and the list counts them all', async () => {
    await tabTo(page, 'Show Waste containers on the map')
    await page.keyboard.press('Space')
    await until(async () => Object.keys(await pointsOnMap(page, 'WasteContainer')).length === binCount)
    await page.getByText('1 without a position').waitFor()
    await tabTo(page, 'Show Waste containers as a list')
    await page.keyboard.press('Enter')
    await page.locator(`#list [data-count="${binCount + 1}"]`).waitFor()
  })

  await step('entity selected: value, unit, age and source; the chart shows the day with its gap, and as a table', async () => {
    await tabTo(page, /^Bin 1/)
    await page.keyboard.press('ArrowDown')
    await until(async () => (await focusedName(page)).startsWith('Bin 2'))
    await page.keyboard.press('Enter')
    const value = page.locator('[data-attribute=fillingLevel]')
    await value.getByText('%').waitFor()
    assert.match((await value.textContent()) ?? '', /City of Tests/)
    assert.equal(await value.locator('td').first().getAttribute('data-source'), 'City of Tests')
    await page.locator('figure[data-points="21"] canvas').waitFor()
    await page.getByText('21 values · 1 gap').waitFor()
    await tabTo(page, 'As a table')
    await page.keyboard.press('Enter')
    assert.equal(await page.locator('figure tbody tr').count(), 21)
    await page.keyboard.press('Enter')
    await page.locator('figure canvas').waitFor()
    assert.deepEqual(await findBarriers(page), [])
  })

  await step('a live change is shown in panel, list and map, and the focus stays', async () => {
    const before = await focusedName(page)
    await server.upsert(bins(() => 0.77, start, [2]))
    await page.locator('[data-attribute=fillingLevel]').getByText('0.77').waitFor()
    await page.locator('#list [data-id$=":2"]').getByText('0.77').waitFor()
    await until(async () => (await pointsOnMap(page, 'WasteContainer'))[binId(2)] === 0.77)
    assert.equal(await focusedName(page), before)
  })

  await step('a shared address brings the same screen to a second browser', async () => {
    const second = await browser.newPage({ viewport: { width: 1366, height: 768 }, timezoneId: 'UTC' })
    await second.goto(page.url())
    await second.locator('[data-attribute=fillingLevel]').getByText('0.77').waitFor()
    await second.locator(`#list [data-count="${binCount + 1}"]`).waitFor()
    const cameraOf = (address: string): string | null => new URL(address).searchParams.get('camera')
    await until(async () => Object.keys(await pointsOnMap(second, 'WasteContainer')).length === binCount)
    assert.equal(cameraOf(second.url()), cameraOf(page.url()))
    await second.close()
  })

  await step('server killed: the lamp is red within five seconds; started again: green, and what was missed is shown', async () => {
    await server.kill()
    await lampIs(page, 'offline', 5_000)
    assert.match((await page.locator('[data-attribute=fillingLevel]').textContent()) ?? '', /0\.77/, 'the last values stay, under a red lamp')
    await server.start()
    await server.upsert(bins(() => 0.33, start + 60_000, [2, 3]))
    await lampIs(page, 'live', 10_000)
    await page.locator('[data-attribute=fillingLevel]').getByText('0.33').waitFor()
    await until(async () => {
      const points = await pointsOnMap(page, 'WasteContainer')
      return points[binId(2)] === 0.33 && points[binId(3)] === 0.33
    })
  })

  await step('line cut while the city goes on: ten changes made meanwhile are all there afterwards', async () => {
    line.cut()
    await lampIs(page, 'offline', 8_000)
    const missed = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
    await server.upsert(bins(() => 0.99, start + 120_000, missed))
    line.mend()
    await lampIs(page, 'live', 10_000)
    await until(async () => {
      const points = await pointsOnMap(page, 'WasteContainer')
      return missed.every((number) => points[binId(number)] === 0.99)
    })
  })

  await step('past: as true shows the values of then in a red frame, as known shows that nothing was known then', async () => {
    await tabTo(page, 'Date and time')
    await page.keyboard.press('ControlOrMeta+a')
    const moment = new Date(start - 3 * hourMs + 60_000).toISOString().slice(0, 16).replace('T', ' ')
    await page.keyboard.type(moment)
    await page.keyboard.press('Enter')
    await page.locator('[data-past-frame]').waitFor()
    await page.getByText('This entity does not exist at the time shown.').waitFor()
    await until(async () => Object.keys(await pointsOnMap(page, 'WasteContainer')).length === 0)

    await tabTo(page, 'As known')
    await page.keyboard.press('ArrowRight')
    const then = level(2, 3)
    await page.locator('[data-attribute=fillingLevel]').getByText(String(then)).waitFor()
    await until(async () => (await pointsOnMap(page, 'WasteContainer'))[binId(2)] === then)
    assert.match(page.url(), /[?&]true=/)
    assert.deepEqual(await findBarriers(page), [])

    await tabTo(page, 'Back to live')
    await page.keyboard.press('Enter')
    await page.locator('[data-attribute=fillingLevel]').getByText('0.33').waitFor()
    assert.equal(await page.locator('[data-past-frame]').count(), 0)
  })

  await step('language and theme switch', async () => {
    await tabTo(page, 'Language')
    for (const [lang, heading] of [
      ['es', 'Capas'],
      ['pt', 'Camadas'],
      ['ja', 'レイヤー'],
    ] as const) {
      await page.keyboard.press('ArrowDown')
      await page.getByRole('heading', { name: heading, exact: true }).waitFor()
      assert.equal(await page.evaluate(() => document.documentElement.lang), lang)
      assert.deepEqual(await findBarriers(page), [])
    }
    await tabTo(page, '明るいテーマに切り替え')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate(() => document.documentElement.dataset['mantineColorScheme']), 'light')
    // Colours fade from one theme to the other: what counts is where they end.
    await until(async () => await page.evaluate(() => document.getAnimations().length === 0))
    assert.deepEqual(await findBarriers(page), [])
  })

  await step('a longitude of 1e9 flags that item alone', async () => {
    const other = await browser.newPage({ viewport: { width: 1366, height: 768 } })
    // The server refuses such a position; a console must bear one all the same.
    await other.route('**/api/map?*', async (route) => {
      const answer = await route.fetch()
      const body = (await answer.json()) as { columns: string[]; rows: unknown[][] }
      const bad = body.rows.find((row) => row.includes(binId(4)))
      if (bad !== undefined) bad[body.columns.indexOf('lon')] = 1e9
      await route.fulfill({ response: answer, json: body })
    })
    await other.goto(`${server.url}/?language=en&theme=dark&layer=WasteContainer&list=WasteContainer`)
    await other.getByText('1 impossible position · 1 without a position').waitFor()
    await other.locator('#list [data-id$=":4"]').getByText('impossible: 1000000000, 56').waitFor()
    await until(async () => Object.keys(await pointsOnMap(other, 'WasteContainer')).length === binCount - 1)
    assert.deepEqual(await findBarriers(other), [])
    await other.close()
  })

  await step('on a phone the list comes first, and the panes are a tab away', async () => {
    const phone = await browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true })
    await phone.goto(`${server.url}/?language=en&theme=light`)
    await phone.locator(`#list [data-count="${binCount + 1}"]`).waitFor()
    assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 390, 'nothing sticks out')
    assert.deepEqual(await findBarriers(phone), [])
    for (const [pane, id] of [
      ['Map', 'map'],
      ['Layers', 'layers'],
      ['List', 'list'],
    ] as const) {
      await phone.getByRole('button', { name: pane, exact: true }).click()
      await phone.locator(`#${id}`).waitFor({ state: 'visible' })
    }
    await phone.close()
  })

  assert.deepEqual(wrongs, [])
})

test('opened again and again, the map has every tile of its ground', { skip: reasonToSkip(), timeout: 120_000 }, async (t) => {
  await using server = await startServer()
  const browser = await openBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  page.setDefaultTimeout(20_000)
  const wrongs = watchForWrongs(page, server.url)
  for (let opening = 0; opening < 10; opening++) {
    let ranges = 0
    const count = (response: Response): void => void (ranges += response.status() === 206 ? 1 : 0)
    page.on('response', count)
    await page.goto(`${server.url}/?language=en&theme=${opening % 2 === 0 ? 'dark' : 'light'}`)
    await until(async () => ranges >= 5 && (await page.evaluate(isGroundThere)))
    page.off('response', count)
  }
  assert.deepEqual(wrongs, [], 'a tile that cannot be read is an error of the map')
})

function isGroundThere(): boolean {
  const { map } = (document.querySelector('.maplibregl-map') ?? {}) as { map?: { areTilesLoaded: () => boolean } }
  return map?.areTilesLoaded() === true
}

test('with a token set, the log-in form comes before the city, and logging out after it', { skip: reasonToSkip(), timeout: 120_000 }, async (t) => {
  const token = 'a token of at least thirty-two characters'
  await using server = await startServer({ CITYLOOP_ADMIN_TOKEN: token })
  const browser = await openBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  page.setDefaultTimeout(20_000)
  await page.goto(`${server.url}/?language=en&theme=dark`)

  await tabTo(page, 'Access token')
  await page.keyboard.type('not this one')
  await page.keyboard.press('Enter')
  await page.getByText('This token is not right.').waitFor()
  assert.deepEqual(await findBarriers(page), [])

  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(token)
  await page.keyboard.press('Enter')
  await page.getByText('There is no data yet.').waitFor()
  await lampIs(page, 'live')
  assert.deepEqual(await findBarriers(page), [])

  await tabTo(page, 'Log out')
  await page.keyboard.press('Enter')
  await page.getByLabel('Access token').waitFor()
})

function binId(number: number): string {
  return `urn:ngsi-ld:WasteContainer:test:${number}`
}

/** A level that differs between bins and hours, with two digits. */
function level(number: number, hoursBack: number): number {
  return (10 + ((number * 7 + hoursBack * 5) % 50)) / 100
}

function bins(levelOf: (number: number) => number, observedMs: number, numbers = Array.from({ length: binCount }, (_, at) => at + 1)): Seed[] {
  return numbers.map((number) => ({
    ...named(binId(number), `Bin ${number}`),
    fillingLevel: { type: 'Property', value: levelOf(number), unitCode: 'P1', observedAt: new Date(observedMs).toISOString() },
    location: { type: 'GeoProperty', value: { type: 'Point', coordinates: [10.2 + (number % 6) / 200, 56.15 + Math.floor(number / 6) / 300] } },
  }))
}

function named(id: string, name: string): Seed {
  return { id, type: 'WasteContainer', name: { type: 'Property', value: name }, dataProvider: { type: 'Property', value: 'City of Tests' } }
}

const noWhere = named('urn:ngsi-ld:WasteContainer:test:nowhere', 'Lost bin')

async function lampIs(page: Page, state: string, timeout = 15_000): Promise<void> {
  await page.locator(`[data-state=${state}]`).waitFor({ timeout })
}

/** Waits, twenty seconds at most, until something is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail(`It is not so after twenty seconds: ${isSo.toString()}`)
}
