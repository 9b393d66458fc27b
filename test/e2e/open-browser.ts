/// <reference lib="dom" />
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import type { Browser, Page } from 'playwright-core'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const consoleFiles = new URL('../../packages/console/dist/index.html', import.meta.url)
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Why no browser test can run here, or false; under CI it always can, and fails where something is missing. */
export function reasonToSkip(): string | false {
  if (process.env['CI'] !== undefined) return false
  if (!existsSync(executablePath)) return `there is no ${executablePath}`
  return existsSync(consoleFiles) ? false : 'packages/console is not built: npm run build'
}

/** Debian's Chromium with a map drawn by software. */
export function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const graphics = ['--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
  return chromium.launch({ executablePath, headless: true, args: ['--no-sandbox', ...graphics, ...more] })
}

/** Lists what the page must not do: requests that leave the server, errors of scripts, breaches of the content security policy. */
export function watchForWrongs(page: Page, origin: string): string[] {
  const wrongs: string[] = []
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(origin) && !/^(?:blob|data):/.test(url)) wrongs.push(`a request leaves the machine: ${url}`)
  })
  page.on('pageerror', (error) => wrongs.push(`a script fails: ${error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() !== 'error' || /net::ERR_|Failed to load resource/.test(text)) return
    const place = wrongs.push(`an error: ${text}`) - 1
    // An error object prints as its name alone; what it says comes after.
    message
      .args()[0]
      ?.evaluate((thrown: unknown) => (thrown instanceof Error ? `${thrown.message} ${thrown.stack ?? ''}` : ''))
      .then((details) => (wrongs[place] += ` ${details}`))
      .catch(() => undefined)
  })
  return wrongs
}

/** Everything axe finds on the page, one line each. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  // Evaluated, not added as a script: the page's content security policy allows none but its own.
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.replaceAll(/\s+/g, ' ')}`),
    )
  })
}

/** Moves the focus by Tab alone until it is on what assistive technology calls this. Throws when a whole round has not come by it. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = []
  for (let step = 0; step < 150; step++) {
    const here = await focusedName(page)
    if (typeof name === 'string' ? here === name : name.test(here)) return
    seen.push(here)
    await page.keyboard.press('Tab')
  }
  throw new Error(`No tab stop is called ${String(name)}; they are ${[...new Set(seen)].join(' | ')}`)
}

/** The accessible name of the focused element, or its text. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    if (element === null || element === document.body) return ''
    const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent) : []
    return (element.getAttribute('aria-label') ?? labels.join(' ')) || (element.textContent ?? '').trim().slice(0, 80)
  })
}

/** The points of a type that the map's source holds, by entity id. */
export function pointsOnMap(page: Page, type: string): Promise<Record<string, number | null>> {
  return page.evaluate(async (source) => {
    type Held = { getData: () => Promise<{ features: { properties: { id: string; value: number | null } }[] }> }
    const element = document.querySelector('.maplibregl-map') as unknown as { map?: { getSource: (id: string) => Held | undefined } } | null
    const data = await element?.map?.getSource(source)?.getData()
    return Object.fromEntries((data?.features ?? []).map(({ properties }) => [properties.id, properties.value]))
  }, `points:${type}`)
}
