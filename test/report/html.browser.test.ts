import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import type { Report } from '../../src/lint/report.ts'
import { html } from '../../src/report/html.ts'
import { fits, inBrowser, looks, objections } from './kit/browser.ts'
import { plain } from './kit/builder.ts'
import { hostileText, many, oddPaths, reportOf } from './kit/hostile.ts'

async function demo(): Promise<Report> {
  const folder = fileURLToPath(new URL('../../fixtures/demo/migrations/', import.meta.url))
  const files = readdirSync(folder).sort()
  return lint({ migrations: files.map(path => ({ path, content: readFileSync(folder + path) })) })
}

/** 30 migrations, each with six findings about three tables. */
async function crowded(): Promise<Report> {
  const table = (i: number) => `CREATE TABLE table_${i} (id bigint PRIMARY KEY, a text, b text, c int);`
  const first = { path: '000.sql', content: [1, 2, 3].map(table).join('\n') }
  const later = Array.from({ length: 30 }, (_, i) => {
    const n = (i % 3) + 1
    const lines = [
      `CREATE INDEX i${i} ON table_${n} (a);`,
      `ALTER TABLE table_${n} ALTER COLUMN a SET NOT NULL;`,
      `CREATE UNIQUE INDEX u${i} ON table_${n} (b);`,
      `DROP INDEX i${i};`,
      `DROP INDEX u${i};`,
    ]
    return { path: `${String(i + 1).padStart(3, '0')}_change.sql`, content: `${lines.join('\n')}\n` }
  })
  return lint({ migrations: [first, ...later] })
}

