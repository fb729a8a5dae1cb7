import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { readHistory } from '../../src/lint/history/history.ts'
import { sourceOf } from '../../src/lint/places.ts'
import { startPglite } from '../../src/node/server/pglite.ts'
import { replay } from '../../src/node/trace/replay.ts'
import { traceHtml } from '../../src/report/trace/html.ts'
import type { Trace } from '../../src/report/trace/trace.ts'
import { plainRun } from '../../src/systems/plain/plain.ts'
import { fits, inBrowser, looks, objections } from './kit/browser.ts'
import { finding, plain } from './kit/builder.ts'
import { hostileText, oddPaths } from './kit/hostile.ts'
import { hostileTrace } from './kit/trace.ts'

/** What PGlite really does with the demo, with a finding at the statement that it refuses. */
async function demo(): Promise<Trace> {
  const folder = fileURLToPath(new URL('../../fixtures/demo/migrations/', import.meta.url))
  const files = readdirSync(folder).sort()
  const migrations = files.map(path => ({
    kind: 'sql' as const,
    path,
    content: readFileSync(folder + path),
    ...plainRun('none'),
  }))
  const history = await readHistory(migrations, { version: 18, compat: false })
  const server = await startPglite([], 600)
  try {
    const done = await replay(history, server, {
      setup: null,
      rows: null,
      down: false,
      catalog: false,
      isAsked: () => true,
      progress: () => {},
    })
    const sources = new Map(history.files.map(file => [file.path, sourceOf(file)]))
    return {
      server: server.name,
      earlierNotRun: 0,
      failures: done.failed ? [done.failed] : [],
      notTakenBack: [],
      files: done.files.map(file => ({
        ...file,
        source: sources.get(file.path) ?? { path: file.path, text: '' },
        findings: [finding({ path: file.path, at: file.statements.at(-1)?.span ?? [0, 1] })],
      })),
    }
  } finally {
    await server.stop()
  }
}

inBrowser('the page of a trace in a browser', open => {
  let trace: Trace
  beforeAll(async () => {
    trace = await demo()
  }, 300_000)

  test.each(looks)('has nothing that axe objects to: %s', async (_, options) => {
    for (const shown of [trace, hostileTrace(oddPaths, hostileText)]) {
      const page = await open(traceHtml(shown, plain), { ...options, bypassCSP: true })
      expect(await objections(page)).toEqual([])
    }
  })

  test.each([1280, 390, 360])('is never wider than a window of %i pixels, whichever picture is shown', async width => {
    for (const shown of [
      trace,
      hostileTrace(oddPaths, hostileText),
      hostileTrace(['x'.repeat(300)], 'y'.repeat(300)),
    ]) {
      const page = await open(traceHtml(shown, plain), { viewport: { width, height: 900 } })
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
      expect(await fits(page)).toBe(true)
      await page.getByRole('radio', { name: 'by time' }).check()
      expect(await fits(page)).toBe(true)
    }
  })

  test('has a bar for each lock on a table, and the switch changes their widths', async () => {
    const page = await open(traceHtml(trace, plain), { viewport: { width: 1280, height: 900 } })
    const all = page.locator('section[aria-labelledby="all-migrations"]')
    const bars = all.locator('a.bar:visible')
    // Counted from what the server did with the demo: locks on tables that were there before, each in a transaction of its own.
    const taken = trace.files.flatMap(({ statements }) =>
      statements.flatMap(({ seen }) =>
        (seen?.relations ?? []).filter(each => !each.isOwn && each.isTaken && !each.kind.endsWith('index')),
      ),
    )
    expect(taken.length).toBeGreaterThan(8)
    expect(await bars.count()).toBe(taken.length)
    const widths = () => bars.evaluateAll(each => each.map(bar => Math.round(bar.getBoundingClientRect().width)))
    const even = await widths()
    await page.getByRole('radio', { name: 'by time' }).check()
    expect(await bars.count()).toBe(taken.length)
    const byTime = await widths()
    expect(new Set(even).size).toBeLessThan(4)
    expect(byTime).not.toEqual(even)
  })

  test.each([1280, 390])('keeps the names of lanes in sight when a chart is scrolled, at %i pixels', async width => {
    const long = { ...trace, files: Array.from({ length: 40 }, () => trace.files).flat() }
    const page = await open(traceHtml(long, plain), { viewport: { width, height: 900 } })
    const chart = page.locator('section[aria-labelledby="all-migrations"] .by-statement')
    const seen = () =>
      chart.evaluate(box => {
        const [name, bar] = ['.lane', 'a.bar'].map(each => box.querySelector(each)?.getBoundingClientRect().left ?? 0)
        return { name, bar, room: box.clientWidth - (box.querySelector('.names')?.getBoundingClientRect().width ?? 0) }
      })
    const before = await seen()
    await chart.evaluate(box => box.scrollTo(5000, 0))
    const after = await seen()
    expect(after.name).toBe(before.name)
    expect(after.bar).toBeLessThan((before.bar ?? 0) - 1000)
    expect(after.room).toBeGreaterThan(width / 2)
  })

  test('is used with the keyboard alone: bars say what they are, and lead to their statements', async () => {
    const page = await open(traceHtml(trace, plain))
    const focused = () => page.evaluate('document.activeElement.outerHTML.slice(0, 60)')
    for (let i = 0; !String(await focused()).startsWith('<a class="bar'); i++) {
      expect(i).toBeLessThan(60)
      await page.keyboard.press('Tab')
    }
    const told = page.locator('.told').first()
    const first = await told.textContent()
    expect(first).toMatch(/^\w+: \w+Lock, blocks /)
    await page.keyboard.press('ArrowRight')
    expect(await told.textContent()).not.toBe(first)
    await page.keyboard.press('ArrowLeft')
    expect(await told.textContent()).toBe(first)
    await page.keyboard.press('Enter')
    await expect.poll(focused).toMatch(/^<tr id="s-\d+"/)
    expect(await page.locator('tr:focus').isVisible()).toBe(true)
  })

  test('is complete without scripts, also the switch', async () => {
    const page = await open(traceHtml(trace, plain), { javaScriptEnabled: false })
    await page.getByRole('radio', { name: 'by time' }).check()
    expect(await page.locator('.by-time:visible').count()).toBeGreaterThan(0)
    expect(await page.locator('.by-statement:visible').count()).toBe(0)
    expect(await page.locator('.told:visible').count()).toBe(0)
  })

  test('prints all statements, and nothing that only a screen needs', async () => {
    const page = await open(traceHtml(trace, plain))
    await page.emulateMedia({ media: 'print' })
    expect(await page.locator('nav:visible, .switch:visible, .told:visible').count()).toBe(0)
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(await page.locator('details:not([open])').count()).toBe(0)
  })

  test('runs nothing from a trace', async () => {
    const page = await open(
      traceHtml(hostileTrace(oddPaths, `${hostileText}<script>alert(1)</script>"><svg onload=alert(1)>`), plain),
    )
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('img, iframe, object, embed, base, link').count()).toBe(0)
  })
})
