import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { helpText } from '../../src/lint/help.ts'
import type { Report } from '../../src/lint/report.ts'
import { artifactLocation } from '../../src/report/artifact.ts'
import { type SarifOptions, sarif, sarifLog } from '../../src/report/sarif.ts'
import { finding, plain, report, rule, spanOf } from './kit/builder.ts'
// The schema as Microsoft's Sarif.Multitool (MIT) ships it.
import schema from './sarif-2.1.0.schema.json' with { type: 'json' }

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)

/** The run of a log, which has to be valid. Typed as far as the tests look into it. */
function run(given: Report, options?: SarifOptions): Run {
  const log: unknown = JSON.parse(sarifLog(given, options))
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true)
  const [only] = (log as { runs: [Run] }).runs
  return only
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Descriptor[] } }
  readonly columnKind: string
  readonly versionControlProvenance?: readonly unknown[]
  readonly newlineSequences: readonly string[]
  readonly automationDetails: { readonly id: string }
  readonly invocations: readonly [
    { executionSuccessful: boolean; toolExecutionNotifications?: readonly { message: { text: string } }[] },
  ]
  readonly results: readonly Result[]
}
interface Descriptor {
  readonly id: string
  readonly name: string
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly properties: { readonly tags: readonly string[] }
}
interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly { readonly physicalLocation: unknown }[]
  readonly relatedLocations?: readonly { readonly id: number }[]
  readonly partialFingerprints: { readonly primaryLocationLineHash: string }
  readonly suppressions?: readonly unknown[]
}

const sql = 'BEGIN;\n  CREATE INDEX i ON orders (email);\n'
const index = finding({
  path: 'a.sql',
  at: spanOf(sql, 'CREATE INDEX'),
  related: [{ path: 'b.sql', at: [0, 1], message: 'created here' }],
  fix: { title: 'Build it concurrently', safety: 'safe', edits: [{ at: [21, 21], insert: ' CONCURRENTLY' }] },
})

describe('a SARIF log', () => {
  test('is valid, and has the place and the message (SA-02, SA-10, SA-11)', () => {
    const { results } = run(report({ 'a.sql': sql, 'b.sql': 'x' }, [index]))
    expect(results).toEqual([
      {
        ruleId: 'blocking-index-build',
        ruleIndex: 0,
        level: 'error',
        message: { text: `${index.message} ${index.why}\n\n${helpText(index.help)}\n\n[b.sql](1): created here` },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'a.sql', uriBaseId: '%SRCROOT%' },
              region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 15 },
            },
          },
        ],
        relatedLocations: [
          {
            id: 1,
            physicalLocation: {
              artifactLocation: { uri: 'b.sql', uriBaseId: '%SRCROOT%' },
              region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 2 },
            },
            message: { text: 'created here' },
          },
        ],
        fixes: [
          {
            description: { text: 'Build it concurrently' },
            artifactChanges: [
              {
                artifactLocation: { uri: 'a.sql', uriBaseId: '%SRCROOT%' },
                replacements: [
                  {
                    deletedRegion: { startLine: 2, startColumn: 15, endLine: 2, endColumn: 15 },
                    insertedContent: { text: ' CONCURRENTLY' },
                  },
                ],
              },
            ],
          },
        ],
        partialFingerprints: {
          primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]{1,16}:1$/),
          'fingerprint/v1': '0123456789abcdef',
        },
      },
    ])
  })

  test('is valid with no finding: that is what closes old alerts', () => {
    const only = run(report({}))
    expect(only.results).toEqual([])
    expect(only.invocations).toEqual([{ executionSuccessful: true }])
    expect(only.tool.driver.rules.map(({ id }) => id)).toEqual(['blocking-index-build'])
    expect(only.automationDetails.id).toBe('migrate-lint/')
  })

  test('is one line, the same for the same report (SA-12)', () => {
    const given = report({ 'a.sql': sql }, [index], { milliseconds: 1 })
    expect(sarif(given, plain)).toMatch(/^[^\n]+\n$/)
    expect(sarif({ ...given, milliseconds: 2 }, plain)).toBe(sarif(given, plain))
  })

  test('says which line ends it counts: a lone CR is one (SA-04)', () => {
    const old = sql.replaceAll('\n', '\r')
    const only = run(report({ 'a.sql': old }, [{ ...index, at: spanOf(old, 'CREATE INDEX') }]))
    expect(only.newlineSequences).toEqual(['\r\n', '\n', '\r'])
    expect(only.columnKind).toBe('utf16CodeUnits')
    expect(only.results[0]?.locations[0]?.physicalLocation).toMatchObject({ region: { startLine: 2, startColumn: 3 } })
  })

  test('names its commit if it is known (SA-13)', () => {
    const repository = 'https://example.org/acme/shop'
    const known = { repository, commit: 'a'.repeat(40), branch: 'work' }
    const mappedTo = { uriBaseId: '%SRCROOT%' }
    const said = { repositoryUri: repository, revisionId: known.commit, mappedTo }
    expect(run(report({}), { provenance: known }).versionControlProvenance).toEqual([{ ...said, branch: 'work' }])
    const detached = run(report({}), { provenance: { ...known, branch: null } })
    expect(detached.versionControlProvenance).toEqual([said])
    expect(run(report({})).versionControlProvenance).toBeUndefined()
  })

  test('names its category, which always ends in a slash (SA-06)', () => {
    expect(run(report({}), { category: 'billing' }).automationDetails.id).toBe('billing/')
  })

  test('escapes a name that would be read as a link, and leaves SQL to be copied (SA-11)', () => {
    const hostile = {
      ...index,
      message: 'Dropping "[a](1)" hurts.',
      help: [{ code: "SELECT '{}'::text[];\nSELECT a[1];", language: 'sql' }],
    }
    const [result] = run(report({ 'a.sql': sql }, [hostile])).results
    expect(result?.message.text).toContain('"\\[a\\](1)"')
    expect(result?.message.text).toContain("SELECT '{}'::text[];\n    SELECT a[1];")
  })
})

