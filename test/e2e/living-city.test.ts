/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { findBarriers, focusedName, openBrowser, reasonToSkip, tabTo, watchForWrongs } from './open-browser.ts'
import { startServer } from './running-server.ts'

const minuteMs = 60_000
const start = Math.floor(Date.now() / minuteMs) * minuteMs
const lamp = 'k=harbour&i=lamp-7'
const eui = '70b3d50000000001'

test(
  'a technician brings an unknown device in, and an operator acts on its alert, by keyboard alone',
  { skip: reasonToSkip(), timeout: 120_000 },
  async (t) => {
    await using server = await startServer()
    const send = async (method: string, path: string, body: unknown): Promise<{ status: number; body: unknown }> => {
      const answer = await fetch(server.url + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
    }
    const measure = (watt: number, atMs: number, more = ''): ReturnType<typeof send> =>
      send('POST', `/iot/json?${lamp}${more}`, { p: watt, TimeInstant: new Date(atMs).toISOString() })
    const group = {
      apikey: 'harbour',
      resource: '/iot/json',
      entity_type: 'Streetlight',
      protocol: 'JSON',
      autoprovision: false,
      attributes: [{ object_id: 'p', name: 'powerConsumption', type: 'Number' }],
      commands: [{ object_id: 'switch', name: 'switch', type: 'command' }],
    }
    const radioGroup = { ...group, apikey: 'radio', entity_type: 'WeatherObserved', attributes: [], commands: [], codec: 'thermo' }
    assert.equal((await send('POST', '/iot/services', { services: [group, radioGroup] })).status, 201)
    assert.equal((await send('POST', '/iot/devices', { devices: [{ device_id: eui, apikey: 'radio', entity_type: 'WeatherObserved' }] })).status, 201)
    const browser = await openBrowser()
    t.after(() => browser.close())
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, timezoneId: 'UTC' })
    page.setDefaultTimeout(15_000)
    const wrongs = watchForWrongs(page, server.url)
    let isBroken = false
    const step = async (name: string, run: () => Promise<void>): Promise<void> => {
      await t.test(name, { skip: isBroken && 'a step before it failed' }, async () => {
        isBroken = true
        await run()
        isBroken = false
      })
    }
    const press = async (name: string | RegExp): Promise<void> => {
      await tabTo(page, name)
      await page.keyboard.press('Enter')
    }
    const fill = async (label: string, text: string): Promise<void> => {
      await tabTo(page, label)
      await page.keyboard.type(text)
    }

    await step('an unknown device is refused; its messages wait in the quarantine with the reason and what they carried', async () => {
      for (const minutes of [20, 10]) assert.equal((await measure(30 + minutes, start - minutes * minuteMs)).status, 400)
      await page.goto(`${server.url}/?language=en&theme=dark`)
      await press('Quarantine')
      await page.locator('[data-message][data-rule=unknown-device]').nth(1).waitFor()
      await press(/^\d+ bytes.*Show what lamp-7 sent/)
      await page.getByText('0000  7b 22 70 22 3a 35 30').waitFor()
      assert.deepEqual(await findBarriers(page), [])
    })

    await step('replayed before anything was mended, the messages stay with their reason', async () => {
      await press('Replay all')
      await page.getByText('2 stay: Unknown device (2)').waitFor()
      assert.equal(await page.locator('[data-message]').count(), 2)
    })

    await step('provisioned from its message and replayed, the device has the history that it sent', async () => {
      await press('Provision lamp-7')
      await page.getByRole('heading', { name: 'Device', exact: true }).waitFor()
      assert.equal(await page.getByLabel('Device id').inputValue(), 'lamp-7')
      await fill('Name', 'Quay lamp 7')
      await fill('Latitude', '141.16')
      await fill('Longitude', '-9.32')
      await press('Store the device')
      await page.getByText('At most 90 degrees').waitFor()
      await page.getByLabel('Latitude').fill('41.16')
      await press('Store the device')
      await page.locator('[data-device=lamp-7]').waitFor()
      assert.deepEqual(await findBarriers(page), [])
      await press('Quarantine')
      await press('Replay all')
      await page.getByText('2 messages were taken in.').waitFor()
      await page.getByText('Every message was taken in.').waitFor()
    })

    await step('a radio sensor lacks its codec: written on pasted bytes and kept with them, it lets the message in', async () => {
      const uplink = {
        deviceInfo: { devEui: eui },
        fCnt: 1,
        fPort: 2,
        data: Buffer.from('0899', 'hex').toString('base64'),
        time: new Date(start).toISOString(),
      }
      assert.equal((await send('POST', '/iot/lorawan?k=radio', uplink)).status, 202)
      await page.locator('[data-rule=codec-missing]').getByText(eui, { exact: true }).waitFor()
      await press('Codecs')
      await fill('Bytes in hexadecimal', '08 99')
      await press('Try')
      await page.getByRole('row', { name: 'temperature 22.01' }).first().waitFor()
      assert.deepEqual(await findBarriers(page), [])
      await fill('Name of the codec', 'thermo')
      await press('Keep it with this example')
      await page.locator('[data-codec=thermo]').getByText('1 example').waitFor()
      await press('Quarantine')
      await press('Replay all')
      await page.getByText('1 message was taken in.').waitFor()
    })

    await step('search finds the lamp by its name, and the chart shows both values', async () => {
      await page.keyboard.press('ControlOrMeta+k')
      await page.keyboard.type('quay lamp')
      await page.getByRole('option', { name: /Quay lamp 7/ }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Quay lamp 7' }).waitFor()
      await page.locator('figure[data-points="2"] canvas').waitFor()
      assert.deepEqual(await findBarriers(page), [])
    })

    await step('from the lamp to its device: how it does, what its values mean, how it speaks, and a refused message replayed there', async () => {
      await press('Device lamp-7')
      await page.getByRole('heading', { name: 'lamp-7', exact: true }).waitFor()
      await page.locator('[data-health=ok]').getByText('Well').waitFor()
      await page.locator('[data-mapping=p]').getByText('its service group').waitFor()
      await page.getByText('/json/harbour/lamp-7/attrs').waitFor()
      await page.locator('figure[data-points="2"] canvas').waitFor()
      assert.equal((await send('POST', `/iot/json?${lamp}`, { p: 'much' })).status, 400)
      await page.locator('[data-message][data-rule=number-text]').waitFor()
      assert.deepEqual(await findBarriers(page), [])
      await press('Replay the message of lamp-7')
      await page.getByText('1 stays: Text where a number belongs (1)').waitFor()
      await press('Discard the message of lamp-7')
      await press('Discard for good')
      await page.getByText('The message is discarded.').waitFor()
      await press('All devices')
      await page.locator('[data-device=lamp-7]').waitFor()
      await press('Show lamp-7')
      await page.getByRole('heading', { name: 'lamp-7', exact: true }).waitFor()
      assert.match(page.url(), /[?&]device=lamp-7/)
    })

    await step('a rule is written with its faults named, and its alert is announced by the bell', async () => {
      await press('Rules')
      await press('New rule')
      await page.getByRole('heading', { name: 'New rule' }).waitFor()
      await page.keyboard.type('Lamp takes too much')
      await tabTo(page, 'Kind of thing')
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type('Streetlight')
      await fill('Attribute', 'powerConsumption')
      await fill('Limit', '80')
      await fill('Clear at', '90')
      await press('Store the rule')
      await page.getByText('An alert must clear on the good side of the limit').waitFor()
      await page.getByLabel('Clear at').fill('60')
      await press('Store the rule')
      await page.locator('[data-rule=lamp-takes-too-much]').waitFor()
      assert.equal((await measure(95, start)).status, 200)
      await page.getByRole('button', { name: '1 alert waits' }).waitFor()
      assert.deepEqual(await findBarriers(page), [])
    })

    await step('in Spanish: the alert shows its lamp, and is acknowledged with a note', async () => {
      await page.goto(`${server.url}/?language=es&theme=light`)
      await press('1 alerta espera')
      const row = page.locator('[data-alert]')
      await row.getByText('Quay lamp 7').waitFor()
      await press(/Lamp takes too much/)
      await page.getByRole('heading', { name: 'Quay lamp 7' }).waitFor()
      await press(/^Reconocer Lamp takes too much/)
      await until(async () => (await focusedName(page)).startsWith('Nota'))
      await page.keyboard.type('Voy al muelle')
      await press('Me ocupo yo')
      await page.locator('[data-alert][data-state=acknowledged]').getByText('Voy al muelle').waitFor()
      await page.getByRole('button', { name: 'Ninguna alerta espera' }).waitFor()
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'alerts', 'the focus stays in the panel')
      assert.deepEqual(await findBarriers(page), [])
    })

    await step('the lamp is switched after one more question, and its answers are seen as they come', async () => {
      const status = page.locator('[data-command=switch] [data-status]')
      await tabTo(page, 'Encender o apagar')
      await page.keyboard.type('on')
      await page.keyboard.press('Enter')
      await until(async () => (await focusedName(page)) === 'Sí, enviar')
      assert.equal(await status.getAttribute('data-status'), '', 'nothing is sent before the answer')
      await page.keyboard.press('Enter')
      await status.getByText('A la espera del dispositivo: on').waitFor()
      assert.deepEqual((await measure(95, start + 1_000, '&getCmd=1')).body, { switch: 'on' })
      await status.getByText('Entregada, aún sin respuesta: on').waitFor()
      assert.equal((await send('POST', `/iot/json/commands?${lamp}`, { switch: 'lit' })).status, 200)
      await status.getByText('Hecho: on').waitFor()
      await status.getByText('El dispositivo dice: lit').waitFor()
      assert.deepEqual(await findBarriers(page), [])
    })

    await step('when the value is good again the alert goes by itself', async () => {
      await measure(12, start + 2_000)
      await page.locator('[data-alert]').waitFor({ state: 'detached' })
    })

    await step('on a phone every page fits and axe finds nothing', async () => {
      const phone = await browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true })
      for (const query of ['pane=alerts', 'page=rules', 'page=quarantine', 'page=devices', 'page=devices&device=lamp-7', 'page=codecs', '']) {
        await phone.goto(`${server.url}/?language=ja&theme=dark&${query}`)
        await phone.locator(query === '' ? '#guide' : query === 'pane=alerts' ? '#alerts' : '#page').waitFor()
        assert.equal(await widthOf(phone), 390, `${query}: nothing sticks out`)
        assert.deepEqual(await findBarriers(phone), [], query)
      }
      await phone.close()
    })

    assert.deepEqual(wrongs, [])
  },
)

function widthOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth)
}

/** Waits, ten seconds at most, until something is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail(`It is not so after ten seconds: ${isSo.toString()}`)
}
