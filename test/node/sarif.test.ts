import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import schema from '../report/sarif-2.1.0.schema.json' with { type: 'json' }
import { blockingIndex, migrateLint, project, type Ran } from './kit/program.ts'

describe('sarif', () => {
  const args = ['migrations', '--only', 'blocking-index-build', '-f', 'sarif']
  const directive = '-- migrate-lint-disable-file blocking-index-build -- small table\n'
  const silenced = {
    ...blockingIndex,
    'migrations/002_index.sql': directive + blockingIndex['migrations/002_index.sql'],
  }

  it('lists suppressed findings on request (SA-08)', async () => {
    const cwd = project(silenced)
    const results = async (...flags: string[]) =>
      JSON.parse((await migrateLint([...args, ...flags], { cwd })).stdout).runs[0].results
    expect(await results()).toEqual([])
    expect(await results('--sarif-include-suppressed')).toMatchObject([
      { ruleId: 'blocking-index-build', suppressions: [{ kind: 'inSource', justification: 'small table' }] },
    ])
  })

  it('has the given category', async () => {
    const cwd = project(blockingIndex)
    const { stdout } = await migrateLint([...args, '--sarif-category', 'billing'], { cwd })
    expect(JSON.parse(stdout).runs[0].automationDetails.id).toBe('billing/')
    const { code, stderr } = await migrateLint([...args, '--sarif-category', ''], { cwd })
    expect(stderr).toContain('--sarif-category')
    expect(code).toBe(2)
  })

  describe('shows that a run failed (SA-09)', () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
    const failed = (text: string) => {
      const log = JSON.parse(text)
      expect(validate(log), JSON.stringify(validate.errors)).toBe(true)
      expect(log.runs[0].invocations[0].executionSuccessful).toBe(false)
      const [{ message }] = log.runs[0].invocations[0].toolExecutionNotifications
      return { message: message.text, results: log.runs[0].results.length }
    }
    const told = ({ stderr }: Ran) => stderr.replace('migrate-lint: ', '').replaceAll('\n  ', '\n').trimEnd()

    it.each([
      ['a broken configuration', { 'migrate-lint.config.json': '{ "rules": { "drop-tabel": "error" } }' }, []],
      ['a configuration that is not there', {}, ['--config', 'gone.json']],
      ['a rule that is not there', {}, ['--rule', 'drop-tabel=error']],
      ['no migrations', {}, ['nowhere']],
    ])('%s', async (_, files, flags) => {
      const cwd = project({ ...blockingIndex, ...files, 'o.sarif': 'of last week' })
      const file = await migrateLint([...flags, '-f', 'sarif=o.sarif'], { cwd })
      expect(file).toMatchObject({ code: 2, stdout: '' })
      const expected = { message: told(file), results: 0 }
      expect(expected.message).not.toBe('')
      expect(failed(readFileSync(join(cwd, 'o.sarif'), 'utf8'))).toEqual(expected)
      const piped = await migrateLint([...flags, '-f', 'sarif'], { cwd })
      expect(piped).toMatchObject({ code: 2, stderr: file.stderr })
      expect(failed(piped.stdout)).toEqual(expected)
    })

    it('of history as well, with --output-file', async () => {
      const cwd = project({ ...blockingIndex, 'migrate-lint.config.json': '{' })
      const ran = await migrateLint(['history', '-f', 'sarif', '-o', 'o.sarif'], { cwd })
      expect(ran.code).toBe(2)
      expect(failed(readFileSync(join(cwd, 'o.sarif'), 'utf8'))).toEqual({ message: told(ran), results: 0 })
    })

    it('with all results, when another report could not be written', async () => {
      const cwd = project(blockingIndex)
      const { code, stderr, stdout } = await migrateLint([...args, '-f', 'json=.'], { cwd })
      expect(stderr).toBe('migrate-lint: Cannot write .: is a directory.\n')
      expect(failed(stdout)).toEqual({ message: 'Cannot write .: is a directory.', results: 1 })
      expect(code).toBe(2)
    })

    it('and of both failures, when it cannot be written either', async () => {
      const { code, stderr } = await migrateLint(['nowhere', '-f', 'sarif=.'], { cwd: project({}) })
      expect(stderr).toMatch(/^migrate-lint: Cannot write \.: is a directory\.\nmigrate-lint: .*nowhere/)
      expect(code).toBe(2)
    })

    it('and no file without a request for SARIF', async () => {
      const { code, stdout } = await migrateLint(['nowhere', '-f', 'json'], { cwd: project({}) })
      expect([code, stdout]).toEqual([2, ''])
    })
  })

  it('has its flags in the help of the commands that write it', async () => {
    const cwd = project({})
    for (const command of [[], ['history']]) {
      const { stdout } = await migrateLint([...command, '--help'], { cwd })
      expect(stdout).toContain('--sarif-category <name>')
      expect(stdout).toContain('--sarif-include-suppressed')
    }
    expect((await migrateLint(['locks', '--help'], { cwd })).stdout).not.toContain('--sarif')
  })
})