describe('rules of a SARIF log', () => {
  test('are all that were enabled, then what findings name beyond; indexes agree (SA-05)', () => {
    const rules = [rule({ id: 'drop-table' }), rule({ id: 'blocking-index-build', severity: 'note' })]
    const only = run(report({ 'a.sql': sql }, [index, { ...index, rule: 'new-rule' }], { rules }))
    expect(only.tool.driver.rules.map(({ id }) => id)).toEqual(['drop-table', 'blocking-index-build', 'new-rule'])
    for (const { ruleId, ruleIndex } of only.results) expect(only.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    expect(only.tool.driver.rules[1]).toMatchObject({
      name: 'BlockingIndexBuild',
      helpUri: 'https://example.org/rules/blocking-index-build.md',
      help: { markdown: '# blocking-index-build\n\nThe whole story.\n' },
      defaultConfiguration: { level: 'note' },
      properties: {
        tags: ['postgresql', 'migration', 'locking'],
        precision: 'high',
        'problem.severity': 'recommendation',
      },
    })
  })

  test("keep GitHub's limits, and never say that a lock is a security problem (SA-06, SA-07)", () => {
    const long = rule({ id: 'long', title: '📦'.repeat(2000), why: 'x'.repeat(5000), category: 'data loss' })
    const empty = rule({ id: 'empty-one', title: '', why: '', page: '', url: '', category: '' })
    for (const given of run(report({}, [], { rules: [long, empty] })).tool.driver.rules) {
      for (const { text } of [given.shortDescription, given.fullDescription]) {
        expect(text.length).toBeGreaterThan(0)
        expect(text.length).toBeLessThanOrEqual(1024)
        expect(text).not.toMatch(/\p{Cs}/u)
      }
      expect(given.properties.tags.length).toBeLessThanOrEqual(10)
      expect(given.properties).not.toHaveProperty('security-severity')
    }
  })
})

describe('paths in a SARIF log (SA-03)', () => {
  test.each([
    ['db/my migrations/ü #1?[x]%20:a.sql', 'db/my%20migrations/%C3%BC%20%231%3F%5Bx%5D%2520%3Aa.sql'],
    ['./a.sql', 'a.sql'],
    ['./db//./a.sql', 'db/a.sql'],
    ['db\\a.sql', 'db/a.sql'],
    ['../a.sql', '../a.sql'],
    ['a\ud800.sql', 'a%EF%BF%BD.sql'],
  ])('%j is %s, from the root of the repository', (path, uri) => {
    expect(artifactLocation(path)).toEqual({ uri, uriBaseId: '%SRCROOT%' })
    run(report({ [path]: sql }, [{ ...index, path }]))
  })

  test.each([
    ['/tmp/a b.sql', 'file:///tmp/a%20b.sql'],
    ['C:/db/a.sql', 'file:///C:/db/a.sql'],
  ])('%s is absolute', (path, uri) => {
    expect(artifactLocation(path)).toEqual({ uri })
  })
})

describe('what was not reported', () => {
  const suppressed = { ...index, rule: 'drop-table', reason: 'nobody uses it' }

  test('suppressed findings are left out: GitHub would show them as open (SA-08)', () => {
    const given = report({ 'a.sql': sql }, [index], { suppressed: [suppressed] })
    expect(run(given).results).toHaveLength(1)
    expect(run(given, { includeSuppressed: true }).results.map(({ suppressions }) => suppressions)).toEqual([
      [],
      [{ kind: 'inSource', justification: 'nobody uses it' }],
    ])
    const silent = report({ 'a.sql': sql }, [], { suppressed: [{ ...suppressed, reason: null }] })
    expect(run(silent, { includeSuppressed: true }).results[0]?.suppressions).toEqual([{ kind: 'inSource' }])
    const accepted = {
      ...given,
      findings: [],
      suppressed: [{ ...index, reason: 'in the baseline', inBaseline: true as const }],
    }
    expect(run(accepted, { includeSuppressed: true }).results[0]?.suppressions).toEqual([
      { kind: 'external', justification: 'in the baseline' },
    ])
  })

  test('notices, files that do not parse and broken rules are notifications (SA-09)', () => {
    const broken = { ...index, rule: 'syntax-error', message: 'syntax error at or near "x"' }
    const { invocations, results } = run(
      report({ 'a.sql': sql }, [broken], {
        notices: ['b.sql could not be read.'],
        internalErrors: [{ part: 'drop-table', path: 'a.sql', line: 2, message: 'x is undefined', stack: null }],
      }),
    )
    expect(invocations[0].executionSuccessful).toBe(false)
    expect(invocations[0].toolExecutionNotifications?.map(({ message }) => message.text)).toEqual([
      'Internal error in drop-table: x is undefined',
      'syntax error at or near "x"',
      'b.sql could not be read.',
    ])
    expect(results).toHaveLength(1)
  })

  test('the reason why the program could not do its work is the first notification, and the run has failed', () => {
    const failure = 'The configuration is wrong:\nrules.[a](1) \u001b'
    const nothing = run(report({}, [], { rules: [] }), { failure })
    expect(nothing.results).toEqual([])
    expect(nothing.invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          { level: 'error', message: { text: 'The configuration is wrong:\nrules.\\[a\\](1) ␛' } },
        ],
      },
    ])
    const some = run(report({ 'a.sql': sql }, [index], { notices: ['b'] }), { failure: 'Cannot write x.' })
    expect(some.invocations[0].executionSuccessful).toBe(false)
    expect(some.invocations[0].toolExecutionNotifications).toHaveLength(2)
    expect(some.results).toHaveLength(1)
  })

  test('above 25,000 results the gravest 5,000 are kept, and a notice says so; above 5,000 they only come first (SA-12)', () => {
    const notes = Array.from({ length: 24_999 }, () => ({ ...index, severity: 'note' as const }))
    const fits = run(report({ 'a.sql': sql }, [...notes, index]))
    expect(fits.results).toHaveLength(25_000)
    expect(fits.results[0]?.level).toBe('error')
    const over = run(report({ 'a.sql': sql }, [...notes, index, index]))
    expect(over.results).toHaveLength(5_000)
    expect(over.results.slice(0, 3).map(({ level }) => level)).toEqual(['error', 'error', 'note'])
    expect(over.invocations[0].toolExecutionNotifications?.at(-1)?.message.text).toContain('20001 are not')
  })
})
