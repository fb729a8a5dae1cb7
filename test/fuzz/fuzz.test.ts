import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readCorpus } from '../../scripts/fuzz/corpus.ts'
import { type Input, shown, sizeOf } from '../../scripts/fuzz/input.ts'
import { inputOf, kindNames } from '../../scripts/fuzz/kinds.ts'
import { outsideOfReport } from '../../scripts/fuzz/positions.ts'
import { ReportReader } from '../../scripts/fuzz/reports.ts'
import { shapesOf } from '../../scripts/fuzz/shape.ts'
import { shrunk } from '../../scripts/fuzz/shrink.ts'
import { Thread } from '../../scripts/fuzz/thread.ts'
import { tried } from '../../scripts/fuzz/try.ts'
import { coverage } from '../../src/lint/unread.ts'
import type { ProjectStatus } from '../../src/migration/status.ts'
import type { Event } from '../../src/node/action/event.ts'

import { loadParser } from '../../src/parse/parser.ts'
import { finding, report } from '../report/kit/builder.ts'

// The fuzz run must find these mistakes, so that we can trust it.

const root = fileURLToPath(new URL('../../', import.meta.url))
const corpus = readCorpus(root)

beforeAll(loadParser)

describe('inputs', () => {
  test.each(kindNames)('%s: the same seed and number give the same, and others something else', kind => {
    const inputs = Array.from({ length: 20 }, (_, i) => inputOf(7, i, corpus, kind))
    expect(inputs).toEqual(Array.from({ length: 20 }, (_, i) => inputOf(7, i, corpus, kind)))
    expect(new Set(inputs.map(shown)).size).toBeGreaterThan(10)
    expect(inputs.every(input => input.kind === kind)).toBe(true)
  })

  test('every kind is drawn, and most inputs are small', () => {
    const inputs = Array.from({ length: 2000 }, (_, i) => inputOf(1, i, corpus))
    expect([...new Set(inputs.map(({ kind }) => kind))].sort()).toEqual([...kindNames].sort())
    const sizes = inputs.filter(({ as }) => as === 'migrations').map(sizeOf)
    expect(sizes.filter(size => size < 2000).length / sizes.length).toBeGreaterThan(0.8)
  })

  test('they are made of thousands of statements, and of a project of each system', () => {
    expect(corpus.statements.length + corpus.scripts.length).toBeGreaterThan(2000)
    expect(corpus.projects.length).toBeGreaterThan(25)
  })
})

describe('inputs that are not migrations are really read, and not only refused', () => {
  const outcomes = async (kind: string) => {
    const all = Array.from({ length: 80 }, (_, i) => inputOf(3, i, corpus, kind))
    const results = []
    for (const each of all) results.push(await tried(each))
    expect(results.flatMap(({ failures }) => failures)).toEqual([])
    return results.flatMap(({ linted }) => linted ?? [])
  }

  test('programs: some are read, others in part, and their SQL is judged', async () => {
    const reports = (await outcomes('programs')).flatMap(each => each.report ?? [])
    const read = reports.map(each => coverage(each))
    expect(read.filter(each => each.read > 0).length).toBeGreaterThan(20)
    expect(read.filter(each => each.readInPart > 0).length).toBeGreaterThan(5)
    expect(reports.filter(each => each.findings.length > 0).length).toBeGreaterThan(10)
  })

  test('events: pull requests and others are understood, of strangers and of others; some are refused', async () => {
    const told = (await outcomes('events of GitHub')).map(each => each.told as Event | string)
    const events = told.filter(each => typeof each !== 'string')
    expect(told.length).toBeGreaterThan(events.length)
    expect(new Set(events.map(each => `${each.isTrusted} ${each.pullRequest === null}`)).size).toBe(4)
  })

  test('baselines: some accept findings', async () => {
    const reports = (await outcomes('baselines')).flatMap(each => each.report ?? [])
    const accepted = reports.flatMap(each => each.suppressed.filter(finding => 'inBaseline' in finding))
    expect(accepted.length).toBeGreaterThan(5)
  })

  test('servers: files name versions, and reports say so', async () => {
    const reports = (await outcomes('files that name the server')).flatMap(each => each.report ?? [])
    const places = reports.flatMap(({ servers }) => servers.flatMap(server => server.places))
    expect(new Set(places.map(({ path }) => path)).size).toBeGreaterThan(10)
    expect(new Set(places.map(({ version }) => version)).size).toBeGreaterThan(5)
  })

  test('sizes: some are refused, others are in findings', async () => {
    const reports = (await outcomes('sizes of tables')).flatMap(each => each.report ?? [])
    expect(reports.filter(({ findings }) => findings.some(({ size }) => size)).length).toBeGreaterThan(5)
  })

  test('configurations: some are made of several, others are refused, no plugin is loaded', async () => {
    const results = await outcomes('configurations of configurations')
    const refused = results.flatMap(({ told }) => (typeof told === 'string' ? [told] : []))
    expect(results.length - refused.length).toBeGreaterThan(5)
    for (const words of ['no such file', 'code of a commit is not run'])
      expect(refused.filter(told => told.includes(words)).length, words).toBeGreaterThan(0)
  })

  test('rows: migrations are applied, edited, pending, missing and failed', async () => {
    const statuses = (await outcomes('rows of tracking tables')).flatMap(each => each.told as ProjectStatus[])
    const lists = ['applied', 'edited', 'pending', 'missing', 'failed'] as const
    for (const list of lists)
      expect(
        statuses.reduce((sum, status) => sum + status[list].length, 0),
        list,
      ).toBeGreaterThan(0)
  })
})

