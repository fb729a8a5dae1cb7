import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executable = process.env.CHROMIUM ?? places.find(path => existsSync(path))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** How a page is opened: what a person's system and window may be like. */
export const looks: [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { colorScheme: 'light', viewport: { width: 360, height: 800 } }],
  ['in high contrast', { forcedColors: 'active' }],
]

/** The page, opened from a file as people do it. Anything it loads or complains of fails the test. */
export type Open = (html: string, options?: BrowserContextOptions) => Promise<Page>

/** Tests in a browser. Without one there is nothing to see, and they are listed as skipped; GitHub's runners have one, so there its absence fails. */
export function inBrowser(name: string, tests: (open: Open) => void): void {
  const mayLack = process.env.GITHUB_ACTIONS === undefined
  describe.skipIf(executable === undefined && mayLack)(name, () => {
    let browser: Browser
    beforeAll(async () => {
      const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking']
      browser = await chromium.launch({ executablePath: executable ?? '', args })
    })
    afterAll(() => browser.close())

    tests(async (html, options = {}) => {
      const folder = mkdtempSync(join(tmpdir(), 'migrate-lint-page-'))
      const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options })
      const complaints: string[] = []
      onTestFinished(async () => {
        await context.close()
        rmSync(folder, { recursive: true, force: true })
        expect(complaints).toEqual([])
      })
      const path = join(folder, 'report.html')
      writeFileSync(path, html)
      const page = await context.newPage()
      page.on('console', message => complaints.push(message.text()))
      page.on('pageerror', error => complaints.push(error.message))
      page.on('dialog', dialog => complaints.push(dialog.message()))
      page.on('request', request => {
        if (!request.url().startsWith('file://')) complaints.push(request.url())
      })
      await page.goto(`file://${path}`)
      return page
    })
  })
}

/** What axe objects to on the page, with everything unfolded. It is opened with `bypassCSP`. */
export async function objections(page: Page): Promise<unknown> {
  await page.addStyleTag({ content: '.finding { content-visibility: visible }' })
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
  await page.evaluate(axe)
  return page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
  )
}

/** True if nothing has to be scrolled sideways, except for what scrolls by itself. */
export async function fits(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth <= innerWidth')
}