inBrowser('the page in a browser', openPage => {
  const open = (report: Report, options: BrowserContextOptions = {}): Promise<Page> =>
    openPage(html(report, plain), options)

  test.each(looks)('has nothing that axe objects to: %s', async (_, options) => {
    for (const report of [await demo(), reportOf(oddPaths, hostileText)]) {
      const page = await open(report, { ...options, bypassCSP: true })
      expect(await objections(page)).toEqual([])
    }
  })

  test.each(looks)('is never wider than the window: %s', async (_, options) => {
    for (const report of [
      await demo(),
      reportOf(oddPaths, hostileText),
      reportOf(['x'.repeat(300)], 'y'.repeat(300)),
    ]) {
      const page = await open(report, options)
      expect(await fits(page)).toBe(true)
    }
  })

  test('filters by severity, rule and file', async () => {
    const report = await demo()
    const page = await open(report)
    const shown = () => page.locator('.finding:visible').count()
    const told = () => page.locator('output').textContent()
    const all = report.findings.length
    const errors = report.findings.filter(({ severity }) => severity === 'error').length
    expect(await shown()).toBe(all)
    expect(await told()).toBe(`All ${all} shown`)
    await page.getByRole('checkbox', { name: /note/ }).uncheck()
    expect(await shown()).toBe(errors)
    await page.getByRole('combobox', { name: 'Rule' }).selectOption('drop-column')
    expect(await shown()).toBe(1)
    expect(await page.locator('.file:visible').count()).toBe(1)
    expect(await told()).toBe(`1 of ${all} shown`)
    await page.getByRole('combobox', { name: 'Rule' }).selectOption('all')
    await page.getByRole('combobox', { name: 'File' }).selectOption('20250324100000_tidy_users.sql')
    expect(await shown()).toBe(2)
    await page.getByRole('checkbox', { name: /error/ }).uncheck()
    expect(await shown()).toBe(0)
  })

  test('groups by rule and table, searches, folds, and lists the groups beside them', async () => {
    const report = await demo()
    const page = await open(report)
    const headings = () => page.locator('.groups h2:visible').allTextContents()
    const files = await headings()
    await page.getByRole('combobox', { name: 'Group by' }).selectOption('rule')
    expect((await headings()).sort()).toEqual([...new Set(report.findings.map(({ rule }) => rule))].sort())
    expect(await page.locator('nav li:visible').count()).toBe((await headings()).length)
    await page.getByRole('combobox', { name: 'Group by' }).selectOption('table')
    expect(await headings()).toContain('orders')
    expect(await page.locator('.finding').count()).toBe(report.findings.length)
    await page.getByRole('combobox', { name: 'Group by' }).selectOption('file')
    expect(await headings()).toEqual(files)
    await page.getByRole('searchbox', { name: 'Search' }).fill('CONCURRENTLY')
    const found = await page.locator('.finding:visible').count()
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(report.findings.length)
    expect(await page.locator('nav li:visible').count()).toBe((await headings()).length)
    await page.getByRole('searchbox', { name: 'Search' }).fill('')
    expect(await page.locator('.finding > details[open]').count()).toBe(1)
    await page.getByRole('button', { name: 'Unfold all' }).click()
    expect(await page.locator('.finding > details[open]').count()).toBe(report.findings.length)
  })

  test.each([
    [1280, 12_000],
    [390, 16_000],
  ])(
    'with 180 findings in 30 migrations, %i wide, is at most %i pixels tall, and its charts start in view',
    async (width, most) => {
      const report = await crowded()
      expect(report.findings.length).toBeGreaterThan(170)
      const page = await open(report, { viewport: { width, height: 900 } })
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThan(most)
      const first = await page.locator('.overview .bar').first().boundingBox()
      expect(first?.x).toBeLessThan(width - 40)
      const display = "getComputedStyle(document.querySelector('.finding details[open] td')).display"
      expect(await page.evaluate(display)).toBe(width === 390 ? 'block' : 'table-cell')
    },
  )

  test('is used with the keyboard alone', async () => {
    const page = await open(await demo())
    const focused = () => page.evaluate('document.activeElement.outerHTML.slice(0, 80)')
    const until = async (start: string) => {
      for (let i = 0; !String(await focused()).startsWith(start); i++) {
        expect(i).toBeLessThan(120)
        await page.keyboard.press('Tab')
      }
    }
    await page.keyboard.press('Tab')
    expect(await focused()).toContain('Skip to the findings')
    await until('<input type="checkbox"')
    await page.keyboard.press('Space')
    expect(await page.locator('.finding.error:visible').count()).toBe(0)
    await page.keyboard.press('Space')
    await until('<summary>')
    await page.keyboard.press('Enter')
    expect(await page.locator('.finding > details[open]').count()).toBe(0)
    await page.keyboard.press('Enter')
    await until('<button type="button">Copy')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Copied' }).waitFor()
  })

  test('copies what is to be pasted, to the letter', async () => {
    const page = await open(await demo(), { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.getByRole('button', { name: 'Copy', exact: true }).first().click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      'CREATE INDEX CONCURRENTLY orders_user_id_idx ON orders (user_id);',
    )
  })

  test('is complete without scripts, except for controls that need them', async () => {
    const report = await demo()
    const page = await open(report, { javaScriptEnabled: false })
    expect(await page.locator('.finding:visible').count()).toBe(report.findings.length)
    expect(await page.locator('form:visible, button:visible').count()).toBe(0)
    await page.getByText('Locks, from the statement').first().click()
    await page.getByText('The same as a table').first().click()
    expect(await page.getByRole('table').first().isVisible()).toBe(true)
  })

  test('runs nothing from a report', async () => {
    const page = await open(reportOf(oddPaths, `${hostileText}<script>alert(1)</script>"><svg onload=alert(1)>`))
    expect(await page.locator('script').count()).toBe(1)
    expect(await page.locator('img, iframe, object, embed, base, link').count()).toBe(0)
    expect(await page.locator('.finding').count()).toBe(oddPaths.length)
  })

  test('opens with 30,000 findings', async () => {
    const page = await open(many())
    await page.getByRole('combobox', { name: 'Rule' }).selectOption('rule-7')
    expect(await page.locator('output').textContent()).toBe('900 of 30000 shown')
  })
})