describe('printing', () => {
  const sql = 'DROP TABLE a;\n'
  const one = report({ 'a.sql': sql }, [finding({ path: 'a.sql', at: [0, 4] })])

  test('another rule, severity or place is news; the same on another statement is not', () => {
    const shapes = (parts: Partial<Parameters<typeof finding>[0]>) =>
      [...shapesOf('k', report({ 'a.sql': sql }, [finding({ path: 'a.sql', at: [0, 4], ...parts })]))][0]
    const usual = [...shapesOf('k', one)][0]
    expect(shapes({ at: [5, 10] })).toBe(usual)
    const others = [
      shapes({ rule: 'other' }),
      shapes({ severity: 'note' }),
      shapes({ at: [3, 3] }),
      shapes({ related: [] }),
    ]
    expect(new Set([usual, ...others]).size).toBe(5)
  })
})

const input = (text: string): Input => ({
  kind: 'by hand',
  as: 'migrations',
  files: new Map([['1.sql', text]]),
  config: '{}',
})

describe('mistakes are noticed', () => {
  const sql = 'SELECT 1;\n'

  test.each([[[3, 2]], [[0, sql.length + 1]], [[-1, 2]], [[0.5, 2]], [[Number.NaN, 2]]] as const)(
    'not a place: %s',
    at => {
      expect(outsideOfReport(report({ 'a.sql': sql }, [finding({ path: 'a.sql', at })]))).toHaveLength(1)
      expect(outsideOfReport(report({ 'a.sql': sql }, [finding({ path: 'a.sql', at: [0, sql.length] })]))).toEqual([])
    },
  )

  test('a place in a missing file', () => {
    expect(outsideOfReport(report({}, [finding({ path: 'a.sql', at: [0, 0] })]))).toHaveLength(1)
  })

  test('a report that its readers cannot read', () => {
    const given = report({ 'a.sql': sql }, [finding({ path: 'a.sql', at: [0, 6] })])
    expect(new ReportReader(root).read(1, { report: given, files: [] })).toEqual([])
    const summary = { ...given.summary, errors: Number.NaN }
    const properties = new ReportReader(root)
      .read(1, { report: { ...given, summary }, files: [] })
      .map(({ property }) => property)
    expect(properties).toEqual(['JSON is as its schema says'])
  })

  test('an exception, at its place', async () => {
    const { failures } = await tried({
      ...input(sql),
      files: new Map([['1.sql', 7 as unknown as string]]),
    })
    expect(failures.map(({ signature }) => signature)).toEqual([expect.stringMatching(/src\//)])
  })
})

describe('a thread', () => {
  /** A worker that fails at every text with a `!` in it, and never ends at one with a `?`. */
  function thread(patience: number): Thread {
    const folder = mkdtempSync(join(tmpdir(), 'migrate-lint-fuzz-'))
    const path = join(folder, 'worker.mjs')
    writeFileSync(
      path,
      `import { parentPort, workerData } from 'node:worker_threads'
      parentPort.on('message', ({ input, number }) => {
        Atomics.store(workerData.heart, 1, Date.now() - workerData.epoch)
        Atomics.store(workerData.heart, 0, number)
        const text = [...input.files.values()].join('')
        while (text.includes('?')) {}
        Atomics.store(workerData.heart, 0, -1)
        const failure = { property: 'p', message: 'm', signature: 'p: m' }
        const failed = text.includes('!') ? [{ number, kind: '', failure }] : []
        parentPort.postMessage({ tallies: {}, failed, slow: [] })
      })
      parentPort.postMessage('ready')`,
    )
    const setup = { root, corpus, grammars: {}, seed: 1, thorough: true, slow: 1000, epoch: Date.now() }
    const made = new Thread(path, setup, patience, 1)
    onTestFinished(() => {
      made.stop()
      rmSync(folder, { recursive: true, force: true })
    })
    return made
  }

  test('stops an input that does not end, says which one it was, and goes on', async () => {
    const own = thread(300)
    const { done, stopped } = await own.run({ input: input('a?b'), number: 42 })
    expect([done, stopped?.number, stopped?.failure.property]).toEqual([null, 42, 'every input comes to an end'])
    expect((await own.run({ input: input('ab'), number: 43 })).done?.failed).toEqual([])
  })

  test('makes a failing input smaller, down to the part that makes it fail', async () => {
    const files = new Map([
      ['1.sql', 'SELECT 1; oh! DROP TABLE a;'],
      ['2.sql', 'SELECT 2;'],
    ])
    const given: Input = { kind: 'by hand', as: 'migrations', files, config: '{"compat":true}' }
    const smallest = await shrunk(given, 1, 'p: m', thread(5000), 20_000)
    expect(smallest && [...smallest.files]).toEqual([['1.sql', '!']])
    expect(smallest?.config).toBe('{}')
  })

  test('does not make an input smaller that fails only after others', async () => {
    expect(await shrunk(input('SELECT 1'), 1, 'p: m', thread(5000), 20_000)).toBeNull()
  })
})
